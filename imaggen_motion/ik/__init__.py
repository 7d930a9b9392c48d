"""Inverse kinematics: one solver a file, behind `IkSolver`."""

from imaggen_motion.ik import whole_path as _whole_path  # noqa: F401  registers
from imaggen_motion.ik.solver import IkSolver, PathSolution, TipPath, create_solver

__all__ = ["IkSolver", "PathSolution", "TipPath", "create_solver"]
