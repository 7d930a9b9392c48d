"""Outlines drawn as masks of one fixed size, for measures that compare areas."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
SIZE = 160  # pixels of the square that holds a circle around any outline
_SCALE = SIZE / 1.6  # outline units to pixels
_FRACTION_BITS = 4


def fill(points: FloatArray) -> NDArray[np.bool_]:
    """The area inside a polygon of outline coordinates (n, 2), y up, around the origin."""
    pixels = (points * [1.0, -1.0] * _SCALE + SIZE / 2) * 2**_FRACTION_BITS
    canvas = np.zeros((SIZE, SIZE), np.uint8)
    cv2.fillPoly(canvas, [np.round(pixels).astype(np.int32)], 1, shift=_FRACTION_BITS)
    return canvas.astype(bool)


def iou(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    """Intersection over union of two areas."""
    union = np.count_nonzero(first | second)
    return float(np.count_nonzero(first & second) / union) if union else 0.0


def centroid(points: FloatArray) -> FloatArray:
    """Centre of the area of a polygon (n, 2)."""
    x, y = points.T
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    weighted = [((axis + np.roll(axis, -1)) * cross).sum() for axis in (x, y)]
    return np.asarray(np.array(weighted) / (3.0 * cross.sum()))


def area_of(points: FloatArray) -> float:
    """Area enclosed by a polygon (n, 2), positive when it runs counter-clockwise (y up)."""
    x, y = points.T
    inner = x[:-1] @ y[1:] - x[1:] @ y[:-1]
    return float(inner + x[-1] * y[0] - x[0] * y[-1]) / 2
