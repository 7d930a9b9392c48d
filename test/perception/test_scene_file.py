from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from imaggen_perception import CameraModel, PerceptionError, analyze_image
from imaggen_perception.scene import Scene
from imaggen_perception.scene_file import SIMPLE_SHAPES, SceneFileError, load_scene_file

EXAMPLE = Path(__file__).resolve().parents[2] / "config" / "scenes" / "table.yaml"
CAMERA = CameraModel(640, 480, 500.0, 500.0, 320.0, 240.0)
BALL = "{name: ball, shape: circle, size: [0.2, 0.2], position: [0, 0, 1]}"


def written(folder: Path, text: str) -> Path:
    path = folder / "scene.yaml"
    path.write_text(text)
    return path


def known(folder: Path, *objects: str, head: str = ""):
    rows = "".join(f"  - {row}\n" for row in objects)
    return load_scene_file(written(folder, f"{head}\nobjects:\n{rows}"))


def picture(x: int = 320, y: int = 240, radius: int = 50) -> np.ndarray:
    image = np.full((480, 640, 3), 228, np.uint8)
    cv2.circle(image, (x, y), radius, (40, 60, 200), -1)
    return image


def test_the_example():
    scene = load_scene_file(EXAMPLE).merge(Scene((), (640, 480)), CAMERA)
    mug, plate, square = scene.objects
    assert [o.label for o in scene.objects] == ["mug", "plate", "set square"]
    assert [o.shape.family for o in scene.objects] == ["rectangle", "ellipse", "triangle"]
    # 1 m in front of the camera, 0.25 m to its left, 0.2 m lower.
    assert mug.position == pytest.approx([-0.25, 0.2, 1.0], abs=1e-5)
    assert mug.box.center == pytest.approx((320 - 125, 240 + 100), abs=1.0)
    assert (mug.box.width, mug.box.height) == (40, 55)
    assert mug.outline.scale_m == pytest.approx(0.11)
    assert square.outline.scale_m == pytest.approx(0.20)
    assert (mug.method, mug.confidence, mug.label_confidence) == ("scene_file", 1.0, 1.0)
    assert (mug.color.name, plate.color.name, square.color.name) == ("red", "white", "")
    assert [part.name for part in mug.parts] == ["body", "handle"]
    handle = mug.parts[1]
    assert handle.center == pytest.approx((0.5, 0.0), abs=0.01)
    assert handle.size == pytest.approx(0.545, abs=0.01)
    assert handle.outline.scale_px == pytest.approx(30, rel=0.02)
    assert {e.method for e in mug.evidence} == {"scene_file"}
    assert any(r.relation == "left_of" and r.subject == mug.id for r in scene.relations)


@pytest.mark.parametrize("family", sorted(SIMPLE_SHAPES))
def test_every_simple_shape(tmp_path, family):
    row = f"{{name: it, shape: {family}, size: [0.2, 0.2], position: [0, 0, 1]}}"
    (entry,) = known(tmp_path, row).objects
    assert (entry.shape.family, entry.shape.confidence) == (family, 1.0)
    assert entry.outline.extent == pytest.approx((1.0, 1.0), abs=0.03)
    assert entry.outline.scale_m == pytest.approx(0.2)
    assert len(entry.holes) == (family == "ring")


def test_what_is_seen_at_a_known_place_is_the_known_thing(tmp_path):
    seen = analyze_image(picture(), segmenter="classical", camera=CAMERA)
    merged = known(tmp_path, BALL.replace("circle", "square")).merge(seen, CAMERA)
    (entry,) = merged.objects
    assert (entry.id, entry.box, entry.label) == ("object_1", seen.objects[0].box, "ball")
    assert (entry.shape.family, entry.method) == ("square", "scene_file")
    assert entry.position.tolist() == [0, 0, 1] and entry.outline.scale_m == pytest.approx(0.2)
    assert entry.color.name == "red" and entry.evidence[-1].property == "color"


def test_what_is_not_seen_is_added_and_what_is_unknown_stays(tmp_path):
    seen = analyze_image(picture(x=120), segmenter="classical", camera=CAMERA)
    merged = known(tmp_path, BALL).merge(seen, CAMERA)
    assert [(o.id, o.label) for o in merged.objects] == [("object_1", ""), ("object_2", "ball")]
    assert merged.objects[0].outline is seen.objects[0].outline
    assert merged.objects[1].box.center == (320, 240)
    assert merged.objects[1].bearing.tolist() == [0, 0, 1]
    assert {r.relation for r in merged.relations} >= {"left_of", "right_of"}


