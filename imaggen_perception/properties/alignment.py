"""Alignment: how the object's principal axis leans in the picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imaggen_perception.properties.raster import SIZE, fill
from imaggen_perception.scene import Alignment, Outline

# Elongation at which an axis is certain; at 1 there is none.
_CERTAIN = 1.5


def measure_alignment(outline: Outline) -> Alignment:
    """Principal axis of the filled outline by second moments."""
    rows, columns = np.nonzero(fill(outline.points))
    points = np.column_stack([columns, SIZE - rows]).astype(float)
    covariance = np.cov(points.T)
    values, vectors = np.linalg.eigh(covariance)
    elongation = float(np.sqrt(values[1] / max(values[0], 1e-9)))
    angle = angle_from_vertical(vectors[:, 1])
    confidence = float(np.clip((elongation - 1.0) / (_CERTAIN - 1.0), 0.0, 1.0))
    return Alignment(angle, elongation, confidence)


def angle_from_vertical(direction: NDArray[np.float64]) -> float:
    """Angle of an axis (x right, y up) from the vertical, positive to the right, (-pi/2, pi/2]."""
    return wrap_axis(float(np.arctan2(direction[0], direction[1])))


def wrap_axis(angle: float) -> float:
    """The same axis with its angle in (-pi/2, pi/2]."""
    wrapped = angle % np.pi
    return float(wrapped - np.pi if wrapped > np.pi / 2 + 1e-12 else wrapped)
