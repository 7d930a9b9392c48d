"""What a segmentation back end is, and how its map becomes separate objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.image_input import ByteImage

BoolMask = NDArray[np.bool_]
FloatMap = NDArray[np.float32]

SMALLEST_AREA_SHARE = 0.0005
"""Of the picture: a disc of 14 pixels across in 640 x 480. Anything smaller is a speck."""

SMALLEST_AREA_TO_LARGEST = 0.01
"""Of the largest object: crumbs beside it are not objects of their own."""

LARGEST_BORDER_SHARE = 0.5
"""Of the picture's border: what covers more of it is the background or fills the view."""

MOST_OBJECTS = 12
"""More than anybody could gesture about."""


@dataclass(frozen=True)
class ObjectMask:
    """One object found in a picture.

    Attributes:
        mask: (H, W) true where the object is; one connected region without holes.
        confidence: that this is an object with this mask, 0..1.
        method: name of the back end that found it.
    """

    mask: BoolMask
    confidence: float
    method: str


class Segmenter(Protocol):
    """Finds the objects of a picture."""

    name: str

    def segment(self, image: ByteImage) -> list[ObjectMask]:
        """The objects of a (H, W, 3) BGR or (H, W, 4) BGRA picture, most prominent first.

        The list is empty when nothing stands out.
        """
        ...


def separate_objects(foreground: BoolMask, certainty: FloatMap, method: str) -> list[ObjectMask]:
    """Split a foreground into objects: its connected regions, specks dropped, holes filled.

    Args:
        foreground: (H, W) true on any object.
        certainty: (H, W) that a pixel belongs to an object, 0..1; its mean over a region is that
            object's confidence.
        method: name of the back end.

    Returns:
        The objects, most prominent first: large, certain and near the middle.
    """
    height, width = foreground.shape
    count, labels, stats, centroids = cv2.connectedComponentsWithStats(
        foreground.astype(np.uint8), connectivity=8
    )
    areas = stats[:, cv2.CC_STAT_AREA]
    least = SMALLEST_AREA_SHARE * height * width
    if count > 1:
        least = max(least, SMALLEST_AREA_TO_LARGEST * float(areas[1:].max()))
    found: list[tuple[float, ObjectMask]] = []
    for label in range(1, count):
        if areas[label] < least:
            continue
        region = labels == label
        confidence = float(np.clip(certainty[region].mean(), 0.0, 1.0))
        offset = np.hypot(*(centroids[label] / (width, height) - 0.5))
        prominence = float(areas[label]) * confidence * float(np.exp(-2.0 * offset**2))
        found.append((prominence, ObjectMask(fill_holes(region), confidence, method)))
    found.sort(key=lambda item: -item[0])
    return [item for _, item in found[:MOST_OBJECTS]]


def fill_holes(region: BoolMask) -> BoolMask:
    """The region inside the outer contour of one connected region (H, W)."""
    contours, _ = cv2.findContours(
        region.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    filled = np.zeros(region.shape, np.uint8)
    cv2.drawContours(filled, contours, -1, 1, cv2.FILLED)
    return filled.astype(np.bool_)


def border_share(mask: BoolMask) -> float:
    """Share of the picture's outermost pixels that the mask (H, W) covers, 0..1."""
    border = np.concatenate([mask[0], mask[-1], mask[1:-1, 0], mask[1:-1, -1]])
    return float(border.mean())
