"""The outline: a smooth closed curve around a mask, with sub-pixel precision."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.properties.raster import area_of
from imaggen_perception.scene import BoundingBox, Outline, Part

FloatArray = NDArray[np.float64]
POINTS = 128
# Standard deviation of the mask's blur before the level line is taken, as a share of the object's
# size: enough to remove the pixel staircase, little enough that corners stay corners.
_BLUR_SHARE = 0.008
_LEAST_LEFT = 0.5  # share of a mask that a blur must leave


def bounding_box(mask: NDArray[np.bool_]) -> BoundingBox:
    """The upright box around a mask [pixels]."""
    x, y, width, height = cv2.boundingRect(mask.astype(np.uint8))
    return BoundingBox(int(x), int(y), int(width), int(height))


def outer_curve(mask: NDArray[np.bool_]) -> FloatArray:
    """The outer outline of a mask, (n, 2) image coordinates [pixels], n as the contour gives.

    The mask's edge is blurred and each contour point moved along the gradient onto the level
    one half, where the object's edge is to a fraction of a pixel.
    """
    box = bounding_box(mask)
    solid = mask.astype(np.float32)
    sigma = max(0.8, _BLUR_SHARE * max(box.width, box.height))
    soft = cv2.GaussianBlur(solid, (0, 0), sigma)
    if np.count_nonzero(soft > 0.5) < _LEAST_LEFT * np.count_nonzero(mask):
        # A thread, thinner than the blur: as wide as its pixels, with a border to be a polygon.
        soft = cv2.GaussianBlur(cv2.dilate(solid, np.ones((3, 3), np.uint8)), (3, 3), 0)
    contours, _ = cv2.findContours(
        (soft > 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    contour = max(contours, key=cv2.contourArea).reshape(-1, 2).astype(float)
    gradient = np.stack(
        [cv2.Sobel(soft, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(soft, cv2.CV_32F, 0, 1) / 8]
    )
    x, y = contour.astype(int).T
    slope = gradient[:, y, x].T.astype(float)
    steep = np.maximum((slope**2).sum(axis=1), 1e-6)
    step = ((0.5 - soft[y, x]) / steep)[:, None] * slope
    return np.asarray(contour + np.clip(step, -1.0, 1.0))


def hole_curves(mask: NDArray[np.bool_], least_share: float) -> list[FloatArray]:
    """Outlines of the openings in a mask, (n, 2) image coordinates [pixels], largest first.

    Openings below `least_share` of the mask's area are gaps of the segmentation, not holes.
    """
    contours, hierarchy = cv2.findContours(
        mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE
    )
    if hierarchy is None:
        return []
    inner = [c for c, row in zip(contours, hierarchy[0], strict=True) if row[3] >= 0]
    least = least_share * float(mask.sum())
    large = [c for c in inner if len(c) >= 8 and cv2.contourArea(c) >= least]
    large.sort(key=cv2.contourArea, reverse=True)
    return [c.reshape(-1, 2).astype(float) for c in large]


def make_part(name: str, curve: FloatArray, whole: FloatArray, salience: float) -> Part:
    """A part by its image curve (n, 2), placed in the object whose image curve is `whole`."""
    outline = make_outline(curve)
    low, high = whole.min(axis=0), whole.max(axis=0)
    scale = float((high - low).max())
    middle = (curve.min(axis=0) + curve.max(axis=0)) / 2
    x, y = (middle - (low + high) / 2) / scale * [1.0, -1.0]
    return Part(name, outline, (float(x), float(y)), outline.scale_px / scale, salience)


def make_outline(curve: FloatArray) -> Outline:
    """Object coordinates of a closed image curve (n, 2): see `Outline`."""
    points = resample_closed(curve, POINTS) * [1.0, -1.0]
    if area_of(points) < 0.0:
        points = points[::-1]
    low, high = points.min(axis=0), points.max(axis=0)
    scale = float((high - low).max())
    return Outline((points - (low + high) / 2) / scale, scale)


def resample_closed(curve: FloatArray, count: int) -> FloatArray:
    """`count` points at equal arc length along a closed curve (n, 2)."""
    ring = np.vstack([curve, curve[:1]])
    steps = np.linalg.norm(np.diff(ring, axis=0), axis=1)
    arc = np.concatenate([[0.0], np.cumsum(steps)])
    keep = np.concatenate([[True], steps > 1e-9])
    at = np.linspace(0.0, arc[-1], count, endpoint=False)
    return np.column_stack([np.interp(at, arc[keep], axis[keep]) for axis in ring.T])
