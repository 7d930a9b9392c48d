"""The topics that belong to the bag of a performance, with type and quality of service."""

from __future__ import annotations

from typing import Any

from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import Image, JointState
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage
from trajectory_msgs.msg import JointTrajectory
from visualization_msgs.msg import MarkerArray

from imaggen_interfaces.msg import GesturePlan, GestureTrajectory, Scene, Utterance

# Deep enough for a second or more of 500 Hz joint states while a large chunk is compressed.
STREAM = QoSProfile(depth=1000, reliability=ReliabilityPolicy.RELIABLE)
# For topics whose last message must reach those who come later.
LATCHED = QoSProfile(
    depth=10,
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.TRANSIENT_LOCAL,
)

RECORDED_TOPICS: dict[str, tuple[Any, QoSProfile]] = {
    "robot_description": (String, LATCHED),
    "image": (Image, STREAM),
    "scene": (Scene, STREAM),
    "utterance": (Utterance, STREAM),
    "gesture_plan": (GesturePlan, LATCHED),
    "gesture_trajectory": (GestureTrajectory, LATCHED),
    "joint_trajectory": (JointTrajectory, LATCHED),
    "joint_states": (JointState, STREAM),
    "/tf": (TFMessage, STREAM),
    "/tf_static": (TFMessage, LATCHED),
    "markers": (MarkerArray, STREAM),
}
