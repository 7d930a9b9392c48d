"""The pinhole camera: from pixels to bearings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imaggen_perception.errors import PerceptionError
from imaggen_perception.scene import FloatArray

# Of a camera that nobody described; typical of webcams and robots' heads.
DEFAULT_FIELD_OF_VIEW = np.radians(60.0)


@dataclass(frozen=True)
class CameraModel:
    """Intrinsics [pixels] of an undistorted picture of `width` x `height`."""

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float

    def __post_init__(self) -> None:
        if not (self.fx > 0 and self.fy > 0):
            raise PerceptionError(
                f"focal lengths must be above 0, got fx {self.fx}, fy {self.fy}; is the camera"
                " calibrated?"
            )

    @classmethod
    def assumed(cls, width: int, height: int) -> CameraModel:
        """A camera of 60 degrees across whose axis goes through the middle."""
        focal = width / 2 / np.tan(DEFAULT_FIELD_OF_VIEW / 2)
        return cls(width, height, focal, focal, width / 2, height / 2)

    def bearing(self, x: float, y: float) -> FloatArray:
        """(3,) unit vector through a pixel, optical frame (z forward, x right, y down)."""
        ray = np.array([(x - self.cx) / self.fx, (y - self.cy) / self.fy, 1.0])
        return np.asarray(ray / np.linalg.norm(ray))
