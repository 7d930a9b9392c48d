"""A picture that carries its own mask: the alpha channel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imaggen_perception.segmenters.base import Mask, Segment, components

METHOD = "alpha"
_LARGEST_SHARE = 0.98


def has_mask(image: NDArray[np.uint8]) -> bool:
    """Whether a picture's fourth channel says what belongs to the object.

    An alpha channel that is the same nearly everywhere says nothing.
    """
    if image.ndim != 3 or image.shape[2] != 4:
        return False
    opaque = float((image[..., 3] > 127).mean())
    return 0.0 < opaque < _LARGEST_SHARE


def segment_alpha(image_bgra: NDArray[np.uint8]) -> list[Segment]:
    """The opaque parts of a picture (H, W, 4), largest first."""
    mask: Mask = image_bgra[..., 3] > 127
    return [Segment(part, 1.0, METHOD) for part in components(mask)]
