"""Segmentation back ends: one small protocol, a registry, and what makes a mask an object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.errors import PerceptionError
from imaggen_perception.scene import BoundingBox

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Segment:
    """One thing that stands out in a picture.

    Attributes:
        mask: (H, W), True on the object; one connected component without holes of a few pixels.
        confidence: that it is an object with this outline, 0..1.
        method: the back end that found it.
        label: what it is, where the back end was asked for words.
        label_confidence: 0..1.
    """

    mask: Mask
    confidence: float
    method: str
    label: str = ""
    label_confidence: float = 0.0


@dataclass(frozen=True)
class Prompts:
    """What to look for and where.

    Attributes:
        words: nouns of the utterance ("mug", "red ball"); back ends that know no words ignore them.
        boxes: upright boxes around the wanted objects [pixels]; one object each.
    """

    words: tuple[str, ...] = ()
    boxes: tuple[BoundingBox, ...] = ()

    def scaled(self, factor: float) -> Prompts:
        """The same prompts for a picture `factor` times as large."""
        return replace(self, boxes=tuple(box.scaled(factor) for box in self.boxes))


NO_PROMPTS = Prompts()


class Segmenter(Protocol):
    """Anything that finds objects in a picture.

    A back end whose answer depends on the words of the prompts has a true attribute `knows_words`.
    """

    def segment(self, image_bgr: Image, prompts: Prompts = NO_PROMPTS) -> list[Segment]:
        """Objects in a picture (H, W, 3), most prominent first; empty when nothing stands out.

        With boxes: the object in each box that has one.
        """
        ...


_SEGMENTERS: dict[str, Callable[[], Segmenter]] = {}


def register_segmenter(name: str, factory: Callable[[], Segmenter]) -> None:
    """Make a back end available by name."""
    _SEGMENTERS[name] = factory


def create_segmenter(name: str) -> Segmenter:
    """The back end called `name`.

    Raises:
        PerceptionError: when there is none of that name.
        SegmenterUnavailable: when its library is not installed.
    """
    if name not in _SEGMENTERS:
        raise PerceptionError(
            f"unknown segmenter {name!r}; known: {', '.join(sorted(_SEGMENTERS))}"
        )
    return _SEGMENTERS[name]()


def knows_words(name: str) -> bool:
    """Whether what the back end called `name` finds depends on words that it is given.

    Raises:
        PerceptionError: when there is none of that name.
        SegmenterUnavailable: when its library is not installed.
    """
    return bool(getattr(create_segmenter(name), "knows_words", False))


# An object covers at least this share of the picture; specks are noise or dust.
SMALLEST_SHARE = 0.001
# What covers more is the background, or a close-up whose outline is not in the picture.
LARGEST_SHARE = 0.92
# Beside the largest object, only things of at least this share of its area count.
SMALLEST_BESIDE = 0.04
# More things than this are a texture (bricks, tiles, stripes) rather than objects.
MOST_OBJECTS = 16


def components(mask: Mask) -> list[Mask]:
    """Connected parts of a mask that are large enough to be objects, largest first.

    Small gaps are closed and frayed edges smoothed by less than a hundredth of the picture.
    """
    size = max(3, round(0.006 * max(mask.shape)) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    clean = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    clean = cv2.morphologyEx(clean, cv2.MORPH_OPEN, kernel)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(clean, connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    if count < 2:
        return []
    order = np.argsort(-areas) + 1
    smallest = max(SMALLEST_SHARE * mask.size, SMALLEST_BESIDE * areas.max())
    found = [labels == label for label in order if stats[label, cv2.CC_STAT_AREA] >= smallest]
    if len(found) > MOST_OBJECTS:
        return []
    return [p for p in found if p.sum() <= LARGEST_SHARE * mask.size and not _is_ground(p)]


def bounding_box_of(mask: Mask) -> BoundingBox:
    """The upright box around a mask [pixels]."""
    x, y, width, height = cv2.boundingRect(mask.astype(np.uint8))
    return BoundingBox(int(x), int(y), int(width), int(height))


def _is_ground(part: Mask) -> bool:
    """Whether a part touches three edges of the picture: ground, or cut off too much to show."""
    edges = (part[0], part[-1], part[:, 0], part[:, -1])
    return sum(bool(edge.any()) for edge in edges) >= 3


# Larger pictures are shrunk to this edge before colours are compared [pixels].
_CONTRAST_EDGE = 320


def edge_contrast(image_bgr: Image, mask: Mask) -> float:
    """How much the colour changes across the mask's outline, in grey levels of CIE Lab.

    Compares a thin band inside with a thin band outside, place by place: a real outline separates
    two colours nearly everywhere, an outline imagined in noise or in a gradient does not.
    """
    shrink = min(1.0, _CONTRAST_EDGE / max(mask.shape))
    if shrink < 1.0:
        size = (round(mask.shape[1] * shrink), round(mask.shape[0] * shrink))
        image_bgr = np.asarray(cv2.resize(image_bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
        mask = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    width = max(2, round(0.008 * max(mask.shape)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * width + 1, 2 * width + 1))
    solid = mask.astype(np.uint8)
    lab = cv2.cvtColor(image_bgr, cv2.COLOR_BGR2LAB).astype(np.float32)
    inside = mask & ~cv2.erode(solid, kernel).astype(bool)
    outside = cv2.dilate(solid, kernel).astype(bool) & ~mask
    window = (6 * width + 1, 6 * width + 1)

    def local_mean(band: Mask) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        weight = np.asarray(cv2.blur(band.astype(np.float32), window), np.float32)
        total = np.asarray(cv2.blur(lab * band[..., None], window), np.float32)
        return total / np.maximum(weight, 1e-6)[..., None], weight

    (mean_in, weight_in), (mean_out, weight_out) = local_mean(inside), local_mean(outside)
    border = inside & (weight_in > 0.02) & (weight_out > 0.02)
    if not border.any():
        return 0.0
    return float(np.median(np.linalg.norm((mean_in - mean_out)[border], axis=1)))


# Colours are compared in this many steps a channel.
_BINS = 8
_RING = 0.15  # width of the ring around an object [share of its extent]


def sameness(image_bgr: Image, mask: Mask) -> float:
    """How alike the colours inside a mask and in a ring around it are, 0..1.

    Bhattacharyya coefficient of the two colour histograms (CIE Lab). A patch of a texture is like
    its surroundings, however strong the texture's own edges are; an object is not.
    """
    shrink = min(1.0, _CONTRAST_EDGE / max(mask.shape))
    size = (round(mask.shape[1] * shrink), round(mask.shape[0] * shrink))
    small = np.asarray(cv2.resize(image_bgr, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    solid = np.asarray(
        cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST), np.uint8
    )
    box = cv2.boundingRect(solid)
    width = max(2, round(_RING * max(box[2:])))
    near = np.asarray(cv2.dilate(solid, np.ones((2 * width + 1, 2 * width + 1), np.uint8)))
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB)

    def histogram(where: NDArray[np.uint8]) -> NDArray[np.float64]:
        counts = cv2.calcHist([lab], [0, 1, 2], where, [_BINS] * 3, [0, 256] * 3).ravel()
        return np.asarray(counts / max(1.0, float(counts.sum())))

    inside = histogram(solid)
    outside = histogram(np.asarray((near > 0) & (solid == 0), np.uint8))
    return float(np.sqrt(inside * outside).sum())
