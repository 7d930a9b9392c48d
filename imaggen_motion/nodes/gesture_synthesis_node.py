"""Node `gesture_synthesis`: gesture plan in, joint motion of this robot out."""

from __future__ import annotations

import threading

import numpy as np
from rclpy.node import Node

from imaggen_common.nodes.running import LATCHED, run_node
from imaggen_interfaces.msg import GesturePlan as GesturePlanMsg
from imaggen_interfaces.msg import GestureTrajectory as GestureTrajectoryMsg
from imaggen_interfaces.msg import PreparationTimes
from imaggen_motion.errors import MotionError
from imaggen_motion.nodes.conversions import gesture_trajectory_to_msg
from imaggen_motion.nodes.robot_listener import RobotListener
from imaggen_motion.preparation import preparation_times
from imaggen_motion.robot_model import RobotModel
from imaggen_motion.synthesis import SynthesisConfig, synthesize
from imaggen_semantics.nodes.conversions import plan_from_msg

SYNTHESIS_FAILED = 1


class GestureSynthesisNode(Node):
    """Subscribes `gesture_plan`, publishes `gesture_trajectory`; `preparation_times` is latched."""

    def __init__(self) -> None:
        super().__init__("gesture_synthesis")
        self.declare_parameter("solver", "whole_path")
        self._config = SynthesisConfig(solver=self.get_parameter("solver").value)
        self._preparation = self.create_publisher(PreparationTimes, "preparation_times", LATCHED)
        self._warming: threading.Thread | None = None
        self._robot = RobotListener(self, on_robot=self._on_robot)
        self._publisher = self.create_publisher(GestureTrajectoryMsg, "gesture_trajectory", LATCHED)
        self._subscription = self.create_subscription(
            GesturePlanMsg, "gesture_plan", self._on_plan, LATCHED
        )
        self._done = ""

    def destroy_node(self) -> None:
        """Wait for the thread, then destroy the node."""
        if self._warming is not None:
            self._warming.join()
        super().destroy_node()

    def _on_robot(self, robot: RobotModel) -> None:
        """Measure this robot's preparations beside everything else; joint states go on arriving."""
        if self._warming is not None:
            self._warming.join()
        self._warming = threading.Thread(
            target=self._warm_up, args=(robot.copy(),), name="preparation_times", daemon=True
        )
        self._warming.start()

    def _warm_up(self, robot: RobotModel) -> None:
        """Tell how long preparations take; the first real gesture then finds warm code."""
        times = preparation_times(robot, self._config)
        if times and self.context.ok():
            self._preparation.publish(
                PreparationTimes(practices=list(times), seconds=list(times.values()))
            )

    def _on_plan(self, message: GesturePlanMsg) -> None:
        if message.utterance_id == self._done:
            return  # a latched plan that came again
        self._done = message.utterance_id
        try:
            result = self._synthesize(message)
        except (MotionError, KeyError) as error:
            result = GestureTrajectoryMsg(
                utterance_id=message.utterance_id,
                error_code=SYNTHESIS_FAILED,
                error_msg=str(error.args[0]),
            )
            self.get_logger().error(result.error_msg)
        self._publisher.publish(result)

    def _synthesize(self, message: GesturePlanMsg) -> GestureTrajectoryMsg:
        start = self._robot.posture()
        robot = self._robot.model
        assert robot is not None
        limits = robot.limits
        trajectory = synthesize(
            plan_from_msg(message),
            robot,
            start=np.clip(start, limits.lower, limits.upper),
            config=self._config,
        )
        return gesture_trajectory_to_msg(
            trajectory, message.utterance_id, robot.base_frame, self.get_clock().now().to_msg()
        )


def main() -> None:
    """Run the node until it is stopped."""
    run_node(GestureSynthesisNode)


if __name__ == "__main__":
    main()
