"""Masks: what a box surrounds (SAM 2) and what a word names (SAM 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from imaggen_perception.hub.models import DEFAULTS, HubModel, library, load_model
from imaggen_perception.hub.preprocess import (
    HALF,
    IMAGENET,
    Normalisation,
    edge_of,
    prepare,
    resize_map,
    size_of,
    stretched,
)
from imaggen_perception.scene import FloatArray
from imaggen_perception.segmenters.base import MOST_OBJECTS, SMALLEST_SHARE, Image, Mask

# Masks that overlap more are one object, found under two names.
_SAME_OBJECT = 0.7


@dataclass(frozen=True)
class FoundMask:
    """The pixels of one object.

    Attributes:
        mask: (H, W) of the picture, True on the object; may be all False.
        quality: SAM 2: how well the network expects the mask to fit (IoU); SAM 3: that the mask
            shows what the word names; 0..1.
        label: the word it was found by, empty for a box.
    """

    mask: Mask
    quality: float
    label: str = ""


class Sam2:
    """SAM 2.1 (Ravi et al. 2024): the object in every box.

    Raises:
        HubModelUnavailable: when its libraries or its weights are missing.
    """

    def __init__(self, model: HubModel = DEFAULTS.sam2) -> None:
        self._loaded = load_model("Sam2Model", model)
        self._how = Normalisation.of(self._loaded.picture, IMAGENET)
        self._edge = edge_of(self._loaded.network.config.prompt_encoder_config.image_size)

    def masks(self, image_bgr: Image, boxes: FloatArray) -> list[FoundMask]:
        """The object in each box, in their order.

        Args:
            image_bgr: (H, W, 3).
            boxes: (n, 4) left, top, right, bottom [pixels].
        """
        size = size_of(image_bgr)
        if not len(boxes):
            return []
        torch, device = library("torch"), self._loaded.device
        placement = stretched(size, (self._edge, self._edge))
        corners = torch.from_numpy(placement.to_input(boxes).astype(np.float32))[None]
        with torch.inference_mode():
            output = self._loaded.network(
                pixel_values=torch.from_numpy(prepare(image_bgr, placement, self._how)).to(device),
                input_boxes=corners.to(device),
                # A box says which object is meant; three guesses are for a single point.
                multimask_output=False,
            )
        logits = np.asarray(output.pred_masks[0, :, 0].cpu(), np.float32)
        qualities = np.clip(np.asarray(output.iou_scores[0, :, 0].cpu(), float), 0.0, 1.0)
        return [
            FoundMask(resize_map(one, size) > 0.0, float(quality))
            for one, quality in zip(logits, qualities, strict=True)
        ]


class Sam3:
    """SAM 3 (Carion et al. 2025): every object that a word names.

    Its box prompts need torchvision (and mean "all like this one"); boxes go to SAM 2 instead.

    Args:
        model: which weights; the default's licence must be accepted on its page.
        threshold: least score of an object, 0..1; 0.5 is the authors' choice.

    Raises:
        HubModelUnavailable: when its libraries or its weights are missing.
    """

    def __init__(self, model: HubModel = DEFAULTS.sam3, threshold: float = 0.5) -> None:
        self._loaded = load_model("Sam3Model", model, reads_text=True)
        self._threshold = threshold
        self._how = Normalisation.of(self._loaded.picture, HALF)
        self._edge = edge_of(self._loaded.network.config.vision_config.image_size)

    def masks(self, image_bgr: Image, words: Sequence[str]) -> list[FoundMask]:
        """Objects that the words name in a picture (H, W, 3), best first, each once."""
        torch, device = library("torch"), self._loaded.device
        size = size_of(image_bgr)
        pixels = prepare(image_bgr, stretched(size, (self._edge, self._edge)), self._how)
        found: list[FoundMask] = []
        with torch.inference_mode():
            # The picture is the costly part; the words share it.
            seen = self._loaded.network.get_vision_features(torch.from_numpy(pixels).to(device))
            for word in words:
                found += self._of_word(seen, word, size)
        return without_doubles(found)

    def _of_word(self, seen: Any, word: str, size: tuple[int, int]) -> list[FoundMask]:
        network, device = self._loaded.network, self._loaded.device
        tokens = self._loaded.tokenizer(
            [word.lower().strip()],
            return_tensors="pt",
            padding="max_length",
            truncation=True,
            max_length=network.config.text_config.max_position_embeddings,
        )
        output = network(
            vision_embeds=seen,
            input_ids=tokens["input_ids"].to(device),
            attention_mask=tokens["attention_mask"].to(device),
        )
        # That this query is the thing, times that the thing is in the picture at all.
        scores = (output.pred_logits.sigmoid() * output.presence_logits.sigmoid())[0].cpu().numpy()
        chances = output.pred_masks[0].sigmoid().cpu().numpy()
        return [
            FoundMask(resize_map(chances[index], size) > 0.5, float(scores[index]), word)
            for index in np.flatnonzero(scores > self._threshold)
        ]


def without_doubles(found: Sequence[FoundMask]) -> list[FoundMask]:
    """The best of every group of masks of the same object, best first, not too many."""
    kept: list[FoundMask] = []
    for candidate in sorted(found, key=lambda f: -f.quality):
        if all(overlap(candidate.mask, other.mask) < _SAME_OBJECT for other in kept):
            kept.append(candidate)
        if len(kept) == MOST_OBJECTS:
            break
    return kept


def overlap(one: Mask, other: Mask) -> float:
    """Intersection over union of two masks, 0..1; 0 when both are empty."""
    union = int((one | other).sum())
    return int((one & other).sum()) / union if union else 0.0


def largest_piece(mask: Mask) -> Mask | None:
    """The largest connected part of a mask without gaps of a few pixels; None for a speck.

    Unlike `components` it keeps what touches the edges: here somebody asked for the object.
    """
    size = max(3, round(0.006 * max(mask.shape)) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    clean = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(clean, connectivity=8)
    if count < 2:
        return None
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    if stats[largest, cv2.CC_STAT_AREA] < SMALLEST_SHARE * mask.size:
        return None
    return np.asarray(labels == largest)
