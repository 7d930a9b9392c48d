"""The simulated robot follows what it is told."""

from __future__ import annotations

import numpy as np
import pytest

from imaggen_simulation.controller import TrajectoryGoal
from imaggen_simulation.robot import SimulatedRobot


@pytest.fixture
def simulated(robot):
    return SimulatedRobot(robot.urdf_xml, robot.model)


def follow(simulated: SimulatedRobot, goal: TrajectoryGoal) -> float:
    """Largest distance between setpoint and joint on the way [rad]."""
    simulated.controller.accept(goal, simulated.time)
    worst, end = 0.0, simulated.time + goal.time_from_start[-1]
    while simulated.time < end:
        simulated.advance(simulated.time + 0.01)
        setpoint = simulated.controller.sample(simulated.time)[0]
        worst = max(worst, float(np.abs(setpoint - simulated.measured()).max()))
    return worst


def test_it_rests_where_motion_says(robot, simulated):
    simulated.advance(0.5)
    np.testing.assert_allclose(simulated.measured(), robot.model.rest, atol=1e-3)
    assert np.abs(simulated.states().velocity).max() < 1e-3


def test_it_follows_a_sine_of_1_hz(robot, simulated):
    """Half a radian, or as much as the joint's range, velocity and acceleration allow."""
    limits, omega = robot.model.limits, 2 * np.pi
    amplitude = np.minimum.reduce(
        [
            np.full(len(limits.lower), 0.5),
            0.45 * (limits.upper - limits.lower),
            0.7 * limits.velocity / omega,
            0.7 * limits.acceleration / omega**2,
        ]
    )
    time = np.arange(0.01, 4.005, 0.01)
    envelope = np.sin(np.pi * time / 4.0)[:, None] ** 2
    middle = np.clip(robot.model.rest, limits.lower + amplitude, limits.upper - amplitude)
    swing = middle - robot.model.rest + amplitude * np.sin(omega * time)[:, None]
    position = robot.model.rest + envelope * swing
    velocity = np.gradient(position, time, axis=0)
    velocity[-1] = 0.0
    goal = TrajectoryGoal(
        robot.model.joint_names, time, position, velocity, np.gradient(velocity, time, axis=0)
    )
    assert follow(simulated, goal) < 0.02


def test_it_follows_moves_at_the_limits_of_all_joints(robot, simulated):
    """Quintics that need each joint's velocity or acceleration limit, as fast gestures do."""
    limits, random = robot.model.limits, np.random.default_rng(5)
    points, times = [robot.model.rest], [0.0]
    for _ in range(4):
        wanted = random.uniform(limits.lower + 0.03, limits.upper - 0.03)
        points.append(points[-1] + np.clip(wanted - points[-1], -0.8, 0.8))
        distance = np.abs(points[-1] - points[-2])
        # Peaks of the quintic rest-to-rest: 15/8 d/T and 10/sqrt(3) d/T^2.
        slowest = max(
            (1.875 * distance / limits.velocity).max(),
            np.sqrt(5.774 * distance / limits.acceleration).max(),
        )
        times.append(times[-1] + slowest)
    zero = np.zeros((4, len(limits.lower)))
    goal = TrajectoryGoal(robot.model.joint_names, times[1:], points[1:], zero, zero)
    assert follow(simulated, goal) < 0.03
    simulated.advance(simulated.time + 0.2)
    outcome = simulated.outcome()
    assert outcome is not None
    assert outcome.code == 0


def test_joints_that_are_not_commanded_keep_their_place(robot, simulated):
    held = [n for n in simulated.joint_names if n not in robot.model.joint_names]
    assert held
    columns = [simulated.joint_names.index(name) for name in held]
    before = simulated.states().position[columns]
    target = np.clip(robot.model.rest + 0.2, robot.model.limits.lower, robot.model.limits.upper)
    zero = np.zeros((1, len(target)))
    follow(simulated, TrajectoryGoal(robot.model.joint_names, [1.0], [target], zero, zero))
    np.testing.assert_allclose(simulated.states().position[columns], before, atol=0.01)


def test_cancelling_in_full_motion_holds(robot, simulated):
    target = np.clip(robot.model.rest + 0.4, robot.model.limits.lower, robot.model.limits.upper)
    zero = np.zeros((1, len(target)))
    goal = TrajectoryGoal(robot.model.joint_names, [1.0], [target], zero, zero)
    simulated.controller.accept(goal, simulated.time)
    simulated.advance(simulated.time + 0.5)
    simulated.controller.cancel(simulated.time)
    simulated.advance(simulated.time + 1.0)
    stopped = simulated.measured().copy()
    assert np.abs(stopped - target).max() > 0.05  # it did not simply go on
    simulated.advance(simulated.time + 0.5)
    np.testing.assert_allclose(simulated.measured(), stopped, atol=1e-3)


def test_states_are_of_all_joints(simulated):
    states = simulated.states()
    assert states.names == simulated.joint_names
    for values in (states.position, states.velocity, states.effort):
        assert values.shape == (len(states.names),)
        assert np.isfinite(values).all()
