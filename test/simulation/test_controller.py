"""Acceptance rules, interpolation, cancelling and tolerances of the controller."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaggen_simulation.controller import (
    GOAL_TOLERANCE_VIOLATED,
    INVALID_GOAL,
    INVALID_JOINTS,
    OLD_HEADER_TIMESTAMP,
    PATH_TOLERANCE_VIOLATED,
    SUCCESSFUL,
    JointTrajectoryController,
    Tolerances,
    TrajectoryGoal,
)
from imaggen_simulation.errors import GoalRejected

JOINTS = ("shoulder", "elbow")
START = np.array([0.1, -0.2])
GOAL = TrajectoryGoal(
    joint_names=JOINTS,
    time_from_start=[0.5, 1.0],
    positions=[[0.3, 0.1], [0.6, 0.4]],
    velocities=[[0.4, 0.6], [0.0, 0.0]],
    accelerations=[[0.0, 0.0], [0.0, 0.0]],
)


def make_controller(**changes) -> JointTrajectoryController:
    values = {
        "joint_names": JOINTS,
        "position": START,
        "lower": np.full(2, -2.0),
        "upper": np.full(2, 2.0),
        "deceleration": np.array([10.0, 5.0]),
    }
    return JointTrajectoryController(**{**values, **changes})


def rejection(goal: TrajectoryGoal, now: float = 0.0) -> GoalRejected:
    controller = make_controller()
    with pytest.raises(GoalRejected) as caught:
        controller.accept(goal, now)
    assert not controller.active
    np.testing.assert_array_equal(controller.sample(now + 1.0)[0], START)  # nothing moves
    return caught.value


# -- acceptance -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"joint_names": ()}, INVALID_JOINTS, "names no joints"),
        ({"joint_names": ("shoulder", "shoulder")}, INVALID_JOINTS, "twice"),
        ({"joint_names": ("shoulder", "knee")}, INVALID_JOINTS, "knee"),
        ({"joint_names": ("shoulder",)}, INVALID_JOINTS, "elbow is missing"),
        ({"time_from_start": [], "positions": []}, INVALID_GOAL, "no points"),
        ({"time_from_start": [0.5, 0.5]}, INVALID_GOAL, "increase"),
        ({"time_from_start": [1.0, 0.5]}, INVALID_GOAL, "increase"),
        ({"time_from_start": [-0.1, 0.5]}, INVALID_GOAL, "increase"),
        ({"time_from_start": [0.5, np.nan]}, INVALID_GOAL, "increase"),
        ({"positions": [[0.3, 0.1], [0.6]]}, INVALID_GOAL, "positions"),
        ({"positions": [[0.3, 0.1]]}, INVALID_GOAL, "positions"),
        ({"velocities": [[0.4, 0.6], []]}, INVALID_GOAL, "velocities"),
        ({"accelerations": [[0.0], [0.0]]}, INVALID_GOAL, "accelerations"),
        ({"positions": [[0.3, np.nan], [0.6, 0.4]]}, INVALID_GOAL, "finite"),
        ({"velocities": [[0.4, np.inf], [0.0, 0.0]]}, INVALID_GOAL, "finite"),
        ({"velocities": [[0.4, 0.6], [0.0, 0.1]]}, INVALID_GOAL, "not zero"),
        ({"path_tolerance": {"knee": 0.1}}, INVALID_JOINTS, "knee"),
        ({"goal_tolerance": {"elbow": np.nan}}, INVALID_GOAL, "tolerance"),
    ],
)
def test_a_goal_that_breaks_a_rule_is_refused(change, code, words):
    error = rejection(replace(GOAL, **change))
    assert error.code == code
    assert words in str(error)


def test_a_trajectory_that_is_over_is_refused():
    error = rejection(replace(GOAL, start_s=5.0), now=7.5)
    assert error.code == OLD_HEADER_TIMESTAMP
    assert "1.500 s in the past" in str(error)


def test_a_trajectory_that_is_half_over_goes_on_where_it_should_be_by_now():
    controller = make_controller()
    controller.accept(replace(GOAL, start_s=5.0), now=5.75)
    undisturbed = make_controller()
    undisturbed.accept(replace(GOAL, start_s=5.0), now=5.0)
    np.testing.assert_allclose(controller.sample(5.75)[0], undisturbed.sample(5.75)[0])


def test_a_refused_goal_leaves_the_running_one_alone():
    controller = make_controller()
    controller.accept(GOAL, 0.0)
    before = controller.sample(0.7)[0]
    with pytest.raises(GoalRejected):
        controller.accept(replace(GOAL, joint_names=("shoulder",)), 0.6)
    assert controller.active
    np.testing.assert_array_equal(controller.sample(0.7)[0], before)


def test_joints_may_come_in_any_order():
    controller = make_controller()
    controller.accept(
        TrajectoryGoal(JOINTS[::-1], [1.0], [[0.4, 0.6]], [[0.0, 0.0]], [[0.0, 0.0]]), 0.0
    )
    np.testing.assert_allclose(controller.sample(1.0)[0], [0.6, 0.4])


# -- interpolation --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "continuous"),
    [({}, 3), ({"accelerations": ()}, 2), ({"accelerations": (), "velocities": ()}, 1)],
    ids=["quintic", "cubic", "linear"],
)
def test_points_are_met_and_joined_as_smoothly_as_they_are_given(change, continuous):
    controller, goal = make_controller(), replace(GOAL, **change)
    controller.accept(goal, 2.0)
    np.testing.assert_allclose(controller.sample(2.0)[0], START)
    np.testing.assert_allclose(controller.sample(2.5)[0], goal.positions[0])
    np.testing.assert_allclose(controller.sample(3.0)[0], goal.positions[1])
    before, after = controller.sample(2.5 - 1e-9), controller.sample(2.5)
    for left, right in list(zip(before, after, strict=True))[:continuous]:
        np.testing.assert_allclose(left, right, atol=1e-5)
    if continuous > 1:
        np.testing.assert_allclose(after[1], goal.velocities[0])


numbers = st.floats(-1.5, 1.5)


@st.composite
def goals(draw):
    count = draw(st.integers(1, 5))
    steps = draw(st.lists(st.floats(0.1, 1.0), min_size=count, max_size=count))
    rows = st.lists(st.tuples(numbers, numbers), min_size=count, max_size=count)
    velocities = draw(rows)
    velocities[-1] = (0.0, 0.0)
    return TrajectoryGoal(JOINTS, np.cumsum(steps), draw(rows), velocities, draw(rows))


@given(goals(), st.floats(0.05, 0.95))
def test_velocity_and_acceleration_are_the_derivatives_of_the_position(goal, share):
    controller = make_controller()
    controller.accept(goal, 0.0)
    knots = np.concatenate([[0.0], goal.time_from_start])
    for begin, end in zip(knots[:-1], knots[1:], strict=True):
        now, step = begin + share * (end - begin), 1e-5
        (p0, v0, _), (_, v, a), (p1, v1, _) = (
            controller.sample(t) for t in (now - step, now, now + step)
        )
        np.testing.assert_allclose((p1 - p0) / (2 * step), v, atol=1e-3)
        np.testing.assert_allclose((v1 - v0) / (2 * step), a, atol=1e-2)


@given(goals(), goals(), st.floats(0.0, 1.2))
def test_replacing_a_trajectory_never_steps(first, second, share):
    """Position, velocity and acceleration carry on from the state that was commanded."""
    controller = make_controller()
    controller.accept(first, 0.0)
    now = share * first.time_from_start[-1]
    before = controller.sample(now)
    controller.accept(second, now)
    for old, new in zip(before, controller.sample(now), strict=True):
        np.testing.assert_allclose(new, old, atol=1e-9)


def test_the_end_is_held():
    controller = make_controller()
    controller.accept(GOAL, 0.0)
    position, velocity, acceleration = controller.sample(60.0)
    np.testing.assert_array_equal(position, GOAL.positions[-1])
    assert not velocity.any()
    assert not acceleration.any()


# -- cancelling -----------------------------------------------------------------------------------


@given(st.floats(0.0, 1.1))
def test_cancelling_slows_down_without_a_step_and_within_the_deceleration(cancelled_at):
    controller = make_controller()
    controller.accept(GOAL, 0.0)
    position, velocity, _ = controller.sample(cancelled_at)
    controller.cancel(cancelled_at)
    assert not controller.active
    np.testing.assert_allclose(controller.sample(cancelled_at)[0], position)
    np.testing.assert_allclose(controller.sample(cancelled_at)[1], velocity)
    ramp = [controller.sample(cancelled_at + t) for t in np.linspace(0.0, 1.0, 201)]
    slowest = np.array([10.0, 5.0])
    for (_, v0, a0), (_, v1, _) in zip(ramp[:-1], ramp[1:], strict=True):
        assert (np.abs(a0) <= slowest + 1e-9).all()
        assert (np.abs(v1) <= np.abs(v0) + 1e-12).all()
    assert not ramp[-1][1].any()
    np.testing.assert_array_equal(controller.sample(cancelled_at + 60.0)[0], ramp[-1][0])


# -- how it ends ----------------------------------------------------------------------------------


def test_success_is_told_once_after_the_end():
    controller = make_controller()
    assert controller.outcome(0.0, START) is None
    controller.accept(GOAL, 0.0)
    assert controller.outcome(0.5, controller.sample(0.5)[0]) is None
    outcome = controller.outcome(1.0, np.array(GOAL.positions[-1]))
    assert outcome is not None
    assert outcome.code == SUCCESSFUL
    assert controller.outcome(1.1, np.array(GOAL.positions[-1])) is None


def test_leaving_the_path_stops_the_robot():
    controller = make_controller(tolerances=Tolerances(path_rad=0.2))
    controller.accept(GOAL, 0.0)
    outcome = controller.outcome(0.5, controller.sample(0.5)[0] + [0.0, 0.21])
    assert outcome is not None
    assert outcome.code == PATH_TOLERANCE_VIOLATED
    assert outcome.text == "elbow is 0.210 rad off its path (tolerance 0.200 rad)"
    assert not controller.sample(2.0)[1].any()


def test_a_goal_may_be_reached_late_but_not_too_late():
    controller = make_controller(tolerances=Tolerances(0.3, goal_rad=0.05, goal_time_s=0.4))
    controller.accept(GOAL, 0.0)
    off = np.array(GOAL.positions[-1]) + [0.06, 0.0]
    assert controller.outcome(1.3, off) is None
    outcome = controller.outcome(1.5, off)
    assert outcome is not None
    assert outcome.code == GOAL_TOLERANCE_VIOLATED
    assert outcome.text.startswith("shoulder is 0.060 rad off its goal")


def test_a_goal_brings_its_own_tolerances():
    own = replace(
        GOAL, path_tolerance={"elbow": 0.02}, goal_tolerance={"shoulder": -1.0}, goal_time_s=0.1
    )
    controller = make_controller()
    controller.accept(own, 0.0)
    outcome = controller.outcome(0.5, controller.sample(0.5)[0] + [0.0, 0.03])
    assert outcome is not None
    assert outcome.code == PATH_TOLERANCE_VIOLATED
    controller.accept(own, 2.0)
    outcome = controller.outcome(3.0, np.array(GOAL.positions[-1]) + [0.2, 0.0])
    assert outcome is not None
    assert outcome.code == SUCCESSFUL
