from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from imaggen_perception.hub import HubModel, Labeler  # noqa: E402
from imaggen_perception.hub.labels import square_crop, to_patches  # noqa: E402
from imaggen_perception.scene import BoundingBox  # noqa: E402

WORDS = ("mug", "red ball", "saucer")
BOX = BoundingBox(48, 16, 24, 16)


@pytest.fixture(params=["siglip", "siglip2", "clip"])
def labeler(request, checkpoint):
    return Labeler(HubModel(checkpoint("labeler", kind=request.param)))


def test_shares_compare_the_words(labeler, image):
    scores = labeler.label(image, WORDS, BOX)
    assert sorted(s.word for s in scores) == sorted(WORDS)
    assert sum(s.share for s in scores) == pytest.approx(1.0)
    assert [s.share for s in scores] == sorted((s.share for s in scores), reverse=True)
    assert len({s.share for s in scores}) == 3
    assert scores == labeler.label(image, WORDS, BOX)


def test_only_siglip_says_whether_a_thing_is_there(checkpoint, image):
    for kind in ("siglip", "siglip2"):
        labeler = Labeler(HubModel(checkpoint("labeler", kind=kind)))
        together = {s.word: s.presence for s in labeler.label(image, WORDS)}
        # A word's presence does not depend on what else is asked.
        for word in WORDS:
            (alone,) = labeler.label(image, [word])
            assert alone.share == 1.0
            assert 0 < alone.presence < 1
            assert alone.presence == pytest.approx(together[word], abs=1e-5)
    clip = Labeler(HubModel(checkpoint("labeler", kind="clip")))
    assert {s.presence for s in clip.label(image, WORDS)} == {None}


def test_the_box_decides_what_is_seen(labeler, image):
    shares = [
        {s.word: s.share for s in labeler.label(image, WORDS, box)}
        for box in (BOX, BoundingBox(0, 40, 20, 20), None)
    ]
    assert shares[0] != shares[1]
    assert shares[0] != shares[2]


def test_texts_are_whole_lower_case_and_padded_at_the_right(labeler):
    upper, lower = (labeler._texts([word])["input_ids"] for word in ("Mug", "mug"))
    assert upper.tolist() == lower.tolist()
    assert upper.shape == (1, labeler._config.text_config.max_position_embeddings)
    (row,) = upper.tolist()
    unknown = labeler._loaded.tokenizer.unk_token_id
    end = row.index(0)
    assert unknown not in row
    assert end >= 7
    assert set(row[end:]) == {0}


def test_no_words_no_labels(labeler, image):
    assert labeler.label(image, ()) == []


def test_crops_are_squares_within_the_picture():
    image = np.zeros((100, 200, 3), np.uint8)
    image[40:60, 90:110] = 255
    crop = square_crop(image, BoundingBox(90, 40, 20, 20))
    assert crop.shape == (24, 24, 3)
    assert crop[2:-2, 2:-2].min() == 255
    assert crop[0].max() == 0
    # A long box: all of it, and a square as far as the picture reaches.
    assert square_crop(image, BoundingBox(50, 45, 100, 10)).shape == (100, 120, 3)
    assert square_crop(image, BoundingBox(500, 500, 10, 10)).shape == image.shape


def test_patches_are_those_of_transformers():
    from transformers.models.siglip2 import image_processing_pil_siglip2 as processing

    pixels = np.random.default_rng(2).normal(size=(1, 3, 32, 48)).astype(np.float32)
    ours = to_patches(pixels, 16)
    assert ours.shape == (1, 6, 768)
    np.testing.assert_array_equal(ours[0, 1, :3], pixels[0, :, 0, 16])
    theirs = processing.convert_image_to_patches(pixels[0], 16)
    np.testing.assert_array_equal(ours[0], theirs)
