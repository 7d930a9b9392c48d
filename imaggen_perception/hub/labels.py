"""Which of several words names what a box shows, by SigLIP, SigLIP 2 or CLIP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from imaggen_perception.hub.models import DEFAULTS, HubModel, library, load_model
from imaggen_perception.hub.preprocess import (
    HALF,
    OPENAI_CLIP,
    FloatImage,
    Normalisation,
    edge_of,
    prepare,
    size_of,
    stretched,
)
from imaggen_perception.scene import BoundingBox
from imaggen_perception.segmenters.base import Image

# Some surroundings help to recognise a thing: a share of the box's larger extent.
_MARGIN = 0.1


@dataclass(frozen=True)
class WordScore:
    """How well a word names a crop.

    Attributes:
        word: as it was given.
        share: compared with the other words; the shares of a crop sum to 1.
        presence: that the crop shows it, whatever the other words, 0..1; None for CLIP, which
            only compares.
    """

    word: str
    share: float
    presence: float | None


class Labeler:
    """Compares crops with words.

    Args:
        model: a checkpoint of SigLIP, SigLIP 2 (either input kind) or CLIP.

    Raises:
        HubModelUnavailable: when its libraries or its weights are missing.
    """

    def __init__(self, model: HubModel = DEFAULTS.labels) -> None:
        self._loaded = load_model("AutoModel", model, reads_text=True)
        self._config = self._loaded.network.config
        self._kind = str(self._config.model_type)
        clip = self._kind == "clip"
        default = OPENAI_CLIP if clip else HALF
        self._how = Normalisation.of(
            self._loaded.picture, default, "bicubic" if clip else "bilinear"
        )

    def label(
        self, image_bgr: Image, words: Sequence[str], box: BoundingBox | None = None
    ) -> list[WordScore]:
        """The words, best first, for the part of a picture (H, W, 3) in `box`, or all of it."""
        if not words:
            return []
        torch = library("torch")
        crop = square_crop(image_bgr, box) if box else image_bgr
        with torch.inference_mode():
            output = self._loaded.network(**self._texts(words), **self._pixels(crop))
        logits = np.asarray(output.logits_per_image[0].cpu(), dtype=float)
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        # SigLIP was trained to say yes or no to each text; CLIP to choose among them.
        presences = [None] * len(words) if self._kind == "clip" else 1 / (1 + np.exp(-logits))
        scores = [
            WordScore(word, float(share), None if presence is None else float(presence))
            for word, share, presence in zip(words, shares, presences, strict=True)
        ]
        return sorted(scores, key=lambda score: -score.share)

    def _texts(self, words: Sequence[str]) -> dict[str, Any]:
        tokens = self._loaded.tokenizer(
            [f"this is a photo of {word.lower().strip()}." for word in words],
            return_tensors="pt",
            # SigLIP was trained on texts padded to this length at the right, without a mask; its
            # tokenizer in transformers would pad at the left.
            padding="max_length",
            padding_side="right",
            truncation=True,
            max_length=self._config.text_config.max_position_embeddings,
        )
        names = ["input_ids", "attention_mask"] if self._kind == "clip" else ["input_ids"]
        return {name: tokens[name].to(self._loaded.device) for name in names}

    def _pixels(self, crop: Image) -> dict[str, Any]:
        torch, device = library("torch"), self._loaded.device
        vision = self._config.vision_config
        if self._kind != "siglip2":
            edge = edge_of(vision.image_size)
            pixels = prepare(crop, stretched(size_of(crop), (edge, edge)), self._how)
            return {"pixel_values": torch.from_numpy(pixels).to(device)}
        # SigLIP 2 with free aspect reads a list of patches; a square of them is enough here.
        side = int(vision.num_patches**0.5)
        edge = side * vision.patch_size
        pixels = prepare(crop, stretched(size_of(crop), (edge, edge)), self._how)
        patches = torch.from_numpy(to_patches(pixels, vision.patch_size)).to(device)
        return {
            "pixel_values": patches,
            "pixel_attention_mask": torch.ones(patches.shape[:2], dtype=torch.int32).to(device),
            "spatial_shapes": torch.tensor([[side, side]]).to(device),
        }


def square_crop(image_bgr: Image, box: BoundingBox) -> Image:
    """The box with a margin, widened to a square as far as the picture (H, W, 3) reaches.

    A square keeps its aspect in the network's square input, and shows all of a long object.
    """
    width, height = size_of(image_bgr)
    side = max(box.width, box.height) * (1 + 2 * _MARGIN)
    x, y = box.center
    left, right = (int(np.clip(round(x + s * side / 2), 0, width)) for s in (-1, 1))
    top, bottom = (int(np.clip(round(y + s * side / 2), 0, height)) for s in (-1, 1))
    crop = image_bgr[top:bottom, left:right]
    return crop if crop.size else image_bgr


def to_patches(pixels: FloatImage, edge: int) -> FloatImage:
    """A picture (1, 3, H, W) as its patches row by row, (1, H * W / edge^2, edge * edge * 3)."""
    _, channels, height, width = pixels.shape
    grid = pixels[0].reshape(channels, height // edge, edge, width // edge, edge)
    patches = grid.transpose(1, 3, 2, 4, 0).reshape(1, -1, edge * edge * channels)
    return np.ascontiguousarray(patches)
