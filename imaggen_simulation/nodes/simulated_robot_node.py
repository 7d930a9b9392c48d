"""Node `simulated_robot`: a robot with a joint trajectory controller, as ros2_control offers it.

Threading: one thread steps the physics in real time and publishes; callbacks only hand it work
through a lock, and it completes goals through the executor.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any

import rclpy
from control_msgs.action import FollowJointTrajectory
from rcl_interfaces.msg import FloatingPointRange, ParameterDescriptor
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.node import Node
from sensor_msgs.msg import JointState
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from imaggen_common.nodes.running import LATCHED, run_node
from imaggen_motion.errors import MotionError
from imaggen_motion.robot_files import DEFAULT_ROBOT, model_of, resolve_robot
from imaggen_simulation.controller import Outcome, TrajectoryGoal
from imaggen_simulation.errors import GoalRejected, SimulationError
from imaggen_simulation.nodes.conversions import (
    goal_from_msg,
    goal_from_request,
    states_to_msg,
    transform_to_msg,
)
from imaggen_simulation.robot import SimulatedRobot
from imaggen_simulation.transforms import LinkTree

TF_EVERY = 5  # joint states per published tf
# After a pause of the whole machine physics catches up at most this far [s] and forgets the rest.
MOST_CATCHING_UP_S = 0.2


class SimulatedRobotNode(Node):
    """A robot: joint_states, tf, robot_description and a FollowJointTrajectory controller.

    Raises:
        MotionError, SimulationError: when the robot cannot be simulated.
    """

    def __init__(self) -> None:
        super().__init__("simulated_robot")
        # First of all: rclpy destroys the node also when the rest of this fails.
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="physics")
        self._declare_parameters()
        source = resolve_robot(self.get_parameter("robot").value)
        self._robot = SimulatedRobot(source.urdf_xml, model_of(source.urdf_xml))
        self._links = LinkTree(source.urdf_xml)
        self._lock = threading.Lock()
        self._goal: Any = None
        self._open_topics(source.urdf_xml)
        self._thread.start()

    def _declare_parameters(self) -> None:
        self.declare_parameter(
            "robot",
            DEFAULT_ROBOT,
            ParameterDescriptor(description="Name of a known robot, or the path of a URDF."),
        )
        self.declare_parameter(
            "controller_name",
            "joint_trajectory_controller",
            ParameterDescriptor(description="Namespace of the action and the trajectory topic."),
        )
        self.declare_parameter(
            "rate",
            125.0,
            ParameterDescriptor(
                description="Joint states published [Hz].",
                floating_point_range=[FloatingPointRange(from_value=10.0, to_value=500.0)],
            ),
        )

    def _open_topics(self, urdf_xml: str) -> None:
        self._states = self.create_publisher(JointState, "joint_states", 10)
        self._tf = self.create_publisher(TFMessage, "/tf", 10)
        self._tf_static = self.create_publisher(TFMessage, "/tf_static", LATCHED)
        self._description = self.create_publisher(String, "robot_description", LATCHED)
        self._description.publish(String(data=urdf_xml))
        now = self.get_clock().now().to_msg()
        fixed = [transform_to_msg(t, now) for t in self._links.fixed()]
        self._tf_static.publish(TFMessage(transforms=fixed))
        name = self.get_parameter("controller_name").value
        self._topic = self.create_subscription(
            JointTrajectory, f"{name}/joint_trajectory", self._on_trajectory, 10
        )
        self._server = ActionServer(
            self,
            FollowJointTrajectory,
            f"{name}/follow_joint_trajectory",
            execute_callback=lambda goal: FollowJointTrajectory.Result(),
            goal_callback=self._on_goal,
            handle_accepted_callback=self._on_accepted,
            cancel_callback=lambda _: CancelResponse.ACCEPT,
        )

    # -- callbacks --------------------------------------------------------------------------

    def _on_trajectory(self, message: JointTrajectory) -> None:
        """The topic of the controller: no answer, so rejection is only logged."""
        try:
            with self._lock:
                self._accept(goal_from_msg(message))
                self._end_goal(Outcome(FollowJointTrajectory.Result.INVALID_GOAL, "replaced"))
        except GoalRejected as error:
            self.get_logger().error(f"rejected: {error}")

    def _on_goal(self, request: Any) -> GoalResponse:
        """Check and start a goal at once: whatever ran before is replaced, not queued."""
        try:
            with self._lock:
                self._accept(goal_from_request(request))
                # Now, not once it is accepted: in between, the old goal's cancellation or end
                # would be taken for the new trajectory's.
                self._end_goal(
                    Outcome(FollowJointTrajectory.Result.INVALID_GOAL, "pre-empted by a newer goal")
                )
        except GoalRejected as error:
            self.get_logger().error(f"rejected: {error}")
            return GoalResponse.REJECT
        return GoalResponse.ACCEPT

    def _on_accepted(self, goal: Any) -> None:
        with self._lock:
            self._goal = goal

    def _accept(self, goal: TrajectoryGoal) -> None:
        """Give a trajectory to the controller; stamps are mapped to simulated time."""
        if goal.start_s is not None:
            ros_now = self.get_clock().now().nanoseconds * 1e-9
            goal = replace(goal, start_s=goal.start_s - ros_now + self._robot.time)
        self._robot.controller.accept(goal, self._robot.time)

    # -- the physics thread -----------------------------------------------------------------

    def _run(self) -> None:
        period = 1.0 / self.get_parameter("rate").value
        begin, tick = time.monotonic() - self._robot.time, 0
        while not self._stopping.is_set() and rclpy.ok(context=self.context):
            now = time.monotonic()
            if now - begin - self._robot.time > MOST_CATCHING_UP_S:
                begin = now - self._robot.time  # the machine slept; go on from here
            with self._lock:
                self._robot.advance(now - begin)
                self._follow_goal()
                states = self._robot.states()
            self._publish(states, tick)
            tick += 1
            self._stopping.wait(max(0.0, begin + self._robot.time + period - time.monotonic()))

    def _publish(self, states: Any, tick: int) -> None:
        stamp = self.get_clock().now().to_msg()
        try:
            self._states.publish(states_to_msg(states, stamp))
            if tick % TF_EVERY == 0:
                positions = dict(zip(states.names, states.position.tolist(), strict=True))
                moving = [transform_to_msg(t, stamp) for t in self._links.moving(positions)]
                self._tf.publish(TFMessage(transforms=moving))
                self._give_feedback(stamp)
        except Exception:  # the context may be shut down between the check and the call
            if rclpy.ok(context=self.context):
                raise

    def _give_feedback(self, stamp: Any) -> None:
        with self._lock:
            goal = self._goal
            position, velocity, acceleration = self._robot.controller.sample(self._robot.time)
            measured = self._robot.measured()
        if goal is None:
            return
        feedback = FollowJointTrajectory.Feedback(
            joint_names=list(self._robot.controller.joint_names),
            desired=JointTrajectoryPoint(
                positions=position.tolist(),
                velocities=velocity.tolist(),
                accelerations=acceleration.tolist(),
            ),
            actual=JointTrajectoryPoint(positions=measured.tolist()),
            error=JointTrajectoryPoint(positions=(position - measured).tolist()),
        )
        feedback.header.stamp = stamp
        goal.publish_feedback(feedback)

    def _follow_goal(self) -> None:
        """Notice cancellation and the end of the trajectory."""
        if self._goal is None:
            return
        if self._goal.is_cancel_requested:
            self._robot.controller.cancel(self._robot.time)
            self._end_goal(Outcome(0, "cancelled"), ending="canceled")
        elif (outcome := self._robot.outcome()) is not None:
            self._end_goal(outcome, ending="abort" if outcome.code else "succeed")

    def _end_goal(self, outcome: Outcome, ending: str = "abort") -> None:
        """Complete the present goal, if any, through the executor's thread."""
        goal, self._goal = self._goal, None
        if goal is None:
            return

        def complete(handle: Any) -> Any:
            # A cancel request may have come in between; then no other end is valid.
            getattr(handle, "canceled" if handle.is_cancel_requested else ending)()
            return FollowJointTrajectory.Result(error_code=outcome.code, error_string=outcome.text)

        goal.execute(complete)

    def destroy_node(self) -> None:
        """Stop the physics, then the node."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        super().destroy_node()


def main() -> None:
    """Run the node until it is stopped."""
    run_node(SimulatedRobotNode, (MotionError, SimulationError))


if __name__ == "__main__":
    main()
