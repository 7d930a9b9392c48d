from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from builtin_interfaces.msg import Time
from perception.shapes import SQUARE, TALL, TRIANGLE, ground, polygon_picture
from sensor_msgs.msg import CameraInfo, RegionOfInterest

from imaggen_interfaces.msg import Scene as SceneMsg
from imaggen_perception import CameraModel, PerceptionError, analyze_image
from imaggen_perception.nodes.conversions import (
    camera_from_msg,
    fitted_camera,
    prompts_from_msg,
    scene_from_msg,
    scene_to_msg,
)
from imaggen_perception.scene import (
    BoundingBox,
    Color,
    Evidence,
    Form,
    Outline,
    Part,
    Relation,
    Scene,
    Shape,
    Symmetry,
)
from imaggen_perception.scene_file import load_scene_file
from imaggen_perception.segmenters.base import NO_PROMPTS, Prompts

pytestmark = pytest.mark.ros

EXAMPLE = Path(__file__).resolve().parents[3] / "config" / "scenes" / "table.yaml"
K = [500.0, 0.0, 320.0, 0.0, 510.0, 240.0, 0.0, 0.0, 1.0]


def same(a: object, b: object) -> bool:
    """Whether two values of a scene are equal in single precision."""
    if isinstance(a, (float, np.ndarray)):
        return np.allclose(a, b, rtol=1e-5, atol=1e-6)
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and same(list(a.values()), list(b.values()))
    if hasattr(a, "__dataclass_fields__"):
        return type(a) is type(b) and all(
            same(getattr(a, name), getattr(b, name)) for name in a.__dataclass_fields__
        )
    return a == b


def ring_scene() -> Scene:
    image = ground()
    cv2.circle(image, (200, 240), 90, (40, 60, 200), -1)
    cv2.circle(image, (200, 240), 40, (225, 228, 230), -1)
    cv2.rectangle(image, (400, 200), (480, 300), (60, 110, 60), -1)
    depth = np.full(image.shape[:2], 0.8, np.float32)
    return analyze_image(image, segmenter="classical", depth=depth)


def hand_built() -> Scene:
    """Every field has a value of its own."""
    (entry,) = analyze_image(polygon_picture(TALL, 0.2), segmenter="classical").objects
    part = Part("lid", Outline(entry.outline.points, 20.0, 0.05), (0.1, 0.4), 0.3, 0.7)
    changes = {
        "id": "object_7",
        "label": "mug",
        "label_confidence": 0.75,
        "position": np.array([0.1, -0.2, 0.9]),
        "outline": Outline(entry.outline.points, 240.0, 0.12),
        "shape": Shape("star", 0.9, {"points": 5.0, "inner_radius": 0.4}),
        "symmetry": Symmetry(rotational_order=255, rotational_score=0.97),
        "form": Form(1.5, 0.8, -0.3, 0.9, 0.2),
        "parts": (part, part),
        "holes": (part,),
        "color": Color("pink", (245, 150, 185), 0.6),
        "evidence": (Evidence("shape", 0.9, "by hand"), Evidence("size", 0.5, "")),
    }
    fields = {n: changes.get(n, getattr(entry, n)) for n in entry.__dataclass_fields__}
    relations = (
        Relation("object_7", "between", "object_1", 0.5, ("object_2",)),
        Relation("object_7", "left_of", "object_1", 1.0),
    )
    return Scene((type(entry)(**fields),), (640, 480), relations, "head_camera")


SCENES = {
    "empty": lambda: Scene((), (640, 480)),
    "square": lambda: analyze_image(polygon_picture(SQUARE), segmenter="classical"),
    "triangle": lambda: analyze_image(polygon_picture(TRIANGLE, 0.4), segmenter="classical"),
    "ring with depth": ring_scene,
    "known": lambda: load_scene_file(EXAMPLE).merge(Scene((), (640, 480))),
    "hand-built": hand_built,
}


@pytest.mark.parametrize("make", SCENES.values(), ids=SCENES)
def test_scenes_survive_the_round_trip(make):
    scene = make()
    message = scene_to_msg(scene, Time(sec=3))
    back = scene_from_msg(message)
    assert message.header.stamp.sec == 3
    for a, b in zip(scene.objects, back.objects, strict=True):
        wrong = [n for n in a.__dataclass_fields__ if not same(getattr(a, n), getattr(b, n))]
        assert not wrong, [(getattr(a, name), getattr(b, name)) for name in wrong]
    assert same(scene, back)


def test_sizes_are_told_in_pixels_and_metres():
    (entry,) = scene_to_msg(hand_built(), Time()).objects
    assert entry.height_px > entry.width_px and entry.height_px == pytest.approx(240)
    assert entry.height_m == pytest.approx(0.12)
    (flat,) = scene_to_msg(SCENES["square"](), Time()).objects
    assert np.isnan(flat.height_m) and np.isnan(flat.outline.scale_m)
    assert not flat.position.header.frame_id


def test_boxes_beyond_the_left_edge_are_cut():
    scene = hand_built()
    moved = {n: getattr(scene.objects[0], n) for n in scene.objects[0].__dataclass_fields__}
    entry = type(scene.objects[0])(**{**moved, "box": BoundingBox(-30, -5, 20, 25)})
    (message,) = scene_to_msg(Scene((entry,), (640, 480)), Time()).objects
    box = message.bounding_box
    assert (box.x_offset, box.y_offset, box.width, box.height) == (0, 0, 0, 20)


def test_an_axis_that_is_not_there_is_none():
    message: SceneMsg = scene_to_msg(SCENES["square"](), Time())
    message.objects[0].gesturable_axis = 99
    assert scene_from_msg(message).objects[0].symmetry.gesturable is None


def test_prompts():
    assert prompts_from_msg([], []) == prompts_from_msg([" "], [RegionOfInterest()]) == NO_PROMPTS
    box = RegionOfInterest(x_offset=3, y_offset=4, width=50, height=60)
    assert prompts_from_msg([" red ball", "mug"], [box]) == Prompts(
        ("red ball", "mug"), (BoundingBox(3, 4, 50, 60),)
    )


def test_cameras():
    assert camera_from_msg(CameraInfo()) is None
    assert camera_from_msg(CameraInfo(width=640, height=480, k=K)) == CameraModel(
        640, 480, 500.0, 510.0, 320.0, 240.0
    )
    for bad in (-1.0, float("nan")):
        with pytest.raises(PerceptionError):
            camera_from_msg(CameraInfo(width=640, height=480, k=[bad, *K[1:]]))


def test_binning_and_regions_are_taken_into_account():
    info = CameraInfo(width=640, height=480, k=K, binning_x=2, binning_y=2)
    assert camera_from_msg(info) == CameraModel(320, 240, 250.0, 255.0, 160.0, 120.0)
    info.roi = RegionOfInterest(x_offset=100, y_offset=40, width=400, height=400)
    assert camera_from_msg(info) == CameraModel(200, 200, 250.0, 255.0, 110.0, 100.0)


def test_cameras_of_resized_pictures():
    camera = CameraModel(640, 480, 500.0, 510.0, 320.0, 240.0)
    assert fitted_camera(camera, 640, 480) is camera
    assert fitted_camera(camera, 320, 240) == CameraModel(320, 240, 250.0, 255.0, 160.0, 120.0)
    assert fitted_camera(camera, 640, 640) is None
    assert fitted_camera(CameraModel(0, 0, 1.0, 1.0, 0.0, 0.0), 640, 480) is None
