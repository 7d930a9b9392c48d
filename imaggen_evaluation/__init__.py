"""Bags in and out, what the robot really did, and how well it did it."""

from imaggen_evaluation.bag import Bag, StampedMessage, read_bag
from imaggen_evaluation.errors import BagError, EvaluationError
from imaggen_evaluation.executed import ExecutedPath, executed_path

__all__ = [
    "Bag",
    "BagError",
    "EvaluationError",
    "ExecutedPath",
    "StampedMessage",
    "executed_path",
    "read_bag",
]
