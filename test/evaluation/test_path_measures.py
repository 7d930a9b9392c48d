"""Measures of paths against shapes whose numbers are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaggen_evaluation import EvaluationError
from imaggen_evaluation.path_measures import closedness, extents, in_plane, roundness


def circle(turns: float = 1.0, points: int = 400) -> np.ndarray:
    angle = np.linspace(0.0, 2 * np.pi * turns, points)
    return np.stack([np.cos(angle), np.sin(angle), np.zeros(points)], axis=1)


def test_circle_is_closed_and_round() -> None:
    assert closedness(circle()) == pytest.approx(0.0, abs=1e-12)
    assert roundness(circle()) == pytest.approx(1.0, abs=1e-3)
    np.testing.assert_allclose(extents(circle()), [2.0, 2.0, 0.0], atol=1e-3)


def test_half_a_circle_is_open_by_its_diameter() -> None:
    assert closedness(circle(0.5)) == pytest.approx(1.0, abs=1e-4)


def test_roundness_of_a_square_is_a_quarter_of_pi() -> None:
    corners = np.array([[0, 0, 0], [0, 1, 0], [0, 1, 1], [0, 0, 1]], dtype=float)
    assert roundness(corners) == pytest.approx(np.pi / 4)


@given(
    st.floats(0.01, 100.0),
    st.tuples(*[st.floats(-np.pi, np.pi)] * 3),
    st.tuples(*[st.floats(-10, 10)] * 3),
)
def test_measures_do_not_depend_on_size_and_place(scale, angles, shift) -> None:
    a, b, c = angles
    turn_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    turn_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    turn_x = np.array([[1, 0, 0], [0, np.cos(c), -np.sin(c)], [0, np.sin(c), np.cos(c)]])
    ellipse = circle(points=60) * [1.0, 0.4, 0.0]
    moved = scale * ellipse @ (turn_z @ turn_y @ turn_x).T + shift
    assert roundness(moved) == pytest.approx(roundness(ellipse), rel=1e-6)
    width, height = extents(in_plane(moved))
    assert width / height == pytest.approx(2.5, rel=0.01)


def test_paths_without_extent_are_refused() -> None:
    still = np.zeros((5, 3))
    for measure in (closedness, roundness):
        with pytest.raises(EvaluationError, match="does not move"):
            measure(still)
    with pytest.raises(EvaluationError, match="widen the time window"):
        closedness(np.zeros((0, 3)))
