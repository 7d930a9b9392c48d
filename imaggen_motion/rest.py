"""A comfortable posture between gestures: elbows bent, hands low in front of the body."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imaggen_motion.arms import SIDES, Side
from imaggen_motion.ik import TipPath, create_solver
from imaggen_motion.robot_model import Arm, RobotModel

# Fingertip at rest, in reach units from the shoulder: forward, outward, up.
_REST_TIP = (0.46, -0.02, -0.46)


def find_rest_posture(robot: RobotModel) -> NDArray[np.float64]:
    """Rest posture of the commanded joints (N,) [rad].

    Joints that the profile's `rest` names are taken from there; the arms of a robot without such
    entries are found by inverse kinematics.
    """
    posture = np.zeros(len(robot.joint_names))
    for side in SIDES:
        arm = robot.arm(side, "relaxed")
        given = [robot.profile.rest.get(name) for name in arm.joint_names]
        if all(value is not None for value in given):
            q = np.array(given, dtype=float)
        else:
            q = _solve_rest(robot, arm, side)
        posture[robot.joint_index(arm.joint_names)] = np.clip(q, arm.lower, arm.upper)
        relaxed = robot.hand_posture(side, "relaxed")
        for name in robot.hand_joints[side]:
            posture[robot.joint_index((name,))] = relaxed.get(name, 0.0)
    posture.setflags(write=False)
    return posture


def _solve_rest(robot: RobotModel, arm: Arm, side: Side) -> NDArray[np.float64]:
    """Hands low in front, fingers forward and a little inward, palms towards each other."""
    space = robot.space
    outward = 1.0 if side == "left" else -1.0
    forward, out, up = _REST_TIP
    shoulder = arm.shoulder
    tip = shoulder + space.axes @ (space.reach * np.array([forward, outward * out, up]))
    path = TipPath(
        points=tip[None],
        finger=space.direction(0.9, -0.35 * outward, -0.15),
        palm=space.direction(0.0, -outward * 0.8, -0.6),
    )
    middle = (arm.lower + arm.upper) / 2
    # Zero is the posture most URDFs are drawn in; half-way to mid-range keeps off the bounds.
    nominal = np.clip(0.5 * middle, arm.lower, arm.upper)
    return np.asarray(create_solver().solve_path(arm, path, nominal, nominal).q[0])
