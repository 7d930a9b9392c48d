"""What every linker offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from imaggen_perception.scene import Scene
from imaggen_semantics.mentions import Mention, PropertyWord, Reading


@dataclass(frozen=True)
class Link:
    """The object that a mention speaks of, or why there is none.

    Attributes:
        mention: the mention.
        object_id: object of the scene, the likeliest one of several; None: no link.
        confidence: 0..1; 0 without a link.
        reason: one sentence for people.
        contradictions: property words that the seen object contradicts.
        part: name of the object's part that is meant; empty: the whole.
        others: further objects that a plural means.
        rivals: objects that are not meant, with how well the words fit them beside the one meant
            (1: just as well).
    """

    mention: Mention
    object_id: str | None
    confidence: float
    reason: str
    contradictions: tuple[PropertyWord, ...] = ()
    part: str = ""
    others: tuple[str, ...] = ()
    rivals: tuple[tuple[str, float], ...] = ()

    @property
    def object_ids(self) -> tuple[str, ...]:
        """All objects that are meant."""
        return () if self.object_id is None else (self.object_id, *self.others)


class Linker(Protocol):
    """Finds the objects that mentions speak of."""

    def link(self, reading: Reading, scene: Scene) -> tuple[Link, ...]:
        """One `Link` per mention, in the same order."""


def unlinked(mention: Mention, reason: str) -> Link:
    """No link, and why."""
    return Link(mention, None, 0.0, reason)
