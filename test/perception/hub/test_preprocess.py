from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("PIL")

from imaggen_perception.errors import UnreadableImage  # noqa: E402
from imaggen_perception.hub.preprocess import (  # noqa: E402
    HALF,
    IMAGENET,
    Normalisation,
    corners_of,
    edge_of,
    in_multiples,
    prepare,
    resize_map,
    size_of,
    squared,
    stretched,
    within_edges,
)

IDENTITY = Normalisation((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
SIZES = st.tuples(st.integers(20, 900), st.integers(20, 900))


def placements(size):
    return [
        stretched(size, (128, 96)),
        squared(size, 96),
        within_edges(size, 80, 133),
        in_multiples(size, (70, 70), 14),
    ]


@settings(max_examples=40, deadline=None)
@given(SIZES, st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_boxes_come_back_from_the_input(size, shares):
    left, right = sorted(share * size[0] for share in shares[:2])
    top, bottom = sorted(share * size[1] for share in shares[2:])
    box = np.array([[left, top, right, bottom]])
    for placement in placements(size):
        there = placement.to_input(box)
        assert np.all(there >= 0)
        assert np.all(there <= np.tile(placement.input, 2) + 1e-9)
        np.testing.assert_allclose(placement.to_picture(there), box, atol=1e-6)
        relative = there / np.tile(placement.input, 2)
        np.testing.assert_allclose(placement.from_relative(relative), box, atol=1e-6)


@pytest.mark.parametrize("size", [(120, 60), (60, 120), (97, 61)])
def test_a_box_lies_on_the_same_thing_in_the_input(size):
    """A bright block, its box mapped to the input: bright inside, dark outside."""
    width, height = size
    left, top, right, bottom = width // 2, height // 4, 3 * width // 4, height // 2
    image = np.zeros((height, width, 3), np.uint8)
    image[top:bottom, left:right] = 255
    for placement in placements(size):
        pixels = prepare(image, placement, IDENTITY)[0].mean(axis=0)
        x0, y0, x1, y1 = placement.to_input(np.array([[left, top, right, bottom]]))[0]
        inside = np.zeros(pixels.shape, bool)
        inside[round(y0) : round(y1), round(x0) : round(x1)] = True
        found = pixels > 0.5
        assert (found & inside).sum() / (found | inside).sum() > 0.85


def test_boxes_outside_are_cut_at_the_pictures_edges():
    placement = squared((100, 50), 64)
    box = placement.from_relative(np.array([[-0.2, 0.4, 1.2, 0.9]]))
    np.testing.assert_allclose(box, [[0, 40, 100, 50]])


def test_padding_is_black_and_at_the_right_and_bottom():
    image = np.full((50, 100, 3), 255, np.uint8)
    pixels = prepare(image, squared((100, 50), 64), IDENTITY)
    assert pixels.shape == (1, 3, 64, 64)
    assert pixels[0, :, :31].min() == 1.0
    assert pixels[0, :, 33:].max() == 0.0


def test_pixels_are_rgb_and_normalised():
    image = np.zeros((20, 30, 3), np.uint8)
    image[:] = (255, 0, 51)  # blue, green, red
    pixels = prepare(image, stretched((30, 20), (8, 8)), Normalisation(*IMAGENET))
    expected = (np.array([0.2, 0.0, 1.0]) - IMAGENET[0]) / IMAGENET[1]
    np.testing.assert_allclose(pixels[0, :, 4, 4], expected, rtol=1e-5)
    assert pixels.dtype == np.float32


def test_settings_of_a_checkpoint_win_over_defaults():
    said = Normalisation.of({"image_mean": [0.1, 0.2, 0.3], "resample": 3}, HALF)
    assert said == Normalisation((0.1, 0.2, 0.3), (0.5, 0.5, 0.5), "bicubic")
    assert Normalisation.of({}, HALF) == Normalisation(*HALF, "bilinear")


def test_edges_keep_the_aspect_and_the_limits():
    assert within_edges((640, 480), 800, 1333).input == (1066, 800)
    assert within_edges((2000, 400), 800, 1333).input == (1333, 267)
    assert in_multiples((640, 480), (518, 518), 14).input == (686, 518)


@pytest.mark.parametrize("size", [(640, 480), (480, 640), (333, 1000), (64, 64)])
def test_the_same_pixels_as_the_processors_of_transformers(size):
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from transformers.models.dpt.image_processing_pil_dpt import DPTImageProcessorPil
    from transformers.models.grounding_dino.image_processing_pil_grounding_dino import (
        GroundingDinoImageProcessorPil,
    )
    from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

    rng = np.random.default_rng(3)
    image = rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    dino = GroundingDinoImageProcessorPil(size={"shortest_edge": 80, "longest_edge": 133})
    depth = DPTImageProcessorPil(
        size={"height": 70, "width": 70},
        keep_aspect_ratio=True,
        ensure_multiple_of=14,
        image_mean=IMAGENET[0],
        image_std=IMAGENET[1],
    )
    siglip = SiglipImageProcessorPil(size={"height": 64, "width": 64})
    cases = [
        (dino, within_edges(size, 80, 133), Normalisation(*IMAGENET)),
        (depth, in_multiples(size, (70, 70), 14), Normalisation(*IMAGENET, "bicubic")),
        (siglip, stretched(size, (64, 64)), Normalisation(*HALF, "bicubic")),
    ]
    for processor, placement, how in cases:
        theirs = np.asarray(processor(image[..., ::-1].copy(), return_tensors="np").pixel_values)
        ours = prepare(image, placement, how)
        np.testing.assert_allclose(ours, theirs, atol=0.02)


def test_maps_are_resized_as_by_torch():
    torch = pytest.importorskip("torch")
    small = np.random.default_rng(1).normal(size=(16, 24)).astype(np.float32)
    for kind in ("bilinear", "bicubic"):
        theirs = torch.nn.functional.interpolate(
            torch.from_numpy(small)[None, None], size=(50, 90), mode=kind, align_corners=False
        )
        ours = resize_map(small, (90, 50), kind)
        np.testing.assert_allclose(ours, theirs[0, 0].numpy(), atol=1e-4)


def test_centres_become_corners():
    np.testing.assert_allclose(corners_of(np.array([[0.5, 0.4, 0.2, 0.6]])), [[0.4, 0.1, 0.6, 0.7]])


def test_bad_pictures_and_edges_are_refused():
    with pytest.raises(UnreadableImage, match="height, width, 3"):
        size_of(np.zeros((4, 4), np.uint8))
    with pytest.raises(UnreadableImage, match="float64"):
        size_of(np.zeros((4, 4, 3)))
    assert edge_of(64) == edge_of([64, 64]) == 64
    with pytest.raises(ValueError, match="square"):
        edge_of((64, 32))
