from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from imaggen_perception import analyze_image, load_image
from imaggen_perception.annotate import annotate
from imaggen_perception.scene import Scene
from imaggen_perception.scene_file import load_scene_file

ROOT = Path(__file__).resolve().parents[2]


def ring() -> np.ndarray:
    image = np.full((480, 640, 3), 228, np.uint8)
    cv2.circle(image, (320, 240), 120, (40, 60, 200), -1)
    cv2.circle(image, (320, 240), 50, (228, 228, 228), -1)
    return image


def test_outline_box_and_hole_are_drawn_where_the_object_is():
    image = ring()
    before = image.copy()
    drawn = annotate(image, analyze_image(image, segmenter="classical"))
    assert np.array_equal(image, before) and drawn.shape == image.shape
    changed = (drawn != image).any(axis=2)
    for x, y in ((440, 240), (200, 240), (370, 240), (270, 240), (440, 358), (200, 358)):
        assert changed[y - 5 : y + 6, x - 5 : x + 6].any(), (x, y)
    # Inside the ring, away from its lines, the object can still be seen.
    assert not changed[225:255, 390:425].any()
    assert not changed[:60, :].any() and not changed[:, :150].any()


@pytest.mark.parametrize("name", ["coffee.jpg", "three.jpg", "football.png"])
def test_the_examples(name):
    image = load_image(ROOT / "examples" / name)
    scene = analyze_image(image, segmenter="classical")
    drawn = annotate(image, scene)
    zoom = 2 if name == "football.png" else 1
    assert drawn.shape == (image.shape[0] * zoom, image.shape[1] * zoom, 3)
    enlarged = cv2.resize(image[..., :3], drawn.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    assert (drawn != enlarged).any()


def test_small_gray_pictures_are_enlarged():
    gray = cv2.cvtColor(cv2.resize(ring(), (160, 120)), cv2.COLOR_BGR2GRAY)
    assert annotate(gray, analyze_image(gray, segmenter="classical")).shape == (360, 480, 3)


def test_a_scene_without_objects_says_so():
    image = np.full((480, 640, 3), 228, np.uint8)
    assert (annotate(image, Scene((), (640, 480))) != image).any()


def test_known_things_with_parts_beyond_the_picture_do_no_harm():
    image = np.full((60, 80, 4), 228, np.uint8)
    scene = load_scene_file(ROOT / "config/scenes/table.yaml").merge(Scene((), (80, 60)))
    assert annotate(image, scene).shape == (360, 480, 3)


def test_a_picture_of_another_size_is_refused():
    with pytest.raises(ValueError, match="size|picture"):
        annotate(ring(), Scene((), (10, 10)))
