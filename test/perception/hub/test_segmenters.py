from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from imaggen_perception.hub import (  # noqa: E402
    Detection,
    FoundMask,
    HubModel,
    HubModels,
    HubModelUnavailable,
    register_hub_segmenters,
)
from imaggen_perception.hub.models import forget_models  # noqa: E402
from imaggen_perception.hub.segmenters import GENERIC, BoxSegmenter, Sam3Segmenter  # noqa: E402
from imaggen_perception.scene import BoundingBox  # noqa: E402
from imaggen_perception.segmenters import create_segmenter  # noqa: E402
from imaggen_perception.segmenters.base import Prompts  # noqa: E402

BOXES = (BoundingBox(48, 16, 24, 16), BoundingBox(4, 4, 30, 40))


@pytest.fixture
def local_models(checkpoint):
    register_hub_segmenters(
        HubModels(
            grounding_dino=HubModel(checkpoint("grounding_dino")),
            owlv2=HubModel(checkpoint("owlv2")),
            sam2=HubModel(checkpoint("sam2")),
            sam3=HubModel(checkpoint("sam3")),
        )
    )
    yield
    register_hub_segmenters()


class Finder:
    """Finds two boxes, or the masks of them, and remembers what it was asked."""

    def detect(self, image_bgr, words):
        self.words = tuple(words)
        return [
            Detection((48.0, 16.0, 72.0, 32.0), 0.9, words[-1]),
            Detection((4.0, 4.0, 34.0, 44.0), 0.4, words[0]),
        ]

    def masks(self, image_bgr, words):
        return [
            FoundMask(filled(image_bgr, d.corners), d.score, d.label)
            for d in self.detect(image_bgr, words)
        ]


class Filler:
    """The mask of a box is the box; of the whole picture nothing."""

    def masks(self, image_bgr, boxes):
        return [FoundMask(filled(image_bgr, box), 0.8) for box in boxes]


def filled(image, box):
    mask = np.zeros(image.shape[:2], bool)
    left, top, right, bottom = (int(value) for value in box)
    if right - left < image.shape[1]:
        mask[top:bottom, left:right] = True
    return mask


@pytest.mark.parametrize("name", ["grounded", "owl", "sam3"])
@pytest.mark.parametrize("prompts", [Prompts(), Prompts(("mug", "ball")), Prompts(boxes=BOXES)])
def test_the_whole_chain_runs_on_networks_by_name(local_models, name, prompts, image):
    """Random weights: what is found means nothing, but everything that is found is well formed."""
    found = create_segmenter(name).segment(image, prompts)
    for one in found:
        assert one.mask.shape == image.shape[:2]
        assert one.mask.dtype == bool
        assert one.mask.any()
        assert 0 <= one.confidence <= 1
        assert one.method == name
        assert one.label in (("mug", "ball") if prompts.words else ("",))
    if prompts.boxes:
        assert len(found) <= len(BOXES)


def test_words_come_back_as_labels(image):
    finder = Finder()
    segments = BoxSegmenter("grounded", finder, Filler()).segment(image, Prompts(("mug", "ball")))
    assert finder.words == ("mug", "ball")
    assert [(s.label, s.label_confidence) for s in segments] == [("ball", 0.9), ("mug", 0.4)]
    assert {s.confidence for s in segments} == {0.8}
    assert segments[0].mask.sum() == 24 * 16
    assert segments[0].mask[16:32, 48:72].all()


def test_sam3_labels_its_masks(image):
    segments = Sam3Segmenter(Finder()).segment(image, Prompts(("mug", "ball")))
    assert [(s.label, s.label_confidence, s.method) for s in segments] == [
        ("ball", 0.9, "sam3"),
        ("mug", 0.4, "sam3"),
    ]


@pytest.mark.parametrize("prompts", [Prompts(), Prompts((" ", ""))])
def test_without_words_objects_are_sought_and_not_named(prompts, image):
    for make in (lambda f: BoxSegmenter("owl", f, Filler()), Sam3Segmenter):
        finder = Finder()
        segments = make(finder).segment(image, prompts)
        assert finder.words == GENERIC
        assert [(s.label, s.label_confidence) for s in segments] == [("", 0.0)] * 2


def test_a_word_is_asked_for_once(image):
    finder = Finder()
    BoxSegmenter("owl", finder, Filler()).segment(image, Prompts(("mug", "mug ", "ball")))
    assert finder.words == ("mug", "ball")


def test_boxes_go_straight_to_sam2(image):
    finder = Finder()
    whole = BoundingBox(0, 0, 96, 64)
    prompts = Prompts(("mug",), (BOXES[1], whole, BOXES[0]))
    segments = BoxSegmenter("grounded", finder, Filler()).segment(image, prompts)
    assert not hasattr(finder, "words")
    # In the order of the boxes, without the one that showed nothing.
    assert [s.mask.sum() for s in segments] == [30 * 40, 24 * 16]
    assert {s.label for s in segments} == {""}


def test_sam3_needs_sam2_for_boxes_only(image, tmp_path):
    segmenter = Sam3Segmenter(Finder(), HubModel(str(tmp_path)))
    assert segmenter.segment(image, Prompts(("mug",)))
    with pytest.raises(HubModelUnavailable, match="holds no usable model"):
        segmenter.segment(image, Prompts(boxes=BOXES))


def test_back_ends_share_a_loaded_network(local_models, monkeypatch):
    forget_models()
    import transformers

    loads = []
    original = transformers.Sam2Model.from_pretrained
    monkeypatch.setattr(
        transformers.Sam2Model,
        "from_pretrained",
        lambda *args, **options: loads.append(args) or original(*args, **options),
    )
    for name in ("grounded", "owl", "grounded"):
        create_segmenter(name)
    assert len(loads) == 1


def test_weights_that_are_not_there_are_named_by_the_segmenter(local_models):
    # A revision that nobody has, in case a default is in the cache of whoever runs this.
    missing = HubModel("IDEA-Research/grounding-dino-tiny", "no-such-revision")
    register_hub_segmenters(HubModels(grounding_dino=missing))
    with pytest.raises(HubModelUnavailable) as caught:
        create_segmenter("grounded")
    command = "hf download IDEA-Research/grounding-dino-tiny --revision no-such-revision"
    assert command in str(caught.value)
