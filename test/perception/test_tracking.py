from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from perception.shapes import SQUARE, TALL, TRIANGLE, ellipse_outline, polygon_outline

from imaggen_perception.properties import find_relations
from imaggen_perception.scene import (
    Alignment,
    BoundingBox,
    Color,
    Outline,
    Relation,
    Scene,
    SceneObject,
    Shape,
    Symmetry,
)
from imaggen_perception.tracking import Tracker

ROUND, BOX = ellipse_outline(1.0), polygon_outline(SQUARE)
POST, ROOF = polygon_outline(TALL), polygon_outline(TRIANGLE)
RED, BLUE = Color("red", (200, 30, 30), 1.0), Color("blue", (30, 60, 200), 1.0)


def thing(
    name: str,
    x: float,
    y: float = 240,
    size: int = 60,
    outline: Outline = ROUND,
    color: Color = RED,
    method: str = "test",
    label: str = "",
) -> SceneObject:
    width, height = (round(extent * size) for extent in outline.extent)
    return SceneObject(
        id=name,
        box=BoundingBox(round(x - width / 2), round(y - height / 2), width, height),
        outline=replace(outline, scale_px=float(size)),
        shape=Shape("circle", 1.0),
        symmetry=Symmetry(),
        alignment=Alignment(0.0, 1.0, 0.0),
        bearing=np.array([0.0, 0.0, 1.0]),
        relative_size=1.0,
        confidence=1.0,
        method=method,
        color=color,
        label=label,
    )


def scene(*objects: SceneObject) -> Scene:
    return Scene(objects, (640, 480), tuple(find_relations(objects)))


def ids(seen: Scene) -> list[str]:
    return [entry.id for entry in seen.objects]


def test_new_objects_are_numbered_in_order_and_relations_follow():
    seen = Tracker().update(scene(thing("b", 100), thing("a", 400)), 0.0)
    assert ids(seen) == ["object_1", "object_2"]
    assert Relation("object_1", "left_of", "object_2", 1.0) in seen.relations
    three = scene(thing("x", 100), thing("y", 300), thing("z", 500))
    renamed = Tracker().update(three, 0.0).relations
    names = {n for r in renamed for n in (r.subject, r.object, *r.others)}
    assert names == {"object_1", "object_2", "object_3"}
    assert any(relation.others for relation in renamed)


@pytest.mark.parametrize("colors", [(RED, BLUE), (RED, RED)], ids=["different", "twins"])
def test_crossing_objects_keep_their_ids(colors):
    """Two balls roll past each other, one a little higher; twins are told by their movement."""
    tracker = Tracker()
    for frame in range(25):
        right, left = 100 + 18 * frame, 540 - 18 * frame
        a = thing("a", right, 225, color=colors[0])
        b = thing("b", left, 255, color=colors[1])
        order = (a, b) if frame % 2 else (b, a)
        seen = tracker.update(scene(*order), frame * 0.1)
        names = {o.box.y: o.id for o in seen.objects}
        assert names == {a.box.y: "object_2", b.box.y: "object_1"}, frame


def test_an_occluded_object_comes_back_as_itself():
    """One passes behind the other and cannot be seen for a second."""
    tracker = Tracker()
    for frame in range(40):
        standing, x = thing("s", 320, size=120, outline=BOX, color=BLUE), 60 + 14 * frame
        hidden = abs(x - 320) < 75
        shown = (standing,) if hidden else (standing, thing("m", x, size=50))
        seen = tracker.update(scene(*shown), frame * 0.1)
        assert ids(seen) == ["object_1", "object_2"][: len(shown)], frame


@pytest.mark.parametrize(("gone_s", "name"), [(1.0, "object_1"), (1.9, "object_1"), (2.5, None)])
def test_lost_objects_are_kept_for_a_while(gone_s, name):
    tracker = Tracker(keep_s=2.0)
    tracker.update(scene(thing("a", 300)), 0.0)
    assert not tracker.update(scene(), 0.1).objects
    seen = tracker.update(scene(thing("a", 310)), gone_s)
    assert ids(seen) == [name or "object_2"]


