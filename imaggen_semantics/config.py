"""Numbers of the matcher that a user may change."""

from __future__ import annotations

from dataclasses import dataclass

from imaggen_semantics.errors import SemanticsError
from imaggen_semantics.plan import GestureSpec, Viewpoint

MAX_LEAD_S = 0.2
"""Viewers still join a gesture and a word at this lead [s]; at 0.36 s they no longer do
(Habets et al., J. Cogn. Neurosci. 23, 2011)."""


@dataclass(frozen=True)
class MatcherConfig:
    """How gestures are matched to words.

    Attributes:
        viewpoint: from where shapes are shown.
        linker: name of the linker.
        lead_s: a stroke starts this long before its first word, 0 .. `MAX_LEAD_S`.
        drawing_s: shortest drawing stroke.
        pointing_s: shortest pointing stroke.
        min_gap_s: between one stroke's end and the next one's start, for the arms to go over.
        affiliate_span_s: a property word farther from its noun has no share in the gesture.
        repeat_after_s: an object is not shown in the same way again sooner.
        expressiveness: 0: no semantic gestures .. 1: vivid; lowers what a gesture must be worth,
            and the pauses between gestures.
        seed: of the choice among gestures that are worth the same.
        preparation_s: (practice, seconds) that motion needs from one gesture to the next one's
            stroke; empty: `min_gap_s` for all.
    """

    viewpoint: Viewpoint = "speaker"
    linker: str = "joint"
    lead_s: float = 0.15
    drawing_s: float = 1.2
    pointing_s: float = 0.6
    min_gap_s: float = 0.9
    affiliate_span_s: float = 2.0
    repeat_after_s: float = 6.0
    expressiveness: float = 0.6
    seed: int = 0
    preparation_s: tuple[tuple[str, float], ...] = ()

    @property
    def threshold(self) -> float:
        """What a gesture must be worth at least, 0..1; above 1 at expressiveness 0."""
        return 0.69 - 0.54 * self.expressiveness if self.expressiveness > 0.0 else 1.1

    def gap_before(self, gesture: GestureSpec) -> float:
        """Time that the arms need between a stroke's end and this gesture's stroke [s]."""
        prepared = max(self.min_gap_s, dict(self.preparation_s).get(gesture.practice, 0.0))
        return prepared * (1.0 + max(0.0, 0.6 - self.expressiveness))

    def __post_init__(self) -> None:
        if self.viewpoint not in ("speaker", "viewer"):
            raise SemanticsError(
                f"the viewpoint must be 'speaker' or 'viewer', got {self.viewpoint!r}"
            )
        if not 0.0 <= self.lead_s <= MAX_LEAD_S:
            raise SemanticsError(f"lead_s must be 0 .. {MAX_LEAD_S} s, got {self.lead_s}")
        for name in ("drawing_s", "pointing_s"):
            if not getattr(self, name) > 0.0:
                raise SemanticsError(f"{name} must be positive, got {getattr(self, name)}")
        if not 0.0 <= self.expressiveness <= 1.0:
            raise SemanticsError(f"expressiveness must be 0 .. 1, got {self.expressiveness}")
        if self.seed < 0:
            raise SemanticsError(f"the seed must not be negative, got {self.seed}")
        for name in ("min_gap_s", "affiliate_span_s", "repeat_after_s"):
            if not getattr(self, name) >= 0.0:
                raise SemanticsError(f"{name} must not be negative, got {getattr(self, name)}")
