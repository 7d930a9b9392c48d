"""Numbers of the matcher that a user may change."""

from __future__ import annotations

from dataclasses import dataclass

from imaggen_semantics.errors import SemanticsError
from imaggen_semantics.plan import Viewpoint

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
    """

    viewpoint: Viewpoint = "speaker"
    linker: str = "joint"
    lead_s: float = 0.15
    drawing_s: float = 1.2
    pointing_s: float = 0.6
    min_gap_s: float = 0.9
    affiliate_span_s: float = 2.0
    repeat_after_s: float = 6.0

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
        for name in ("min_gap_s", "affiliate_span_s", "repeat_after_s"):
            if not getattr(self, name) >= 0.0:
                raise SemanticsError(f"{name} must not be negative, got {getattr(self, name)}")
