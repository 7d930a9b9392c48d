"""Keeps the robot's model and its newest joint state, for nodes that move it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from rclpy.node import Node
from rclpy.qos import qos_profile_sensor_data
from rclpy.serialization import deserialize_message
from sensor_msgs.msg import JointState
from std_msgs.msg import String

from imaggen_common.nodes.running import LATCHED
from imaggen_motion.errors import MotionError
from imaggen_motion.nodes.conversions import posture_from_msg
from imaggen_motion.robot_files import model_of
from imaggen_motion.robot_model import RobotModel
from imaggen_motion.trajectory import FloatArray

# Joints this near the rest posture are taken to have been commanded there: starting from where
# they were sent, not from where friction left them, keeps replacement free of steps.
AT_REST_RAD = 0.03


class RobotListener:
    """Subscribes `robot_description` and `joint_states` on behalf of a node.

    Threading: callbacks run on the node's executor; `posture` may be called from any thread.
    """

    def __init__(self, node: Node, on_robot: Callable[[RobotModel], None] | None = None):
        """Subscribe; `on_robot` is called when a robot becomes known."""
        self._node = node
        self._on_robot = on_robot
        node.declare_parameter("profile", "")
        node.declare_parameter("joint_state_timeout", 0.5)
        self._lock = threading.Lock()
        self._state: bytes | None = None
        self._received_s = -np.inf
        self.model: RobotModel | None = None
        self.problem = (
            "no robot_description was received; is the robot (or its simulation) running?"
        )
        self._subscriptions = (
            node.create_subscription(String, "robot_description", self._on_description, LATCHED),
            # Raw: hundreds arrive every second and only the newest is ever looked at.
            node.create_subscription(
                JointState, "joint_states", self._on_state, qos_profile_sensor_data, raw=True
            ),
        )

    def posture(self) -> FloatArray:
        """(N,) newest measured positions [rad]; the rest posture where they are close to it.

        Raises:
            MotionError: when the robot is unknown, or its joint states are missing or stale.
        """
        if self.model is None:
            raise MotionError(self.problem)
        with self._lock:
            state, received = self._state, self._received_s
        if state is None:
            raise MotionError("no joint_states were received; is the joint state broadcaster up?")
        limit = self._node.get_parameter("joint_state_timeout").value
        age = self._now_s() - received
        if age > limit:
            raise MotionError(
                f"joint_states are {age:.2f} s old (limit {limit:.2f} s); is the robot still there?"
            )
        measured = posture_from_msg(deserialize_message(state, JointState), self.model)
        near = np.abs(measured - self.model.rest).max() < AT_REST_RAD
        return np.array(self.model.rest) if near else measured

    def _on_description(self, message: String) -> None:
        try:
            model = model_of(message.data, self._node.get_parameter("profile").value or None)
            _ = model.rest, model.arm("left"), model.arm("right")  # found now, not in a gesture
        except MotionError as error:
            self.model, self.problem = None, str(error)
            self._node.get_logger().error(str(error))
            return
        if self._on_robot is not None:
            self._on_robot(model)
        self.model = model
        self._node.get_logger().info(
            f"robot {model.name}: {len(model.joint_names)} joints, reach {model.space.reach:.2f} m"
        )

    def _on_state(self, message: bytes) -> None:
        with self._lock:
            self._state, self._received_s = message, self._now_s()

    def _now_s(self) -> float:
        return float(self._node.get_clock().now().nanoseconds * 1e-9)
