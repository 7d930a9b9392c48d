"""Segmentation that somebody already made: the picture's transparency."""

from __future__ import annotations

import numpy as np

from imaggen_perception.image_input import ByteImage
from imaggen_perception.segmenters.base import ObjectMask, separate_objects

OPAQUE = 128
"""Alpha from which a pixel counts as part of the object, 0..255."""

LARGEST_OPAQUE_SHARE = 0.98
"""A picture that is opaque but for rounded corners was not cut out."""


def alpha_is_informative(image: ByteImage) -> bool:
    """Whether the transparency of a picture marks objects.

    Many cameras send a constant alpha, which says nothing.
    """
    if image.ndim != 3 or image.shape[2] != 4:
        return False
    return 0.0 < float((image[..., 3] >= OPAQUE).mean()) <= LARGEST_OPAQUE_SHARE


class AlphaSegmenter:
    """Takes the opaque regions as the objects."""

    name = "alpha"

    def segment(self, image: ByteImage) -> list[ObjectMask]:
        """Opaque regions of a (H, W, 4) picture; none when its alpha says nothing."""
        if not alpha_is_informative(image):
            return []
        alpha = image[..., 3]
        certainty = (alpha / np.float32(255.0)).astype(np.float32)
        return separate_objects(alpha >= OPAQUE, certainty, self.name)
