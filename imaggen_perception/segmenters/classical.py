"""Objects on a plain background without a network: what differs from the picture's border.

The background is a smooth function of place (a quadratic per colour channel, fitted robustly to
the border); the distance from it is split by Otsu's threshold.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.segmenters.base import (
    NO_PROMPTS,
    Image,
    Prompts,
    Segment,
    components,
    edge_contrast,
    register_segmenter,
)

METHOD = "classical"
_BORDER_SHARE = 0.04
_FIT_ROUNDS = 3
# Lab units: less than this is noise and shading, not an object.
_LEAST_DISTANCE = 12.0
_LEAST_CONTRAST = 7.0
# A plain background follows its fit this closely, whatever lies on it [Lab units].
_PLAIN = 5.0


class Classical:
    """Border polynomial and Otsu, about 30 ms a picture."""

    def segment(self, image_bgr: Image, prompts: Prompts = NO_PROMPTS) -> list[Segment]:
        """See `Segmenter.segment`."""
        smooth = np.asarray(cv2.GaussianBlur(image_bgr, (5, 5), 0), dtype=np.uint8)
        distance, roughness = _distance_from_background(smooth)
        if roughness > _PLAIN:
            return []  # grass, bricks, clutter: not a background that this way can tell apart
        scaled = np.clip(distance * 2.0, 0, 255).astype(np.uint8)
        threshold, _ = cv2.threshold(scaled, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        threshold = max(threshold, 2.0 * _LEAST_DISTANCE)
        found = []
        for part in components(scaled > threshold):
            contrast = edge_contrast(image_bgr, part)
            if contrast >= _LEAST_CONTRAST:
                found.append(Segment(part, float(min(1.0, contrast / 40.0)), METHOD))
        return found


def _distance_from_background(image_bgr: Image) -> tuple[NDArray[np.float64], float]:
    """Distance of every pixel's colour from the fitted background, and its own roughness.

    Returns:
        (H, W) distances and the typical residual along the border [Lab units].
    """
    lab = cv2.cvtColor(image_bgr, cv2.COLOR_BGR2LAB).astype(float)
    height, width = lab.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    x, y = x / width - 0.5, y / height - 0.5
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    rim = max(2, round(_BORDER_SHARE * min(height, width)))
    border = np.ones((height, width), dtype=bool)
    border[rim:-rim, rim:-rim] = False
    rows, colors = terms[border], lab[border]
    keep = np.ones(len(rows), dtype=bool)
    for _ in range(_FIT_ROUNDS):  # an object that touches the border is left out of the fit
        coefficients = np.linalg.lstsq(rows[keep], colors[keep], rcond=None)[0]
        residual = np.linalg.norm(colors - rows @ coefficients, axis=1)
        keep = residual <= max(2.0, 2.5 * float(np.median(residual)))
    distance = np.asarray(np.linalg.norm(lab - terms @ coefficients, axis=-1))
    return distance, float(np.median(residual))


register_segmenter(METHOD, Classical)