def test_ids_are_never_used_again():
    tracker, given_names = Tracker(keep_s=0.5), []
    for number in range(5):
        given_names += ids(tracker.update(scene(thing("a", 300)), 2.0 * number))
    assert given_names == [f"object_{n}" for n in range(1, 6)]


@pytest.mark.parametrize(
    "other",
    [
        thing("a", 600, 60),
        thing("a", 300, size=200),
        thing("a", 355, outline=POST, color=BLUE),
    ],
    ids=["elsewhere", "much larger", "another thing"],
)
def test_what_is_too_different_is_new(other):
    tracker = Tracker()
    tracker.update(scene(thing("a", 300)), 0.0)
    assert ids(tracker.update(scene(other), 0.1)) == ["object_2"]


def test_an_exchanged_pair_is_told_apart_by_its_looks():
    """Next to each other, moved by most of a size: place alone would swap them."""
    tracker = Tracker()
    tracker.update(scene(thing("a", 300), thing("b", 370, outline=ROOF, color=BLUE)), 0.0)
    seen = tracker.update(scene(thing("p", 370), thing("q", 440, outline=ROOF, color=BLUE)), 0.1)
    assert ids(seen) == ["object_1", "object_2"]


def test_names_that_are_known_are_never_mixed_up():
    tracker = Tracker()
    tracker.update(scene(thing("a", 300, label="mug", method="scene_file")), 0.0)
    seen = tracker.update(scene(thing("a", 300, label="cup", method="scene_file")), 0.1)
    assert ids(seen) == ["object_2"]


def test_another_view_or_a_step_back_in_time_starts_anew():
    tracker = Tracker()
    one = scene(thing("a", 300))
    tracker.update(one, 5.0)
    assert ids(tracker.update(one, 4.0)) == ["object_2"]
    assert ids(tracker.update(replace(one, image_size=(1280, 960)), 4.1)) == ["object_3"]
    assert ids(tracker.update(replace(one, frame_id="other_camera"), 4.2)) == ["object_4"]


def test_keep_must_not_be_negative():
    with pytest.raises(ValueError, match="keep_s"):
        Tracker(keep_s=-1.0)


OUTLINES = (ROUND, BOX, POST, ROOF)
PLACES = st.lists(
    st.tuples(
        st.integers(40, 600), st.integers(40, 440), st.integers(20, 90), st.sampled_from(OUTLINES)
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(
    PLACES,
    st.lists(st.tuples(st.integers(-25, 25), st.integers(-25, 25)), min_size=6, max_size=6),
    st.randoms(use_true_random=False),
)
def test_the_order_of_objects_never_matters(places, moves, chance):
    """Even where objects overlap or are twins: the same looks get the same id."""
    before = [thing(str(i), x, y, size, outline) for i, (x, y, size, outline) in enumerate(places)]
    after = [
        thing(str(i), x + moves[i][0], y + moves[i][1], size, outline)
        for i, (x, y, size, outline) in enumerate(places)
    ]
    first, second = Tracker(), Tracker()
    known = [t.update(scene(*before), 0.0) for t in (first, second)]
    shuffled = list(after)
    chance.shuffle(shuffled)
    straight, mixed = first.update(scene(*after), 0.1), second.update(scene(*shuffled), 0.1)
    assert ids(known[0]) == ids(known[1])

    def kept(seen: Scene) -> list[tuple[object, ...]]:
        """Identities that were known before; new ones are numbered in the order they come."""
        old = set(ids(known[0]))
        return sorted(
            (o.box.x, o.box.y, o.box.width, o.box.height, o.outline.points.tobytes(), o.id)
            for o in seen.objects
            if o.id in old
        )

    assert kept(straight) == kept(mixed)
    assert len(set(ids(mixed))) == len(mixed.objects)
