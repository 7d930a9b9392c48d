from __future__ import annotations

import numpy as np
import pytest

from imaggen_motion.errors import MotionError
from imaggen_motion.ik import TipPath, create_solver


def circle(robot, left: float, radius: float = 0.22, count: int = 60):
    angle = np.linspace(0.0, 2 * np.pi, count)
    return np.array(
        [
            robot.space.point(0.6, left + radius * np.cos(a), -0.2 + radius * np.sin(a))
            for a in angle
        ]
    )


@pytest.mark.parametrize(("side", "left"), [("left", 0.1), ("right", -0.1)])
def test_a_circle_is_followed_exactly_and_smoothly(robot, side, left):
    arm = robot.arm(side)
    rest = robot.rest[robot.joint_index(arm.joint_names)]
    path = TipPath(circle(robot, left), robot.space.direction(1, 0, 0.2))
    solution = create_solver().solve_path(arm, path, rest, rest)
    assert solution.worst_error < 0.001
    assert (solution.q >= arm.lower).all() and (solution.q <= arm.upper).all()
    assert np.abs(np.diff(solution.q, axis=0)).max() < 0.2
    assert np.abs(np.diff(solution.q, 2, axis=0)).max() < 0.03


def test_what_is_out_of_reach_is_reported(robot):
    arm = robot.arm("left")
    rest = robot.rest[robot.joint_index(arm.joint_names)]
    far = np.tile(robot.space.point(1.6, 0.0, 0.0), (10, 1))
    solution = create_solver().solve_path(arm, TipPath(far, np.array([1.0, 0, 0])), rest, rest)
    assert solution.worst_error > 0.2


def test_a_single_waypoint_is_a_path_too(humanoid):
    arm = humanoid.arm("right")
    rest = humanoid.rest[humanoid.joint_index(arm.joint_names)]
    point = humanoid.space.point(0.6, -0.2, 0.0)[None]
    solution = create_solver().solve_path(arm, TipPath(point, np.array([1.0, 0, 0])), rest, rest)
    assert solution.q.shape == (1, 7) and solution.worst_error < 0.001


def test_unknown_solvers_name_the_known_ones():
    with pytest.raises(MotionError, match="whole_path"):
        create_solver("magic")
