"""Pictures as they enter: reading files, checking arrays, reducing their size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.errors import UnreadableImage

ByteImage = NDArray[np.uint8]

SMALLEST_EDGE_PX = 16
"""Below this an outline has too few pixels to mean anything."""

LARGEST_EDGE_PX = 1024
"""Pictures are reduced to this: finer detail does not survive a gesture."""

_JPEG_MAGIC = b"\xff\xd8"


def load_image(path: str | Path) -> ByteImage:
    """Read a picture file.

    Args:
        path: a PNG, JPEG, WebP, BMP or TIFF file.

    Returns:
        (H, W, 3) BGR, or (H, W, 4) BGRA where the file has transparency; turned upright as the
        JPEG's orientation tag asks.

    Raises:
        UnreadableImage: when the file is missing, unreadable or not a picture.
    """
    path = Path(path)
    if not path.is_file():
        raise UnreadableImage(f"There is no picture file {str(path)!r}; check the path.")
    try:
        encoded = np.fromfile(path, dtype=np.uint8)
    except OSError as error:
        raise UnreadableImage(f"Cannot read {str(path)!r}: {error.strerror}.") from error
    # IMREAD_UNCHANGED keeps alpha but ignores the orientation tag, which only photographs have.
    is_jpeg = encoded[:2].tobytes() == _JPEG_MAGIC
    flags = cv2.IMREAD_COLOR if is_jpeg else cv2.IMREAD_UNCHANGED
    try:
        image = cv2.imdecode(encoded, flags) if encoded.size else None
    except cv2.error:
        image = None
    if image is None:
        raise UnreadableImage(
            f"{str(path)!r} is not a picture that can be decoded; give a PNG or JPEG file."
        )
    return _to_color(_to_bytes(image, str(path)))


def check_image(image: Any) -> ByteImage:
    """A picture as (H, W, 3) BGR or (H, W, 4) BGRA.

    Args:
        image: uint8 array (H, W) or (H, W, 1) grey, (H, W, 3) BGR or (H, W, 4) BGRA.

    Raises:
        UnreadableImage: when it is none of these or too small.
    """
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8:
        kind = getattr(image, "dtype", type(image).__name__)
        raise UnreadableImage(f"A picture must be a uint8 array, got {kind}; convert it to 0..255.")
    channels = image.shape[2] if image.ndim == 3 else 1
    if image.ndim not in (2, 3) or channels not in (1, 3, 4):
        raise UnreadableImage(
            f"A picture must have shape (H, W), (H, W, 3) or (H, W, 4), got {image.shape}."
        )
    if min(image.shape[:2]) < SMALLEST_EDGE_PX:
        raise UnreadableImage(
            f"The picture is {image.shape[1]} x {image.shape[0]} pixels; both edges must be at "
            f"least {SMALLEST_EDGE_PX}."
        )
    return _to_color(image)


def reduce_image(image: ByteImage, largest_edge_px: int = LARGEST_EDGE_PX) -> ByteImage:
    """The picture with its longer edge at most `largest_edge_px`, its aspect kept."""
    height, width = image.shape[:2]
    factor = largest_edge_px / max(height, width)
    if factor >= 1.0:
        return image
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _to_bytes(image: NDArray[Any], name: str) -> ByteImage:
    """8-bit values; 16-bit ones are reduced."""
    if image.dtype == np.uint8:
        return image
    if image.dtype == np.uint16:
        return (image // 257).astype(np.uint8)
    raise UnreadableImage(
        f"{name!r} holds {image.dtype} values; save it with 8 or 16 bits a channel."
    )


def _to_color(image: ByteImage) -> ByteImage:
    """Grey becomes BGR, BGR and BGRA stay."""
    if image.ndim == 3 and image.shape[2] in (3, 4):
        return image
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
