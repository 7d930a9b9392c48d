"""Beats: small up-down strokes of the hands on accented words, added onto other motion.

A beat is an additive channel: an offset that is zero outside its own support, C2, and scaled so
that base + beat stays within the joint limits. It is placed only where the arm's base motion
stands still, so it never disturbs a stroke.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from imaggen_motion.arms import SIDES, Side
from imaggen_motion.limits import PLANNING_SHARE
from imaggen_motion.robot_model import RobotModel
from imaggen_motion.trajectory import RobotTrajectory
from imaggen_speech.utterance import Utterance

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Beat:
    """One beat.

    Attributes:
        word: index of the accented word.
        apex_s: when the hand reaches its lowest point, on the stressed syllable.
        sides: the hand(s) that beat.
        lift, drop: how far the hand rises before and falls at the apex [m].
        spread: sideways share of the movement, -1..1, for variety.
    """

    word: int
    apex_s: float
    sides: tuple[Side, ...]
    lift: float
    drop: float
    spread: float


class BeatModel(Protocol):
    """Anything that proposes beats for an utterance."""

    def propose(self, utterance: Utterance, rng: np.random.Generator) -> list[Beat]:
        """Beats in order of their apexes."""
        ...


@dataclass(frozen=True)
class AccentBeats:
    """Beats on the accented words.

    Attributes:
        amplitude: of the strongest beat [m].
        threshold: least prominence that gets a beat.
        min_interval_s: between apexes; of closer accents the more prominent one wins.
    """

    amplitude: float = 0.07
    threshold: float = 0.4
    min_interval_s: float = 0.55

    def propose(self, utterance: Utterance, rng: np.random.Generator) -> list[Beat]:
        """See `BeatModel.propose`."""
        chosen: list[int] = []
        by_prominence = sorted(
            range(len(utterance.words)), key=lambda i: -utterance.words[i].prominence
        )
        for i in by_prominence:
            word = utterance.words[i]
            clear = all(
                abs(word.accent_s - utterance.words[j].accent_s) >= self.min_interval_s
                for j in chosen
            )
            if word.prominence >= self.threshold and clear:
                chosen.append(i)
        return [self._beat(utterance, i, rng) for i in sorted(chosen)]

    def _beat(self, utterance: Utterance, index: int, rng: np.random.Generator) -> Beat:
        word = utterance.words[index]
        size = self.amplitude * (0.5 + 0.5 * word.prominence) * rng.uniform(0.85, 1.15)
        # People beat mostly with their preferred hand, now and then with both or the other.
        options: list[tuple[Side, ...]] = [("right",), SIDES, ("left",)]
        return Beat(
            word=index,
            apex_s=word.accent_s,
            sides=options[rng.choice(3, p=[0.5, 0.3, 0.2])],
            lift=size,
            drop=0.35 * size,
            spread=float(rng.uniform(-0.1, 0.35)),
        )


# The rise peaks this long before the apex; each bump's half-width is below.
RISE_LEAD_S = 0.24
HALF_WIDTH_S = 0.30
# A beat that limits shrink below this share is left out: it would look like a twitch.
SMALLEST_SHARE = 0.3


def beat_support(beat: Beat) -> tuple[float, float]:
    """When a beat moves the hand, start and end [s]."""
    return beat.apex_s - RISE_LEAD_S - HALF_WIDTH_S, beat.apex_s + HALF_WIDTH_S


def add_beats(
    base: RobotTrajectory, beats: Sequence[Beat], robot: RobotModel
) -> tuple[RobotTrajectory, list[Beat]]:
    """Add beats onto a trajectory where its arms stand still.

    Args:
        base: motion of all commanded joints; not changed.
        beats: in order of their apexes.
        robot: whose limits bound the sum.

    Returns:
        The sum, and the beats that are in it (an arm that moves, or a limit, leaves one out).
    """
    state = [np.array(a) for a in (base.position, base.velocity, base.acceleration)]
    performed = []
    for beat in beats:
        sides = tuple(side for side in beat.sides if _fits(base, beat, side, robot, state))
        added = [side for side in sides if _add(base.time, state, beat, side, robot)]
        if added:
            performed.append(beat)
    return RobotTrajectory(base.joint_names, base.time, *state), performed


def _fits(
    base: RobotTrajectory, beat: Beat, side: Side, robot: RobotModel, state: list[FloatArray]
) -> bool:
    """Whether the beat lies within the trajectory and the arm stands still all the while."""
    start, end = beat_support(beat)
    if start < base.time[0] or end > base.time[-1]:
        return False
    inside = (base.time >= start) & (base.time <= end)
    columns = robot.joint_index(robot.arm_joints[side])
    return bool(np.abs(state[1][inside][:, columns]).max(initial=0.0) < 1e-4)


def _add(
    time: FloatArray, state: list[FloatArray], beat: Beat, side: Side, robot: RobotModel
) -> bool:
    """Add one arm's share of a beat in place; False when limits leave too little of it."""
    columns = robot.joint_index(robot.arm_joints[side])
    start, end = beat_support(beat)
    inside = (time >= start) & (time <= end)
    posture = state[0][inside][0, columns]
    direction = _joint_direction(robot, side, posture, beat)
    shape = _profile(time[inside] - beat.apex_s, beat)
    offset = [np.outer(values, direction) for values in shape]
    limits = robot.limits
    bounds = (
        (PLANNING_SHARE * limits.velocity[columns], offset[1]),
        (PLANNING_SHARE * limits.acceleration[columns], offset[2]),
    )
    share = min(
        [
            1.0,
            *(
                float((bound / np.maximum(np.abs(v).max(axis=0), 1e-9)).min())
                for bound, v in bounds
            ),
        ]
    )
    lower, upper = limits.lower[columns], limits.upper[columns]
    for extreme in (offset[0].max(axis=0), offset[0].min(axis=0)):
        room = np.where(extreme > 0, upper - posture, posture - lower) - 1e-3
        share = min(share, float((room / np.maximum(np.abs(extreme), 1e-9)).min()))
    if share < SMALLEST_SHARE:
        return False
    for target, values in zip(state, offset, strict=True):
        target[np.ix_(np.flatnonzero(inside), np.array(columns))] += share * values
    return True


