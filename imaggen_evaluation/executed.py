"""What the robot did: executed joint states through forward kinematics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from imaggen_evaluation.bag import NANOSECONDS, Bag
from imaggen_evaluation.errors import EvaluationError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class ExecutedPath:
    """The way one frame of the robot took.

    Attributes:
        frame: its name in the robot description.
        time: (T,) stamps of the joint states [s since the epoch], ascending.
        points: (T, 3) positions in the root link's frame [m].
    """

    frame: str
    time: FloatArray
    points: FloatArray

    def between(self, start: float, end: float) -> ExecutedPath:
        """The part with `start <= time <= end` [s since the epoch]."""
        inside = (self.time >= start) & (self.time <= end)
        return ExecutedPath(self.frame, self.time[inside], self.points[inside])


def seconds(stamp: Any) -> float:
    """A builtin_interfaces/Time or Duration as seconds."""
    return float(stamp.sec + stamp.nanosec / NANOSECONDS)


def executed_path(
    bag: Bag, frame: str, start: float = -np.inf, end: float = np.inf
) -> ExecutedPath:
    """Positions of a frame from the recorded joint states and robot description.

    Args:
        bag: a recording with `/robot_description` and `/joint_states`.
        frame: a link or other frame of the robot description, e.g. a fingertip.
        start: first stamp to include [s since the epoch].
        end: last stamp to include [s since the epoch].

    Raises:
        BagError: when one of the two topics is missing or silent.
        EvaluationError: when the robot has no such frame, or no joint state is in the window.
    """
    model = pin.buildModelFromXML(bag.last("/robot_description").data)
    if not model.existFrame(frame):
        raise EvaluationError(f"the recorded robot has no frame {frame!r}; name one of its links")
    states = {
        stamp: message.value
        for message in bag.messages("/joint_states")
        if start <= (stamp := seconds(message.value.header.stamp)) <= end
    }
    if not states:
        raise EvaluationError(f"{bag.path} has no joint states between {start} and {end} s")
    time = np.array(sorted(states))
    configurations = _configurations(model, [states[stamp] for stamp in time])
    return ExecutedPath(frame, time, _frame_positions(model, configurations, frame))


def _configurations(model: pin.Model, states: list[Any]) -> FloatArray:
    """(T, nq) configurations; joints that no state names stay neutral, others keep their last."""
    current = pin.neutral(model)
    rows = np.empty((len(states), model.nq))
    for row, state in zip(rows, states, strict=True):
        for name, position in zip(state.name, state.position, strict=True):
            if model.existJointName(name):
                _set_joint(current, model.joints[model.getJointId(name)], position)
        row[:] = current
    return rows


def _set_joint(configuration: FloatArray, joint: Any, position: float) -> None:
    """Write one joint's position; continuous joints are kept as cosine and sine by pinocchio."""
    index = joint.idx_q
    if joint.nq == 2:
        configuration[index : index + 2] = np.cos(position), np.sin(position)
    else:
        configuration[index] = position


def _frame_positions(model: pin.Model, configurations: FloatArray, frame: str) -> FloatArray:
    """(T, 3) positions of a frame in the root link's frame [m]."""
    data = model.createData()
    frame_id = model.getFrameId(frame)
    points = np.empty((len(configurations), 3))
    for point, configuration in zip(points, configurations, strict=True):
        pin.framesForwardKinematics(model, data, configuration)
        point[:] = data.oMf[frame_id].translation
    return points
