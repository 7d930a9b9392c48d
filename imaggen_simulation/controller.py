"""A joint trajectory controller: ros2_controllers' acceptance rules and interpolation, no ROS.

Times are seconds on one clock, positions radians. Stricter than the original in two points that
would hurt a robot: values that are not finite and joints named twice are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from imaggen_simulation.errors import GoalRejected

FloatArray = NDArray[np.float64]
Setpoint = tuple[FloatArray, FloatArray, FloatArray]

# Result codes of control_msgs/action/FollowJointTrajectory.
SUCCESSFUL, INVALID_GOAL, INVALID_JOINTS = 0, -1, -2
OLD_HEADER_TIMESTAMP, PATH_TOLERANCE_VIOLATED, GOAL_TOLERANCE_VIOLATED = -3, -4, -5


@dataclass(frozen=True)
class TrajectoryGoal:
    """A trajectory as it was asked for, before any check.

    Attributes:
        joint_names: in any order.
        time_from_start: (T,) [s].
        positions: T rows.
        velocities, accelerations: T rows, or empty when they were left out.
        start_s: when it starts; None: at once.
        path_tolerance, goal_tolerance: [rad] by joint, instead of the controller's own; 0 is the
            same as none, negative means unlimited.
        goal_time_s: extra time to reach the goal; 0: the controller's own.
    """

    joint_names: Sequence[str]
    time_from_start: Sequence[float]
    positions: Sequence[Sequence[float]]
    velocities: Sequence[Sequence[float]] = ()
    accelerations: Sequence[Sequence[float]] = ()
    start_s: float | None = None
    path_tolerance: Mapping[str, float] = field(default_factory=dict)
    goal_tolerance: Mapping[str, float] = field(default_factory=dict)
    goal_time_s: float = 0.0


@dataclass(frozen=True)
class Tolerances:
    """How far the joints may be from their setpoints, unless a goal says otherwise.

    Attributes:
        path_rad: at any time.
        goal_rad: at the end.
        goal_time_s: extra time to come within `goal_rad`.
    """

    path_rad: float = 0.3
    goal_rad: float = 0.05
    goal_time_s: float = 1.0


@dataclass(frozen=True)
class Outcome:
    """How a trajectory ended."""

    code: int
    text: str


class JointTrajectoryController:
    """Follows one trajectory at a time; holds its last setpoint otherwise.

    Args:
        joint_names: commanded joints.
        position: (N,) where they are.
        lower, upper: (N,) position limits that stopping respects.
        deceleration: (N,) most of the ramp that a cancelled trajectory ends with [rad/s^2].
    """

    def __init__(
        self,
        joint_names: Sequence[str],
        position: FloatArray,
        lower: FloatArray,
        upper: FloatArray,
        deceleration: FloatArray,
        tolerances: Tolerances | None = None,
    ):
        self.joint_names = tuple(joint_names)
        self._tolerances = tolerances or Tolerances()
        self._lower, self._upper = lower, upper
        self._deceleration = deceleration
        self._plan: _Plan = _Hold(position)
        self._active = False
        self._path_tolerance = self._goal_tolerance = np.full(len(self.joint_names), np.inf)
        self._goal_time_s = self._tolerances.goal_time_s

    @property
    def active(self) -> bool:
        """Whether a goal is being followed."""
        return self._active

    def accept(self, goal: TrajectoryGoal, now: float) -> None:
        """Replace whatever is followed by `goal`, starting on the last commanded state.

        Raises:
            GoalRejected: when the goal breaks a rule; what is followed goes on.
        """
        order = self._check_joints(goal.joint_names)
        times, arrays = _check_points(goal, len(self.joint_names))
        start = now if goal.start_s is None else goal.start_s
        if start + times[-1] < now:
            raise GoalRejected(
                OLD_HEADER_TIMESTAMP,
                f"the trajectory ends {now - start - times[-1]:.3f} s in the past",
            )
        path = self._bounds(goal.path_tolerance, self._tolerances.path_rad)
        end = self._bounds(goal.goal_tolerance, self._tolerances.goal_rad)
        ordered = [None if array is None else array[:, order] for array in arrays]
        self._plan = _Spline(start + times, ordered, now, self.sample(now))
        self._path_tolerance, self._goal_tolerance = path, end
        self._goal_time_s = goal.goal_time_s or self._tolerances.goal_time_s
        self._active = True

    def sample(self, now: float) -> Setpoint:
        """Position, velocity and acceleration to command now, each (N,)."""
        return self._plan.sample(now)

    def cancel(self, now: float) -> None:
        """Stop by a short ramp from the last commanded state, then hold."""
        position, velocity, _ = self.sample(now)
        self._plan = _Ramp(now, position, velocity, self._deceleration, (self._lower, self._upper))
        self._active = False

    def outcome(self, now: float, measured: FloatArray) -> Outcome | None:
        """How the goal ended, once it has; (N,) measured positions decide."""
        if not self._active:
            return None
        error = np.abs(measured - self.sample(now)[0])
        if off := self._complaint(error, self._path_tolerance, "path"):
            self.cancel(now)
            return Outcome(PATH_TOLERANCE_VIOLATED, off)
        if now < self._plan.end_s:
            return None
        off = self._complaint(error, self._goal_tolerance, "goal")
        if off and now <= self._plan.end_s + self._goal_time_s:
            return None
        self._active = False
        return Outcome(GOAL_TOLERANCE_VIOLATED if off else SUCCESSFUL, off)

    def _bounds(self, wanted: Mapping[str, float], default: float) -> FloatArray:
        """(N,) tolerances [rad]: a goal's own where it gives some."""
        if unknown := [name for name in wanted if name not in self.joint_names]:
            raise GoalRejected(INVALID_JOINTS, f"a tolerance is for unknown joint {unknown[0]}")
        values = np.array([wanted.get(name, 0.0) or default for name in self.joint_names])
        if np.isnan(values).any():
            raise GoalRejected(INVALID_GOAL, "a tolerance is not a number")
        return np.where(values < 0.0, np.inf, values)

    def _complaint(self, error: FloatArray, tolerance: FloatArray, where: str) -> str:
        """One sentence about the joint that is worst beyond its tolerance; empty when none is."""
        worst = int((error / tolerance).argmax())
        if error[worst] <= tolerance[worst]:
            return ""
        return (
            f"{self.joint_names[worst]} is {error[worst]:.3f} rad off its {where} (tolerance"
            f" {tolerance[worst]:.3f} rad)"
        )

    def _check_joints(self, names: Sequence[str]) -> list[int]:
        """Column of the goal for each commanded joint."""
        if not names:
            raise GoalRejected(INVALID_JOINTS, "the trajectory names no joints")
        if len(set(names)) != len(names):
            raise GoalRejected(INVALID_JOINTS, "the trajectory names a joint twice")
        if unknown := [name for name in names if name not in self.joint_names]:
            raise GoalRejected(INVALID_JOINTS, f"joint {unknown[0]} is not commanded here")
        if missing := [name for name in self.joint_names if name not in names]:
            raise GoalRejected(INVALID_JOINTS, f"joint {missing[0]} is missing")
        return [list(names).index(name) for name in self.joint_names]


