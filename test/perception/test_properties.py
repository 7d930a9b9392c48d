from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from perception.shapes import (
    LETTER_L,
    SQUARE,
    TALL,
    TRIANGLE,
    ellipse_outline,
    polygon_outline,
)

from imaggen_perception import CameraModel
from imaggen_perception.description import describe_outline, describe_segment
from imaggen_perception.properties import measure_alignment, measure_symmetry
from imaggen_perception.properties.alignment import wrap_axis
from imaggen_perception.properties.symmetry import ANY_TURN
from imaggen_perception.segmenters import Segment


@settings(max_examples=25, deadline=None)
@given(st.floats(-1.5, 1.5), st.floats(1.4, 4.0))
def test_alignment_follows_the_tilt(angle, aspect):
    alignment = measure_alignment(ellipse_outline(aspect, angle))
    assert abs(wrap_axis(alignment.angle_rad - angle)) < np.radians(2.0)
    assert alignment.elongation == pytest.approx(aspect, rel=0.05)


@settings(max_examples=25, deadline=None)
@given(st.floats(-1.5, 1.5))
def test_a_mirror_axis_is_found_at_any_tilt(angle):
    # Clockwise and counter-clockwise must not be confused: that passes on upright objects only.
    outline = polygon_outline(TRIANGLE, angle)
    symmetry = measure_symmetry(outline, measure_alignment(outline))
    best = symmetry.axes[0]
    assert abs(wrap_axis(best.angle_rad - angle)) < np.radians(2.0)
    assert best.score > 0.95
    assert symmetry.rotational_order == 1


@pytest.mark.parametrize(
    ("outline", "order"),
    [
        (polygon_outline(SQUARE, 0.3), 4),
        (polygon_outline(TALL), 2),
        (ellipse_outline(1.0), ANY_TURN),
        (ellipse_outline(2.0), 2),
        (ellipse_outline(1.15, 0.4), 2),
        (polygon_outline(LETTER_L), 1),
    ],
    ids=["square", "tall box", "circle", "ellipse", "nearly round", "letter L"],
)
def test_rotational_orders(outline, order):
    symmetry = measure_symmetry(outline, measure_alignment(outline))
    assert symmetry.rotational_order == order


def test_people_use_the_upright_axis_of_a_circle_and_of_a_square():
    for outline in (ellipse_outline(1.0), polygon_outline(SQUARE)):
        symmetry = measure_symmetry(outline, measure_alignment(outline))
        axis = symmetry.gesturable
        assert axis is not None and abs(axis.angle_rad) < np.radians(3.0)
        assert axis in symmetry.axes
        assert axis.score > 0.95


def test_a_slanted_box_is_gestured_along_its_length():
    outline = polygon_outline(TALL, 0.6)
    axis = measure_symmetry(outline, measure_alignment(outline)).gesturable
    assert axis is not None and axis.angle_rad == pytest.approx(0.6, abs=0.05)


def test_an_asymmetric_shape_has_no_good_axis():
    outline = polygon_outline(LETTER_L)
    axes = measure_symmetry(outline, measure_alignment(outline)).axes
    assert all(axis.score < 0.85 for axis in axes)


@pytest.mark.parametrize("angle", [0.0, 0.35, -0.8])
@pytest.mark.parametrize(
    ("make", "family"),
    [
        (lambda a: ellipse_outline(1.0, a), "circle"),
        (lambda a: ellipse_outline(2.0, a), "ellipse"),
        (lambda a: polygon_outline(SQUARE, a), "square"),
        (lambda a: polygon_outline(TALL, a), "rectangle"),
        (lambda a: polygon_outline(TRIANGLE, a), "triangle"),
        (lambda a: polygon_outline(LETTER_L, a), "L"),
    ],
    ids=["circle", "ellipse", "square", "rectangle", "triangle", "L"],
)
def test_shape_families(make, family, angle):
    shape = describe_outline(make(angle))[0]
    assert shape.family == family
    assert shape.confidence > 0.9


def test_a_blob_is_irregular():
    t = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    radius = 1 + 0.45 * np.sin(3 * t) + 0.2 * np.cos(7 * t)
    from imaggen_perception.properties import make_outline

    blob = make_outline(np.column_stack([radius * np.cos(t), radius * np.sin(t)]) * 100)
    assert describe_outline(blob)[0].family == "irregular"


@settings(max_examples=20, deadline=None)
@given(st.floats(0.2, 5.0), st.floats(0, 6.2))
def test_outlines_are_normalised(aspect, angle):
    outline = ellipse_outline(max(aspect, 1.0), angle)
    low, high = outline.points.min(axis=0), outline.points.max(axis=0)
    assert np.allclose(low + high, 0.0, atol=1e-9)
    assert (high - low).max() == pytest.approx(1.0)
    x, y = outline.points.T
    assert (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() > 0  # counter-clockwise, y up
    steps = np.linalg.norm(np.diff(outline.points, axis=0), axis=1)
    assert steps.max() < 1.1 * np.median(steps)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_mask_can_be_described(data):
    """Threads, specks, rings, pieces cut by the picture's edge: perception must not fail."""
    mask = np.zeros((120, 160), np.uint8)
    place = st.tuples(st.integers(-10, 170), st.integers(-10, 130))
    for _ in range(data.draw(st.integers(1, 5))):
        kind = data.draw(st.sampled_from(["disc", "ring", "line", "box", "specks"]))
        here, there = data.draw(place), data.draw(place)
        if kind == "specks":
            points = data.draw(st.lists(st.tuples(st.integers(0, 119), st.integers(0, 159)),
                                        min_size=1, max_size=12))  # fmt: skip
            for row, column in points:
                mask[row, column] = 1
        elif kind == "line":
            cv2.line(mask, here, there, 1, data.draw(st.integers(1, 6)))
        elif kind == "box":
            cv2.rectangle(mask, here, there, 1, -1)
        else:
            radius = data.draw(st.integers(0, 50))
            cv2.circle(mask, here, radius, 1, -1 if kind == "disc" else 2)
    if not mask.any():
        mask[60, 80] = 1
    image = np.full((120, 160, 3), 128, np.uint8)
    camera = CameraModel.assumed(160, 120)
    depth = np.full((120, 160), np.nan, np.float32)
    segment = Segment(mask > 0, 1.0, "drawn")
    seen = describe_segment(segment, "thing", image, 1.0, camera, depth)
    assert np.isfinite(seen.outline.points).all() and seen.outline.scale_px > 0
    assert np.abs(seen.outline.points).max() <= 0.51
