"""Node `beat_generator`: beats, merging, and the one hand on the controller.

Offers the action `perform_utterance`. Every goal runs in a thread of its own, because coroutines
make rclpy's executor spin; the executor only delivers messages. A new goal pre-empts the running
one: its trajectory is cancelled and its result says so.
"""

from __future__ import annotations

import threading
from typing import Any

import rclpy
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.node import Node
from trajectory_msgs.msg import JointTrajectory
from visualization_msgs.msg import MarkerArray

from imaggen_common.nodes.running import LATCHED, run_node
from imaggen_interfaces.action import PerformUtterance
from imaggen_motion.nodes.controller_client import ControllerClient
from imaggen_motion.nodes.performance_run import PerformanceRun
from imaggen_motion.nodes.robot_listener import RobotListener
from imaggen_motion.nodes.stages import Stages
from imaggen_semantics.errors import SemanticsError
from imaggen_semantics.nouns import nouns


class BeatGeneratorNode(Node):
    """Performs utterances: see, speak, plan, synthesize, add beats, execute.

    Attributes:
        robot: the robot's model and newest state.
        stages: the nodes before this one.
        controller: the joint trajectory controller.
        trajectories, markers: publishers of what was sent.
    """

    def __init__(self) -> None:
        super().__init__("beat_generator")
        self.declare_parameter("controller", "joint_trajectory_controller/follow_joint_trajectory")
        self.declare_parameter("controller_timeout", 3.0)
        self.declare_parameter("stage_timeout", 5.0)
        self.declare_parameter("seed", 0)
        self.declare_parameter("beats", True)
        self.declare_parameter("language", "en")
        self._read_ahead(self.get_parameter("language").value)
        self.robot = RobotListener(self)
        self.stages = Stages(self, self.get_parameter("stage_timeout").value)
        self.controller = ControllerClient(self, self.get_parameter("controller").value)
        self.trajectories = self.create_publisher(JointTrajectory, "joint_trajectory", LATCHED)
        self.markers = self.create_publisher(MarkerArray, "markers", 10)
        self._lock = threading.Lock()
        self._current: tuple[PerformanceRun, threading.Thread] | None = None
        self._server = ActionServer(
            self,
            PerformUtterance,
            "perform_utterance",
            execute_callback=lambda goal: goal.request,  # replaced when a run ends
            handle_accepted_callback=self._on_accepted,
            goal_callback=lambda _: GoalResponse.ACCEPT,
            cancel_callback=lambda _: CancelResponse.ACCEPT,
        )

    def _read_ahead(self, language: str) -> None:
        """Load the lexicon now, so that the first goal does not wait for it."""
        try:
            nouns("A ball.", language)
        except SemanticsError as error:
            self.get_logger().warning(f"the camera is told no nouns: {error}")

    def _on_accepted(self, goal: Any) -> None:
        """Start the goal's thread; it first waits for the goal it pre-empts."""
        with self._lock:
            before = self._current
            run = PerformanceRun(self, goal)
            if before is not None:
                before[0].preempt()
            thread = threading.Thread(
                target=self._run, args=(run, before and before[1]), name="perform_utterance"
            )
            self._current = (run, thread)
            thread.start()

    @staticmethod
    def _run(run: PerformanceRun, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()
        try:
            run.execute()
        except Exception:
            if rclpy.ok():  # after shutdown there is nobody left to tell
                raise

    def destroy_node(self) -> None:
        """Stop the running goal and wait for its thread."""
        with self._lock:
            current = self._current
        if current is not None:
            current[0].preempt()
            current[1].join(timeout=5.0)
        super().destroy_node()


def main() -> None:
    """Run the node until it is stopped."""
    run_node(BeatGeneratorNode)


if __name__ == "__main__":
    main()
