"""The last check before a controller: nothing beyond a joint's limits, nothing that jumps.

Checked on the samples and between them, on the quintic interpolation that a joint trajectory
controller runs when positions, velocities and accelerations are given.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imaggen_motion.errors import LimitError, MotionError
from imaggen_motion.robot_model import JointLimits
from imaggen_motion.trajectory import RobotTrajectory

FloatArray = NDArray[np.float64]
# Planning stays this far inside velocity and acceleration limits, so that interpolation between
# samples and added beats never cross them.
PLANNING_SHARE = 0.9
_TOLERANCE = 1e-6


def check_trajectory(trajectory: RobotTrajectory, limits: JointLimits) -> None:
    """Verify limits, finiteness and zero end velocity.

    Raises:
        LimitError: when a joint exceeds its position, velocity or acceleration limit.
        MotionError: when a value is not finite, or the motion does not end at rest.
    """
    arrays = (trajectory.time, trajectory.position, trajectory.velocity, trajectory.acceleration)
    if not all(np.isfinite(array).all() for array in arrays):
        raise MotionError("the trajectory holds values that are not finite; it cannot be sent")
    if np.abs(trajectory.velocity[-1]).max() > 1e-6:
        raise MotionError("the trajectory does not end at rest; controllers would reject it")
    time, position, velocity, acceleration = interpolate(trajectory, between=3)
    checks = (
        ("position", position - limits.upper, position, limits.upper),
        ("position", limits.lower - position, position, limits.lower),
        ("velocity", np.abs(velocity) - limits.velocity, velocity, limits.velocity),
        (
            "acceleration",
            np.abs(acceleration) - limits.acceleration,
            acceleration,
            limits.acceleration,
        ),
    )
    for quantity, excess, values, bounds in checks:
        row, column = np.unravel_index(np.argmax(excess), excess.shape)
        if excess[row, column] > _TOLERANCE:
            raise LimitError(
                trajectory.joint_names[column],
                quantity,
                float(values[row, column]),
                float(bounds[column]),
                float(time[row]),
            )


def interpolate(
    trajectory: RobotTrajectory, between: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Samples and `between` quintic values inside every interval.

    Returns:
        Time (M,), position, velocity and acceleration (M, N).
    """
    step = np.diff(trajectory.time)[:, None, None]
    fraction = np.linspace(0.0, 1.0, between + 2)[None, :-1, None]
    coefficients = _quintic(trajectory, step)
    powers = [fraction**k for k in range(6)]
    position = np.sum([c * p for c, p in zip(coefficients, powers, strict=True)], axis=0)
    velocity = np.sum([k * coefficients[k] * powers[k - 1] for k in range(1, 6)], axis=0) / step
    curvature = [k * (k - 1) * coefficients[k] * powers[k - 2] for k in range(2, 6)]
    acceleration = np.sum(curvature, axis=0) / step**2
    joints = trajectory.position.shape[1]
    time = (trajectory.time[:-1, None] + step[:, :, 0] * fraction[:, :, 0]).ravel()

    def flat(values: FloatArray, end: FloatArray) -> FloatArray:
        return np.vstack([np.asarray(values).reshape(-1, joints), end[-1:]])

    return (
        np.append(time, trajectory.time[-1]),
        flat(position, trajectory.position),
        flat(velocity, trajectory.velocity),
        flat(acceleration, trajectory.acceleration),
    )


def _quintic(trajectory: RobotTrajectory, step: FloatArray) -> list[FloatArray]:
    """Coefficients by normalised time of every interval, six arrays (T - 1, 1, N)."""
    p0, p1 = trajectory.position[:-1, None], trajectory.position[1:, None]
    v0, v1 = trajectory.velocity[:-1, None] * step, trajectory.velocity[1:, None] * step
    a0, a1 = (
        trajectory.acceleration[:-1, None] * step**2,
        trajectory.acceleration[1:, None] * step**2,
    )
    change = p1 - p0
    return [
        p0,
        v0,
        a0 / 2,
        10 * change - 6 * v0 - 4 * v1 - 1.5 * a0 + 0.5 * a1,
        -15 * change + 8 * v0 + 7 * v1 + 1.5 * a0 - a1,
        6 * change - 3 * (v0 + v1) - 0.5 * (a0 - a1),
    ]