def _check_points(goal: TrajectoryGoal, joints: int) -> tuple[FloatArray, list[FloatArray | None]]:
    """Times (T,) and positions, velocities, accelerations (T, N) or None."""
    count = len(goal.time_from_start)
    if count == 0:
        raise GoalRejected(INVALID_GOAL, "the trajectory has no points")
    times = np.asarray(goal.time_from_start, dtype=float)
    if not np.isfinite(times).all() or times[0] < 0 or (np.diff(times) <= 0).any():
        raise GoalRejected(INVALID_GOAL, "the points' times do not increase from zero on")
    arrays: list[FloatArray | None] = []
    for name in ("positions", "velocities", "accelerations"):
        rows = getattr(goal, name)
        if name != "positions" and not any(len(row) for row in rows):
            arrays.append(None)
            continue
        if len(rows) != count or any(len(row) != joints for row in rows):
            raise GoalRejected(INVALID_GOAL, f"every point needs {joints} {name}")
        array = np.asarray(rows, dtype=float)
        if not np.isfinite(array).all():
            raise GoalRejected(INVALID_GOAL, f"{name} hold values that are not finite")
        arrays.append(array)
    if arrays[1] is not None and np.abs(arrays[1][-1]).max() > 1e-6:
        raise GoalRejected(INVALID_GOAL, "the velocity at the end is not zero")
    if arrays[1] is None:
        arrays[2] = None  # accelerations without velocities mean nothing
    return times, arrays


