"""Hub models within the analysis of a picture, and as the camera node loads them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from imaggen_perception import analyze_image  # noqa: E402
from imaggen_perception.hub import DepthAnything, HubModel, Labeler  # noqa: E402
from imaggen_perception.nodes import parameters  # noqa: E402
from imaggen_perception.segmenters import Prompts  # noqa: E402


def two_things() -> np.ndarray:
    image = np.full((240, 320, 3), 225, np.uint8)
    cv2.circle(image, (80, 120), 45, (40, 60, 200), -1)
    cv2.rectangle(image, (200, 80), (280, 170), (180, 60, 40), -1)
    return image


def test_metric_depth_places_objects(checkpoint):
    estimator = DepthAnything(HubModel(checkpoint("depth_anything", metric=True)))
    scene = analyze_image(two_things(), segmenter="classical", depth_estimator=estimator)
    depth = estimator.depth(two_things()).values
    for entry in scene.objects:
        x, y, z = entry.position
        assert depth.min() <= z <= depth.max()
        assert np.sign(x) == np.sign(entry.box.center[0] - 160)


def test_other_depth_places_nothing(checkpoint):
    estimator = DepthAnything(HubModel(checkpoint("depth_anything")))
    scene = analyze_image(two_things(), segmenter="classical", depth_estimator=estimator)
    assert [entry.position for entry in scene.objects] == [None, None]


def test_labels_come_from_the_words_or_not_at_all(checkpoint):
    labeler = Labeler(HubModel(checkpoint("labeler", kind="clip")))
    prompts = Prompts(words=("mug", "red ball"))
    scene = analyze_image(two_things(), segmenter="classical", prompts=prompts, labeler=labeler)
    for entry in scene.objects:
        (how,) = [e for e in entry.evidence if e.property == "label"]
        assert entry.label in prompts.words and entry.label_confidence == how.confidence >= 0.5
    # CLIP only compares: the best of one word says nothing.
    alone = Prompts(words=("mug",))
    scene = analyze_image(two_things(), segmenter="classical", prompts=alone, labeler=labeler)
    assert {entry.label for entry in scene.objects} == {""}


def test_the_node_loads_models_by_name_once(checkpoint):
    folder = checkpoint("depth_anything", metric=True)
    assert parameters.depth_estimator(folder) is parameters.depth_estimator(folder)
    assert isinstance(parameters.labeler(checkpoint("labeler", kind="siglip")), Labeler)
    assert parameters.depth_estimator("") is None and parameters.labeler("") is None
