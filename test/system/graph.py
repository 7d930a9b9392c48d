"""The whole chain in one process, joined by real DDS."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import rclpy
from rclpy.action import ActionClient
from rclpy.node import Node
from sensor_msgs.msg import JointState

from imaggen_common.nodes.running import NodeThreads
from imaggen_interfaces.action import PerformUtterance
from imaggen_motion.errors import MotionError
from imaggen_motion.nodes.beat_generator_node import BeatGeneratorNode
from imaggen_motion.nodes.controller_client import wait_for
from imaggen_motion.nodes.gesture_synthesis_node import GestureSynthesisNode
from imaggen_perception.nodes.conversions import array_to_image
from imaggen_perception.nodes.perception_node import PerceptionNode
from imaggen_semantics.nodes.semantic_matcher_node import SemanticMatcherNode
from imaggen_simulation.nodes.simulated_robot_node import SimulatedRobotNode
from imaggen_speech.nodes.speech_node import SpeechNode

READY_S, ANSWER_S = 30.0, 60.0
CHAIN = (
    PerceptionNode,
    SpeechNode,
    SemanticMatcherNode,
    GestureSynthesisNode,
    BeatGeneratorNode,
)


class Graph:
    """Nodes with an executor thread each, and a client of `perform_utterance`.

    Args:
        nodes: factories of the nodes to run; by default the chain and a simulated robot.
        parameters: for all nodes, "name:=value".
    """

    def __init__(self, nodes=(*CHAIN, SimulatedRobotNode), parameters=("segmenter:=classical",)):
        words = [word for p in parameters for word in ("-p", p)]
        rclpy.init(args=["--ros-args", "--log-level", "fatal", *words])
        self.threads = NodeThreads()
        self.states: list[JointState] = []
        self.client_node = Node("test_client")
        self.client_node.create_subscription(JointState, "joint_states", self.states.append, 50)
        self.action = ActionClient(self.client_node, PerformUtterance, "perform_utterance")
        for factory in nodes:
            self.threads.spin(factory())
        self.nodes = {type(node): node for node in self.threads.nodes}
        self.threads.spin(self.client_node)
        assert self.action.wait_for_server(timeout_sec=READY_S)

    def wait_for_robot(self) -> None:
        """Until the performer knows the robot and where it is."""
        pause, listener = threading.Event(), self.nodes[BeatGeneratorNode].robot
        for _ in range(round(READY_S / 0.05)):
            try:
                listener.posture()
                return
            except MotionError:
                pause.wait(0.05)
        raise AssertionError(listener.problem)

    def send(self, text: str = "", image: np.ndarray | None = None, **fields: Any) -> Any:
        """The accepted goal's handle."""
        goal = PerformUtterance.Goal(text=text, **fields)
        if image is not None:
            stamp = self.client_node.get_clock().now().to_msg()
            goal.image = array_to_image(image, stamp, "camera_optical_frame")
        future = self.action.send_goal_async(goal)
        assert wait_for(future, ANSWER_S) and future.result().accepted
        return future.result()

    def result(self, handle: Any) -> Any:
        """The result response of a goal."""
        future = handle.get_result_async()
        assert wait_for(future, ANSWER_S)
        return future.result()

    def perform(self, text: str = "", image: np.ndarray | None = None, **fields: Any) -> Any:
        """The result of a goal, waited for."""
        return self.result(self.send(text, image, **fields)).result

    def close(self) -> None:
        self.threads.close()
        rclpy.try_shutdown()
