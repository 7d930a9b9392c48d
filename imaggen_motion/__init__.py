"""Motion: from a gesture plan to a joint trajectory of any URDF humanoid."""

from imaggen_motion.errors import (
    LimitError,
    MotionError,
    RobotDescriptionError,
    UnreachablePath,
)
from imaggen_motion.profile import RobotProfile, load_profile
from imaggen_motion.robot_model import RobotModel
from imaggen_motion.synthesis import SynthesisConfig, synthesize
from imaggen_motion.trajectory import GestureTrajectory, Phase, RobotTrajectory, TargetPath

__all__ = [
    "GestureTrajectory",
    "LimitError",
    "MotionError",
    "Phase",
    "RobotDescriptionError",
    "RobotModel",
    "RobotProfile",
    "RobotTrajectory",
    "SynthesisConfig",
    "TargetPath",
    "UnreachablePath",
    "load_profile",
    "synthesize",
]
