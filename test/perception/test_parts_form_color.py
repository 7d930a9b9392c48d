from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from perception.shapes import ground, noisy

from imaggen_evaluation.perception.synthetic import draw_shape
from imaggen_perception import CameraModel, UnreadableImage, analyze_image
from imaggen_perception.properties import find_relations


def on_alpha(draw) -> np.ndarray:
    """A picture whose alpha channel is what `draw` paints with 255 on (400, 400)."""
    mask = np.zeros((400, 400), np.uint8)
    draw(mask)
    return np.dstack([np.full((400, 400, 3), (40, 60, 200), np.uint8), mask])


def mug(mask: np.ndarray) -> None:
    cv2.rectangle(mask, (100, 120), (240, 320), 255, -1)
    cv2.ellipse(mask, (240, 220), (60, 60), 0, -90, 90, 255, 18)


def table(mask: np.ndarray) -> None:
    cv2.rectangle(mask, (60, 140), (340, 210), 255, -1)
    cv2.rectangle(mask, (75, 205), (100, 330), 255, -1)
    cv2.rectangle(mask, (300, 205), (325, 330), 255, -1)


def pan(mask: np.ndarray) -> None:
    cv2.circle(mask, (130, 200), 80, 255, -1)
    cv2.rectangle(mask, (200, 190), (370, 208), 255, -1)


@pytest.mark.parametrize(
    ("draw", "name", "side"),
    [(mug, "handle", (1, 0)), (table, "legs", (0, -1)), (pan, "handle", (1, 0))],
    ids=["mug", "table", "pan"],
)
def test_parts_are_found_named_and_placed(draw, name, side):
    (seen,) = analyze_image(on_alpha(draw)).objects
    body, *others = seen.parts
    assert body.name == "body" and others
    assert others[0].name == name
    assert np.dot(others[0].center, side) > 0.1
    assert 0.0 < others[0].size < 1.0
    # A part lies within the object: its curve stays in the object's bounding box.
    low, high = seen.outline.points.min(axis=0), seen.outline.points.max(axis=0)
    for part in seen.parts:
        assert (part.points >= low - 0.03).all() and (part.points <= high + 0.03).all()


def test_one_piece_has_no_parts():
    (seen,) = analyze_image(on_alpha(lambda m: cv2.circle(m, (200, 200), 120, 255, -1))).objects
    assert seen.parts == () and seen.holes == ()


def test_a_handle_on_one_side_is_no_symmetry():
    (seen,) = analyze_image(on_alpha(mug)).objects
    axis = seen.symmetry.gesturable
    assert axis is None or abs(axis.angle_rad) > 1.2  # top and bottom may mirror, sides may not


def test_a_ring_is_hollow():
    def ring(mask):
        cv2.circle(mask, (200, 200), 120, 255, -1)
        cv2.circle(mask, (200, 200), 75, 0, -1)

    (seen,) = analyze_image(on_alpha(ring)).objects
    assert seen.shape.family == "ring"
    assert seen.form.hollowness == pytest.approx((75 / 120) ** 2, rel=0.05)
    assert seen.shape.parameters["inner_radius"] == pytest.approx(0.5 * 75 / 120, rel=0.05)
    assert seen.holes[0].center == (pytest.approx(0, abs=0.02), pytest.approx(0, abs=0.02))


def test_form_of_a_bucket():
    def bucket(mask):
        corners = np.array([[100, 80], [300, 80], [250, 320], [150, 320]])
        cv2.fillPoly(mask, [corners], 255)

    (seen,) = analyze_image(on_alpha(bucket)).objects
    assert seen.shape.family == "trapezoid"
    assert seen.form.taper < -0.1  # wider at the top
    assert seen.form.tallness == pytest.approx(240 / 200, rel=0.03)
    assert seen.form.solidity > 0.97 and seen.form.hollowness == 0.0


@pytest.mark.parametrize(
    ("bgr", "name"),
    [
        ((40, 40, 200), "red"),
        ((200, 90, 30), "blue"),
        ((50, 160, 40), "green"),
        ((40, 215, 245), "yellow"),
        ((250, 250, 250), "white"),
        ((15, 15, 15), "black"),
        ((40, 130, 240), "orange"),
        ((45, 75, 120), "brown"),
    ],
)
def test_colors_are_named_as_people_do(bgr, name):
    picture = np.zeros((300, 300, 4), np.uint8)
    cv2.circle(picture, (150, 150), 90, (*bgr, 255), -1)
    color = analyze_image(picture).objects[0].color
    assert color.name == name and color.confidence > 0.9
    assert color.rgb == bgr[::-1]


