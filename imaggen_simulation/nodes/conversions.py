"""Simulation values to messages and back."""

from __future__ import annotations

from array import array
from dataclasses import replace
from typing import Any

from builtin_interfaces.msg import Time
from geometry_msgs.msg import TransformStamped
from sensor_msgs.msg import JointState
from trajectory_msgs.msg import JointTrajectory

from imaggen_simulation.controller import TrajectoryGoal
from imaggen_simulation.robot import JointStates
from imaggen_simulation.transforms import LinkTransform


def goal_from_msg(message: JointTrajectory) -> TrajectoryGoal:
    """A trajectory as the controller takes it; a zero stamp means at once."""
    stamp = message.header.stamp
    start = stamp.sec + stamp.nanosec * 1e-9
    return TrajectoryGoal(
        joint_names=list(message.joint_names),
        time_from_start=[
            p.time_from_start.sec + p.time_from_start.nanosec * 1e-9 for p in message.points
        ],
        positions=[p.positions for p in message.points],
        velocities=[p.velocities for p in message.points],
        accelerations=[p.accelerations for p in message.points],
        start_s=start or None,
    )


def goal_from_request(request: Any) -> TrajectoryGoal:
    """A FollowJointTrajectory goal as the controller takes it, its tolerances included."""
    late = request.goal_time_tolerance
    return replace(
        goal_from_msg(request.trajectory),
        path_tolerance={entry.name: entry.position for entry in request.path_tolerance},
        goal_tolerance={entry.name: entry.position for entry in request.goal_tolerance},
        goal_time_s=late.sec + late.nanosec * 1e-9,
    )


def states_to_msg(states: JointStates, stamp: Time) -> JointState:
    """Joint states as the joint state broadcaster sends them."""
    message = JointState(
        name=list(states.names),
        # Of an array.array rclpy does not check every single element.
        position=array("d", states.position.tobytes()),
        velocity=array("d", states.velocity.tobytes()),
        effort=array("d", states.effort.tobytes()),
    )
    message.header.stamp = stamp
    return message


def transform_to_msg(transform: LinkTransform, stamp: Time) -> TransformStamped:
    """One link's pose in its parent's frame."""
    message = TransformStamped(child_frame_id=transform.child)
    message.header.stamp = stamp
    message.header.frame_id = transform.parent
    position, rotation = message.transform.translation, message.transform.rotation
    position.x, position.y, position.z = transform.translation
    rotation.x, rotation.y, rotation.z, rotation.w = transform.quaternion
    return message
