from __future__ import annotations

import types

import numpy as np
import pytest
from perception.hub import tiny

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from imaggen_perception.hub import GroundingDino, HubModel, Owlv2  # noqa: E402
from imaggen_perception.hub.detectors import (  # noqa: E402
    Detection,
    caption,
    overlap,
    to_detections,
    token_owners,
    without_doubles,
)

WORDS = ("mug", "red ball")
KINDS = {"grounding_dino": GroundingDino, "owlv2": Owlv2}


@pytest.fixture(params=KINDS)
def detector(request, checkpoint):
    return KINDS[request.param](HubModel(checkpoint(request.param)), threshold=0.0)


@pytest.mark.parametrize("size", [(96, 64), (64, 96)])
def test_boxes_lie_inside_a_picture_that_is_not_square(detector, size):
    found = detector.detect(tiny.picture(*size), WORDS)
    assert found
    for one in found:
        left, top, right, bottom = one.corners
        assert 0 <= left < right <= size[0]
        assert 0 <= top < bottom <= size[1]
        assert 0 < one.score <= 1
        assert one.label in WORDS
    assert [d.score for d in found] == sorted((d.score for d in found), reverse=True)


def test_the_same_picture_gives_the_same_boxes(detector, image):
    assert detector.detect(image, WORDS) == detector.detect(image, WORDS)


def test_nothing_is_found_when_nothing_is_asked_for(detector, image):
    assert detector.detect(image, ()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_threshold_leaves_out_what_is_unsure(kind, checkpoint, image):
    assert KINDS[kind](HubModel(checkpoint(kind)), threshold=1.0).detect(image, WORDS) == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        # Relative to the picture.
        ("grounding_dino", (24.0, 16.0, 72.0, 48.0)),
        # Relative to the square that the picture was padded to, so also below its lower edge.
        ("owlv2", (24.0, 24.0, 72.0, 64.0)),
    ],
)
def test_relative_boxes_land_where_they_belong(kind, expected, checkpoint, image, monkeypatch):
    detector = KINDS[kind](HubModel(checkpoint(kind)), threshold=0.5)
    seen = {}

    def network(**inputs):
        seen.update(inputs)
        logits = torch.full((1, 2, 256 if kind == "grounding_dino" else len(WORDS)), -9.0)
        # The second word: its first token after [CLS] mug . is the fourth.
        logits[0, 1, 3 if kind == "grounding_dino" else 1] = 2.0
        boxes = torch.tensor([[[0.1, 0.1, 0.1, 0.1], [0.5, 0.5, 0.5, 0.5]]])
        return types.SimpleNamespace(logits=logits, pred_boxes=boxes)

    network.config = detector._loaded.network.config
    monkeypatch.setattr(
        detector,
        "_loaded",
        types.SimpleNamespace(
            network=network, tokenizer=detector._loaded.tokenizer, device="cpu", picture={}
        ),
    )
    (found,) = detector.detect(image, WORDS)
    assert found.corners == pytest.approx(expected)
    assert found.label == "red ball"
    assert found.score == pytest.approx(1 / (1 + np.exp(-2.0)), abs=1e-6)
    # 96 x 64 with the shorter edge 128; a square of 96.
    shape = (1, 3, 128, 192) if kind == "grounding_dino" else (1, 3, 96, 96)
    assert seen["pixel_values"].shape == shape


def test_grounding_dino_agrees_with_the_processor_of_transformers(checkpoint, image):
    """Boxes and scores against `post_process_grounded_object_detection`, word by word."""
    from transformers.models.grounding_dino import processing_grounding_dino as processing

    detector = GroundingDino(HubModel(checkpoint("grounding_dino")), threshold=0.0)
    outputs, network = [], detector._loaded.network
    handle = network.register_forward_hook(lambda *args: outputs.append(args[-1]))
    ours = detector.detect(image, ["mug"])
    handle.remove()
    assert ours
    tokenizer = types.SimpleNamespace(batch_decode=lambda ids: ids)
    (theirs,) = processing.GroundingDinoProcessor.post_process_grounded_object_detection(
        tokenizer,
        outputs[0],
        input_ids=torch.zeros((1, 300), dtype=int),
        threshold=0.0,
        target_sizes=[image.shape[:2]],
    )
    boxes = np.clip(theirs["boxes"].numpy(), 0, [96, 64, 96, 64])
    for one in ours:
        distance = np.abs(boxes - np.array(one.corners)).max(axis=1)
        assert distance.min() < 1e-3
        # Theirs is the best token of the whole text, with its stop; ours the best of the word.
        assert one.score <= float(theirs["scores"][distance.argmin()]) + 1e-6


