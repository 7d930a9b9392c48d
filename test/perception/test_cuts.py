from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaggen_perception.properties.cuts import short_cuts


def canvas() -> np.ndarray:
    return np.zeros((120, 120), np.uint8)


def hammer() -> np.ndarray:
    area = canvas()
    cv2.rectangle(area, (20, 10), (100, 35), 1, -1)
    cv2.rectangle(area, (54, 35), (66, 112), 1, -1)
    return area > 0


def turned(area: np.ndarray, degrees: float) -> np.ndarray:
    matrix = cv2.getRotationMatrix2D((60, 60), degrees, 0.8)
    return cv2.warpAffine(area.astype(np.float32), matrix, (120, 120)) > 0.5


@settings(max_examples=25, deadline=None)
@given(st.floats(-180, 180))
def test_a_handle_is_cut_off_where_it_meets_the_head(degrees):
    area = turned(hammer(), degrees)
    best = max(short_cuts(area), key=lambda cut: cut.protrusion)
    assert best.share == pytest.approx(12 * 77 / (81 * 26 + 13 * 77), abs=0.06)
    assert best.width == pytest.approx(13 / 103, abs=0.05)
    assert best.corner > 0.25 and best.far_corner > 0.25


@pytest.mark.parametrize("sides", [3, 4, 6, 40])
def test_a_convex_shape_has_no_cuts(sides):
    area = canvas()
    angles = np.arange(sides) * 2 * np.pi / sides
    points = 60 + 45 * np.column_stack([np.cos(angles), np.sin(angles)])
    cv2.fillPoly(area, [points.round().astype(np.int32)], 1)
    assert short_cuts(area > 0) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(20, 100), st.integers(20, 100), st.integers(4, 25)),
                min_size=1, max_size=6))  # fmt: skip
def test_cuts_of_any_blob_are_within_it(circles):
    area = canvas()
    for x, y, radius in circles:
        cv2.circle(area, (x, y), radius, 1, -1)
        cv2.line(area, (60, 60), (x, y), 1, 4)
    extent = max(cv2.boundingRect(area)[2:])
    for cut in short_cuts(area > 0):
        assert 0.0 < cut.share <= 0.78
        assert cut.protrusion >= 1.8 and 0.0 < cut.width < 0.45
        ends = cut.curve[[0, -1]]
        middle = ends.mean(axis=0).round().astype(int)
        assert area[middle[1], middle[0]] == 1
        length = float(np.linalg.norm(ends[1] - ends[0]))
        assert length == pytest.approx(cut.width * extent, rel=0.1, abs=1.5)
