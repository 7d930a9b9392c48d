from __future__ import annotations

import types

import numpy as np
import pytest
from perception.hub import tiny

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from imaggen_perception.hub import HubModel, Sam2, Sam3  # noqa: E402
from imaggen_perception.hub.masks import (  # noqa: E402
    FoundMask,
    largest_piece,
    overlap,
    without_doubles,
)

BOXES = np.array([[10.0, 10.0, 40.0, 50.0], [50.0, 20.0, 90.0, 60.0]])


@pytest.fixture
def sam2(checkpoint):
    return Sam2(HubModel(checkpoint("sam2")))


@pytest.fixture
def sam3(checkpoint):
    return Sam3(HubModel(checkpoint("sam3")), threshold=0.0)


def with_network(back_end, network, monkeypatch):
    """Let `network` answer instead, with the real one's configuration."""
    network.config = back_end._loaded.network.config
    stand_in = types.SimpleNamespace(
        network=network, tokenizer=back_end._loaded.tokenizer, device="cpu", picture={}
    )
    monkeypatch.setattr(back_end, "_loaded", stand_in)


@pytest.mark.parametrize("size", [(96, 64), (64, 96), (300, 200)])
def test_every_box_gets_a_mask_of_the_pictures_size(sam2, size):
    found = sam2.masks(tiny.picture(*size), BOXES)
    assert len(found) == 2
    for one in found:
        assert one.mask.shape == (size[1], size[0])
        assert one.mask.dtype == bool
        assert 0 <= one.quality <= 1
        assert one.label == ""
    assert (found[0].mask != found[1].mask).any()


def test_masks_are_those_of_the_network(sam2, image):
    """Against the network run by hand, with torch's own interpolation."""
    outputs = []
    handle = sam2._loaded.network.register_forward_hook(lambda *args: outputs.append(args[-1]))
    found = sam2.masks(image, BOXES)
    handle.remove()
    logits = torch.nn.functional.interpolate(
        outputs[0].pred_masks[0], size=image.shape[:2], mode="bilinear", align_corners=False
    )
    for index, one in enumerate(found):
        same = one.mask == (logits[index, 0] > 0).numpy()
        assert same.mean() > 0.999


def test_masks_are_the_same_every_time(sam2, image):
    first, second = sam2.masks(image, BOXES), sam2.masks(image, BOXES)
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.mask, other.mask)
        assert one.quality == other.quality


def test_no_boxes_no_masks(sam2, image):
    assert sam2.masks(image, np.zeros((0, 4))) == []


def test_boxes_and_masks_share_a_frame(sam2, image, monkeypatch):
    """A network that fills the box it is given: the mask is that box in the picture."""

    def network(pixel_values, input_boxes, multimask_output):
        assert pixel_values.shape == (1, 3, 128, 128)
        assert not multimask_output
        logits = torch.full((1, len(input_boxes[0]), 1, 128, 128), -1.0)
        for index, (x0, y0, x1, y1) in enumerate(input_boxes[0].round().int().tolist()):
            logits[0, index, 0, y0:y1, x0:x1] = 1.0
        scores = torch.full((1, len(input_boxes[0]), 1), 1.5)
        return types.SimpleNamespace(pred_masks=logits, iou_scores=scores)

    with_network(sam2, network, monkeypatch)
    for one, box in zip(sam2.masks(image, BOXES), BOXES.astype(int), strict=True):
        expected = np.zeros(image.shape[:2], bool)
        expected[box[1] : box[3], box[0] : box[2]] = True
        assert overlap(one.mask, expected) > 0.9
        assert one.quality == 1.0


def test_sam3_finds_masks_of_the_pictures_size_by_words(sam3, image):
    found = sam3.masks(image, ["mug", "red ball"])
    assert found
    for one in found:
        assert one.mask.shape == image.shape[:2]
        assert one.label in ("mug", "red ball")
        assert 0 < one.quality <= 1
    again = sam3.masks(image, ["mug", "red ball"])
    assert [(f.label, f.quality) for f in found] == [(f.label, f.quality) for f in again]


def test_sam3_agrees_with_the_network_run_by_hand(sam3, image):
    """Its picture features are shared by the words; the result is that of a whole pass."""
    from imaggen_perception.hub.preprocess import HALF, Normalisation, prepare, stretched

    network, tokenizer = sam3._loaded.network, sam3._loaded.tokenizer
    how = Normalisation(*HALF)
    pixels = torch.from_numpy(prepare(image, stretched((96, 64), (112, 112)), how))
    best = []
    for word in ("mug", "red ball"):
        tokens = tokenizer([word], return_tensors="pt", padding="max_length", max_length=32)
        with torch.inference_mode():
            output = network(
                pixel_values=pixels,
                input_ids=tokens["input_ids"],
                attention_mask=tokens["attention_mask"],
            )
        best.append(float((output.pred_logits.sigmoid() * output.presence_logits.sigmoid()).max()))
    assert sam3.masks(image, ["mug", "red ball"])[0].quality == pytest.approx(max(best), abs=1e-5)


def test_sam3_leaves_out_what_is_unsure(checkpoint, image):
    assert Sam3(HubModel(checkpoint("sam3")), threshold=1.0).masks(image, ["mug"]) == []


@pytest.mark.parametrize("kind", ["sam2", "sam3"])
def test_the_published_checkpoints_hold_the_video_model(kind, checkpoint, image):
    """Its picture part is read from them, with exactly its weights."""
    folder = checkpoint(kind, video=True)
    if kind == "sam3":
        back_end = Sam3(HubModel(folder), threshold=0.0)
        video = transformers.Sam3VideoModel.from_pretrained(folder).detector_model
        assert back_end.masks(image, ["mug"])
    else:
        back_end = Sam2(HubModel(folder))
        video = transformers.Sam2VideoModel.from_pretrained(folder)
        assert len(back_end.masks(image, BOXES)) == 2
    theirs = video.state_dict()
    for name, weight in back_end._loaded.network.state_dict().items():
        torch.testing.assert_close(weight.cpu(), theirs[name])


def test_an_object_found_by_two_words_counts_once():
    mask = np.zeros((20, 20), bool)
    mask[5:15, 5:15] = True
    smaller = mask.copy()
    smaller[5] = False
    other = np.zeros_like(mask)
    other[:3, :3] = True
    found = [FoundMask(smaller, 0.6, "cup"), FoundMask(mask, 0.8, "mug"), FoundMask(other, 0.5)]
    assert [f.quality for f in without_doubles(found)] == [0.8, 0.5]


def test_the_largest_piece_has_no_specks_and_no_pinholes():
    mask = np.zeros((200, 300), bool)
    mask[50:150, 50:150] = True
    mask[100, 100] = False
    mask[10:20, 250:260] = True
    piece = largest_piece(mask)
    assert piece is not None
    assert piece[100, 100]
    assert not piece[10:20, 250:260].any()
    assert piece.sum() == 100 * 100
    speck = np.zeros((200, 300), bool)
    speck[5, 5] = True
    assert largest_piece(speck) is None
    assert largest_piece(np.zeros((20, 20), bool)) is None