def _joint_direction(robot: RobotModel, side: Side, posture: FloatArray, beat: Beat) -> FloatArray:
    """(n,) joint change per metre of the hand's upward movement, from the damped Jacobian."""
    arm = robot.arm(side, "relaxed")
    _, _, jacobian = arm.tip_jacobian(posture)
    outward = 1.0 if side == "left" else -1.0
    wanted = robot.space.axes @ np.array([0.15, outward * beat.spread, 1.0])
    linear = jacobian[:3]
    damped = linear @ linear.T + 0.02**2 * np.eye(3)
    return np.asarray(linear.T @ np.linalg.solve(damped, wanted))


def _profile(t: FloatArray, beat: Beat) -> list[FloatArray]:
    """Height of the hand around the apex at t = 0 [m] and its first two derivatives."""
    rise, fall = _bump(t + RISE_LEAD_S), _bump(t)
    return [beat.lift * up - (beat.drop + 0.5 * beat.lift) * down
            for up, down in zip(rise, fall, strict=True)]  # fmt: skip


def _bump(t: FloatArray) -> list[FloatArray]:
    """(1 - x^2)^4 on |x| < 1 with x = t / half-width: C3, compact; and its derivatives by t."""
    x = np.clip(t / HALF_WIDTH_S, -1.0, 1.0)
    inner = 1.0 - x**2
    return [
        inner**4,
        -8.0 * x * inner**3 / HALF_WIDTH_S,
        (48.0 * x**2 * inner**2 - 8.0 * inner**3) / HALF_WIDTH_S**2,
    ]
