"""Stroke paths: what the fingertips do in space, before joints and before time.

Points are in the robot's base frame [m]; every practice turns a `GestureSpec` and its object into
a `Stroke` at a given placement, which synthesis may change when the arm cannot follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from imaggen_motion.arms import Side
from imaggen_motion.errors import MotionError
from imaggen_motion.ik import TipPath
from imaggen_motion.robot_model import RobotModel
from imaggen_perception.scene import SceneObject
from imaggen_semantics.plan import GestureSpec, Viewpoint

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Placement:
    """Where and how large a gesture is performed, in reach units from between the shoulders.

    Attributes:
        forward, left, up: centre of the shape; the defaults are the middle of the space in front
            of the chest, where listeners look ("centre-centre").
        size: larger extent of the shape.
    """

    forward: float = 0.62
    left: float = 0.0
    up: float = -0.13
    size: float = 0.5

    def scaled(self, factor: float) -> Placement:
        """The same place, the shape `factor` as large."""
        return replace(self, size=self.size * factor)

    def moved(self, forward: float = 0.0, left: float = 0.0, up: float = 0.0) -> Placement:
        """The same size elsewhere."""
        return replace(self, forward=self.forward + forward, left=self.left + left, up=self.up + up)


@dataclass(frozen=True)
class Stroke:
    """The meaningful part of a gesture.

    Attributes:
        tips: the path of each hand that takes part.
        pace: (K,) relative speed along the path, shared by the hands.
        natural_s: a comfortable duration; limits may make it longer.
        hold_s: how long the hands stay where the stroke ended.
    """

    tips: dict[Side, TipPath]
    pace: FloatArray
    natural_s: float
    hold_s: float
    note: str = field(default="", compare=False)

    @property
    def hands(self) -> Literal["left", "right", "both"]:
        """The hand(s) that take part."""
        return "both" if len(self.tips) == 2 else next(iter(self.tips))


@dataclass(frozen=True)
class PracticeInput:
    """Everything a practice may look at."""

    robot: RobotModel
    gesture: GestureSpec
    object: SceneObject
    viewpoint: Viewpoint
    placement: Placement
    side: Side


_PRACTICES: dict[str, Callable[[PracticeInput], Stroke]] = {}


def practice(name: str) -> Callable[[Callable[..., Stroke]], Callable[..., Stroke]]:
    """Register a function as the practice called `name`."""

    def register(function: Callable[..., Stroke]) -> Callable[..., Stroke]:
        _PRACTICES[name] = function
        return function

    return register


def knows_practice(name: str) -> bool:
    """Whether there is a practice called `name`."""
    return name in _PRACTICES


def known_practices() -> tuple[str, ...]:
    """The names of all practices."""
    return tuple(_PRACTICES)


def make_stroke(request: PracticeInput) -> Stroke:
    """The stroke of the practice that the gesture asks for.

    Raises:
        MotionError: when there is no such practice.
    """
    name: Any = request.gesture.practice
    if name not in _PRACTICES:
        raise MotionError(f"unknown practice {name!r}; known: {', '.join(sorted(_PRACTICES))}")
    return _PRACTICES[name](request)
