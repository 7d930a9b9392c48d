"""How an object stands: the principal axis of its area."""

from __future__ import annotations

import math

import cv2
import numpy as np

from imaggen_perception.scene import Alignment, FloatArray, Outline


def angle_from_vertical(direction_rad: float) -> float:
    """A line's angle from the vertical, positive towards the right [rad], (-pi/2, pi/2].

    Args:
        direction_rad: the line's angle from the x axis, counter-clockwise with y up [rad].
    """
    angle = (math.pi / 2 - direction_rad) % math.pi
    return angle - math.pi if angle > math.pi / 2 + 1e-9 else angle


def area_moments(points: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    """Area, centroid (2,) and second-order central moments per area (2, 2) of a polygon (n, 2)."""
    moments = cv2.moments(points.astype(np.float32))
    area = moments["m00"]
    if abs(area) < 1e-12:
        raise ValueError("the outline encloses no area")
    center = np.array([moments["m10"], moments["m01"]]) / area
    spread = np.array(
        [[moments["mu20"], moments["mu11"]], [moments["mu11"], moments["mu02"]]], dtype=float
    )
    return abs(area), center, spread / area


def measure_alignment(outline: Outline) -> Alignment:
    """The principal axis of the area inside the outline.

    The confidence is the squared eccentricity of the ellipse with the same moments: 0 for a
    circle or a square, 0.75 for a rectangle twice as long as wide.
    """
    _, _, spread = area_moments(outline.points)
    values, vectors = np.linalg.eigh(spread)
    main = vectors[:, 1]
    extents = np.ptp(outline.points @ vectors, axis=0)
    return Alignment(
        angle_rad=angle_from_vertical(math.atan2(main[1], main[0])),
        elongation=max(1.0, float(extents[1] / extents[0])),
        confidence=float(np.clip(1.0 - values[0] / values[1], 0.0, 1.0)),
    )