def test_owlv2_agrees_with_the_processor_of_transformers(checkpoint, image):
    from transformers.models.owlv2.image_processing_pil_owlv2 import Owlv2ImageProcessorPil

    detector = Owlv2(HubModel(checkpoint("owlv2")), threshold=0.0)
    outputs, network = [], detector._loaded.network
    handle = network.register_forward_hook(lambda *args: outputs.append(args[-1]))
    ours = detector.detect(image, WORDS)
    handle.remove()
    assert ours
    (theirs,) = Owlv2ImageProcessorPil().post_process_object_detection(
        outputs[0], threshold=0.0, target_sizes=[image.shape[:2]]
    )
    boxes = np.clip(theirs["boxes"].numpy(), 0, [96, 64, 96, 64])
    for one in ours:
        nearest = np.abs(boxes - np.array(one.corners)).max(axis=1).argmin()
        assert boxes[nearest] == pytest.approx(one.corners, abs=1e-3)
        assert float(theirs["scores"][nearest]) == pytest.approx(one.score, abs=1e-5)
        assert WORDS[int(theirs["labels"][nearest])] == one.label


def test_more_words_than_a_text_holds_are_read_in_turns(checkpoint, image, monkeypatch):
    detector = GroundingDino(HubModel(checkpoint("grounding_dino")), threshold=0.0)
    groups = []

    def run(_, words):
        groups.append(tuple(words))
        return np.zeros((0, 4)), np.zeros((0, len(words)))

    monkeypatch.setattr(detector, "_run", run)
    words = [f"thing{i}" for i in range(50)]
    assert detector.detect(image, words) == []
    assert [word for group in groups for word in group] == words
    assert len(groups) == 3


def test_the_caption_tells_where_the_words_stand():
    text, spans = caption(("Mug", " red  ball ", "St. Bernard"))
    assert text == "mug. red ball. st bernard."
    assert [text[a:b] for a, b in spans] == ["mug", "red ball", "st bernard"]


def test_tokens_belong_to_their_word_and_stops_to_none():
    #         [CLS]   mug     .       red     ball     .        [SEP]
    offsets = [(0, 0), (0, 3), (3, 4), (5, 8), (9, 13), (13, 14), (0, 0)]
    owner = token_owners(np.array(offsets), caption(WORDS)[1])
    assert owner.tolist() == [-1, 0, -1, 1, 1, -1, -1]


def test_a_box_carries_its_best_word():
    corners = np.array([[0, 0, 10, 10], [0, 0, 10, 1], [5, 5, 20, 20]], dtype=float)
    scores = np.array([[0.3, 0.6], [0.9, 0.9], [0.1, 0.2]])
    found = to_detections(corners, scores, WORDS, 0.25)
    assert found == [Detection((0.0, 0.0, 10.0, 10.0), 0.6, "red ball")]


def test_doubles_are_merged_into_the_best():
    boxes = [
        Detection((0.0, 0.0, 10.0, 10.0), 0.5, "mug"),
        Detection((0.0, 0.0, 10.0, 9.0), 0.9, "cup"),
        Detection((20.0, 0.0, 30.0, 10.0), 0.4, "mug"),
    ]
    assert without_doubles(boxes) == [boxes[1], boxes[2]]
    assert overlap((0, 0, 2, 2), (1, 0, 3, 2)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 1, 1), (1, 0, 2, 1)) == 0.0
