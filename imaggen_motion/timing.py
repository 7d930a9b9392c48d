"""Time laws: how fast hands move along paths and between them.

Everything here is C2 (continuous position, velocity and acceleration) and starts and ends at rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, make_interp_spline
from scipy.ndimage import gaussian_filter1d

FloatArray = NDArray[np.float64]
JointBounds = tuple[FloatArray, FloatArray]
State = tuple[FloatArray, FloatArray, FloatArray]

# Share of a stroke spent speeding up, and again slowing down.
RAMP = 0.25
MIN_MOVE_S = 0.3
_PACING_ROUNDS = 6


def human_movement_time(distance_m: float) -> float:
    """Duration of a free wrist movement [s]: T = 0.24 ln(100 D + 1), D in metres."""
    return float(0.24 * np.log(100.0 * max(0.0, distance_m) + 1.0))


def minimum_jerk_time(change: FloatArray, velocity: FloatArray, acceleration: FloatArray) -> float:
    """Shortest minimum-jerk move by `change` (n,) within the joint limits [s].

    Peaks of 10 t^3 - 15 t^4 + 6 t^5 (Flash & Hogan 1985): velocity 1.875 D/T, acceleration
    5.7735 D/T^2.
    """
    size = np.abs(change)
    by_velocity = 1.875 * size / velocity
    by_acceleration = np.sqrt(5.7735 * size / acceleration)
    return float(max(by_velocity.max(initial=0.0), by_acceleration.max(initial=0.0)))


@dataclass(frozen=True)
class Hold:
    """Stay at `q` (n,)."""

    start_s: float
    end_s: float
    q: FloatArray

    def evaluate(self, t: FloatArray) -> State:
        """Position, velocity and acceleration, each (len(t), n)."""
        zero = np.zeros((len(t), len(self.q)))
        return zero + self.q, zero, zero


@dataclass(frozen=True)
class MinimumJerkMove:
    """Move from `first` to `last` (n,), both at rest."""

    start_s: float
    end_s: float
    first: FloatArray
    last: FloatArray

    def evaluate(self, t: FloatArray) -> State:
        """Position, velocity and acceleration, each (len(t), n)."""
        duration = self.end_s - self.start_s
        s = np.clip((t - self.start_s) / duration, 0.0, 1.0)[:, None]
        change = self.last - self.first
        position = self.first + change * (10 * s**3 - 15 * s**4 + 6 * s**5)
        velocity = change * (30 * s**2 - 60 * s**3 + 30 * s**4) / duration
        acceleration = change * (60 * s - 180 * s**2 + 120 * s**3) / duration**2
        return position, velocity, acceleration


@dataclass(frozen=True)
class PathMove:
    """Follow joint waypoints at a given pace, from rest to rest."""

    start_s: float
    end_s: float
    law: PathLaw

    def evaluate(self, t: FloatArray) -> State:
        """Position, velocity and acceleration, each (len(t), n)."""
        duration = self.end_s - self.start_s
        s = np.clip((t - self.start_s) / duration, 0.0, 1.0)
        position, velocity, acceleration = self.law.evaluate(s)
        return position, velocity / duration, acceleration / duration**2


Segment = Hold | MinimumJerkMove | PathMove


class PathLaw:
    """Joint waypoints passed with a relative pace, over normalised time 0..1.

    Args:
        q: (K, n) joint waypoints, evenly spaced along the path in space.
        pace: (K,) relative speed along the path.

    Attributes:
        progress: (K,) share of the eased time at which each waypoint is passed, 0..1.
    """

    SAMPLES = 161

    def __init__(self, q: FloatArray, pace: FloatArray):
        spacing = 2.0 / (pace[1:] + pace[:-1])
        at = np.concatenate([[0.0], np.cumsum(spacing)])
        self.progress = at / at[-1]
        along = CubicSpline(self.progress, q, axis=0)
        s = np.linspace(0.0, 1.0, self.SAMPLES)
        rest = np.zeros(q.shape[1])
        # A quintic spline through the eased samples is C4, so derivatives are exact, not estimated.
        at_rest: Any = [(1, rest), (2, rest)]
        self._position = make_interp_spline(
            s, along(_ease(s)), k=5, bc_type=(at_rest, at_rest), check_finite=False
        )
        self._velocity = self._position.derivative()
        self._acceleration = self._velocity.derivative()

    def evaluate(self, s: FloatArray) -> State:
        """Position and its first two derivatives by normalised time, each (len(s), n)."""
        return self._position(s), self._velocity(s), self._acceleration(s)

    def needed_time(self, s: FloatArray, bounds: JointBounds) -> FloatArray:
        """(len(s),) duration of the whole path that the limits ask for at each time [s]."""
        _, rate, change = self.evaluate(s)
        velocity, acceleration = bounds
        by_velocity = (np.abs(rate) / velocity).max(axis=1)
        by_acceleration = np.sqrt((np.abs(change) / acceleration).max(axis=1))
        return np.asarray(np.maximum(by_velocity, by_acceleration))


def pace_within_limits(
    paths: Sequence[FloatArray],
    bounds: Sequence[JointBounds],
    pace: FloatArray,
    natural_s: float,
) -> tuple[list[PathLaw], float]:
    """Time laws of paths that are followed together, slowed down where the limits ask for it.

    Slowing only the corners that need it keeps the rest of the stroke at a human pace; whatever is
    still too fast after a few rounds stretches the whole.

    Args:
        paths: joint waypoints (K, n) of each arm.
        bounds: velocity and acceleration limits of each arm, (n,) each.
        pace: (K,) wanted relative speed.
        natural_s: wanted duration [s].

    Returns:
        One law per path and their common duration [s], at least `natural_s`.
    """
    s = np.linspace(0.0, 1.0, 4 * PathLaw.SAMPLES)
    best: tuple[list[PathLaw], float] | None = None
    for _ in range(_PACING_ROUNDS):
        laws = [PathLaw(q, pace) for q in paths]
        needed = np.max(
            [law.needed_time(s, b) for law, b in zip(laws, bounds, strict=True)], axis=0
        )
        shortest = float(needed.max())
        if best is None or shortest < best[1]:
            best = laws, shortest
        if shortest <= natural_s:
            break
        # At which waypoint the hand is at each time, to slow down around the busy ones.
        waypoint = np.interp(_ease(s), laws[0].progress, np.arange(len(pace)))
        crowded = np.ones(len(pace))
        np.maximum.at(crowded, np.rint(waypoint).astype(int), needed / (0.9 * natural_s))
        pace = gaussian_filter1d(pace / np.minimum(crowded, 1.5), 1.0, mode="nearest")
    assert best is not None
    return best[0], max(natural_s, best[1])


def _ease(s: FloatArray) -> FloatArray:
    """Smooth start, steady middle, smooth end: 0..1 onto 0..1, C2 with zero end velocities.

    The velocity rises by a smoothstep (3 x^2 - 2 x^3) over the first `RAMP`, and falls likewise.
    """
    peak = 1.0 / (1.0 - RAMP)

    def ramp_integral(x: FloatArray) -> FloatArray:
        return RAMP * (x**3 - x**4 / 2)

    first = ramp_integral(np.clip(s / RAMP, 0.0, 1.0))
    last = ramp_integral(np.clip((1.0 - s) / RAMP, 0.0, 1.0))
    middle = np.clip(s - RAMP, 0.0, 1.0 - 2 * RAMP)
    return peak * (first + middle + (RAMP / 2 - last))


class Timeline:
    """Consecutive segments of one group of joints; gaps are holds.

    Args:
        q: (n,) posture at the beginning.
    """

    def __init__(self, q: FloatArray):
        self._first = q
        self._segments: list[Segment] = []

    @property
    def start_s(self) -> float:
        """When the first segment starts; infinity when there is none."""
        return self._segments[0].start_s if self._segments else np.inf

    @property
    def end_s(self) -> float:
        """When the last segment ends; minus infinity when there is none."""
        return self._segments[-1].end_s if self._segments else -np.inf

    @property
    def posture(self) -> FloatArray:
        """(n,) where the joints are after the last segment."""
        return self._end_of(self._segments[-1]) if self._segments else self._first

    def add(self, segment: Segment) -> None:
        """Append a segment that starts where and not before the last one ended."""
        if segment.start_s < self.end_s - 1e-9 or segment.end_s <= segment.start_s:
            raise ValueError(
                f"segment {segment.start_s:.3f}..{segment.end_s:.3f} s does not follow"
                f" {self.end_s:.3f} s"
            )
        self._segments.append(segment)

    def sample(self, t: FloatArray) -> State:
        """Position, velocity and acceleration, each (len(t), n)."""
        columns = len(self._first)
        result = tuple(np.zeros((len(t), columns)) for _ in range(3))
        result[0][:] = self._first
        for segment in self._segments:
            inside = (t >= segment.start_s) & (t <= segment.end_s)
            for target, values in zip(result, segment.evaluate(t[inside]), strict=True):
                target[inside] = values
            result[0][t > segment.end_s] = self._end_of(segment)
        return result[0], result[1], result[2]

    @staticmethod
    def _end_of(segment: Segment) -> FloatArray:
        return np.asarray(segment.evaluate(np.array([segment.end_s]))[0][0])
