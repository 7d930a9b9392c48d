"""Shape family: the simple figure that overlaps best with the outline."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.properties.raster import fill, iou
from imaggen_perception.scene import Outline, Shape, ShapeFamily

FloatArray = NDArray[np.float64]
# Least overlap for a family to be named.
LEAST_FIT = 0.90
# A special case (circle, square) is preferred while its extents differ by less than this.
_EQUAL = 1.10
# Of figures that fit nearly alike the simpler one is named.
_SIMPLICITY_MARGIN = 0.012
_MOST_CORNERS = 10
_PIXELS = 1000.0  # OpenCV's triangle search needs numbers of a picture's size


def classify_shape(outline: Outline) -> Shape:
    """The best family with its fitted parameters (outline units, radians)."""
    area = fill(outline.points)
    contour = outline.points.astype(np.float32).reshape(-1, 1, 2)
    fits = (_ellipse(contour), _box(contour), _triangle(contour), _polygon(contour))
    candidates = [fit for fit in fits if fit is not None]
    scored = [(iou(area, fill(curve)), shape, curve) for shape, curve in candidates]
    best = max(score for score, _, _ in scored)
    # In order of simplicity: the first that is about as good as the best.
    score, (family, parameters), _ = next(
        row for row in scored if row[0] >= best - _SIMPLICITY_MARGIN
    )
    if score < LEAST_FIT:
        return Shape("other", float(1.0 - score), {})
    return Shape(family, score, parameters)


_Candidate = tuple[tuple[ShapeFamily, dict[str, float]], FloatArray]


def _ellipse(contour: NDArray[np.float32]) -> _Candidate:
    (x, y), (width, height), angle = cv2.fitEllipse(contour)
    t = np.linspace(0.0, 2 * np.pi, 96, endpoint=False)
    turn = np.radians(angle)
    local = np.column_stack([width / 2 * np.cos(t), height / 2 * np.sin(t)])
    curve = local @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    aspect = max(width, height) / max(1e-6, min(width, height))
    if aspect < _EQUAL:
        return ("circle", {"radius": float(width + height) / 4}), curve + [x, y]
    return ("ellipse", {"aspect_ratio": float(aspect)}), curve + [x, y]


def _box(contour: NDArray[np.float32]) -> _Candidate:
    rectangle = cv2.minAreaRect(contour)
    width, height = rectangle[1]
    aspect = max(width, height) / max(1e-6, min(width, height))
    family: ShapeFamily = "square" if aspect < _EQUAL else "rectangle"
    corners = cv2.boxPoints(rectangle).astype(float)
    return (family, {"aspect_ratio": float(aspect)}), corners


def _triangle(contour: NDArray[np.float32]) -> _Candidate | None:
    try:
        _, corners = cv2.minEnclosingTriangle(contour * _PIXELS)
    except cv2.error:
        return None  # OpenCV's search fails on some outlines, none of them triangles
    corners = np.asarray(corners, dtype=float).reshape(-1, 2) / _PIXELS
    return ("triangle", {"corners": 3.0}), corners


def _polygon(contour: NDArray[np.float32]) -> _Candidate | None:
    """The outline's own corners, when there are few of them."""
    length = cv2.arcLength(contour, True)
    corners = cv2.approxPolyDP(contour, 0.025 * length, True).reshape(-1, 2).astype(float)
    if not 3 <= len(corners) <= _MOST_CORNERS:
        return None
    family: ShapeFamily = "triangle" if len(corners) == 3 else "polygon"
    return (family, {"corners": float(len(corners))}), corners
