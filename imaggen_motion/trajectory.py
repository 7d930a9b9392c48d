"""Joint trajectories: sampled motion of all commanded joints.

Times are seconds from the start of speech; motion may start before it (negative times). Arrays are
(T, N), T samples by N joints, positions in radians (metres for prismatic joints).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from imaggen_motion.errors import MotionError
from imaggen_semantics.plan import DroppedGesture

FloatArray = NDArray[np.float64]
PhaseName = Literal["preparation", "pre_stroke_hold", "stroke", "post_stroke_hold", "retraction"]


def read_only(array: FloatArray) -> FloatArray:
    """The same values, protected against change."""
    view = np.array(array, dtype=float)
    view.setflags(write=False)
    return view


@dataclass(frozen=True)
class Phase:
    """One phase of one gesture.

    Attributes:
        gesture: index into the plan's gestures.
        hands: the hand(s) that perform it.
        start_s, end_s: seconds from the start of speech.
    """

    gesture: int
    name: PhaseName
    hands: Literal["left", "right", "both"]
    start_s: float
    end_s: float


@dataclass(frozen=True)
class TargetPath:
    """What one fingertip was asked to follow in one stroke.

    Attributes:
        points: (n, 3) [m] in the robot's base frame.
    """

    gesture: int
    hand: Literal["left", "right"]
    points: FloatArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", read_only(self.points))


@dataclass(frozen=True)
class RobotTrajectory:
    """Motion of all commanded joints, ready to be checked and sent.

    Attributes:
        time: (T,) strictly increasing [s].
        position, velocity, acceleration: (T, N).
    """

    joint_names: tuple[str, ...]
    time: FloatArray
    position: FloatArray
    velocity: FloatArray
    acceleration: FloatArray

    def __post_init__(self) -> None:
        shape = (len(self.time), len(self.joint_names))
        for name in ("time", "position", "velocity", "acceleration"):
            array = read_only(getattr(self, name))
            object.__setattr__(self, name, array)
            if array.shape != (shape[:1] if name == "time" else shape):
                raise MotionError(f"{name} has shape {array.shape}, expected {shape}")
        if len(self.time) < 2 or not (np.diff(self.time) > 0).all():
            raise MotionError("a trajectory needs at least two samples at increasing times")

    @property
    def lead_s(self) -> float:
        """How long the motion starts before speech [s], >= 0."""
        return max(0.0, -float(self.time[0]))


@dataclass(frozen=True)
class GestureTrajectory(RobotTrajectory):
    """The plan as motion, from the robot's posture back to rest; beats not merged.

    Attributes:
        phases: of every gesture, in order of time.
        paths: what the fingertips were asked to follow.
        notes: one sentence per adjustment ("drawn at 85 % because ...").
        dropped: gestures that could not be performed, and why.
    """

    phases: tuple[Phase, ...] = ()
    paths: tuple[TargetPath, ...] = ()
    notes: tuple[str, ...] = ()
    dropped: tuple[DroppedGesture, ...] = ()
