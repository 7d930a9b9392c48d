"""Form: the numbers behind tall, flat, round, tapered, dented and hollow."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.properties.raster import area_of, fill
from imaggen_perception.scene import Form, Outline, Part

METHOD = "areas and lengths of the outline"
_ROUNDNESS_POINTS = 48  # coarse enough that frayed edges do not lengthen the perimeter


def measure_form(outline: Outline, holes: Sequence[Part] = ()) -> Form:
    """Tallness, roundness, taper, solidity and hollowness of an outline with its holes."""
    points = outline.points
    width, height = outline.extent
    area = abs(area_of(points))
    hull = cv2.convexHull(points.astype(np.float32)).reshape(-1, 2).astype(float)
    hull_area = abs(area_of(hull))
    step = max(1, len(points) // _ROUNDNESS_POINTS)
    coarse = points[::step]
    perimeter = float(np.linalg.norm(np.roll(coarse, -1, axis=0) - coarse, axis=1).sum())
    hollow = sum(abs(area_of(hole.points)) for hole in holes)
    return Form(
        tallness=height / max(width, 1e-9),
        roundness=float(np.clip(4 * np.pi * abs(area_of(coarse)) / perimeter**2, 0.0, 1.0)),
        taper=_taper(fill(points)),
        solidity=float(np.clip(area / max(hull_area, 1e-9), 0.0, 1.0)),
        hollowness=float(np.clip(hollow / max(area, 1e-9), 0.0, 1.0)),
    )


def _taper(area: NDArray[np.bool_]) -> float:
    """(lower - upper) / (lower + upper) of the mean widths of the two halves."""
    widths = area.sum(axis=1)
    rows = np.flatnonzero(widths)
    middle = (rows[0] + rows[-1] + 1) // 2
    upper, lower = widths[rows[0] : middle].mean(), widths[middle : rows[-1] + 1].mean()
    return float((lower - upper) / (lower + upper))
