"""The simulated robot over DDS: topics, the action, rejection, cancelling and pre-emption."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rclpy")
pytest.importorskip("control_msgs.action")

from action_msgs.msg import GoalStatus
from builtin_interfaces.msg import Duration
from control_msgs.action import FollowJointTrajectory
from control_msgs.msg import JointTolerance
from rclpy.action import ActionClient
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from sensor_msgs.msg import JointState
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from imaggen_simulation.nodes.simulated_robot_node import SimulatedRobotNode, main

pytestmark = pytest.mark.ros
DEADLINE_S = 20.0
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
ELBOW = "left_elbow_joint"
CONTROLLER = "joint_trajectory_controller"


class Bench:
    """The robot's node and a node that listens to it and commands it."""

    def __init__(self, joint_names: tuple[str, ...], rest: np.ndarray) -> None:
        self.joint_names, self.rest = joint_names, rest
        self.robot, self.user = SimulatedRobotNode(), Node("user")
        self.client = ActionClient(
            self.user, FollowJointTrajectory, f"{CONTROLLER}/follow_joint_trajectory"
        )
        self.topic = self.user.create_publisher(
            JointTrajectory, f"{CONTROLLER}/joint_trajectory", 10
        )
        self.states: list[JointState] = []
        self.user.create_subscription(JointState, "joint_states", self.states.append, 10)
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self.robot)
        self._executor.add_node(self.user)

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < deadline, "the node did not get there"
            self._executor.spin_once(timeout_sec=0.05)

    def outcome_of(self, future: Any) -> Any:
        self.until(future.done)
        return future.result()

    def trajectory(self, elbow: float, duration_s: float) -> JointTrajectory:
        """Everything at rest but the left elbow [rad]."""
        goal = self.rest.copy()
        goal[self.joint_names.index(ELBOW)] = elbow
        zero = [0.0] * len(goal)
        seconds = int(duration_s)
        point = JointTrajectoryPoint(
            positions=goal.tolist(), velocities=zero, accelerations=zero,
            time_from_start=Duration(sec=seconds, nanosec=int((duration_s - seconds) * 1e9)),
        )  # fmt: skip
        return JointTrajectory(joint_names=list(self.joint_names), points=[point])

    def send(self, trajectory: JointTrajectory, **goal: Any) -> Any:
        message = FollowJointTrajectory.Goal(trajectory=trajectory, **goal)
        return self.outcome_of(self.client.send_goal_async(message))

    def elbow(self) -> float:
        """Of the next joint states [rad]."""
        self.states.clear()
        self.until(lambda: len(self.states) > 0)
        state = self.states[-1]
        return float(state.position[state.name.index(ELBOW)])

    def close(self) -> None:
        self._executor.shutdown()
        self.user.destroy_node()
        self.robot.destroy_node()


@pytest.fixture
def bench(ros: None, humanoid) -> Iterator[Bench]:
    bench = Bench(humanoid.model.joint_names, np.array(humanoid.model.rest))
    bench.until(bench.client.server_is_ready)
    yield bench
    bench.close()


def test_a_goal_is_reached(bench):
    handle = bench.send(bench.trajectory(1.0, 0.8))
    assert handle.accepted
    answer = bench.outcome_of(handle.get_result_async())
    assert answer.status == GoalStatus.STATUS_SUCCEEDED
    assert answer.result.error_code == FollowJointTrajectory.Result.SUCCESSFUL
    assert bench.elbow() == pytest.approx(1.0, abs=0.01)


def test_it_describes_itself_to_whoever_comes_late(bench, humanoid):
    descriptions: list[String] = []
    fixed: list[TFMessage] = []
    moving: list[TFMessage] = []
    bench.user.create_subscription(String, "robot_description", descriptions.append, LATCHED)
    bench.user.create_subscription(TFMessage, "/tf_static", fixed.append, LATCHED)
    bench.user.create_subscription(TFMessage, "/tf", moving.append, 10)
    bench.until(lambda: bool(descriptions and fixed and moving and bench.states))
    assert descriptions[0].data == humanoid.urdf_xml
    assert "camera_optical_frame" in {t.child_frame_id for t in fixed[0].transforms}
    assert "left_hand_link" in {t.child_frame_id for t in moving[0].transforms}
    state = bench.states[-1]
    assert set(bench.joint_names) < set(state.name)
    assert len(state.position) == len(state.velocity) == len(state.effort) == len(state.name)
    assert state.header.stamp.sec > 0


def test_bad_goals_are_rejected_and_nothing_moves(bench):
    before = bench.elbow()
    missing = bench.trajectory(1.0, 0.5)
    missing.joint_names = missing.joint_names[:-1]
    nan = bench.trajectory(1.0, 0.5)
    nan.points[0].positions[0] = float("nan")
    moving_end = bench.trajectory(1.0, 0.5)
    moving_end.points[0].velocities[0] = 0.3
    past = bench.trajectory(1.0, 0.5)
    past.header.stamp.sec = 1
    for bad in (JointTrajectory(), missing, nan, moving_end, past):
        assert not bench.send(bad).accepted
    assert bench.elbow() == pytest.approx(before, abs=1e-3)


def test_cancelling_holds_where_it_is(bench):
    handle = bench.send(bench.trajectory(0.2, 5.0))
    start = bench.elbow()
    bench.until(lambda: abs(bench.elbow() - start) > 0.1)
    bench.outcome_of(handle.cancel_goal_async())
    answer = bench.outcome_of(handle.get_result_async())
    assert answer.status == GoalStatus.STATUS_CANCELED
    bench.until(lambda: abs(bench.states[-1].velocity[bench.states[-1].name.index(ELBOW)]) < 1e-3)
    held = bench.elbow()
    assert held > 0.3  # far from the goal
    assert bench.elbow() == pytest.approx(held, abs=2e-3)


def test_a_newer_goal_replaces_the_older_one(bench):
    first = bench.send(bench.trajectory(0.2, 5.0))
    second = bench.send(bench.trajectory(1.1, 0.8))
    answer = bench.outcome_of(first.get_result_async())
    assert answer.status == GoalStatus.STATUS_ABORTED
    assert "newer goal" in answer.result.error_string
    assert bench.outcome_of(second.get_result_async()).status == GoalStatus.STATUS_SUCCEEDED
    assert bench.elbow() == pytest.approx(1.1, abs=0.01)


def test_a_goals_own_tolerance_counts(bench):
    """A path tolerance that no servo keeps ends the motion."""
    tight = [JointTolerance(name=ELBOW, position=1e-6)]
    handle = bench.send(bench.trajectory(0.2, 1.0), path_tolerance=tight)
    answer = bench.outcome_of(handle.get_result_async())
    assert answer.status == GoalStatus.STATUS_ABORTED
    assert answer.result.error_code == FollowJointTrajectory.Result.PATH_TOLERANCE_VIOLATED
    assert ELBOW in answer.result.error_string


def test_the_topic_commands_too(bench):
    bench.until(lambda: bench.topic.get_subscription_count() == 1)
    bench.topic.publish(bench.trajectory(1.2, 0.5))
    bench.until(lambda: abs(bench.elbow() - 1.2) < 0.01)


def test_an_unknown_robot_is_one_sentence(capfd, monkeypatch):
    monkeypatch.setattr("sys.argv", ["simulated_robot", "--ros-args", "-p", "robot:=r2d2"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    out, err = capfd.readouterr()
    assert "unknown robot 'r2d2'" in out
    assert "Traceback" not in out + err
