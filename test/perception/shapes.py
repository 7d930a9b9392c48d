"""Pictures with exact gold for the perception tests."""

from __future__ import annotations

import cv2
import numpy as np

from imaggen_perception.properties import make_outline
from imaggen_perception.scene import Outline


def ground(height: int = 480, width: int = 640) -> np.ndarray:
    return np.full((height, width, 3), (225, 228, 230), np.uint8)


def noisy(image: np.ndarray, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 3, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def turned(corners, angle: float, size: float = 110.0) -> np.ndarray:
    """Corners (n, 2), x right and y up, turned clockwise by `angle`, in image pixels."""
    cosine, sine = np.cos(angle), np.sin(angle)
    points = np.asarray(corners, dtype=float) @ np.array([[cosine, -sine], [sine, cosine]])
    return points * [size, -size] + [320, 240]


def polygon_picture(corners, angle: float = 0.0, color=(60, 110, 60)) -> np.ndarray:
    image = ground()
    cv2.fillPoly(image, [turned(corners, angle).round().astype(int)], color)
    return noisy(image)


def polygon_outline(corners, angle: float = 0.0) -> Outline:
    """The outline of an exact polygon, without any picture."""
    image_corners = turned(corners, angle)
    ring = np.vstack([image_corners, image_corners[:1]])
    dense = np.vstack(
        [
            a + (b - a) * np.linspace(0, 1, 200)[:-1, None]
            for a, b in zip(ring, ring[1:], strict=False)
        ]
    )
    return make_outline(dense)


def ellipse_outline(aspect: float, angle: float = 0.0) -> Outline:
    """An upright ellipse `aspect` times as tall as wide, turned clockwise."""
    t = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    return make_outline(turned(np.column_stack([np.cos(t) / aspect, np.sin(t)]), angle))


SQUARE = [[-1, -1], [1, -1], [1, 1], [-1, 1]]
TALL = [[-0.4, -1.2], [0.4, -1.2], [0.4, 1.2], [-0.4, 1.2]]
TRIANGLE = [[0, 1.2], [-0.8, -0.8], [0.8, -0.8]]
LETTER_L = [[-0.8, 1], [-0.8, -1], [0.8, -1], [0.8, -0.4], [-0.2, -0.4], [-0.2, 1]]
