"""Depth from one picture by Depth Anything V2 (Yang et al. 2024)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imaggen_perception.hub.models import DEFAULTS, HubModel, library, load_model
from imaggen_perception.hub.preprocess import (
    IMAGENET,
    FloatImage,
    Normalisation,
    in_multiples,
    prepare,
    resize_map,
    size_of,
)
from imaggen_perception.segmenters.base import Image


@dataclass(frozen=True)
class DepthMap:
    """How far every pixel is, in one of two senses.

    Attributes:
        values: (H, W) of the picture. Metric: distance along the optical axis [m], larger is
            farther. Otherwise inverse depth of unknown scale and offset, larger is nearer.
        metric: which of the two.
    """

    values: FloatImage
    metric: bool

    @property
    def nearness(self) -> FloatImage:
        """The same order in either sense, (H, W): 1 the nearest pixel, 0 the farthest.

        A flat map is 0 everywhere. Only the order counts: the scale differs with the sense.
        """
        near = -self.values if self.metric else self.values
        span = float(np.ptp(near))
        if span == 0.0:
            return np.zeros_like(near)
        return np.asarray((near - near.min()) / span, np.float32)


class DepthAnything:
    """Depth Anything V2; the checkpoints with "Metric" in their name give metres.

    Raises:
        HubModelUnavailable: when its libraries or its weights are missing.
    """

    def __init__(self, model: HubModel = DEFAULTS.depth) -> None:
        self._loaded = load_model("DepthAnythingForDepthEstimation", model)
        self._how = Normalisation.of(self._loaded.picture, IMAGENET, "bicubic")
        size = self._loaded.picture.get("size") or {}
        self._target = (int(size.get("width", 518)), int(size.get("height", 518)))

    def depth(self, image_bgr: Image) -> DepthMap:
        """The depth of every pixel of a picture (H, W, 3)."""
        torch, config = library("torch"), self._loaded.network.config
        size = size_of(image_bgr)
        # The network sees whole patches; the aspect is kept as nearly as these allow.
        placement = in_multiples(size, self._target, int(config.patch_size))
        pixels = torch.from_numpy(prepare(image_bgr, placement, self._how))
        with torch.inference_mode():
            output = self._loaded.network(pixel_values=pixels.to(self._loaded.device))
        small = np.asarray(output.predicted_depth[0].cpu(), np.float32)
        # Bicubic interpolation overshoots at edges: nothing is nearer or farther than was seen.
        values = np.clip(resize_map(small, size, "bicubic"), small.min(), small.max())
        return DepthMap(values, config.depth_estimation_type == "metric")
