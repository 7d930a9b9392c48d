"""Image messages to arrays and back: every encoding a camera driver is likely to send.

Pictures become (H, W), (H, W, 3) BGR or (H, W, 4) BGRA of 8 or 16 bit; depth becomes (H, W)
float32 metres with NaN where it is unknown. Whatever does not fit is an `UnreadableImage`.
"""

from __future__ import annotations

import array as memory
import functools
import importlib
import struct
from typing import Any

import cv2
import numpy as np
from builtin_interfaces.msg import Time
from numpy.typing import NDArray
from sensor_msgs.msg import CompressedImage, Image

from imaggen_perception.errors import UnreadableImage

Depth = NDArray[np.float32]

# Type and channels of each encoding, the conversion to OpenCV's order (None: already there), and
# what cv_bridge calls the result.
_Layout = tuple[str, int, int | None, str]
_PLAIN: dict[str, _Layout] = {
    "bgr8": ("u1", 3, None, "bgr8"),
    "rgb8": ("u1", 3, cv2.COLOR_RGB2BGR, "bgr8"),
    "bgra8": ("u1", 4, None, "bgra8"),
    "rgba8": ("u1", 4, cv2.COLOR_RGBA2BGRA, "bgra8"),
    "bgr16": ("u2", 3, None, "bgr16"),
    "rgb16": ("u2", 3, cv2.COLOR_RGB2BGR, "bgr16"),
    "bgra16": ("u2", 4, None, "bgra16"),
    "rgba16": ("u2", 4, cv2.COLOR_RGBA2BGRA, "bgra16"),
    "mono8": ("u1", 1, None, "mono8"),
    "mono16": ("u2", 1, None, "mono16"),
    "8UC1": ("u1", 1, None, "passthrough"),
    "8UC3": ("u1", 3, None, "passthrough"),
    "8UC4": ("u1", 4, None, "passthrough"),
    "16UC1": ("u2", 1, None, "passthrough"),
    "32FC1": ("f4", 1, None, "passthrough"),
    # Two pixels share their colour; sensor_msgs renamed both without taking the old names away.
    "yuv422": ("u1", 2, cv2.COLOR_YUV2BGR_UYVY, "bgr8"),
    "uyvy": ("u1", 2, cv2.COLOR_YUV2BGR_UYVY, "bgr8"),
    "yuv422_yuy2": ("u1", 2, cv2.COLOR_YUV2BGR_YUY2, "bgr8"),
    "yuyv": ("u1", 2, cv2.COLOR_YUV2BGR_YUY2, "bgr8"),
}
# ROS names a mosaic by its first two rows, OpenCV by the second row from the second pixel on.
_MOSAICS = {
    "rggb": cv2.COLOR_BayerBG2BGR,
    "bggr": cv2.COLOR_BayerRG2BGR,
    "gbrg": cv2.COLOR_BayerGR2BGR,
    "grbg": cv2.COLOR_BayerGB2BGR,
}
ENCODINGS: dict[str, _Layout] = {
    **_PLAIN,
    **{f"bayer_{name}8": ("u1", 1, code, "bgr8") for name, code in _MOSAICS.items()},
    **{f"bayer_{name}16": ("u2", 1, code, "bgr16") for name, code in _MOSAICS.items()},
}
# Depth image encodings and how many metres a unit is.
_DEPTH_UNITS = {"16UC1": 1e-3, "mono16": 1e-3, "32FC1": 1.0}
# compressedDepth puts three numbers before the PNG: a format, and two of its quantisation.
_DEPTH_HEADER = struct.Struct("<iff")


@functools.cache
def cv_bridge() -> Any:
    """The bridge of the optional package cv_bridge; None where it is not installed."""
    try:
        module: Any = importlib.import_module("cv_bridge")
    except ImportError:
        return None
    return module.CvBridge()


def image_to_array(message: Image, *, use_cv_bridge: bool = False) -> NDArray[Any]:
    """An image message as (H, W), (H, W, 3) BGR or (H, W, 4) BGRA; not copied where possible.

    Args:
        message: of an encoding in `ENCODINGS`.
        use_cv_bridge: have cv_bridge decode what was found well-formed; the result is the same.

    Raises:
        UnreadableImage: when the encoding is not supported or the data do not fit.
    """
    pixels = _pixels(message)
    _, _, code, target = ENCODINGS[message.encoding]
    bridge = cv_bridge() if use_cv_bridge else None
    try:
        if bridge is not None:
            return np.asarray(bridge.imgmsg_to_cv2(message, desired_encoding=target))
        return pixels if code is None else np.asarray(cv2.cvtColor(pixels, code))
    except (cv2.error, ValueError, TypeError, RuntimeError) as error:
        raise UnreadableImage(
            f"a {message.width} x {message.height} image cannot be converted from"
            f" {message.encoding}: {_sentence(error)}"
        ) from error


def compressed_to_array(message: CompressedImage) -> NDArray[Any]:
    """A JPEG or PNG message as (H, W), (H, W, 3) BGR or (H, W, 4) BGRA.

    Raises:
        UnreadableImage: when it is a depth image or cannot be decoded.
    """
    if "compressedDepth" in message.format:
        raise UnreadableImage(
            f"a picture was expected, got depth ({message.format!r}); remap `depth` to it"
        )
    picture = _decoded(np.frombuffer(message.data, np.uint8), message.format)
    # "rgb8; png compressed rgb8": the sender stored its colours the other way round.
    if "compressed rgb" in message.format and picture.ndim == 3:
        code = cv2.COLOR_RGBA2BGRA if picture.shape[2] == 4 else cv2.COLOR_RGB2BGR
        return np.asarray(cv2.cvtColor(picture, code))
    return picture


