"""Segmentation: one back end a file, behind `Segmenter`."""

from imaggen_perception.segmenters import classical as _classical  # noqa: F401  registers
from imaggen_perception.segmenters import u2netp as _u2netp  # noqa: F401  registers
from imaggen_perception.segmenters.alpha import has_mask, segment_alpha
from imaggen_perception.segmenters.automatic import Automatic
from imaggen_perception.segmenters.base import (
    NO_PROMPTS,
    Prompts,
    Segment,
    Segmenter,
    create_segmenter,
    knows_words,
)

__all__ = [
    "NO_PROMPTS",
    "Automatic",
    "Prompts",
    "Segment",
    "Segmenter",
    "create_segmenter",
    "has_mask",
    "knows_words",
    "segment_alpha",
]
