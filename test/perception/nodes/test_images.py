from __future__ import annotations

import struct

import cv2
import numpy as np
import pytest

pytest.importorskip("sensor_msgs.msg")

from builtin_interfaces.msg import Time
from sensor_msgs.msg import CompressedImage, Image

from imaggen_perception import UnreadableImage
from imaggen_perception.nodes import images
from imaggen_perception.nodes.images import (
    array_to_image,
    compressed_depth_to_metres,
    compressed_to_array,
    depth_to_metres,
    image_to_array,
)

pytestmark = pytest.mark.ros

# Blue, green, red and alpha of a picture with an edge in each direction.
BGRA = np.zeros((12, 16, 4), np.uint8)
BGRA[..., 3] = 255
BGRA[2:8, 3:11] = (30, 120, 220, 90)
BGR = np.ascontiguousarray(BGRA[..., :3])


def raw(pixels: np.ndarray, encoding: str, *, padding: int = 0, big: bool = False) -> Image:
    """A message of the pixels as they are."""
    height, width = pixels.shape[:2]
    wanted = pixels.astype(pixels.dtype.newbyteorder(">" if big else "<"))
    rows = [row.tobytes() + bytes(padding) for row in wanted]
    message = Image(height=height, width=width, encoding=encoding, is_bigendian=int(big))
    message.step, message.data = len(rows[0]), b"".join(rows)
    return message


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_pictures_survive_the_round_trip(channels):
    shape = (20, 30) if channels == 1 else (20, 30, channels)
    picture = np.random.default_rng(0).integers(0, 255, shape, dtype=np.uint8)
    assert np.array_equal(image_to_array(array_to_image(picture, Time(), "camera")), picture)


@pytest.mark.parametrize("padding", [0, 5])
@pytest.mark.parametrize(
    ("encoding", "pixels", "expected"),
    [
        ("bgr8", BGR, BGR),
        ("rgb8", BGR[..., ::-1], BGR),
        ("bgra8", BGRA, BGRA),
        ("rgba8", BGRA[..., [2, 1, 0, 3]], BGRA),
        ("mono8", BGR[..., 1], BGR[..., 1]),
        ("8UC1", BGR[..., 1], BGR[..., 1]),
        ("8UC3", BGR, BGR),
        ("8UC4", BGRA, BGRA),
    ],
)
def test_eight_bit(encoding, pixels, expected, padding):
    assert np.array_equal(image_to_array(raw(pixels, encoding, padding=padding)), expected)


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("padding", [0, 2, 3])
def test_sixteen_bit_in_both_byte_orders(big, padding):
    deep = BGR.astype(np.uint16) * 257 - 3
    for encoding, pixels, expected in (
        ("mono16", deep[..., 1], deep[..., 1]),
        ("16UC1", deep[..., 1], deep[..., 1]),
        ("bgr16", deep, deep),
        ("rgb16", deep[..., ::-1], deep),
    ):
        found = image_to_array(raw(pixels, encoding, padding=padding, big=big))
        assert found.dtype == np.uint16 and np.array_equal(found, expected)


def test_what_needs_no_conversion_is_not_copied():
    message = raw(BGR, "bgr8", padding=4)
    found = image_to_array(message)
    message.data[0] = 77
    assert found[0, 0, 0] == 77


