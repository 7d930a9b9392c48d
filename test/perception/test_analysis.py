from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from perception.shapes import SQUARE, TALL, ground, noisy, polygon_picture

from imaggen_perception import (
    CameraModel,
    PerceptionError,
    UnreadableImage,
    analyze_image,
    load_image,
)
from imaggen_perception.hub import DepthMap, WordScore
from imaggen_perception.segmenters import Prompts

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SEGMENTERS = ("auto", "classical", "u2netp")


def ball(x: int = 330, radius: int = 130) -> np.ndarray:
    image = ground()
    cv2.circle(image, (x, 240), radius, (40, 60, 200), -1)
    return noisy(image)


@pytest.mark.parametrize("segmenter", SEGMENTERS)
def test_a_ball_is_a_circle_at_its_place(segmenter):
    (seen,) = analyze_image(ball(), segmenter=segmenter).objects
    assert seen.shape.family == "circle"
    assert seen.box.center == (pytest.approx(330, abs=3), pytest.approx(240, abs=3))
    assert seen.outline.scale_px == pytest.approx(260, rel=0.02)
    assert seen.confidence > 0.5


@pytest.mark.parametrize("segmenter", SEGMENTERS)
def test_a_tall_box_keeps_its_aspect(segmenter):
    (seen,) = analyze_image(polygon_picture(TALL), segmenter=segmenter).objects
    assert seen.shape.family == "rectangle"
    width, height = seen.outline.extent
    assert width / height == pytest.approx(1 / 3, rel=0.06)
    assert abs(seen.alignment.angle_rad) < 0.03


def test_bearings_are_in_the_optical_frame():
    camera = CameraModel(640, 480, 500.0, 500.0, 320.0, 240.0)
    (left,) = analyze_image(ball(x=140, radius=90), camera=camera).objects
    assert left.bearing[0] < -0.2 and left.bearing[2] > 0.8
    assert np.linalg.norm(left.bearing) == pytest.approx(1.0)


def test_two_objects_and_how_they_lie():
    image = ground()
    cv2.circle(image, (150, 320), 70, (30, 30, 200), -1)
    cv2.rectangle(image, (420, 90), (520, 400), (30, 120, 30), -1)
    scene = analyze_image(noisy(image))
    families = {o.shape.family: o for o in scene.objects}
    assert set(families) == {"circle", "rectangle"}
    relations = {(r.subject, r.relation, r.object) for r in scene.relations}
    circle, box = families["circle"].id, families["rectangle"].id
    assert (circle, "left_of", box) in relations and (box, "right_of", circle) in relations
    assert (box, "bigger_than", circle) in relations
    assert scene.object(box).relative_size == 1.0
    assert scene.object(circle).relative_size == pytest.approx(140 / 310, rel=0.05)


def test_alpha_is_the_mask():
    image = np.zeros((200, 300, 4), np.uint8)
    cv2.rectangle(image, (40, 60), (240, 140), (255, 255, 255, 255), -1)
    (seen,) = analyze_image(image).objects
    assert (seen.method, seen.shape.family) == ("alpha", "rectangle")


def test_large_pictures_are_reported_in_their_own_pixels():
    large = cv2.resize(ball(), (2560, 1920), interpolation=cv2.INTER_LINEAR)
    (seen,) = analyze_image(large).objects
    assert seen.outline.scale_px == pytest.approx(4 * 260, rel=0.02)


@pytest.mark.parametrize("segmenter", SEGMENTERS)
@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((480, 640, 3), np.uint8),
        np.full((480, 640, 3), 255, np.uint8),
        noisy(ground()),
        np.random.default_rng(1).integers(0, 255, (480, 640, 3), dtype=np.uint8),
        np.repeat(np.linspace(30, 220, 640)[None, :, None], 480, 0).repeat(3, 2).astype(np.uint8),
    ],
    ids=["black", "white", "plain", "noise", "gradient"],
)
def test_pictures_of_nothing_give_an_empty_scene(picture, segmenter):
    scene = analyze_image(picture, segmenter=segmenter)
    assert scene.objects == () and scene.relations == ()


@pytest.mark.parametrize(
    ("name", "family"),
    [("ball.jpg", "circle"), ("door.jpg", "rectangle"), ("football.png", "circle")],
)
def test_example_pictures(name, family):
    (seen,) = analyze_image(load_image(EXAMPLES / name)).objects
    assert seen.shape.family == family


def test_a_photograph_on_a_wooden_table():
    (seen,) = analyze_image(load_image(EXAMPLES / "coffee.jpg")).objects
    assert seen.shape.family in ("circle", "ellipse")
    assert seen.box.width == pytest.approx(404, rel=0.05)


def test_three_things_stand_in_a_row():
    scene = analyze_image(load_image(EXAMPLES / "three.jpg"))
    in_order = sorted(scene.objects, key=lambda o: o.box.center[0])
    assert [o.shape.family for o in in_order][:2] == ["circle", "rectangle"]
    assert len(in_order) == 3