def test_depth_gives_position_and_size():
    image = ground()
    cv2.rectangle(image, (400, 160), (500, 360), (40, 60, 160), -1)
    depth = np.full((480, 640), 3.0, np.float32)
    depth[160:361, 400:501] = 1.2
    depth[200:210, 400:501] = np.nan
    camera = CameraModel(640, 480, 500.0, 500.0, 320.0, 240.0)
    (seen,) = analyze_image(noisy(image), camera=camera, depth=depth).objects
    expected = [(450.5 - 320) / 500 * 1.2, (260.5 - 240) / 500 * 1.2, 1.2]
    assert seen.position == pytest.approx(expected, abs=0.01)
    assert seen.outline.scale_m == pytest.approx(201 / 500 * 1.2, rel=0.04)
    assert {e.property for e in seen.evidence} >= {"outline", "shape", "position", "color"}


def test_depth_of_another_size_is_refused():
    with pytest.raises(UnreadableImage, match="register the depth"):
        analyze_image(ground(), depth=np.ones((240, 320), np.float32))


def test_relations_of_things_on_a_table():
    def scene(mask):
        cv2.rectangle(mask, (40, 260), (360, 330), 255, -1)  # a table
        for x in (70, 180, 290):
            cv2.rectangle(mask, (x, 200), (x + 40, 250), 255, -1)

    objects = analyze_image(on_alpha(scene)).objects
    top = objects[0].id
    left, middle, right = sorted(objects[1:], key=lambda o: o.box.x)
    found = {(r.subject, r.relation, r.object) for r in find_relations(objects)}
    assert all((box.id, "on", top) in found for box in (left, middle, right))
    assert (top, "under", left.id) in found
    assert any(
        r.subject == middle.id and r.relation == "between" and {r.object, *r.others}
        == {left.id, right.id}
        for r in find_relations(objects)
    )  # fmt: skip
    row = [r for r in find_relations([left, middle, right]) if r.relation == "in_row_with"]
    assert len(row) == 1 and (row[0].subject, row[0].object) == (left.id, middle.id)


def hammer(mask: np.ndarray) -> None:
    cv2.rectangle(mask, (110, 60), (290, 120), 255, -1)
    cv2.rectangle(mask, (184, 120), (216, 360), 255, -1)


def palm(mask: np.ndarray) -> None:
    for x, y in ((120, 110), (200, 80), (280, 110)):
        cv2.ellipse(mask, (x, y), (60, 45), 0, 0, 360, 255, -1)
    cv2.rectangle(mask, (185, 110), (215, 370), 255, -1)


def apple(mask: np.ndarray) -> None:
    cv2.circle(mask, (200, 230), 130, 255, -1)
    cv2.rectangle(mask, (194, 70), (206, 110), 255, -1)


@pytest.mark.parametrize(
    ("draw", "box", "names"),
    [
        (hammer, (184, 120, 216, 360), {"handle", "stem"}),
        (palm, (185, 120, 215, 370), {"stem", "handle"}),
        (apple, (194, 70, 206, 102), {"stem"}),
    ],
    ids=["hammer", "palm", "apple"],
)
def test_parts_meet_where_a_person_would_cut(draw, box, names):
    (seen,) = analyze_image(on_alpha(draw)).objects
    x, y = seen.box.center
    found = []
    for part in seen.parts[1:]:
        low, high = part.points.min(axis=0), part.points.max(axis=0)
        size = seen.outline.scale_px
        pixels = (x + size * low[0], y - size * high[1], x + size * high[0], y - size * low[1])
        found.append((part.name, pixels))
    name, pixels = min(found, key=lambda row: np.abs(np.subtract(row[1], box)).max())
    assert np.abs(np.subtract(pixels, box)).max() < 14
    assert name in names


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(60, 340), st.integers(60, 340), st.integers(12, 55)),
        min_size=1,
        max_size=5,
    ),
    st.integers(6, 14),
)
def test_any_thing_of_loops_and_bars_can_be_taken_apart(circles, thickness):
    def loops(mask):
        for x, y, radius in circles:
            cv2.circle(mask, (x, y), radius, 255, thickness)
            cv2.line(mask, (x, y - radius), (200, 200), 255, thickness)

    (seen,) = analyze_image(on_alpha(loops)).objects
    assert len(seen.parts) <= 9
    if seen.parts:
        assert seen.parts[0].name == "body" and len(seen.parts) > 1
        assert all(0.0 < part.size <= 1.1 for part in seen.parts)


@pytest.mark.parametrize("family", ["circle", "ellipse", "square", "polygon"])
def test_frayed_edges_and_corners_are_no_parts(family):
    rng = np.random.default_rng(5)
    numbers = [
        len(analyze_image(draw_shape(family, rng).cutout).objects[0].parts[1:]) for _ in range(8)
    ]
    assert np.mean(numbers) <= 1.0
