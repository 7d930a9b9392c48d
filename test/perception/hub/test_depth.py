from __future__ import annotations

import types

import numpy as np
import pytest
from perception.hub import tiny

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from imaggen_perception.hub import DepthAnything, DepthMap, HubModel  # noqa: E402


@pytest.mark.parametrize("size", [(96, 64), (64, 96), (150, 70)])
@pytest.mark.parametrize("metric", [False, True])
def test_depth_has_the_pictures_size_and_says_whether_it_is_metric(checkpoint, metric, size):
    model = HubModel(checkpoint("depth_anything", metric=metric))
    depth = DepthAnything(model).depth(tiny.picture(*size))
    assert depth.values.shape == (size[1], size[0])
    assert depth.values.dtype == np.float32
    assert np.isfinite(depth.values).all()
    assert depth.values.min() >= 0
    assert depth.metric is metric
    if metric:
        assert depth.values.max() <= 20


def test_depth_is_the_same_every_time(checkpoint, image):
    model = DepthAnything(HubModel(checkpoint("depth_anything")))
    first = model.depth(image).values
    assert np.ptp(first) > 0
    np.testing.assert_array_equal(first, model.depth(image).values)


def test_depth_lies_on_the_picture_it_was_taken_from(checkpoint, image, monkeypatch):
    """A network that takes brightness for depth: the map is the grey picture."""
    back_end = DepthAnything(HubModel(checkpoint("depth_anything", metric=True)))

    def network(pixel_values):
        assert pixel_values.shape[2] % 14 == pixel_values.shape[3] % 14 == 0
        return types.SimpleNamespace(predicted_depth=pixel_values.mean(dim=1))

    network.config = back_end._loaded.network.config
    monkeypatch.setattr(
        back_end, "_loaded", types.SimpleNamespace(network=network, device="cpu", picture={})
    )
    depth = back_end.depth(image)
    grey = image.mean(axis=2)
    assert np.corrcoef(depth.values.ravel(), grey.ravel())[0, 1] > 0.9
    block = depth.values[16:32, 48:72].mean()
    assert block > depth.values[:12].mean()


def test_nearness_means_the_same_in_both_senses():
    metres = DepthMap(np.array([[1.0, 2.0], [3.0, 5.0]], np.float32), metric=True)
    inverse = DepthMap(np.array([[9.0, 5.0], [3.0, 1.0]], np.float32), metric=False)
    for depth in (metres, inverse):
        assert depth.nearness[0, 0] == 1.0
        assert depth.nearness[1, 1] == 0.0
    np.testing.assert_allclose(metres.nearness, [[1.0, 0.75], [0.5, 0.0]])
    flat = DepthMap(np.full((2, 2), 4.0, np.float32), metric=False)
    assert not flat.nearness.any()
