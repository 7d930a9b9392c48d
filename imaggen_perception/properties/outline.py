"""The closed curve around a mask."""

from __future__ import annotations

import cv2
import numpy as np

from imaggen_perception.scene import FloatArray, Outline
from imaggen_perception.segmenters.base import BoolMask

POINTS = 128
"""Enough that a circle's chords stay within 0.03 % of its size."""

BLUR_SHARE = 0.005
"""Smoothing relative to the object's extent: removes the pixel staircase, keeps corners."""

_SMALLEST_BLUR_PX = 0.8
_PAD_PX = 12


def trace(mask: BoolMask) -> FloatArray:
    """The outer edge of a mask, to a fraction of a pixel.

    The mask is blurred a little and each border pixel is moved along the gradient onto the level
    of one half (one Newton step), so that straight edges at any tilt come out straight.

    Args:
        mask: (H, W) one region; of several, the largest is traced.

    Returns:
        (n, 2) closed curve [pixels]; x from the picture's left edge, y from its upper edge, y
        down. The first point is not repeated.

    Raises:
        ValueError: when the mask is empty.
    """
    ys, xs = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(xs):
        raise ValueError("the mask is empty")
    crop = mask[ys[0] : ys[-1] + 1, xs[0] : xs[-1] + 1].astype(np.float32)
    crop = np.pad(crop, _PAD_PX)
    contours, _ = cv2.findContours(
        (crop > 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    points = max(contours, key=cv2.contourArea).reshape(-1, 2)
    blur = max(_SMALLEST_BLUR_PX, BLUR_SHARE * max(len(xs), len(ys)))
    soft = cv2.GaussianBlur(crop, (0, 0), blur)
    columns, rows = points[:, 0], points[:, 1]
    gradient = np.stack(
        [
            (soft[rows, columns + 1] - soft[rows, columns - 1]) / 2.0,
            (soft[rows + 1, columns] - soft[rows - 1, columns]) / 2.0,
        ],
        axis=1,
    ).astype(np.float64)
    # A flat gradient (a line one pixel wide) must not throw a point far away.
    slope = np.maximum((gradient**2).sum(axis=1), (0.25 / blur) ** 2)
    step = ((0.5 - soft[rows, columns]) / slope)[:, None] * gradient
    length = np.linalg.norm(step, axis=1, keepdims=True)
    step *= np.minimum(1.0, 2.0 * blur / np.maximum(length, 1e-9))
    corner = np.array([xs[0] - _PAD_PX + 0.5, ys[0] - _PAD_PX + 0.5])
    return np.asarray(points + step + corner, dtype=np.float64)


def resample_closed(points: FloatArray, count: int) -> FloatArray:
    """`count` points (count, 2) at equal arc lengths along the closed curve (n, 2)."""
    closed = np.vstack([points, points[:1]])
    lengths = np.linalg.norm(np.diff(closed, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    targets = np.linspace(0.0, along[-1], count, endpoint=False)
    resampled = [np.interp(targets, along, closed[:, axis]) for axis in (0, 1)]
    return np.stack(resampled, axis=1)


def signed_area(points: FloatArray) -> float:
    """Area of the closed polygon (n, 2); positive when counter-clockwise with y up."""
    following = np.roll(points, -1, axis=0)
    cross = points[:, 0] * following[:, 1] - points[:, 1] * following[:, 0]
    return float(cross.sum() / 2.0)


def measure_outline(mask: BoolMask, pixel_scale: float = 1.0) -> Outline:
    """The outline of a mask in object coordinates.

    Args:
        mask: (H, W) one region.
        pixel_scale: pixels of the source image per pixel of the mask.

    Returns:
        128 points, counter-clockwise, starting at the top.

    Raises:
        ValueError: when the mask is empty.
    """
    traced = trace(mask)
    points = resample_closed(traced * (1.0, -1.0), POINTS)
    if signed_area(points) < 0:
        points = points[::-1]
    low, high = points.min(axis=0), points.max(axis=0)
    extent = float((high - low).max())
    points = (points - (low + high) / 2.0) / extent
    return Outline(np.roll(points, -int(points[:, 1].argmax()), axis=0), extent * pixel_scale)
