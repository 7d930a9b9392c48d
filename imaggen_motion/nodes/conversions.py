"""Motion values to messages and back."""

from __future__ import annotations

from array import array
from typing import Any, cast

import numpy as np
from builtin_interfaces.msg import Duration, Time
from geometry_msgs.msg import Point
from sensor_msgs.msg import JointState
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from imaggen_interfaces.msg import GesturePhase
from imaggen_interfaces.msg import GestureTrajectory as GestureTrajectoryMsg
from imaggen_interfaces.msg import TargetPath as TargetPathMsg
from imaggen_motion.errors import MotionError
from imaggen_motion.robot_model import RobotModel
from imaggen_motion.trajectory import (
    FloatArray,
    GestureTrajectory,
    Phase,
    RobotTrajectory,
    TargetPath,
)
from imaggen_semantics.nodes.conversions import dropped_from_msg, dropped_to_msg


def seconds_to_duration(seconds: float) -> Duration:
    """A duration message of `seconds`, rounded to nanoseconds."""
    total = round(seconds * 1e9)
    return Duration(sec=total // 1_000_000_000, nanosec=total % 1_000_000_000)


def trajectory_to_msg(trajectory: RobotTrajectory, stamp: Time | None = None) -> JointTrajectory:
    """The controller's message: positions, velocities and accelerations of every sample.

    Args:
        trajectory: its first sample becomes time_from_start 0.
        stamp: when it starts; None: at once.
    """
    message = JointTrajectory(joint_names=list(trajectory.joint_names))
    if stamp is not None:
        message.header.stamp = stamp
    begin = float(trajectory.time[0])
    message.points = [
        JointTrajectoryPoint(
            # Of an array.array rclpy does not check every single element.
            positions=array("d", position.tobytes()),
            velocities=array("d", velocity.tobytes()),
            accelerations=array("d", acceleration.tobytes()),
            time_from_start=seconds_to_duration(float(time) - begin),
        )
        for time, position, velocity, acceleration in zip(
            trajectory.time,
            trajectory.position,
            trajectory.velocity,
            trajectory.acceleration,
            strict=True,
        )
    ]
    return message


def _arrays(message: JointTrajectory, begin_s: float) -> dict[str, Any]:
    """Constructor arguments of a RobotTrajectory."""
    return {
        "joint_names": tuple(message.joint_names),
        "time": np.array(
            [
                begin_s + p.time_from_start.sec + p.time_from_start.nanosec * 1e-9
                for p in message.points
            ]
        ),
        "position": np.array([p.positions for p in message.points]),
        "velocity": np.array([p.velocities for p in message.points]),
        "acceleration": np.array([p.accelerations for p in message.points]),
    }


def gesture_trajectory_to_msg(
    trajectory: GestureTrajectory, utterance_id: str, frame_id: str, stamp: Time
) -> GestureTrajectoryMsg:
    """Gestures as a message; `frame_id` is the robot's base frame."""
    message = GestureTrajectoryMsg(
        utterance_id=utterance_id,
        trajectory=trajectory_to_msg(trajectory),
        lead=trajectory.lead_s,
        notes=list(trajectory.notes),
        dropped=[dropped_to_msg(dropped) for dropped in trajectory.dropped],
    )
    message.header.stamp = stamp
    message.header.frame_id = frame_id
    message.phases = [
        GesturePhase(
            gesture=phase.gesture,
            phase=phase.name,
            hands=phase.hands,
            start=phase.start_s,
            end=phase.end_s,
        )
        for phase in trajectory.phases
    ]
    message.paths = [
        TargetPathMsg(
            gesture=path.gesture,
            hand=path.hand,
            frame_id=frame_id,
            points=[Point(x=x, y=y, z=z) for x, y, z in path.points.tolist()],
        )
        for path in trajectory.paths
    ]
    return message


def gesture_trajectory_from_msg(message: GestureTrajectoryMsg) -> GestureTrajectory:
    """The gestures of a message.

    Raises:
        MotionError: when its arrays do not fit together.
    """
    return GestureTrajectory(
        **_arrays(message.trajectory, -message.lead),
        phases=tuple(
            Phase(p.gesture, cast(Any, p.phase), cast(Any, p.hands), p.start, p.end)
            for p in message.phases
        ),
        paths=tuple(
            TargetPath(p.gesture, cast(Any, p.hand), np.array([[q.x, q.y, q.z] for q in p.points]))
            for p in message.paths
        ),
        notes=tuple(message.notes),
        dropped=tuple(dropped_from_msg(dropped) for dropped in message.dropped),
    )


def posture_from_msg(message: JointState, robot: RobotModel) -> FloatArray:
    """(N,) positions of the commanded joints [rad].

    Raises:
        MotionError: when a commanded joint is missing or not finite.
    """
    by_name = dict(zip(message.name, message.position, strict=False))
    missing = [name for name in robot.joint_names if name not in by_name]
    if missing:
        raise MotionError(
            f"joint_states lacks {missing[0]} (and {len(missing) - 1} more); is this the robot of"
            f" robot_description ({robot.name})?"
        )
    posture = np.array([by_name[name] for name in robot.joint_names])
    if not np.isfinite(posture).all():
        raise MotionError("joint_states holds positions that are not finite")
    return posture
