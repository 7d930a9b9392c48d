"""No trajectory exceeds a joint limit, over many outlines and both robots."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imaggen_motion import LimitError, MotionError, RobotTrajectory, synthesize
from imaggen_motion.limits import check_trajectory, interpolate
from imaggen_motion.merge import merge
from imaggen_speech.utterance import Utterance, Word

from .conftest import ellipse, make_gesture, make_object, make_plan, rectangle, star

OUTLINES = {
    "circle": ellipse(),
    "wide ellipse": ellipse(2.2),
    "narrow ellipse": ellipse(0.3),
    "square": rectangle(1.0),
    "tall box": rectangle(0.25),
    "flat box": rectangle(4.0),
    "five-point star": star(5, 0.4, np.pi / 2),
    "slanted star": star(7, 0.5, 0.3),
    "spike": star(3, 0.15, -np.pi / 2),
}


def utterance(words: int = 8) -> Utterance:
    timed = tuple(
        Word(f"word{i}", 0.35 * i, 0.35 * i + 0.3, 0.35 * i + 0.12, (0.0, 0.6, 1.0)[i % 3])
        for i in range(words)
    )
    return Utterance("words", timed, 0.35 * words + 0.3)


def assert_within_limits(trajectory: RobotTrajectory, robot) -> None:
    """Independent of the production check: dense samples against the robot's bounds."""
    _, position, velocity, acceleration = interpolate(trajectory, between=7)
    limits = robot.limits
    assert (position <= limits.upper + 1e-9).all() and (position >= limits.lower - 1e-9).all()
    assert (np.abs(velocity) <= limits.velocity).all()
    assert (np.abs(acceleration) <= limits.acceleration).all()
    assert np.abs(trajectory.velocity[[0, -1]]).max() < 1e-9


@pytest.mark.parametrize("hands", ["both", "left", "right"])
@pytest.mark.parametrize("name", OUTLINES)
def test_drawings_stay_within_limits(robot, name, hands):
    thing = make_object(OUTLINES[name], symmetric=hands == "both")
    gestures = synthesize(make_plan(thing, make_gesture(hands=hands)), robot)
    assert not gestures.dropped, gestures.dropped[0].reason
    performance = merge(gestures, utterance(), robot, np.random.default_rng(3))
    assert_within_limits(performance.trajectory, robot)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    harmonics=st.lists(
        st.tuples(st.floats(-0.25, 0.25), st.floats(0, 2 * np.pi)), min_size=1, max_size=5
    ),
    hands=st.sampled_from(["both", "left", "right"]),
    size=st.floats(0.2, 1.0),
    onset=st.floats(0.0, 3.0),
    viewpoint=st.sampled_from(["speaker", "viewer"]),
)
def test_any_blob_stays_within_limits(humanoid, harmonics, hands, size, onset, viewpoint):
    angle = np.linspace(0, 2 * np.pi, 128, endpoint=False)
    radius = 1.0 + sum(a * np.cos((k + 2) * angle + p) for k, (a, p) in enumerate(harmonics))
    radius = np.maximum(radius, 0.2)
    points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    points = (points - (points.max(axis=0) + points.min(axis=0)) / 2) / np.ptp(points, axis=0).max()
    thing = make_object(points, symmetric=hands == "both", size=size)
    gesture = make_gesture(hands=hands, stroke_start_s=onset, stroke_end_s=onset + 1.2)
    trajectory = synthesize(make_plan(thing, gesture, viewpoint=viewpoint), humanoid)
    assert_within_limits(trajectory, humanoid)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    right=st.floats(-0.7, 0.7),
    down=st.floats(-0.3, 0.5),
    hands=st.sampled_from(["left", "right", "either"]),
)
def test_pointing_stays_within_limits(humanoid, right, down, hands):
    thing = make_object(ellipse(), bearing=(right, down, 1.0))
    gesture = make_gesture(phrase="deictic", practice="indexing", hands=hands, property="position")
    assert_within_limits(synthesize(make_plan(thing, gesture), humanoid), humanoid)


def test_random_start_postures_return_to_rest(robot):
    rng = np.random.default_rng(7)
    for _ in range(5):
        start = rng.uniform(robot.limits.lower, robot.limits.upper)
        trajectory = synthesize(make_plan(make_object(ellipse())), robot, start=start)
        assert_within_limits(trajectory, robot)
        assert np.allclose(trajectory.position[0], start)
        assert np.allclose(trajectory.position[-1], robot.rest)


def test_the_check_names_joint_and_bound(humanoid):
    still = synthesize(make_plan(make_object(ellipse())), humanoid)
    velocity = np.array(still.velocity)
    velocity[10, 3] = 50.0
    broken = RobotTrajectory(
        still.joint_names, still.time, still.position, velocity, still.acceleration
    )
    with pytest.raises(LimitError, match=still.joint_names[3]) as caught:
        check_trajectory(broken, humanoid.limits)
    assert caught.value.bound < abs(caught.value.value)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_the_check_refuses_numbers_that_are_none(humanoid, value):
    still = synthesize(make_plan(make_object(ellipse())), humanoid)
    position = np.array(still.position)
    position[5, 0] = value
    broken = RobotTrajectory(
        still.joint_names, still.time, position, still.velocity, still.acceleration
    )
    with pytest.raises(MotionError, match="not finite"):
        check_trajectory(broken, humanoid.limits)