def test_a_thing_of_another_size_is_another_thing(tmp_path):
    seen = analyze_image(picture(radius=18), segmenter="classical", camera=CAMERA)
    assert len(known(tmp_path, BALL).merge(seen, CAMERA).objects) == 2


def test_things_behind_the_camera_have_a_bearing_only(tmp_path):
    head = "frame: base_link\ncamera_pose: {xyz: [0, 0, 1], rpy: [-1.5707963, 0, -1.5707963]}"
    rows = (BALL.replace("[0, 0, 1]", "[-2, 0, 1]"), BALL.replace("[0, 0, 1]", "[2, 0, 1]"))
    merged = known(tmp_path, *rows, head=head).merge(Scene((), (640, 480)), CAMERA)
    behind, front = merged.objects
    assert behind.bearing == pytest.approx([0, 0, -1], abs=1e-6)
    assert (behind.box.width, behind.box.height) == (0, 0) and front.box.width == 50
    assert not merged.relations


def test_a_frame_without_a_camera_pose_must_be_the_cameras(tmp_path):
    scene = known(tmp_path, BALL, head="frame: base_link")
    with pytest.raises(PerceptionError, match=r"scene\.yaml: frame: .*camera_pose"):
        scene.merge(Scene((), (640, 480)), CAMERA)
    merged = scene.merge(Scene((), (640, 480), frame_id="base_link"), CAMERA)
    assert merged.objects[0].position.tolist() == [0, 0, 1]


GOOD = {"name": "a", "shape": "circle", "size": "[1, 1]", "position": "[0, 0, 1]"}


def changed(**values: str | None) -> str:
    rows = {**GOOD, **values}
    inside = ", ".join(f"{key}: {value}" for key, value in rows.items() if value is not None)
    return f"objects: [{{{inside}}}]"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a mapping"),
        ("objects: {", "cannot read the scene file"),
        ("objects: []", "objects is []; give a list with at least one entry"),
        ("objects: [7]", "objects[0]: expected a mapping"),
        ("things: []", "unknown entry 'things'; known: frame, camera_pose, objects"),
        (changed(name=None), "objects[0].name is missing; give a text"),
        (changed(colour="red"), "objects[0]: unknown entry 'colour'"),
        (changed(color="beige"), "objects[0].color is 'beige'; give one of black"),
        (changed(shape="blob"), "objects[0].shape is 'blob'; give one of circle"),
        (changed(size="[1, 2]"), "objects[0].size of a circle is [1, 2]; make both equal"),
        (changed(size="big"), "objects[0].size is 'big'; give a list of 2 numbers"),
        (changed(size="[0, 0]"), "objects[0].size spans 0 x 0 m"),
        (changed(size="[-1, -1]"), "objects[0].size spans -1 x -1 m"),
        (changed(shape="rectangle", size="[1, 0.001]"), "objects[0].size spans 1 x 0.001 m"),
        (changed(position="[0, 0]"), "objects[0].position is [0, 0]; give a list of 3 numbers"),
        (changed(position="[0, 0, .nan]"), "objects[0].position is [0, 0, nan]"),
        (changed(position="[0, 0, true]"), "objects[0].position is [0, 0, True]"),
        (changed(position="[0, 0, -1]"), "objects[0].position is [0.0, 0.0, -1.0]; in the camera"),
        (changed(outline="[[0, 0], [1, 0], [0, 1]]"), "exclude each other; give one of them"),
        (changed(shape=None, size=None), "give one of them"),
        (changed(shape=None, outline="[[0, 0], [1]]"), "objects[0].outline holds [1]"),
        (changed(shape=None, outline="[[0, 0], [1, 1]]"), "at least 3 corners"),
        (changed(parts="[{name: lid, shape: circle, size: [1, 1]}]"), "objects[0].parts[0].center"),
        (
            changed(parts="[{name: a, shape: circle, size: [1, 1], center: [0, 0], salience: 2}]"),
            "objects[0].parts[0].salience is 2.0; give a number from 0 to 1",
        ),
        (
            "camera_pose: {xyz: [0, 0, 0], rpy: [0, 0, 0]}\n" + changed(),
            "frame is missing; name the frame that camera_pose is in",
        ),
        ("frame: a\ncamera_pose: {xyz: [0, 0]}\n" + changed(), "camera_pose.rpy is missing"),
    ],
)
def test_mistakes_are_named_with_their_place(tmp_path, text, message):
    path = written(tmp_path, text)
    with pytest.raises(SceneFileError) as caught:
        load_scene_file(path)
    assert message in str(caught.value) and str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_such_file(tmp_path):
    with pytest.raises(SceneFileError, match=r"nowhere\.yaml"):
        load_scene_file(tmp_path / "nowhere.yaml")
