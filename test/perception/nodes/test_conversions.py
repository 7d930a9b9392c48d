from __future__ import annotations

import numpy as np
import pytest
from builtin_interfaces.msg import Time
from perception.shapes import SQUARE, TALL, polygon_picture
from sensor_msgs.msg import CameraInfo, Image

from imaggen_perception import UnreadableImage, analyze_image
from imaggen_perception.nodes.conversions import (
    array_to_image,
    camera_from_msg,
    image_to_array,
    scene_from_msg,
    scene_to_msg,
)

pytestmark = pytest.mark.ros


@pytest.mark.parametrize("corners", [SQUARE, TALL])
def test_scenes_survive_the_round_trip(corners):
    scene = analyze_image(polygon_picture(corners, 0.2))
    back = scene_from_msg(scene_to_msg(scene, Time(sec=3)))
    assert back.image_size == scene.image_size and back.frame_id == scene.frame_id
    for a, b in zip(scene.objects, back.objects, strict=True):
        assert (a.id, a.box, a.shape.family, a.method) == (b.id, b.box, b.shape.family, b.method)
        assert np.allclose(a.outline.points, b.outline.points, atol=1e-6)
        assert a.outline.scale_m is None and b.outline.scale_m is None
        assert len(a.symmetry.axes) == len(b.symmetry.axes)
        assert b.symmetry.gesturable is not None
        assert a.symmetry.gesturable.angle_rad == pytest.approx(b.symmetry.gesturable.angle_rad)
        assert np.allclose(a.bearing, b.bearing) and b.position is None


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_pictures_survive_the_round_trip(channels):
    shape = (20, 30) if channels == 1 else (20, 30, channels)
    picture = np.random.default_rng(0).integers(0, 255, shape, dtype=np.uint8)
    assert np.array_equal(image_to_array(array_to_image(picture, Time(), "camera")), picture)


def test_rgb_becomes_bgr_and_padding_is_skipped():
    row = bytes([10, 20, 30, 40, 50, 60, 0, 0])
    message = Image(height=2, width=2, encoding="rgb8", step=8, data=row * 2)
    assert image_to_array(message)[1].tolist() == [[30, 20, 10], [60, 50, 40]]


@pytest.mark.parametrize(
    "message",
    [
        Image(height=2, width=2, encoding="magic8", step=6, data=bytes(12)),
        Image(height=2, width=2, encoding="rgb8", step=6, data=bytes(5)),
        Image(height=2, width=2, encoding="rgb8", step=3, data=bytes(12)),
        Image(encoding="mono8"),
    ],
    ids=["encoding", "short", "step", "empty"],
)
def test_broken_images_are_refused(message):
    with pytest.raises(UnreadableImage):
        image_to_array(message)


def test_cameras():
    assert camera_from_msg(CameraInfo()) is None
    info = CameraInfo(width=640, height=480, k=[500.0, 0, 320, 0, 510, 240, 0, 0, 1])
    assert camera_from_msg(info).fy == 510.0