def test_unreadable_files_are_named(tmp_path):
    with pytest.raises(UnreadableImage, match="no picture"):
        load_image(tmp_path / "none.png")
    for name, content in (("text.png", b"hello"), ("empty.png", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UnreadableImage, match=name):
            load_image(tmp_path / name)
    with pytest.raises(UnreadableImage):
        load_image(tmp_path)


@pytest.mark.parametrize("shape", [(4, 4, 3), (100, 100, 2), (50,), (20, 20, 20, 3)])
def test_arrays_that_are_no_pictures(shape):
    with pytest.raises(UnreadableImage):
        analyze_image(np.zeros(shape, np.uint8))


def test_other_number_types():
    with pytest.raises(UnreadableImage, match="float"):
        analyze_image(np.zeros((100, 100, 3)))
    deep = (polygon_picture(SQUARE).astype(np.uint16)) << 8
    assert analyze_image(deep).objects[0].shape.family == "square"


def test_nothing_is_no_picture():
    with pytest.raises(UnreadableImage, match="NoneType"):
        analyze_image(None)


@pytest.mark.parametrize("segmenter", SEGMENTERS)
@pytest.mark.parametrize("period", [8, 32])
def test_textures_are_no_objects(segmenter, period):
    y, x = np.mgrid[0:480, 0:640]
    bricks = ((x + (y // period % 2) * period // 2) % period < 2) | (y % period < 2)
    picture = np.where(bricks[..., None], (200, 205, 210), (60, 70, 140)).astype(np.uint8)
    assert not analyze_image(noisy(picture), segmenter=segmenter).objects


def test_an_opaque_alpha_channel_is_no_mask():
    picture = np.dstack([ball(), np.full((480, 640), 255, np.uint8)])
    picture[0, 0, 3] = 0  # a stray pixel changes nothing
    (seen,) = analyze_image(picture).objects
    assert seen.method != "alpha" and seen.shape.family == "circle"


def test_small_things_are_seen():
    (seen,) = analyze_image(ball(radius=14), segmenter="classical").objects
    assert seen.outline.scale_px == pytest.approx(28, abs=2)


def test_pictures_are_turned_as_the_camera_says(tmp_path):
    from PIL import Image as PillowImage

    lying = PillowImage.fromarray(np.zeros((40, 80, 3), np.uint8))
    exif = PillowImage.Exif()
    exif[0x0112] = 6  # turned by a quarter
    lying.save(tmp_path / "turned.jpg", exif=exif)
    assert load_image(tmp_path / "turned.jpg").shape[:2] == (80, 40)


def test_unknown_segmenters_name_the_known_ones():
    with pytest.raises(PerceptionError, match="classical"):
        analyze_image(ball(), segmenter="magic")


def test_openings_show_the_ground():
    image = ground()
    cv2.rectangle(image, (180, 120), (460, 360), (60, 60, 170), -1)
    image[180:300, 240:400] = ground()[180:300, 240:400]
    (seen,) = analyze_image(noisy(image)).objects
    assert len(seen.holes) == 1
    assert seen.form.hollowness == pytest.approx(120 * 160 / (280 * 240), rel=0.15)


class Guess:
    """A depth estimator that sees the left half nearer."""

    def __init__(self, metric: bool):
        self._metric = metric

    def depth(self, image_bgr):
        values = np.full(image_bgr.shape[:2], 2.0, np.float32)
        values[:, : image_bgr.shape[1] // 2] = 1.0 if self._metric else 3.0
        return DepthMap(values, self._metric)


def two_balls() -> np.ndarray:
    image = ground()
    cv2.circle(image, (160, 240), 70, (40, 60, 200), -1)
    cv2.circle(image, (480, 240), 70, (180, 60, 40), -1)
    return noisy(image)


@pytest.mark.parametrize("metric", [True, False])
def test_guessed_depth_tells_what_is_in_front(metric):
    scene = analyze_image(two_balls(), depth_estimator=Guess(metric))
    left, right = sorted(scene.objects, key=lambda o: o.box.x)
    fronts = [(r.subject, r.object) for r in scene.relations if r.relation == "in_front_of"]
    assert fronts == [(left.id, right.id)]
    if metric:
        assert left.position[2] == pytest.approx(1.0) and right.position[2] == pytest.approx(2.0)
        (how,) = [e.method for e in left.evidence if e.property == "position"]
        assert "estimated" in how
    else:
        assert left.position is None and left.outline.scale_m is None


def test_a_depth_image_is_believed_before_a_guess():
    depth = np.full((480, 640), 1.5, np.float32)
    scene = analyze_image(two_balls(), depth=depth, depth_estimator=Guess(True))
    assert [o.position[2] for o in scene.objects] == [pytest.approx(1.5)] * 2


class ByColor:
    """A labeler that knows two things by their colour."""

    def label(self, image_bgr, words, box=None):
        x, y = (round(v) for v in box.center)
        name = "tomato" if image_bgr[y, x, 2] > image_bgr[y, x, 0] else "plum"
        shares = {word: 0.9 if word == name else 0.1 for word in words}
        scores = [WordScore(word, share, share) for word, share in shares.items()]
        return sorted(scores, key=lambda score: -score.share)


def test_objects_take_the_word_that_names_them():
    prompts = Prompts(words=("tomato", "cup"))
    scene = analyze_image(two_balls(), prompts=prompts, labeler=ByColor())
    left, right = sorted(scene.objects, key=lambda o: o.box.x)
    assert (left.label, left.label_confidence) == ("tomato", 0.9)
    assert right.label == ""
    assert not analyze_image(two_balls(), labeler=ByColor()).objects[0].label
