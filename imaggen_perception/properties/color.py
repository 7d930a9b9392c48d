"""Colour name: what a person would call most of an object's surface.

Every pixel takes the nearest focal colour in CIE Lab; the eleven names are the basic colour terms
of English (Berlin & Kay 1969), each with the few focal points that cover its light and dark kinds.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.scene import Color

METHOD = "nearest focal colour (CIE Lab), majority of pixels"
_SAMPLES = 500
# Focal sRGB colours; the dark and light ones keep shaded and shining sides of one thing together.
_FOCAL: dict[str, tuple[tuple[int, int, int], ...]] = {
    "black": ((10, 10, 10), (40, 40, 42)),
    "white": ((250, 250, 250), (228, 228, 232)),
    "gray": ((128, 128, 128), (90, 90, 94), (175, 175, 180)),
    "red": ((210, 25, 30), (150, 15, 20), (235, 70, 60)),
    "green": ((30, 140, 50), (20, 80, 35), (110, 190, 70), (140, 200, 150)),
    "blue": ((30, 80, 200), (15, 30, 110), (90, 160, 230), (150, 200, 240), (40, 150, 190)),
    "yellow": ((250, 220, 40), (240, 225, 120), (215, 185, 30)),
    "brown": ((115, 70, 35), (75, 45, 25), (160, 110, 65), (190, 150, 105)),
    "orange": ((245, 130, 25), (225, 100, 20), (250, 165, 70)),
    "pink": ((245, 150, 185), (230, 90, 150), (250, 195, 205)),
    "purple": ((120, 40, 150), (75, 30, 100), (165, 110, 200)),
}
_NAMES = tuple(_FOCAL)
_NAME_OF_FOCAL = np.repeat(np.arange(len(_FOCAL)), [len(colors) for colors in _FOCAL.values()])


def _to_lab(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    scaled = rgb.reshape(1, -1, 3).astype(np.float32) / 255.0
    return np.asarray(cv2.cvtColor(scaled, cv2.COLOR_RGB2LAB)[0], dtype=np.float32)


_FOCAL_LAB = _to_lab(np.array([c for colors in _FOCAL.values() for c in colors], np.uint8))


def name_color(image_bgr: NDArray[np.uint8], mask: NDArray[np.bool_]) -> Color:
    """The colour of a picture (H, W, 3) under a mask (H, W)."""
    covered = np.flatnonzero(mask)
    if not len(covered):
        return Color()
    sampled = covered[:: max(1, len(covered) // _SAMPLES)]
    rows, columns = np.divmod(sampled, mask.shape[1])
    pixels = image_bgr[rows, columns, 2::-1]
    distance = ((_to_lab(pixels)[:, None] - _FOCAL_LAB[None]) ** 2).sum(axis=-1)
    nearest = _NAME_OF_FOCAL[distance.argmin(axis=1)]
    counts = np.bincount(nearest, minlength=len(_FOCAL))
    best = int(counts.argmax())
    red, green, blue = (round(float(v)) for v in np.median(pixels[nearest == best], axis=0))
    return Color(_NAMES[best], (red, green, blue), float(counts[best] / len(pixels)))