class _Hold:
    """Stay where we are."""

    end_s = -np.inf

    def __init__(self, position: FloatArray):
        self._position = np.array(position, dtype=float)
        self._zero = np.zeros_like(self._position)

    def sample(self, now: float) -> Setpoint:
        return self._position, self._zero, self._zero


class _Ramp:
    """Decelerate smoothly to a halt: the velocity falls by a smoothstep, never a step."""

    def __init__(
        self,
        start: float,
        position: FloatArray,
        velocity: FloatArray,
        deceleration: FloatArray,
        bounds: tuple[FloatArray, FloatArray],
    ):
        self._start, self._position, self._velocity = start, position, velocity
        self._bounds = bounds
        # The steepest part of a smoothstep is 1.5 times its mean slope.
        self._duration = max(1e-3, 1.5 * float((np.abs(velocity) / deceleration).max()))
        self.end_s = start + self._duration

    def sample(self, now: float) -> Setpoint:
        s = float(np.clip((now - self._start) / self._duration, 0.0, 1.0))
        travelled = s - s**3 + s**4 / 2
        position = self._position + self._velocity * self._duration * travelled
        velocity = self._velocity * (1 - 3 * s**2 + 2 * s**3)
        acceleration = self._velocity * (6 * s**2 - 6 * s) / self._duration
        return np.clip(position, *self._bounds), velocity, acceleration


class _Spline:
    """The goal's points: quintic with accelerations, cubic with velocities, else linear.

    Before the first point the joints move from the state they were commanded in when the goal came.
    """

    def __init__(
        self,
        times: FloatArray,
        arrays: list[FloatArray | None],
        now: float,
        state: Setpoint,
    ):
        position, velocity, acceleration = arrays
        assert position is not None
        order = 1 if velocity is None else 3 if acceleration is None else 5
        zero = np.zeros_like(position)
        rows = [position, zero if velocity is None else velocity,
                zero if acceleration is None else acceleration]  # fmt: skip
        if times[0] > now:
            times = np.append(now, times)
            rows = [np.vstack([first, row]) for first, row in zip(state, rows, strict=True)]
        self._times, self._last = times, rows[0][-1]
        self._steps = np.diff(times)
        self._coefficients = _polynomials(order, self._steps[:, None], rows)
        self.end_s = float(times[-1])

    def sample(self, now: float) -> Setpoint:
        if now >= self.end_s:
            zero = np.zeros_like(self._last)
            return self._last, zero, zero
        k = max(0, int(np.searchsorted(self._times, now, side="right")) - 1)
        step = float(self._steps[k])
        s = max(0.0, now - float(self._times[k])) / step
        powers = s ** np.arange(self._coefficients.shape[1])
        rate = np.append(0.0, np.arange(1, len(powers)) * powers[:-1])
        change = np.append(0.0, np.arange(1, len(powers)) * rate[:-1])
        position, velocity, acceleration = np.stack([powers, rate, change]) @ self._coefficients[k]
        return position, velocity / step, acceleration / step**2


def _polynomials(order: int, step: FloatArray, rows: list[FloatArray]) -> FloatArray:
    """Coefficients by normalised time of every interval, (T - 1, order + 1, N)."""
    first, change = rows[0][:-1], np.diff(rows[0], axis=0)
    if order == 1:
        return np.stack([first, change], axis=1)
    v0, v1 = rows[1][:-1] * step, rows[1][1:] * step
    if order == 3:
        return np.stack([first, v0, 3 * change - 2 * v0 - v1, -2 * change + v0 + v1], axis=1)
    a0, a1 = rows[2][:-1] * step**2, rows[2][1:] * step**2
    return np.stack(
        [
            first,
            v0,
            a0 / 2,
            10 * change - 6 * v0 - 4 * v1 - 1.5 * a0 + 0.5 * a1,
            -15 * change + 8 * v0 + 7 * v1 + 1.5 * a0 - a1,
            6 * change - 3 * (v0 + v1) - 0.5 * (a0 - a1),
        ],
        axis=1,
    )


_Plan = _Hold | _Ramp | _Spline
