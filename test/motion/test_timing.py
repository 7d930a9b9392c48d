from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaggen_motion.timing import (
    Hold,
    MinimumJerkMove,
    PathLaw,
    PathMove,
    Timeline,
    human_movement_time,
    minimum_jerk_time,
    pace_within_limits,
)


def test_movement_times_are_the_published_ones():
    for distance, seconds in ((0.1, 0.58), (0.2, 0.73), (0.3, 0.82), (0.5, 0.94)):
        assert human_movement_time(distance) == pytest.approx(seconds, abs=0.01)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31 - 1))
def test_minimum_jerk_time_just_meets_the_limits(seed):
    rng = np.random.default_rng(seed)
    change = rng.uniform(-2, 2, 5)
    velocity, acceleration = rng.uniform(0.5, 4, 5), rng.uniform(2, 20, 5)
    duration = minimum_jerk_time(change, velocity, acceleration)
    move = MinimumJerkMove(0.0, duration, np.zeros(5), change)
    _, v, a = move.evaluate(np.linspace(0, duration, 2001))
    use = max((np.abs(v) / velocity).max(), (np.abs(a) / acceleration).max())
    assert 0.99 < use < 1.0005


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31 - 1), st.integers(4, 60))
def test_path_laws_pass_the_ends_at_rest_and_are_consistent(seed, count):
    rng = np.random.default_rng(seed)
    q = np.cumsum(rng.uniform(-0.1, 0.1, (count, 3)), axis=0)
    law = PathLaw(q, rng.uniform(0.4, 1.4, count))
    s = np.linspace(0, 1, 2001)
    position, velocity, acceleration = law.evaluate(s)
    assert np.allclose(position[[0, -1]], q[[0, -1]], atol=1e-9)
    assert np.abs(velocity[[0, -1]]).max() < 1e-9
    assert np.abs(acceleration[[0, -1]]).max() < 1e-6
    step = s[1] - s[0]
    trapezoid = (velocity[1:] + velocity[:-1]).sum(axis=0) / 2 * step
    assert np.allclose(trapezoid, q[-1] - q[0], atol=1e-3)


def test_pacing_meets_limits_and_the_wanted_duration():
    angle = np.linspace(0, np.pi, 40)
    q = np.column_stack([np.cos(angle), np.sin(angle)])
    bounds = (np.array([2.0, 2.0]), np.array([8.0, 8.0]))
    laws, duration = pace_within_limits([q], [bounds], np.ones(40), 5.0)
    assert duration == 5.0
    laws, duration = pace_within_limits([q], [bounds], np.ones(40), 0.1)
    move = PathMove(0.0, duration, laws[0])
    _, v, a = move.evaluate(np.linspace(0, duration, 4001))
    assert (np.abs(v) <= bounds[0] * 1.001).all() and (np.abs(a) <= bounds[1] * 1.001).all()


def test_timelines_hold_between_segments_and_refuse_overlap():
    line = Timeline(np.zeros(2))
    line.add(MinimumJerkMove(1.0, 2.0, np.zeros(2), np.ones(2)))
    line.add(Hold(2.0, 2.5, np.ones(2)))
    line.add(MinimumJerkMove(3.0, 4.0, np.ones(2), np.zeros(2)))
    position, velocity, _ = line.sample(np.array([0.0, 1.5, 2.2, 2.75, 3.5, 9.0]))
    assert np.allclose(position[:, 0], [0.0, 0.5, 1.0, 1.0, 0.5, 0.0])
    assert velocity[1, 0] > 0 > velocity[4, 0]
    with pytest.raises(ValueError, match="does not follow"):
        line.add(Hold(3.5, 5.0, np.zeros(2)))
