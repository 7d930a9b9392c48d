"""Detectors that find what words name: words -> boxes with a score and the word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from imaggen_perception.hub.models import DEFAULTS, HubModel, library, load_model
from imaggen_perception.hub.preprocess import (
    IMAGENET,
    OPENAI_CLIP,
    Normalisation,
    corners_of,
    edge_of,
    prepare,
    size_of,
    squared,
    within_edges,
)
from imaggen_perception.scene import FloatArray
from imaggen_perception.segmenters.base import MOST_OBJECTS, Image

# Boxes that overlap more are one object, found twice.
_SAME_OBJECT = 0.6
# Boxes narrower than this lie outside the picture or on its edge [pixels].
_LEAST_EXTENT = 2.0
# Words a pass of Grounding DINO: their tokens share a text of 256.
_WORDS_AT_ONCE = 24


@dataclass(frozen=True)
class Detection:
    """A box around what a word names.

    Attributes:
        corners: left, top, right, bottom in the picture [pixels], right > left, bottom > top.
        score: that the word's thing is there, 0..1.
        label: the word, as it was given.
    """

    corners: tuple[float, float, float, float]
    score: float
    label: str


class Detector(Protocol):
    """Anything that finds what words name."""

    def detect(self, image_bgr: Image, words: Sequence[str]) -> list[Detection]:
        """Boxes in a picture (H, W, 3), best first; empty when nothing is found or asked for."""
        ...


class GroundingDino:
    """Grounding DINO (Liu et al. 2023): boxes for the words of a text.

    Args:
        model: which weights.
        threshold: least score of a box, 0..1; 0.25 is the authors' choice.

    Raises:
        HubModelUnavailable: when its libraries or its weights are missing.
    """

    def __init__(self, model: HubModel = DEFAULTS.grounding_dino, threshold: float = 0.25) -> None:
        self._loaded = load_model("GroundingDinoForObjectDetection", model, reads_text=True)
        self._threshold = threshold
        size = self._loaded.picture.get("size") or {}
        self._edges = (int(size.get("shortest_edge", 800)), int(size.get("longest_edge", 1333)))
        self._how = Normalisation.of(self._loaded.picture, IMAGENET)

    def detect(self, image_bgr: Image, words: Sequence[str]) -> list[Detection]:
        """See `Detector.detect`."""
        found: list[Detection] = []
        placement = within_edges(size_of(image_bgr), *self._edges)
        pixels = prepare(image_bgr, placement, self._how)
        for start in range(0, len(words), _WORDS_AT_ONCE):
            group = words[start : start + _WORDS_AT_ONCE]
            boxes, scores = self._run(pixels, group)
            corners = placement.from_relative(corners_of(boxes))
            found += to_detections(corners, scores, group, self._threshold)
        return without_doubles(found)

    def _run(self, pixels: Any, words: Sequence[str]) -> tuple[FloatArray, FloatArray]:
        """Relative boxes (n, 4), centre and size, and the score (n, words) of every word."""
        torch, device = library("torch"), self._loaded.device
        text, spans = caption(words)
        tokens = self._loaded.tokenizer(
            text,
            return_tensors="pt",
            return_offsets_mapping=True,
            return_token_type_ids=True,
            truncation=True,
            max_length=self._loaded.network.config.max_text_len,
        )
        offsets = np.asarray(tokens.pop("offset_mapping")[0])
        with torch.inference_mode():
            output = self._loaded.network(
                pixel_values=torch.from_numpy(pixels).to(device),
                **{name: value.to(device) for name, value in tokens.items()},
            )
        chances = np.asarray(output.logits[0].sigmoid().cpu(), dtype=float)
        owner = token_owners(offsets, spans)
        scores = np.zeros((len(chances), len(words)))
        for word in range(len(words)):
            mine = np.flatnonzero(owner == word)
            if mine.size:
                scores[:, word] = chances[:, mine].max(axis=1)
        return np.asarray(output.pred_boxes[0].cpu(), dtype=float), scores


def caption(words: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """The text Grounding DINO reads, "mug. red ball.", and where every word stands in it.

    A full stop separates the phrases, so those within a word are left out.
    """
    text, spans = "", []
    for word in words:
        clean = " ".join(word.lower().replace(".", " ").split())
        text += " " if text else ""
        spans.append((len(text), len(text) + len(clean)))
        text += clean + "."
    return text, spans


def token_owners(offsets: NDArray[np.int_], spans: Sequence[tuple[int, int]]) -> NDArray[np.int_]:
    """To which word each token belongs, (tokens,); -1 for stops and special tokens.

    Args:
        offsets: (tokens, 2) first and last + 1 character of every token; empty for special ones.
        spans: the same of every word.
    """
    owner = np.full(len(offsets), -1)
    for index, (first, end) in enumerate(spans):
        inside = (offsets[:, 0] >= first) & (offsets[:, 1] <= end)
        owner[inside & (offsets[:, 1] > offsets[:, 0])] = index
    return owner


class Owlv2:
    """OWLv2 (Minderer et al. 2023): boxes for each of several texts.

    Args:
        model: which weights.
        threshold: least score of a box, 0..1; 0.1 is the authors' choice.

    Raises:
        HubModelUnavailable: when its libraries or its weights are missing.
    """

    def __init__(self, model: HubModel = DEFAULTS.owlv2, threshold: float = 0.1) -> None:
        self._loaded = load_model("Owlv2ForObjectDetection", model, reads_text=True)
        self._threshold = threshold
        self._how = Normalisation.of(self._loaded.picture, OPENAI_CLIP)

    def detect(self, image_bgr: Image, words: Sequence[str]) -> list[Detection]:
        """See `Detector.detect`."""
        if not words:
            return []
        torch, device = library("torch"), self._loaded.device
        config = self._loaded.network.config
        # Padded black to a square: boxes are relative to the longer edge in both directions.
        placement = squared(size_of(image_bgr), edge_of(config.vision_config.image_size))
        tokens = self._loaded.tokenizer(
            [f"a photo of a {word.lower().strip()}" for word in words],
            return_tensors="pt",
            padding="max_length",
            truncation=True,
            max_length=config.text_config.max_position_embeddings,
        )
        with torch.inference_mode():
            output = self._loaded.network(
                input_ids=tokens["input_ids"].to(device),
                attention_mask=tokens["attention_mask"].to(device),
                pixel_values=torch.from_numpy(prepare(image_bgr, placement, self._how)).to(device),
            )
        scores = np.asarray(output.logits[0].sigmoid().cpu(), dtype=float)
        boxes = np.asarray(output.pred_boxes[0].cpu(), dtype=float)
        corners = placement.from_relative(corners_of(boxes))
        return without_doubles(to_detections(corners, scores, words, self._threshold))


def to_detections(
    corners: FloatArray, scores: FloatArray, words: Sequence[str], threshold: float
) -> list[Detection]:
    """A detection for every box with a word above `threshold`, labelled with its best word.

    Args:
        corners: (n, 4) left, top, right, bottom [pixels].
        scores: (n, words) 0..1.
        words: what the columns of `scores` stand for.
        threshold: least score of a box, 0..1.
    """
    best = scores.argmax(axis=1)
    top = scores[np.arange(len(scores)), best]
    extent = (corners[:, 2:] - corners[:, :2]).min(axis=1)
    found = []
    for index in np.flatnonzero((top > threshold) & (extent >= _LEAST_EXTENT)):
        left, top_edge, right, bottom = (float(value) for value in corners[index])
        box = (left, top_edge, right, bottom)
        found.append(Detection(box, float(top[index]), words[int(best[index])]))
    return found


def without_doubles(found: Sequence[Detection]) -> list[Detection]:
    """The best of every group of boxes around the same object, best first, not too many."""
    kept: list[Detection] = []
    for candidate in sorted(found, key=lambda d: -d.score):
        if all(overlap(candidate.corners, other.corners) < _SAME_OBJECT for other in kept):
            kept.append(candidate)
        if len(kept) == MOST_OBJECTS:
            break
    return kept


def overlap(one: Sequence[float], other: Sequence[float]) -> float:
    """Intersection over union of two boxes (left, top, right, bottom), 0..1."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return width * height / (sum(areas) - width * height)
