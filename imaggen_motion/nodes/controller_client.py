"""Sends trajectories to a joint trajectory controller and follows what becomes of them.

Threading: every method may be called from any thread but the executor's own, since they wait for
its callbacks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from action_msgs.msg import GoalStatus
from control_msgs.action import FollowJointTrajectory
from rclpy.action import ActionClient
from rclpy.node import Node
from trajectory_msgs.msg import JointTrajectory

from imaggen_motion.errors import MotionError


class ControllerAbsent(MotionError):
    """No controller answers under the configured action name."""


class ControllerRejected(MotionError):
    """The controller did not accept the trajectory."""


class ExecutionFailed(MotionError):
    """The controller gave up in mid-motion."""


def wait_for(future: Any, timeout_s: float, stop: Callable[[], bool] = lambda: False) -> bool:
    """Wait for an rclpy future outside the executor: whether it is done in time.

    Args:
        future: completed by the executor's thread.
        timeout_s: longest wait.
        stop: asked ten times a second; True ends the wait early.
    """
    done = threading.Event()
    future.add_done_callback(lambda _: done.set())
    waited = 0.0
    while waited < timeout_s and not stop():
        if done.wait(min(0.1, timeout_s - waited)):
            return True
        waited += 0.1
    return bool(future.done())


def _cancel_late(future: Any) -> None:
    """Take back a goal that is accepted after we gave up on it."""
    handle = future.result()
    if handle is not None and handle.accepted:
        handle.cancel_goal_async()


class ControllerClient:
    """A FollowJointTrajectory client for one trajectory at a time."""

    ANSWER_S = 2.0

    def __init__(self, node: Node, action_name: str):
        self._name = action_name
        self._client = ActionClient(node, FollowJointTrajectory, action_name)
        self._goal: Any = None
        self._result: Any = None

    def require(self, timeout_s: float) -> None:
        """Make sure that the controller is there.

        Raises:
            ControllerAbsent: when it does not show up in time.
        """
        if not self._client.wait_for_server(timeout_sec=timeout_s):
            raise ControllerAbsent(
                f"no joint trajectory controller answers on {self._name}; start it, or set the"
                " parameter controller to the action of the one that runs"
            )

    def send(self, trajectory: JointTrajectory) -> None:
        """Send a trajectory and wait until it is accepted.

        Raises:
            ControllerRejected: when it is not.
            ControllerAbsent: when there is no answer.
        """
        self._goal = self._result = None
        goal = FollowJointTrajectory.Goal(trajectory=trajectory)
        future = self._client.send_goal_async(goal)
        if not wait_for(future, self.ANSWER_S):
            future.add_done_callback(_cancel_late)
            raise ControllerAbsent(f"the controller on {self._name} did not answer the goal")
        handle = future.result()
        if not handle.accepted:
            raise ControllerRejected(
                f"the controller on {self._name} rejected the trajectory; its log says why (other"
                " joints than it commands?)"
            )
        self._goal, self._result = handle, handle.get_result_async()

    @property
    def finished(self) -> bool:
        """Whether the controller has reported how the trajectory ended."""
        return self._result is not None and bool(self._result.done())

    def check(self) -> None:
        """Verify that a finished trajectory was executed.

        Raises:
            ExecutionFailed: when the controller aborted it.
        """
        response = self._result.result()
        result = response.result
        if response.status != GoalStatus.STATUS_SUCCEEDED or result.error_code != 0:
            text = result.error_string or f"error code {result.error_code}"
            raise ExecutionFailed(f"the controller on {self._name} gave up: {text}")

    def cancel(self) -> None:
        """Stop the trajectory; the controller brings the joints to a halt."""
        if self._goal is not None and not self.finished:
            wait_for(self._goal.cancel_goal_async(), self.ANSWER_S)
            wait_for(self._result, self.ANSWER_S)
