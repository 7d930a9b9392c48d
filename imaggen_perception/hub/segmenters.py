"""Segmenters on hub models: "grounded", "owl" and "sam3".

Created by name like all others; creating one loads its weights (hundreds of megabytes, fetched on
first use), so none is ever a default.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imaggen_perception.hub.detectors import Detector, GroundingDino, Owlv2
from imaggen_perception.hub.masks import FoundMask, Sam2, Sam3, largest_piece
from imaggen_perception.hub.models import DEFAULTS, HubModel, HubModels
from imaggen_perception.scene import FloatArray
from imaggen_perception.segmenters.base import (
    NO_PROMPTS,
    Image,
    Prompts,
    Segment,
    register_segmenter,
)

# What is looked for when nobody says; such a find gets no label, since nobody asked for a word.
GENERIC = ("object",)


class BoxSegmenter:
    """A detector finds boxes for the words, SAM 2 the object in every box.

    Boxes of the prompts go straight to SAM 2; they say where and not what, so their objects carry
    no label.

    Args:
        method: the name its segments carry.
        detector: words -> boxes.
        masker: boxes -> masks.
    """

    knows_words = True

    def __init__(self, method: str, detector: Detector, masker: Sam2) -> None:
        self._method, self._detector, self._masker = method, detector, masker

    def segment(self, image_bgr: Image, prompts: Prompts = NO_PROMPTS) -> list[Segment]:
        """See `Segmenter.segment`; with words the best match first, with boxes in their order."""
        if prompts.boxes:
            found = self._masker.masks(image_bgr, _corners_of_prompts(prompts))
            return _to_segments(found, self._method)
        words = _wanted(prompts)
        detections = self._detector.detect(image_bgr, words or GENERIC)
        corners = np.array([d.corners for d in detections], dtype=float).reshape(-1, 4)
        found = self._masker.masks(image_bgr, corners)
        labels = [(d.label, d.score) for d in detections] if words else ()
        return _to_segments(found, self._method, labels)


class Sam3Segmenter:
    """SAM 3 finds every object that the words name; boxes of the prompts go to SAM 2.

    Args:
        finder: words -> masks.
        boxes_model: SAM 2, loaded when the first boxes come.
    """

    knows_words = True

    def __init__(self, finder: Sam3, boxes_model: HubModel = DEFAULTS.sam2) -> None:
        self._finder, self._boxes_model = finder, boxes_model

    def segment(self, image_bgr: Image, prompts: Prompts = NO_PROMPTS) -> list[Segment]:
        """See `Segmenter.segment`; with words the best match first, with boxes in their order.

        Raises:
            HubModelUnavailable: when boxes are given and SAM 2 is missing.
        """
        if prompts.boxes:
            found = Sam2(self._boxes_model).masks(image_bgr, _corners_of_prompts(prompts))
            return _to_segments(found, "sam3")
        words = _wanted(prompts)
        found = self._finder.masks(image_bgr, words or GENERIC)
        return _to_segments(found, "sam3", [(m.label, m.quality) for m in found] if words else ())


def register_hub_segmenters(models: HubModels = DEFAULTS) -> None:
    """Make the hub back ends available by name, with these weights; loads nothing.

    Call it again with pinned revisions or local folders to replace the defaults.
    """
    register_segmenter(
        "grounded",
        lambda: BoxSegmenter("grounded", GroundingDino(models.grounding_dino), Sam2(models.sam2)),
    )
    register_segmenter("owl", lambda: BoxSegmenter("owl", Owlv2(models.owlv2), Sam2(models.sam2)))
    register_segmenter("sam3", lambda: Sam3Segmenter(Sam3(models.sam3), models.sam2))


def _wanted(prompts: Prompts) -> tuple[str, ...]:
    """The words to look for, each once, in their order."""
    words = (word.strip() for word in prompts.words)
    return tuple(dict.fromkeys(word for word in words if word))


def _corners_of_prompts(prompts: Prompts) -> FloatArray:
    """The prompted boxes as (n, 4) left, top, right, bottom [pixels]."""
    return np.array([(b.x, b.y, b.x + b.width, b.y + b.height) for b in prompts.boxes], dtype=float)


def _to_segments(
    found: Sequence[FoundMask], method: str, labels: Sequence[tuple[str, float]] = ()
) -> list[Segment]:
    """One segment for every mask that shows something.

    `labels` holds a word and its score for every mask, or nothing.
    """
    segments = []
    for one, (label, score) in zip(found, labels or [("", 0.0)] * len(found), strict=True):
        piece = largest_piece(one.mask)
        if piece is not None:
            segments.append(Segment(piece, one.quality, method, label, score))
    return segments


register_hub_segmenters()
