"""The default: the embedded network where it is installed, joined with the classical way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from imaggen_perception.errors import SegmenterUnavailable
from imaggen_perception.segmenters.base import (
    NO_PROMPTS,
    Image,
    Mask,
    Prompts,
    Segment,
    components,
    register_segmenter,
)
from imaggen_perception.segmenters.classical import Ground, measure_ground, segment_ground
from imaggen_perception.segmenters.u2netp import U2Netp

# A thing on a plain ground of which the network saw less than this share was missed.
_SEEN = 0.5
_INSIDE = 0.8  # share of a mask inside another from which on it is a piece of it
_LEAST_OPENING = 0.01  # smaller ones are specks of the background's colour [share of the object]


class Automatic:
    """u2netp; on plain backgrounds the colour decides what it missed and where openings are."""

    def __init__(self) -> None:
        self._network: U2Netp | None
        try:
            self._network = U2Netp()
        except SegmenterUnavailable:
            self._network = None

    def segment(self, image_bgr: Image, prompts: Prompts = NO_PROMPTS) -> list[Segment]:
        """See `Segmenter.segment`."""
        if self._network is None:
            return segment_ground(image_bgr, measure_ground(image_bgr))
        if prompts.boxes:
            return self._network.segment(image_bgr, prompts)
        ground = measure_ground(image_bgr)
        distinct = segment_ground(image_bgr, ground)
        proposals = [segment.mask for segment in distinct] if distinct else None
        seen = self._network.find(image_bgr, proposals)
        return [_opened(segment, ground) for segment in _joined(seen, distinct)]


def _joined(seen: list[Segment], distinct: list[Segment]) -> list[Segment]:
    """What the network saw, and what it missed; largest first."""
    joined = list(seen)
    for segment in distinct:
        known = np.any([s.mask for s in joined], axis=0) if joined else np.zeros_like(segment.mask)
        if _share(segment.mask, known) >= _SEEN:
            continue
        pieces = [s for s in joined if _share(s.mask, segment.mask) >= _INSIDE]
        whole = np.any([segment.mask, *(s.mask for s in pieces)], axis=0)
        joined = [s for s in joined if not any(s is piece for piece in pieces)]
        joined.append(replace(segment, mask=whole))
    return sorted(joined, key=lambda s: -int(s.mask.sum()))


def _opened(segment: Segment, ground: Ground) -> Segment:
    """A segment without the places where the background shows through it."""
    if not ground.is_plain:
        return segment
    gaps = [
        gap
        for gap in components(segment.mask & ground.bare)
        if gap.sum() >= _LEAST_OPENING * segment.mask.sum()
    ]
    if not gaps:
        return segment
    left = components(segment.mask & ~np.any(gaps, axis=0))
    return replace(segment, mask=left[0]) if left else segment


def _share(mask: Mask, other: Mask) -> float:
    """Which share of a mask another covers."""
    return float(np.count_nonzero(mask & other)) / max(1.0, float(np.count_nonzero(mask)))


register_segmenter("auto", Automatic)
