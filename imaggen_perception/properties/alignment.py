"""Alignment: how the object's principal axis leans in the picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.properties.raster import fill
from imaggen_perception.scene import Alignment, Outline, Stance

METHOD = "principal axis of the area (second moments)"
# Elongation at which an axis is certain; at 1 there is none.
_CERTAIN = 1.5
# Leaning more than this from both the vertical and the horizontal is oblique [rad].
_OBLIQUE = float(np.radians(20.0))
_LONG = 1.55  # elongation of something that has a direction
# Sides of the upright box: below this nobody calls it tall or flat; above, it is that and no less.
_COMPACT = 1.25
_CLEARLY_TALL = 2.2


def measure_alignment(outline: Outline) -> Alignment:
    """Principal axis of the filled outline by second moments."""
    moments = cv2.moments(fill(outline.points).astype(np.uint8), binaryImage=True)
    across = -moments["mu11"]  # rows count downwards
    covariance = np.array([[moments["mu20"], across], [across, moments["mu02"]]]) / moments["m00"]
    values, vectors = np.linalg.eigh(covariance)
    elongation = float(np.sqrt(values[1] / max(values[0], 1e-9)))
    angle = angle_from_vertical(vectors[:, 1])
    confidence = float(np.clip((elongation - 1.0) / (_CERTAIN - 1.0), 0.0, 1.0))
    return Alignment(angle, elongation, confidence, _stance(angle, elongation, outline))


def _stance(angle: float, elongation: float, outline: Outline) -> Stance:
    """Slanted only for clearly long and clearly oblique things, else by the upright box.

    A branching or lopsided thing has an oblique principal axis that nobody sees; people go by
    whether it is taller than wide.
    """
    width, height = outline.extent
    tallness = height / max(width, 1e-9)
    oblique = min(abs(angle), np.pi / 2 - abs(angle))
    if oblique > _OBLIQUE and elongation >= _LONG and max(tallness, 1 / tallness) < _CLEARLY_TALL:
        return "slanted"
    if max(tallness, 1.0 / tallness) < _COMPACT:
        return "none"
    return "upright" if tallness > 1.0 else "lying"


def angle_from_vertical(direction: NDArray[np.float64]) -> float:
    """Angle of an axis (x right, y up) from the vertical, positive to the right, (-pi/2, pi/2]."""
    return wrap_axis(float(np.arctan2(direction[0], direction[1])))


def wrap_axis(angle: float) -> float:
    """The same axis with its angle in (-pi/2, pi/2]."""
    wrapped = angle % np.pi
    return float(wrapped - np.pi if wrapped > np.pi / 2 + 1e-12 else wrapped)
