"""Polygons as pixels, to measure how much they overlap."""

from __future__ import annotations

import cv2
import numpy as np

from imaggen_perception.scene import FloatArray
from imaggen_perception.segmenters.base import BoolMask

EDGE = 256
"""Cells along the raster's edge."""

SPAN = 1.6
"""Outline units along the raster's edge: room for a shape that is somewhat larger."""

_FRACTION_BITS = 6


def to_raster(points: FloatArray) -> FloatArray:
    """Outline coordinates (n, 2), y up, as raster coordinates (n, 2), y down, in cells."""
    scale = EDGE / SPAN
    return points * (scale, -scale) + (EDGE - 1) / 2.0


def fill(points: FloatArray) -> BoolMask:
    """(EDGE, EDGE) true inside the polygon (n, 2) in outline coordinates."""
    canvas = np.zeros((EDGE, EDGE), np.uint8)
    fixed = np.round(to_raster(points) * (1 << _FRACTION_BITS)).astype(np.int32)
    cv2.fillPoly(canvas, [fixed], 1, shift=_FRACTION_BITS)
    return canvas.astype(np.bool_)


def overlap(one: BoolMask, other: BoolMask) -> float:
    """Intersection over union of two rasters, 0..1."""
    union = np.count_nonzero(one | other)
    return float(np.count_nonzero(one & other) / union) if union else 0.0
