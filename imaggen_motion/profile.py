"""Robot profiles: what a URDF does not say, as YAML.

Every field has a default, so a bare URDF works without a profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml

from imaggen_motion.errors import MotionError

T = TypeVar("T")

# A URDF has no acceleration limits. 10 rad/s^2 lets a 0.3 m wrist move keep human timing
# (about 0.8 s) and is within what the arms of service robots are tuned for.
DEFAULT_ACCELERATION = 10.0
# Some URDFs state velocities that no arm reaches (G1 37, iCub 100 rad/s).
DEFAULT_VELOCITY_CAP = 4.0


@dataclass(frozen=True)
class HandProfile:
    """Names and hand shapes of one hand.

    Attributes:
        tip: frame of the index fingertip; empty: found from the URDF.
        finger_direction: unit vector of the pointing finger in the tip frame; None: found.
        palm_normal: unit vector out of the palm in the tip frame; None: found or unused.
        shapes: joint positions [rad] per hand shape ("relaxed", "index").
    """

    tip: str = ""
    finger_direction: tuple[float, float, float] | None = None
    palm_normal: tuple[float, float, float] | None = None
    shapes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class RobotProfile:
    """Overrides for one robot.

    Attributes:
        acceleration_limit: of every joint without an entry below [rad/s^2].
        acceleration_limits, velocity_limits: per joint [rad/s^2], [rad/s].
        velocity_cap: upper bound on the URDF's velocities [rad/s].
        rest: posture between gestures, joint name to position [rad]; missing joints are found.
        left, right: the hands.
    """

    acceleration_limit: float = DEFAULT_ACCELERATION
    acceleration_limits: Mapping[str, float] = field(default_factory=dict)
    velocity_limits: Mapping[str, float] = field(default_factory=dict)
    velocity_cap: float = DEFAULT_VELOCITY_CAP
    rest: Mapping[str, float] = field(default_factory=dict)
    left: HandProfile = field(default_factory=HandProfile)
    right: HandProfile = field(default_factory=HandProfile)

    def __post_init__(self) -> None:
        bounds = {
            "acceleration_limit": self.acceleration_limit,
            "velocity_cap": self.velocity_cap,
            **self.acceleration_limits,
            **self.velocity_limits,
        }
        for name, value in bounds.items():
            if not value > 0.0:
                raise MotionError(f"{name} in the robot profile must be above 0, got {value}")


def load_profile(path: str | Path) -> RobotProfile:
    """Read a robot profile.

    Raises:
        MotionError: when the file cannot be read or holds an unknown or ill-typed entry.
    """
    try:
        data = yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError) as error:
        raise MotionError(f"cannot read the robot profile {path}: {error}") from error
    try:
        for side in ("left", "right"):
            if side in data:
                data[side] = _construct(HandProfile, data[side], f"{path}, {side}")
        return _construct(RobotProfile, data, str(path))
    except TypeError as error:
        raise MotionError(f"ill-typed entry in the robot profile {path}: {error}") from error


def _construct(kind: type[T], data: Any, where: str) -> T:
    """Build a dataclass from a mapping, naming entries it does not have."""
    if not isinstance(data, Mapping):
        raise MotionError(f"expected a mapping in {where}, got {type(data).__name__}")
    known = {entry.name for entry in fields(cast(Any, kind))}
    if unknown := sorted(set(data) - known):
        raise MotionError(
            f"unknown entry {unknown[0]!r} in {where}; known: {', '.join(sorted(known))}"
        )
    return kind(**data)
