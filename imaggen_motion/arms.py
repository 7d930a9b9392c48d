"""Find the arms of a humanoid in a bare URDF.

SRDF groups are unreliable, so arms are found by name tokens and structure: a chain of at least
four movable joints of one side that has no leg word and ends where finger words begin.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from imaggen_motion.errors import RobotDescriptionError

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")

_SIDE_TOKENS = {"left": {"left", "l"}, "right": {"right", "r"}}
_LEG_WORDS = {"leg", "hip", "knee", "ankle", "foot", "toe", "wheel", "thigh", "calf"}
_FINGER_WORDS = {
    "finger", "fingers", "thumb", "index", "middle", "ring", "little", "pinky", "gripper", "hand",
    "th", "ff", "mf", "rf", "lf", "knuckle", "grip",
}  # fmt: skip
_HEAD_WORDS = {"head", "neck", "eye", "eyes", "eyelid", "ear"}
MIN_ARM_JOINTS = 4


def tokens(name: str) -> set[str]:
    """Lower-case word tokens of a joint or frame name (snake, camel and dashed)."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return {t for t in re.split(r"[^a-zA-Z]+", spaced.lower()) if t}


def side_of(name: str) -> Side | None:
    """Which side a name belongs to, or None."""
    found = tokens(name)
    matches = [side for side in SIDES if found & _SIDE_TOKENS[side]]
    return matches[0] if len(matches) == 1 else None


def is_finger(name: str) -> bool:
    """Whether a joint or frame name speaks of fingers or a gripper."""
    return bool(tokens(name) & _FINGER_WORDS)


def find_arm_chains(model: Any) -> dict[Side, list[int]]:
    """Joint ids of each arm, shoulder first.

    Args:
        model: pinocchio model of the whole robot.

    Raises:
        RobotDescriptionError: when there is no pair of arms.
    """
    chains = {side: _longest_chain(model, side) for side in SIDES}
    missing = [side for side, chain in chains.items() if len(chain) < MIN_ARM_JOINTS]
    if missing:
        raise RobotDescriptionError(
            f"no {' or '.join(missing)} arm in the URDF {model.name!r}: an arm is a chain of at"
            f" least {MIN_ARM_JOINTS} joints with left/right in their names"
        )
    return chains


def _longest_chain(model: Any, side: Side) -> list[int]:
    """The longest run of parent-child arm joints of one side."""

    def qualifies(joint: int) -> bool:
        name = model.names[joint]
        words = tokens(name)
        return (
            side_of(name) == side
            and not words & (_LEG_WORDS | _FINGER_WORDS | _HEAD_WORDS)
            and model.joints[joint].nq == 1
        )

    best: list[int] = []
    chain_to: dict[int, list[int]] = {}
    for joint in range(1, model.njoints):
        if not qualifies(joint):
            continue
        chain_to[joint] = [*chain_to.get(model.parents[joint], []), joint]
        if len(chain_to[joint]) > len(best):
            best = chain_to[joint]
    return best
