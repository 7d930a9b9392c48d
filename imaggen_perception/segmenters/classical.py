"""Objects on a plain background without a network: what differs from the picture's border.

The background is a smooth function of place (a quadratic per colour channel, fitted robustly to
the border); the distance from it is split by Otsu's threshold.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.segmenters.base import (
    NO_PROMPTS,
    Image,
    Mask,
    Prompts,
    Segment,
    components,
    edge_contrast,
    register_segmenter,
)

METHOD = "classical"
_LARGEST = 400  # longer side at which the background is modelled [pixels]
_BORDER_SHARE = 0.04
_EVERY = 5  # only each n-th pixel of the border is fitted: neighbours are alike
_FIT_ROUNDS = 3
# Lab units: less than this is noise and shading, not an object.
_LEAST_DISTANCE = 12.0
_LEAST_CONTRAST = 7.0
# A plain background follows its fit this closely, whatever lies on it [Lab units].
_PLAIN = 5.0
# Closer than this, or than the background's own roughness allows, a colour is the background's.
_SAME = 3.0
_SAME_ROUGHNESS = 2.0


@dataclass(frozen=True)
class Ground:
    """How far a picture's colours are from those of its background.

    Attributes:
        distance: (H, W) from the background fitted to the border [8-bit Lab units].
        roughness: typical distance along the border itself.
    """

    distance: NDArray[np.float32]
    roughness: float

    @property
    def is_plain(self) -> bool:
        """Whether there is a background to tell objects from; grass, bricks, clutter are none."""
        return self.roughness <= _PLAIN

    @property
    def bare(self) -> Mask:
        """(H, W) where nothing but background is seen."""
        return np.asarray(self.distance < max(_SAME, _SAME_ROUGHNESS * self.roughness))


class Classical:
    """Border polynomial and Otsu, about 15 ms a picture."""

    def segment(self, image_bgr: Image, prompts: Prompts = NO_PROMPTS) -> list[Segment]:
        """See `Segmenter.segment`."""
        return segment_ground(image_bgr, measure_ground(image_bgr))


def segment_ground(image_bgr: Image, ground: Ground) -> list[Segment]:
    """What stands out from a plain background; nothing where it is not plain."""
    if not ground.is_plain:
        return []
    scaled = np.clip(ground.distance * 2.0, 0, 255).astype(np.uint8)
    threshold, _ = cv2.threshold(scaled, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    threshold = max(threshold, 2.0 * _LEAST_DISTANCE)
    found = []
    for part in components(scaled > threshold):
        contrast = edge_contrast(image_bgr, part)
        if contrast >= _LEAST_CONTRAST:
            found.append(Segment(part, float(min(1.0, contrast / 40.0)), METHOD))
    return found


def measure_ground(image_bgr: Image) -> Ground:
    """The background of a picture (H, W, 3) as its border shows it."""
    height, width = image_bgr.shape[:2]
    shrink = min(1.0, _LARGEST / max(height, width))
    size = (max(8, round(width * shrink)), max(8, round(height * shrink)))
    small = cv2.GaussianBlur(cv2.resize(image_bgr, size, interpolation=cv2.INTER_AREA), (3, 3), 0)
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB).astype(np.float32)
    terms = _quadratic(*lab.shape[:2])
    rim = max(2, round(_BORDER_SHARE * min(lab.shape[:2])))
    border = np.ones(lab.shape[:2], dtype=bool)
    border[rim:-rim, rim:-rim] = False
    rows, colors = terms[border][::_EVERY], lab[border][::_EVERY]
    keep = np.ones(len(rows), dtype=bool)
    for _ in range(_FIT_ROUNDS):  # an object that touches the border is left out of the fit
        coefficients = np.linalg.lstsq(rows[keep], colors[keep], rcond=None)[0]
        residual = np.linalg.norm(colors - rows @ coefficients, axis=1)
        keep = residual <= max(2.0, 2.5 * float(np.median(residual)))
    offset = lab - (terms.reshape(-1, 6) @ coefficients).reshape(lab.shape)
    distance = np.sqrt(np.einsum("ijk,ijk->ij", offset, offset))
    full = cv2.resize(distance, (width, height), interpolation=cv2.INTER_LINEAR)
    return Ground(np.asarray(full, np.float32), float(np.median(residual)))


def _quadratic(height: int, width: int) -> NDArray[np.float32]:
    """(height, width, 6) terms of a quadratic of place."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x / width - 0.5, y / height - 0.5
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)


register_segmenter(METHOD, Classical)
