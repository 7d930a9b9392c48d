"""What every linker offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from imaggen_perception.scene import Scene
from imaggen_semantics.mentions import Mention, PropertyWord


@dataclass(frozen=True)
class Link:
    """The object that a mention speaks of, or why there is none.

    Attributes:
        mention: the mention.
        object_id: object of the scene; None: no link.
        confidence: 0..1; 0 without a link.
        reason: one sentence for people.
        contradictions: property words that the seen object contradicts.
    """

    mention: Mention
    object_id: str | None
    confidence: float
    reason: str
    contradictions: tuple[PropertyWord, ...] = ()


class Linker(Protocol):
    """Finds the objects that mentions speak of."""

    def link(self, mentions: Sequence[Mention], scene: Scene) -> tuple[Link, ...]:
        """One `Link` per mention, in the same order."""