@pytest.mark.parametrize("pattern", ["rggb", "bggr", "gbrg", "grbg"])
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("big", [False, True])
def test_mosaics(pattern, bits, big):
    """A mosaic made as ROS names it: the first letters of rows 0 and 1."""
    color = {"b": 30, "g": 120, "r": 220}
    factor = 1 if bits == 8 else 256
    mosaic = np.zeros((16, 16), np.uint8 if bits == 8 else np.uint16)
    for place, letter in enumerate(pattern):
        mosaic[place // 2 :: 2, place % 2 :: 2] = color[letter] * factor
    found = image_to_array(raw(mosaic, f"bayer_{pattern}{bits}", big=big))
    assert found.dtype == mosaic.dtype
    assert (found[4:12, 4:12] == np.array([30, 120, 220]) * factor).all()


@pytest.mark.parametrize(
    ("encoding", "order"),
    [("yuv422", "UYVY"), ("uyvy", "UYVY"), ("yuv422_yuy2", "YUYV"), ("yuyv", "YUYV")],
)
def test_yuv(encoding, order):
    # BT.601 as video has it: brightness 16..235, colour differences 128 +- 112.
    luma = 0.299 * 220 + 0.587 * 120 + 0.114 * 30
    values = {
        "Y": 16 + luma * 219 / 255,
        "U": 128 + (30 - luma) * 0.564 * 224 / 255,
        "V": 128 + (220 - luma) * 0.713 * 224 / 255,
    }
    pixels = np.zeros((8, 8, 2), np.uint8)
    for place, letter in enumerate(order):
        pixels[:, place // 2 :: 2, place % 2] = round(values[letter])
    found = image_to_array(raw(pixels, encoding)).astype(int)
    assert np.abs(found - [30, 120, 220]).max() <= 4


@pytest.mark.parametrize(
    "message",
    [
        Image(height=2, width=2, encoding="magic8", step=6, data=bytes(12)),
        Image(height=2, width=2, encoding="", step=6, data=bytes(12)),
        Image(height=2, width=2, encoding="rgb8", step=6, data=bytes(5)),
        Image(height=2, width=2, encoding="rgb8", step=3, data=bytes(12)),
        Image(height=2, width=2, encoding="mono16", step=2, data=bytes(12)),
        Image(height=0, width=2, encoding="mono8", step=2, data=bytes(12)),
        Image(height=2, width=0, encoding="mono8", step=2, data=bytes(12)),
        Image(height=2**31, width=2**31, encoding="rgba16", step=2**32 - 1, data=bytes(12)),
        Image(height=2, width=3, encoding="yuv422", step=6, data=bytes(12)),
        Image(encoding="mono8"),
        Image(),
    ],
    ids=str,
)
@pytest.mark.parametrize("use_cv_bridge", [False, True])
def test_broken_images_are_refused(message, use_cv_bridge, monkeypatch):
    monkeypatch.setattr(images, "cv_bridge", lambda: FakeBridge() if use_cv_bridge else None)
    with pytest.raises(UnreadableImage):
        image_to_array(message, use_cv_bridge=use_cv_bridge)


class FakeBridge:
    """In place of cv_bridge: notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def imgmsg_to_cv2(self, message: Image, desired_encoding: str) -> np.ndarray:
        self.asked.append((message.encoding, desired_encoding))
        if message.width % 2:
            raise RuntimeError("as CvBridgeError is one")
        return np.zeros((message.height, message.width, 3), np.uint8)


def test_cv_bridge_is_used_where_it_is_wanted_and_installed(monkeypatch):
    bridge = FakeBridge()
    monkeypatch.setattr(images, "cv_bridge", lambda: bridge)
    plain = image_to_array(raw(BGR, "bgr8"))
    assert np.array_equal(plain, BGR) and not bridge.asked
    assert not image_to_array(raw(BGR[..., ::-1], "rgb8"), use_cv_bridge=True).any()
    for encoding in ("rgba8", "bayer_rggb8", "bayer_grbg16", "mono8", "16UC1"):
        channels = (4,) if encoding == "rgba8" else ()
        kind = np.uint16 if "16" in encoding else np.uint8
        image_to_array(raw(np.zeros((4, 4, *channels), kind), encoding), use_cv_bridge=True)
    assert bridge.asked == [
        ("rgb8", "bgr8"),
        ("rgba8", "bgra8"),
        ("bayer_rggb8", "bgr8"),
        ("bayer_grbg16", "bgr16"),
        ("mono8", "mono8"),
        ("16UC1", "passthrough"),
    ]
    monkeypatch.setattr(images, "cv_bridge", lambda: None)
    assert np.array_equal(image_to_array(raw(BGR, "bgr8"), use_cv_bridge=True), BGR)


def compressed(form: str, picture: np.ndarray, suffix: str) -> CompressedImage:
    return CompressedImage(format=form, data=cv2.imencode(suffix, picture)[1].tobytes())


@pytest.mark.parametrize("form", ["png", "rgb8; png compressed bgr8", "bgr8; png compressed "])
def test_png_is_exact(form):
    assert np.array_equal(compressed_to_array(compressed(form, BGR, ".png")), BGR)
    assert np.array_equal(compressed_to_array(compressed(form, BGRA, ".png")), BGRA)
    gray = compressed_to_array(compressed("mono8; png compressed ", BGR[..., 1], ".png"))
    assert np.array_equal(gray, BGR[..., 1])


def test_colors_stored_the_other_way_round_are_put_right():
    message = compressed("rgb8; png compressed rgb8", BGR[..., ::-1], ".png")
    assert np.array_equal(compressed_to_array(message), BGR)


@pytest.mark.parametrize("form", ["jpeg", "rgb8; jpeg compressed bgr8", "; jpeg compressed bgr8"])
def test_jpeg(form):
    smooth = np.full((64, 64, 3), (30, 120, 220), np.uint8)
    found = compressed_to_array(compressed(form, smooth, ".jpg")).astype(int)
    assert np.abs(found - smooth).max() <= 4


@pytest.mark.parametrize(
    "message",
    [
        CompressedImage(format="jpeg"),
        CompressedImage(format="jpeg", data=b"this is no picture"),
        CompressedImage(format="png", data=cv2.imencode(".png", BGR)[1].tobytes()[:20]),
        CompressedImage(format="16UC1; compressedDepth png", data=bytes(100)),
    ],
    ids=["empty", "text", "cut off", "depth"],
)
def test_broken_compressed_images_are_refused(message):
    with pytest.raises(UnreadableImage):
        compressed_to_array(message)


@pytest.mark.parametrize("big", [False, True])
def test_depth_in_metres(big):
    millimetres = np.array([[0, 500], [1234, 65535]], np.uint16)
    expected = np.array([[np.nan, 0.5], [1.234, 65.535]], np.float32)
    for encoding in ("16UC1", "mono16"):
        found = depth_to_metres(raw(millimetres, encoding, big=big, padding=2))
        assert found.dtype == np.float32
        assert np.allclose(found, expected, equal_nan=True)
    metres = np.array([[0.0, 0.5], [np.inf, -1.0], [np.nan, 2.5]], np.float32)
    found = depth_to_metres(raw(metres, "32FC1", big=big))
    expected = np.array([[np.nan, 0.5], [np.nan, np.nan], [np.nan, 2.5]])
    assert found.dtype == np.float32 and np.allclose(found, expected, equal_nan=True)


@pytest.mark.parametrize("encoding", ["rgb8", "mono8", "64FC1"])
def test_pictures_are_no_depth(encoding):
    with pytest.raises(UnreadableImage, match="16UC1"):
        depth_to_metres(Image(height=2, width=2, step=6, encoding=encoding, data=bytes(12)))


def compressed_depth(form: str, stored: np.ndarray, a: float = 0, b: float = 0) -> CompressedImage:
    content = struct.pack("<iff", 1, a, b) + cv2.imencode(".png", stored)[1].tobytes()
    return CompressedImage(format=form, data=content)


@pytest.mark.parametrize("suffix", ["compressedDepth", "compressedDepth png"])
def test_compressed_depth(suffix):
    millimetres = np.array([[0, 500], [1234, 65535]], np.uint16)
    found = compressed_depth_to_metres(compressed_depth(f"16UC1; {suffix}", millimetres))
    expected = [[np.nan, 0.5], [1.234, 65.535]]
    assert found.dtype == np.float32 and np.allclose(found, expected, equal_nan=True)
    # As compressed_depth_image_transport writes floats: 1 / depth in steps, finer near by.
    depth = np.array([[0.4, 1.0], [2.5, np.nan]])
    quantisation, furthest = 100.0, 10.0
    a = quantisation * (quantisation + 1.0)
    b = 1.0 - a / furthest
    stored = np.nan_to_num(np.round(a / depth + b)).astype(np.uint16)
    found = compressed_depth_to_metres(compressed_depth(f"32FC1; {suffix}", stored, a, b))
    assert found.dtype == np.float32 and np.isnan(found[1, 1])
    assert np.allclose(found, depth, rtol=1e-3, equal_nan=True)


@pytest.mark.parametrize(
    "message",
    [
        compressed_depth("16UC1; compressedDepth rvl", np.zeros((2, 2), np.uint16)),
        compressed_depth("mono8; compressedDepth png", np.zeros((2, 2), np.uint16)),
        compressed_depth("16UC1; compressedDepth png", np.zeros((2, 2), np.uint8)),
        compressed_depth("16UC1; compressedDepth png", np.zeros((2, 2, 3), np.uint16)),
        CompressedImage(format="16UC1; compressedDepth png", data=bytes(12)),
        CompressedImage(format="32FC1; compressedDepth png", data=bytes(40)),
        CompressedImage(format="jpeg", data=bytes(40)),
    ],
    ids=["rvl", "encoding", "8 bit", "colour", "header only", "no png", "jpeg"],
)
def test_broken_compressed_depth_is_refused(message):
    with pytest.raises(UnreadableImage):
        compressed_depth_to_metres(message)
