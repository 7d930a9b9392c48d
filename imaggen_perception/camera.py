"""Where a pixel lies: the pinhole camera."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from imaggen_perception.scene import FloatArray

DEFAULT_HORIZONTAL_FOV_RAD = math.radians(60.0)
"""Typical of webcams and head cameras; taken when no calibration is known."""


@dataclass(frozen=True)
class CameraModel:
    """A pinhole camera without distortion.

    Attributes:
        width: image width [pixels].
        height: image height [pixels].
        fx: focal length along x [pixels].
        fy: focal length along y [pixels].
        cx: principal point along x [pixels], 0 at the centre of the leftmost pixel.
        cy: principal point along y [pixels], 0 at the centre of the topmost pixel.
    """

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float

    def __post_init__(self) -> None:
        if self.width <= 0 or self.height <= 0:
            raise ValueError(f"image size must be positive, got {self.width} x {self.height}")
        if not (self.fx > 0 and self.fy > 0):
            raise ValueError(f"focal lengths must be positive, got {self.fx} and {self.fy}")

    @classmethod
    def from_field_of_view(
        cls, width: int, height: int, horizontal_fov_rad: float = DEFAULT_HORIZONTAL_FOV_RAD
    ) -> CameraModel:
        """A camera with square pixels that looks straight through the middle of its image.

        Args:
            width: image width [pixels].
            height: image height [pixels].
            horizontal_fov_rad: full horizontal angle of view [rad], in (0, pi).

        Raises:
            ValueError: when the angle is not in (0, pi).
        """
        if not 0.0 < horizontal_fov_rad < math.pi:
            raise ValueError(f"field of view must be in (0, pi) rad, got {horizontal_fov_rad}")
        focal = width / (2.0 * math.tan(horizontal_fov_rad / 2.0))
        return cls(width, height, focal, focal, (width - 1) / 2.0, (height - 1) / 2.0)

    def resized(self, width: int, height: int) -> CameraModel:
        """The same camera for its picture resized to `width` x `height` [pixels]."""
        if (width, height) == (self.width, self.height):
            return self
        sx, sy = width / self.width, height / self.height
        # Pixel centres lie at half pixels, hence the shift before scaling.
        return CameraModel(
            width,
            height,
            self.fx * sx,
            self.fy * sy,
            (self.cx + 0.5) * sx - 0.5,
            (self.cy + 0.5) * sy - 0.5,
        )

    def bearing(self, x: float, y: float) -> FloatArray:
        """Direction of an image point.

        Args:
            x: from the picture's left edge [pixels].
            y: from the picture's upper edge [pixels].

        Returns:
            (3,) unit vector in the optical frame (x right, y down, z forward).
        """
        ray = np.array([(x - 0.5 - self.cx) / self.fx, (y - 0.5 - self.cy) / self.fy, 1.0])
        return np.asarray(ray / np.linalg.norm(ray), dtype=np.float64)
