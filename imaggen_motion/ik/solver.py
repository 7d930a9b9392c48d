"""Inverse kinematics over whole paths: the interface, its values and the registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from imaggen_motion.errors import MotionError
from imaggen_motion.robot_model import Arm

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class TipPath:
    """What a fingertip has to follow, in the robot's base frame.

    Attributes:
        points: (K, 3) positions [m], followed exactly.
        finger: (3,) or (K, 3) unit direction the finger should point in, followed softly.
        palm: (3,) unit direction the palm should face, followed more softly; None: free.
    """

    points: FloatArray
    finger: FloatArray
    palm: FloatArray | None = None


@dataclass(frozen=True)
class PathSolution:
    """Joint positions along a path.

    Attributes:
        q: (K, n) [rad], within the arm's bounds.
        error: (K,) distance of the fingertip from its target [m].
        cost: of all soft goals, for choosing among solutions.
    """

    q: FloatArray
    error: FloatArray
    cost: float

    @property
    def worst_error(self) -> float:
        """Largest distance from the path [m]."""
        return float(self.error.max())


class IkSolver(Protocol):
    """Anything that can follow a path with one arm."""

    def solve_path(
        self, arm: Arm, path: TipPath, nominal: FloatArray, seed: FloatArray
    ) -> PathSolution:
        """Follow `path`, starting near `seed` (n,) and staying near `nominal` (n,) [rad]."""
        ...


_SOLVERS: dict[str, Callable[[], IkSolver]] = {}


def register_solver(name: str, factory: Callable[[], IkSolver]) -> None:
    """Make an IK back end available by name."""
    _SOLVERS[name] = factory


def create_solver(name: str = "whole_path") -> IkSolver:
    """The IK back end called `name`.

    Raises:
        MotionError: when there is none.
    """
    if name not in _SOLVERS:
        raise MotionError(f"unknown IK solver {name!r}; known: {', '.join(sorted(_SOLVERS))}")
    return _SOLVERS[name]()
