"""Plain measures of a path: how closed, how round, how large."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imaggen_evaluation.errors import EvaluationError

FloatArray = NDArray[np.float64]


def _checked(points: FloatArray, minimum: int) -> FloatArray:
    points = np.asarray(points, dtype=float)
    if points.ndim != 2 or len(points) < minimum:
        raise EvaluationError(
            f"a path needs at least {minimum} points as rows, got the shape {points.shape};"
            " widen the time window"
        )
    return points


def extents(points: FloatArray) -> FloatArray:
    """Sides of the axis-aligned bounding box.

    Args:
        points: (T, D) [m].

    Returns:
        (D,) extents [m].
    """
    return np.asarray(np.ptp(_checked(points, 1), axis=0), dtype=float)


def closedness(points: FloatArray) -> float:
    """Gap between the two ends of a path, relative to its largest extent: 0 is closed.

    Args:
        points: (T, D) [m].

    Raises:
        EvaluationError: when the path does not move.
    """
    points = _checked(points, 2)
    size = float(extents(points).max())
    if size == 0.0:
        raise EvaluationError("the path does not move, so it is neither open nor closed")
    return float(np.linalg.norm(points[-1] - points[0]) / size)


def in_plane(points: FloatArray) -> FloatArray:
    """The path in its plane of least squares, first axis along its largest spread.

    Args:
        points: (T, 3) [m].

    Returns:
        (T, 2) coordinates about the mean [m].
    """
    points = _checked(points, 3)
    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    return np.asarray(centred @ axes[:2].T, dtype=float)


def roundness(points: FloatArray) -> float:
    """Isoperimetric quotient of the closed path in its plane: 1 for a circle, pi/4 for a square.

    4 pi A / P^2 with the shoelace area A and the perimeter P.

    Args:
        points: (T, 3) [m], about one turn.
    """
    x, y = in_plane(points).T
    area = 0.5 * abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))))
    perimeter = float(np.hypot(x - np.roll(x, -1), y - np.roll(y, -1)).sum())
    if perimeter == 0.0:
        raise EvaluationError("the path does not move, so it has no roundness")
    return 4.0 * np.pi * area / perimeter**2
