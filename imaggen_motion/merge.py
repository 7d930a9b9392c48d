"""Merging: the only place where motions meet.

Semantic gestures come first; beats ride on top where the arms stand still. The result is one
complete trajectory of all commanded joints, checked against every limit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imaggen_motion.beats import AccentBeats, Beat, BeatModel, add_beats
from imaggen_motion.limits import check_trajectory
from imaggen_motion.robot_model import RobotModel
from imaggen_motion.trajectory import RobotTrajectory
from imaggen_speech.utterance import Utterance


@dataclass(frozen=True)
class Performance:
    """What is sent to the controller.

    Attributes:
        trajectory: of all commanded joints, ending at rest, within all limits.
        beats: the beats that are in it.
    """

    trajectory: RobotTrajectory
    beats: tuple[Beat, ...]


def merge(
    gestures: RobotTrajectory,
    utterance: Utterance,
    robot: RobotModel,
    rng: np.random.Generator,
    model: BeatModel | None = None,
) -> Performance:
    """Add beats in the gaps and check the sum.

    Args:
        gestures: semantic gestures of all commanded joints, times from the start of speech.
        utterance: whose accents get beats.
        robot: whose limits hold.
        rng: for the beats' variety.
        model: proposes the beats; default: on accented words.

    Raises:
        LimitError, MotionError: when the result must not be sent.
    """
    proposed = (model or AccentBeats()).propose(utterance, rng)
    base = hold_until(gestures, utterance.duration_s)
    trajectory, beats = add_beats(base, proposed, robot)
    check_trajectory(trajectory, robot.limits)
    return Performance(trajectory, tuple(beats))


def hold_until(trajectory: RobotTrajectory, end_s: float) -> RobotTrajectory:
    """The same motion, holding its last posture until `end_s` when it ends earlier."""
    step = float(trajectory.time[-1] - trajectory.time[-2])
    missing = int(np.ceil((end_s - trajectory.time[-1]) / step))
    if missing <= 0:
        return trajectory
    still = np.zeros((missing, len(trajectory.joint_names)))
    return RobotTrajectory(
        trajectory.joint_names,
        np.append(trajectory.time, trajectory.time[-1] + step * np.arange(1, missing + 1)),
        np.vstack([trajectory.position, still + trajectory.position[-1]]),
        np.vstack([trajectory.velocity, still]),
        np.vstack([trajectory.acceleration, still]),
    )
