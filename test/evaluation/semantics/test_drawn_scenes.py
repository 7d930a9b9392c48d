"""Scenes that are written down have the shapes, places and relations that they say."""

import math
from typing import Any

import pytest

from imaggen_evaluation.errors import EvaluationError
from imaggen_evaluation.semantics.drawn_scenes import CAMERA, IMAGE_SIZE, PART_NAMES, draw_scene
from imaggen_perception.description import describe_outline
from imaggen_perception.scene import SceneObject

# Families with the size at which they are plain, and what the outline alone may be taken for: a
# circle is an ellipse for that, a square and a bar are rectangles, a thin moon has no name.
PLAIN: dict[str, tuple[tuple[float, float], tuple[str, ...]]] = {
    "circle": ((0.1, 0.1), ("circle", "ellipse")),
    "ellipse": ((0.1, 0.16), ("ellipse",)),
    "square": ((0.1, 0.1), ("square", "rectangle")),
    "rectangle": ((0.1, 0.16), ("rectangle",)),
    "triangle": ((0.1, 0.1), ("triangle",)),
    "trapezoid": ((0.1, 0.1), ("trapezoid",)),
    "star": ((0.1, 0.1), ("star",)),
    "cross": ((0.1, 0.1), ("cross",)),
    "crescent": ((0.1, 0.2), ("crescent", "irregular")),
    "L": ((0.1, 0.1), ("L",)),
    "T": ((0.1, 0.1), ("T",)),
    "U": ((0.1, 0.1), ("U",)),
    "ring": ((0.1, 0.1), ("ring",)),
    "elongated": ((0.02, 0.2), ("elongated", "rectangle")),
    "irregular": ((0.1, 0.1), ("irregular",)),
}


def row(**changes: Any) -> dict[str, Any]:
    return {"id": "a", "label": "thing", "shape": "square", "color": "red", "size": [0.1, 0.1],
            "at": [0.0, 0.0], **changes}  # fmt: skip


def drawn(**changes: Any) -> SceneObject:
    return draw_scene([row(**changes)]).objects[0]


@pytest.mark.parametrize("family", PLAIN)
def test_shapes_describe_themselves(family: str) -> None:
    size, names = PLAIN[family]
    seen = drawn(shape=family, size=list(size))
    assert (seen.shape.family, seen.shape.confidence) == (family, 1.0)
    described = describe_outline(seen.outline, seen.holes)[0]
    assert described.family in names
    assert seen.outline.scale_m == pytest.approx(max(size), rel=0.3)


def test_sizes_and_turns() -> None:
    upright, lying = drawn(shape="rectangle", size=[0.05, 0.2]), drawn(
        shape="rectangle", size=[0.05, 0.2], turn=90
    )  # fmt: skip
    assert upright.outline.extent == pytest.approx((0.25, 1.0))
    assert lying.outline.extent == pytest.approx((1.0, 0.25))
    assert upright.alignment.elongation == pytest.approx(4.0, rel=0.1)
    turn = abs(math.degrees(lying.alignment.angle_rad - upright.alignment.angle_rad)) % 180.0
    assert turn == pytest.approx(90.0, abs=2.0)


def test_places_are_in_the_picture() -> None:
    left, high = draw_scene([row(id="left", at=[-0.3, 0.0]), row(id="high", at=[0.0, 0.2])]).objects
    middle = (IMAGE_SIZE[0] / 2, IMAGE_SIZE[1] / 2)
    assert left.box.center[0] == pytest.approx(middle[0] - 0.3 * CAMERA.fx, abs=2)
    assert high.box.center[1] == pytest.approx(middle[1] - 0.2 * CAMERA.fy, abs=2)
    assert left.bearing[0] < 0.0 and left.position is not None


def test_what_is_larger_is_relatively_larger() -> None:
    small, big = draw_scene(
        [row(id="small", at=[-0.2, 0.0]), row(id="big", size=[0.2, 0.2], at=[0.2, 0.0])]
    ).objects
    assert big.relative_size == pytest.approx(1.0)
    assert small.relative_size == pytest.approx(0.5, rel=0.05)


def test_relations_have_the_names_that_were_given() -> None:
    scene = draw_scene([row(id="cup", at=[-0.3, 0.0]), row(id="box", at=[0.3, 0.0])])
    assert [seen.id for seen in scene.objects] == ["cup", "box"]
    found = {(r.subject, r.relation, r.object) for r in scene.relations}
    assert {("cup", "left_of", "box"), ("box", "right_of", "cup")} <= found


def test_labels_are_sure_or_absent() -> None:
    named, nameless = drawn(label="mug"), drawn(label="")
    assert (named.label, named.label_confidence) == ("mug", 1.0)
    assert (nameless.label, nameless.label_confidence) == ("", 0.0)
    assert drawn(color="").color.name == ""


@pytest.mark.parametrize("name", [name for name in PART_NAMES if name != "body"])
def test_parts_are_those_that_were_named(name: str) -> None:
    seen = drawn(parts=[name])
    assert [part.name for part in seen.parts] == ["body", name]
    assert seen.parts[1].outline.scale_m is not None


def test_rings_have_a_hole() -> None:
    assert [hole.name for hole in drawn(shape="ring").holes] == ["hole"]
    assert not drawn(shape="circle").holes


@pytest.mark.parametrize(
    "change", [{"shape": "blob"}, {"color": "mauve"}, {"parts": ["wings"]}, {"size": ...}]
)
def test_rows_that_are_refused(change: dict[str, Any]) -> None:
    entry = row(**change)
    if change.get("size") is ...:
        del entry["size"]
    with pytest.raises(EvaluationError, match="lacks or does not know"):
        draw_scene([entry])
