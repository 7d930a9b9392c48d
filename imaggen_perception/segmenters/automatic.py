"""The default: the embedded network where it is installed, else the classical way."""

from __future__ import annotations

from imaggen_perception.errors import SegmenterUnavailable
from imaggen_perception.segmenters.base import (
    NO_PROMPTS,
    Image,
    Prompts,
    Segment,
    Segmenter,
    register_segmenter,
)
from imaggen_perception.segmenters.classical import Classical
from imaggen_perception.segmenters.u2netp import U2Netp


class Automatic:
    """u2netp, with the classical way for what it misses on plain backgrounds."""

    def __init__(self) -> None:
        self._fallback = Classical()
        self._segmenter: Segmenter
        try:
            self._segmenter = U2Netp()
        except SegmenterUnavailable:
            self._segmenter = self._fallback

    def segment(self, image_bgr: Image, prompts: Prompts = NO_PROMPTS) -> list[Segment]:
        """See `Segmenter.segment`."""
        found = self._segmenter.segment(image_bgr, prompts)
        return found or self._fallback.segment(image_bgr, prompts)


register_segmenter("auto", Automatic)
