"""What sets an object apart from others."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from semantics.scenes import make_object, make_scene

from imaggen_perception.scene import Alignment, Part, SceneObject
from imaggen_semantics.showing import SHOWABLE, differences, set_apart, telling_part

BOX = make_object("rectangle", id="box", center=(100, 240), width=80, height=120)


def square_outline(seen: SceneObject) -> SceneObject:
    """The same object with four corners: drawn objects are ellipses otherwise."""
    corners = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
    return replace(seen, outline=replace(seen.outline, points=corners))


def with_parts(seen: SceneObject, **saliences: float) -> SceneObject:
    parts = tuple(Part(n, seen.outline, (0.5, 0.0), 0.3, value) for n, value in saliences.items())
    return replace(seen, parts=parts)


def turned(seen: SceneObject, degrees: float, elongation: float = 3.0) -> SceneObject:
    return replace(seen, alignment=Alignment(math.radians(degrees), elongation, 0.9))


def twin(**changes: object) -> SceneObject:
    settings: dict[str, object] = {"id": "twin", "center": (100, 240), "width": 80, "height": 120}
    return make_object("rectangle", **{**settings, **changes})  # type: ignore[arg-type]


def apart(first: SceneObject, second: SceneObject) -> set[str]:
    """What differs clearly."""
    found = differences(first, second, make_scene(first, second))
    return {name for name, value in found.items() if value > 0.5}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (twin(), set()),
        (twin(width=160, height=240), {"size"}),
        (twin(width=120, height=80), {"extent"}),
        (twin(center=(500, 240)), {"position"}),
        (twin(center=(110, 240)), set()),
    ],
)
def test_one_difference_shows_in_one_property(other: SceneObject, expected: set[str]) -> None:
    assert apart(BOX, other) == expected


def test_outlines_are_compared_in_the_same_box() -> None:
    circle, wide = make_object(width=100, height=100), make_object(id="e", width=100, height=30)
    assert "outline" not in apart(circle, wide)
    assert "outline" in apart(circle, square_outline(circle))
    scene = make_scene(circle, wide)
    assert differences(circle, wide, scene)["outline"] < 0.1


def test_turns_need_something_long() -> None:
    assert apart(turned(BOX, 0.0), turned(twin(), 60.0)) == {"orientation"}
    assert apart(turned(BOX, 5.0), turned(twin(), 175.0)) == set()
    assert apart(turned(BOX, 0.0, 1.1), turned(twin(), 60.0, 1.1)) == set()


def test_parts_that_the_other_lacks() -> None:
    handled = with_parts(BOX, body=1.0, handle=0.6, lid=0.4)
    assert telling_part(handled) == "handle"
    assert telling_part(handled, [with_parts(twin(), handle=0.6)]) == "lid"
    assert telling_part(with_parts(BOX, handle=0.6), [with_parts(twin(), handle=0.6)]) == ""
    assert telling_part(with_parts(BOX, handle=0.05)) == ""
    assert telling_part(BOX) == ""
    assert apart(handled, twin()) == {"part"}


def test_metres_outweigh_pixels() -> None:
    near = replace(BOX, outline=replace(BOX.outline, scale_m=0.1))
    far = replace(twin(width=40, height=60), outline=replace(twin().outline, scale_m=0.1))
    assert "size" not in apart(near, far)


def test_without_rivals_nothing_needs_telling() -> None:
    assert set_apart(BOX, [], make_scene(BOX)) == dict.fromkeys(SHOWABLE, 0.0)


def test_one_look_alike_undoes_a_gesture() -> None:
    small, other_small = twin(width=40, height=60), twin(id="o", width=80, height=120)
    scene = make_scene(BOX, small, other_small)
    alone = set_apart(BOX, [(small, 1.0)], scene)["size"]
    both = set_apart(BOX, [(small, 1.0), (other_small, 1.0)], scene)["size"]
    assert alone == pytest.approx(1.0)
    assert both < 0.1
    unlikely = set_apart(BOX, [(small, 1.0), (other_small, 0.05)], scene)["size"]
    assert unlikely > 0.9


FAMILIES = st.sampled_from(["circle", "rectangle", "triangle"])
OBJECTS = st.builds(
    lambda family, width, height, x: make_object(
        family, id=f"{x}", center=(x, 240), width=width, height=height
    ),
    FAMILIES, st.floats(1, 300), st.floats(1, 300), st.integers(0, 640),
)  # fmt: skip


@given(OBJECTS, OBJECTS, st.floats(0.05, 1.0))
def test_differences_are_shares_and_symmetric(
    first: SceneObject, second: SceneObject, weight: float
) -> None:
    scene = make_scene(first, second)
    one, two = differences(first, second, scene), differences(second, first, scene)
    assert set(one) == set(SHOWABLE)
    for name in SHOWABLE:
        assert 0.0 <= one[name] <= 1.0
        assert one[name] == pytest.approx(two[name], abs=1e-6)
    mixed = set_apart(first, [(second, weight)], scene)
    assert all(mixed[name] == pytest.approx(one[name]) for name in SHOWABLE)
