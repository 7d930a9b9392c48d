"""Pictures as networks want them: padded, resized, normalised; and boxes there and back.

Frames: picture coordinates are pixels, x right, y down, with (0, 0) at the upper left corner of
the upper left pixel. A box is (left, top, right, bottom). The picture is first padded at its right
and bottom to a canvas, then the canvas is stretched to the network's input; so coordinates differ
by a scale only, and values relative to the input are relative to the canvas.

Own code rather than the image processors of transformers: those of SAM 2 and SAM 3 need
torchvision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.errors import UnreadableImage
from imaggen_perception.hub.models import library
from imaggen_perception.scene import FloatArray
from imaggen_perception.segmenters.base import Image

FloatImage = NDArray[np.float32]
Size = tuple[int, int]
Triple = tuple[float, float, float]
Filter = Literal["bilinear", "bicubic"]

IMAGENET: tuple[Triple, Triple] = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
OPENAI_CLIP: tuple[Triple, Triple] = (
    (0.48145466, 0.4578275, 0.40821073),
    (0.26862954, 0.26130258, 0.27577711),
)
HALF: tuple[Triple, Triple] = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


@dataclass(frozen=True)
class Normalisation:
    """How grey levels become a network's numbers: (value / 255 - mean) / std.

    Attributes:
        mean: red, green, blue, 0..1.
        std: red, green, blue, 0..1.
        filter: how pixels are interpolated when resizing.
    """

    mean: Triple
    std: Triple
    filter: Filter = "bilinear"

    @classmethod
    def of(
        cls,
        settings: Mapping[str, Any],
        default: tuple[Triple, Triple],
        default_filter: Filter = "bilinear",
    ) -> Normalisation:
        """What a checkpoint's preprocessor settings say; `default` where they are silent."""
        mean, std = (
            settings.get(key) or value
            for key, value in zip(("image_mean", "image_std"), default, strict=True)
        )
        # Numbers of PIL's filters, which the settings use.
        filters: dict[Any, Filter] = {2: "bilinear", 3: "bicubic"}
        return cls(
            (float(mean[0]), float(mean[1]), float(mean[2])),
            (float(std[0]), float(std[1]), float(std[2])),
            filters.get(settings.get("resample"), default_filter),
        )


@dataclass(frozen=True)
class Placement:
    """Where a picture lies in a network's input; all sizes are (width, height).

    Attributes:
        picture: size of the picture [pixels].
        canvas: size after padding at the right and the bottom [pixels of the picture].
        input: size of the network's input [pixels of the input].
    """

    picture: Size
    canvas: Size
    input: Size

    def to_input(self, boxes: FloatArray) -> FloatArray:
        """Boxes (n, 4) of the picture [pixels] in the network's input [pixels]."""
        return np.asarray(boxes, dtype=float).reshape(-1, 4) * self._scale()

    def to_picture(self, boxes: FloatArray) -> FloatArray:
        """Boxes (n, 4) of the network's input [pixels] in the picture, cut at its edges."""
        return self._clipped(np.asarray(boxes, dtype=float).reshape(-1, 4) / self._scale())

    def from_relative(self, boxes: FloatArray) -> FloatArray:
        """Boxes (n, 4) relative to the input, 0..1, in the picture [pixels], cut at its edges."""
        values = np.asarray(boxes, dtype=float).reshape(-1, 4)
        return self._clipped(values * np.tile(self.canvas, 2))

    def _scale(self) -> FloatArray:
        return np.tile(np.asarray(self.input, dtype=float) / self.canvas, 2)

    def _clipped(self, boxes: FloatArray) -> FloatArray:
        return np.clip(boxes, 0.0, np.tile(self.picture, 2))


def stretched(picture: Size, target: Size) -> Placement:
    """The whole picture, stretched to `target` whatever its aspect."""
    return Placement(picture, picture, target)


def squared(picture: Size, side: int) -> Placement:
    """The picture padded to a square, then resized to `side` x `side`."""
    longest = max(picture)
    return Placement(picture, (longest, longest), (side, side))


def within_edges(picture: Size, shortest: int, longest: int) -> Placement:
    """The picture with its aspect: shorter edge `shortest`, unless the longer exceeds `longest`."""
    scale = min(shortest / min(picture), longest / max(picture))
    # The shorter edge is rounded and the longer cut, as in the training code.
    short, long = max(1, round(min(picture) * scale)), max(1, int(max(picture) * scale + 1e-6))
    return Placement(picture, picture, (short, long) if picture[0] < picture[1] else (long, short))


def in_multiples(picture: Size, target: Size, multiple: int) -> Placement:
    """The picture with about its aspect, one edge as in `target`, edges multiples of `multiple`.

    Of the two scales that fit an edge the one that changes the picture less is taken.
    """
    scale = min((t / p for p, t in zip(picture, target, strict=True)), key=lambda s: abs(1 - s))
    width, height = (max(1, round(edge * scale / multiple)) * multiple for edge in picture)
    return Placement(picture, picture, (width, height))


def size_of(image: Image) -> Size:
    """Width and height of a picture (H, W, 3) [pixels].

    Raises:
        UnreadableImage: when it is not a colour picture of 8 bits.
    """
    if image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape or image.dtype != np.uint8:
        raise UnreadableImage(
            f"expected a picture (height, width, 3) of bytes, got {image.shape} {image.dtype}"
        )
    return image.shape[1], image.shape[0]


def prepare(image_bgr: Image, placement: Placement, how: Normalisation) -> FloatImage:
    """The network's input (1, 3, H, W), RGB, for a picture (h, w, 3) in BGR.

    Pillow resizes: like the training code it averages over all pixels when it shrinks, which
    OpenCV's filters do not.
    """
    picture = library("PIL.Image")
    width, height = size_of(image_bgr)
    right, bottom = placement.canvas[0] - width, placement.canvas[1] - height
    rgb = np.pad(image_bgr[..., ::-1], ((0, bottom), (0, right), (0, 0)))
    kind = getattr(picture.Resampling, how.filter.upper())
    resized = np.asarray(picture.fromarray(rgb).resize(placement.input, kind), np.float32)
    mean, std = (np.array(triple, np.float32) for triple in (how.mean, how.std))
    values = (resized / np.float32(255.0) - mean) / std
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None], dtype=np.float32)


def resize_map(values: FloatImage, size: Size, filter_: Filter = "bilinear") -> FloatImage:
    """A map (h, w) of a network, such as logits or depths, at `size` (width, height)."""
    kinds = {"bilinear": cv2.INTER_LINEAR, "bicubic": cv2.INTER_CUBIC}
    resized = cv2.resize(np.asarray(values, np.float32), size, interpolation=kinds[filter_])
    return np.asarray(resized, np.float32)


def corners_of(centred: FloatArray) -> FloatArray:
    """Boxes (n, 4) given as centre x, centre y, width, height, as left, top, right, bottom."""
    values = np.asarray(centred, dtype=float).reshape(-1, 4)
    middle, half = values[:, :2], values[:, 2:] / 2
    return np.hstack([middle - half, middle + half])


def edge_of(size: Any) -> int:
    """The edge of a network's square input, which configurations give as a number or a pair.

    Raises:
        ValueError: when the input is not square.
    """
    if isinstance(size, int):
        return size
    edges = {int(edge) for edge in size}
    if len(edges) != 1:
        raise ValueError(f"expected a square input, got {tuple(size)}")
    return edges.pop()
