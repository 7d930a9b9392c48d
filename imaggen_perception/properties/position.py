"""Position and metric scale of an object from a depth image."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.camera import CameraModel
from imaggen_perception.scene import FloatArray

METHOD = "median of the depth image within the mask"
# Below this many pixels with a depth, there is nothing to take a median of.
_LEAST_PIXELS = 12


@dataclass(frozen=True)
class Position:
    """Where an object is.

    Attributes:
        position: (3,) [m] in the camera's optical frame, of the object's visible surface.
        meters_per_pixel: at that distance, across the optical axis.
        confidence: share of the object whose depth is known, 0..1.
    """

    position: FloatArray
    meters_per_pixel: float
    confidence: float


def measure_position(
    mask: NDArray[np.bool_],
    shrink: float,
    depth: NDArray[np.float32] | None,
    camera: CameraModel,
) -> Position | None:
    """The position of a mask (h, w), `shrink` times the size of the depth image (H, W) [m].

    The mask's rim is left out: there depth cameras mix the object with what is behind it.
    """
    if depth is None:
        return None
    core = cv2.erode(mask.astype(np.uint8), np.ones((5, 5), np.uint8))
    core = core if core.any() else mask.astype(np.uint8)
    if shrink != 1.0:
        core = cv2.resize(core, depth.shape[::-1], interpolation=cv2.INTER_NEAREST)
    inside = core.astype(bool)
    values = depth[inside]
    known = np.isfinite(values) & (values > 0)
    if np.count_nonzero(known) < _LEAST_PIXELS:
        return None
    distance = float(np.median(values[known]))
    rows, columns = np.nonzero(inside)
    x = (columns.min() + columns.max() + 1) / 2
    y = (rows.min() + rows.max() + 1) / 2
    position = np.array(
        [(x - camera.cx) / camera.fx * distance, (y - camera.cy) / camera.fy * distance, distance]
    )
    return Position(position, 2.0 * distance / (camera.fx + camera.fy), float(known.mean()))