def depth_to_metres(message: Image) -> Depth:
    """A depth image (16UC1 in millimetres, 32FC1 in metres) as (H, W) float32, NaN: unknown.

    Raises:
        UnreadableImage: when the encoding is no depth or the data do not fit.
    """
    if message.encoding not in _DEPTH_UNITS:
        raise UnreadableImage(
            f"depth of encoding {message.encoding!r} is not supported; use 16UC1 (millimetres) or"
            " 32FC1 (metres)"
        )
    return _metres(_pixels(message), _DEPTH_UNITS[message.encoding])


def compressed_depth_to_metres(message: CompressedImage) -> Depth:
    """A compressedDepth message (PNG of 16UC1 or 32FC1) as (H, W) float32, NaN: unknown.

    Raises:
        UnreadableImage: when it is something else or cannot be decoded.
    """
    encoding, _, rest = message.format.partition(";")
    if encoding not in ("16UC1", "32FC1") or rest.strip() not in (
        "compressedDepth",
        "compressedDepth png",
    ):
        raise UnreadableImage(
            f"compressed depth of format {message.format!r} is not supported; use"
            " '16UC1; compressedDepth png' or '32FC1; compressedDepth png'"
        )
    content = np.frombuffer(message.data, np.uint8)
    if len(content) <= _DEPTH_HEADER.size:
        raise UnreadableImage(f"{len(content)} bytes are too few for a compressed depth image")
    _, scale, offset = _DEPTH_HEADER.unpack_from(message.data)
    stored = _decoded(content[_DEPTH_HEADER.size :], message.format)
    if stored.dtype != np.uint16 or stored.ndim != 2:
        raise UnreadableImage(f"compressed depth holds {stored.dtype} {stored.shape}, not 16 bit")
    if encoding == "16UC1":
        return _metres(stored, _DEPTH_UNITS[encoding])
    # Stored is the inverse of the depth, so that near things are finer; 0 stays unknown.
    with np.errstate(divide="ignore", invalid="ignore"):
        metres = np.float32(scale) / (stored.astype(np.float32) - np.float32(offset))
    return _metres(np.where(stored == 0, np.float32(np.nan), metres), 1.0)


def array_to_image(array: NDArray[np.uint8], stamp: Time, frame_id: str) -> Image:
    """A picture (H, W), (H, W, 3) BGR or (H, W, 4) BGRA as a message."""
    channels = 1 if array.ndim == 2 else array.shape[2]
    message = Image(
        height=array.shape[0],
        width=array.shape[1],
        encoding={1: "mono8", 3: "bgr8", 4: "bgra8"}[channels],
        step=array.shape[1] * channels,
    )
    # An array.array is taken as it is; of anything else rclpy checks every single element.
    message.data = memory.array("B", np.ascontiguousarray(array).tobytes())
    message.header.stamp, message.header.frame_id = stamp, frame_id
    return message


def _pixels(message: Image) -> NDArray[Any]:
    """The message's own bytes as they lie, (H, W) or (H, W, channels).

    Raises:
        UnreadableImage: when the encoding is not supported or the data do not fit.
    """
    if not message.data:
        raise UnreadableImage("the image message holds no picture")
    if message.encoding not in ENCODINGS:
        raise UnreadableImage(
            f"image encoding {message.encoding!r} is not supported; use one of"
            f" {', '.join(ENCODINGS)}"
        )
    kind, channels, _, _ = ENCODINGS[message.encoding]
    dtype = np.dtype((">" if message.is_bigendian else "<") + kind)
    height, width, step = message.height, message.width, message.step
    pixel = dtype.itemsize * channels
    if step < width * pixel or len(message.data) < height * step or not height * width:
        raise UnreadableImage(
            f"a {width} x {height} image of {message.encoding} with step {step} does not fit"
            f" {len(message.data)} bytes"
        )
    strides = (step, pixel, dtype.itemsize)
    view = np.ndarray((height, width, channels), dtype, memoryview(message.data), 0, strides)
    # OpenCV needs this machine's byte order and aligned numbers; nothing is copied that has them.
    native = np.require(view, dtype.newbyteorder("="), "A")
    return native[..., 0] if channels == 1 else native


def _metres(depth: NDArray[Any], unit: float) -> Depth:
    metres = depth.astype(np.float32) * np.float32(unit)
    # Drivers write 0, negative numbers or infinity where the sensor saw nothing.
    metres[~(np.isfinite(metres) & (metres > 0.0))] = np.nan
    return metres


def _decoded(content: NDArray[np.uint8], form: str) -> NDArray[Any]:
    try:
        picture = cv2.imdecode(content, cv2.IMREAD_UNCHANGED) if len(content) else None
    except cv2.error as error:
        raise UnreadableImage(f"a compressed image is broken: {_sentence(error)}") from error
    if picture is None:
        raise UnreadableImage(
            f"{len(content)} bytes of format {form!r} are no JPEG or PNG that can be decoded"
        )
    return np.asarray(picture)


def _sentence(error: Exception) -> str:
    """What OpenCV says, without its line breaks and file names."""
    return " ".join(str(getattr(error, "err", "") or error).split())
