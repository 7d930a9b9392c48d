from __future__ import annotations

import numpy as np
import pytest

from imaggen_evaluation.errors import EvaluationError
from imaggen_evaluation.perception.compositions import HEIGHT, WIDTH, compose
from imaggen_evaluation.perception.picture_sets import load_cutout
from imaggen_evaluation.perception.silhouettes import load_labels, load_part_labels
from imaggen_evaluation.perception.synthetic import FAMILIES, draw_shape
from imaggen_perception import analyze_image


@pytest.mark.parametrize("family", FAMILIES)
def test_drawn_shapes_are_named(family):
    # The benchmark quotes the share over many; here the plain case of each must be right mostly.
    rng = np.random.default_rng(7)
    named = [
        analyze_image(draw_shape(family, rng).cutout).objects[0].shape.family for _ in range(6)
    ]
    assert named.count(family) >= 5


def test_labels_are_many_complete_and_split():
    labels = load_labels()
    assert len(labels) >= 120
    halves = [label.split for label in labels]
    assert 0.4 < halves.count("test") / len(labels) < 0.6
    for label in labels:
        assert set(label.families) <= set(FAMILIES), label.key
        assert set(label.stances) <= {"upright", "lying", "slanted", "none"}, label.key


def test_a_second_annotator_labelled_the_same_silhouettes():
    first = {label.key: label for label in load_labels()}
    second = {label.key: label for label in load_labels("silhouettes_second.yaml")}
    assert first.keys() == second.keys()
    for label in second.values():
        assert set(label.families) <= set(FAMILIES), label.key


def test_salient_parts_are_labelled_on_enough_objects():
    labels = load_part_labels()
    assert len({label.key for label in labels}) == len(labels)
    assert sum(label.split == "test" for label in labels) >= 40
    for label in labels:
        for x0, y0, x1, y1 in label.salient[1]:
            assert -0.3 <= x0 < x1 <= 10.3 and -0.3 <= y0 < y1 <= 10.3, label.key


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_compositions_hold_whole_separate_objects(number):
    rng = np.random.default_rng(3)
    cutout = draw_shape("star", rng).cutout
    made = compose([("star", cutout)] * number, "table", rng)
    assert made.image.shape == (HEIGHT, WIDTH, 3) and len(made.masks) == number
    assert np.sum(made.masks, axis=0).max() == 1
    for mask in made.masks:
        assert mask.any() and not (mask[0].any() or mask[-1].any())


def test_unknown_sets_are_named():
    with pytest.raises(EvaluationError, match="fluent"):
        load_cutout("magic/cup")
