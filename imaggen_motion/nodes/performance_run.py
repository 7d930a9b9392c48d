"""One goal of `perform_utterance`, from text and picture to a robot at rest."""

from __future__ import annotations

import threading
import time
import uuid
from typing import TYPE_CHECKING, Any

import numpy as np
from builtin_interfaces.msg import Time
from rclpy.duration import Duration

from imaggen_interfaces.action import PerformUtterance
from imaggen_interfaces.msg import GesturePlan as GesturePlanMsg
from imaggen_interfaces.msg import GestureTrajectory as GestureTrajectoryMsg
from imaggen_interfaces.msg import Utterance as UtteranceMsg
from imaggen_motion.arms import SIDES
from imaggen_motion.errors import LimitError, MotionError
from imaggen_motion.limits import check_trajectory
from imaggen_motion.merge import Performance, hold_until, merge
from imaggen_motion.nodes.controller_client import (
    ControllerAbsent,
    ControllerRejected,
    ExecutionFailed,
)
from imaggen_motion.nodes.conversions import gesture_trajectory_from_msg, trajectory_to_msg
from imaggen_motion.nodes.markers import executed_markers, target_markers
from imaggen_motion.nodes.stages import StageFailed
from imaggen_motion.robot_model import RobotModel
from imaggen_motion.synthesis import synthesize
from imaggen_motion.trajectory import FloatArray, RobotTrajectory
from imaggen_perception.scene import Scene
from imaggen_semantics.errors import SemanticsError
from imaggen_semantics.nouns import nouns
from imaggen_semantics.plan import GesturePlan
from imaggen_speech.nodes.conversions import utterance_from_msg

if TYPE_CHECKING:
    from imaggen_motion.nodes.beat_generator_node import BeatGeneratorNode

Result = PerformUtterance.Result
Feedback = PerformUtterance.Feedback
# Largest difference between where the joints are and where the trajectory starts.
START_GAP_RAD = 0.06
FEEDBACK_S = 0.05
# How long after a trajectory's end the controller may take to report [s].
REPORT_S = 5.0


class Interrupted(Exception):
    """The goal was cancelled or pre-empted."""


class PerformanceRun:
    """Runs one goal to its end; `execute` blocks, `preempt` may be called from any thread."""

    def __init__(self, node: BeatGeneratorNode, goal: Any):
        self._node, self._goal = node, goal
        self._preempted = threading.Event()
        self._result = Result()
        self._executed: list[FloatArray] = []

    def preempt(self) -> None:
        """Make room for a newer goal."""
        self._preempted.set()

    def execute(self) -> None:
        """Do everything, and report how it ended."""
        try:
            self._perform()
            self._finish("succeed", Result.SUCCESS, "")
        except Interrupted:
            self._stop()
        except StageFailed as error:
            self._finish("abort", error.code, str(error))
        except ControllerAbsent as error:
            self._finish("abort", Result.CONTROLLER_ABSENT, str(error))
        except ControllerRejected as error:
            self._finish("abort", Result.GOAL_REJECTED, str(error))
        except ExecutionFailed as error:
            self._finish("abort", Result.EXECUTION_FAILED, str(error))
        except LimitError as error:
            self._finish("abort", Result.LIMITS_EXCEEDED, str(error))
        except MotionError as error:
            self._finish("abort", Result.NO_ROBOT_STATE, str(error))
        except Exception as error:  # a goal must end, whatever happens in its thread
            self._finish("abort", Result.EXECUTION_FAILED, f"internal error: {error!r}")
            raise

    # -- the stages -------------------------------------------------------------------------

    def _perform(self) -> None:
        accepted = time.perf_counter()
        timeout = self._node.get_parameter("controller_timeout").value
        self._require_robot(timeout)  # no robot, no need to see and plan
        self._node.controller.require(timeout)
        utterance = self._prepare()
        self._feedback("planning", f"choosing gestures for {len(utterance.words)} words")
        self._node.stages.publish(utterance)
        plan = self._node.stages.wait_for_plan(utterance.id)
        self._check_interruption()
        self._feedback("synthesizing", f"{len(plan.gestures)} gestures planned")
        motion = self._node.stages.wait_for_motion(utterance.id)
        self._check_interruption()
        performance = self._merge(motion, utterance)
        self._send(performance, plan, motion, utterance)
        self._result.planning_time = time.perf_counter() - accepted
        self._report(plan, motion)
        self._follow(performance, motion, utterance)

    def _require_robot(self, timeout_s: float) -> None:
        """Wait until the robot and its joint states are known.

        Raises:
            MotionError: when they are not in time.
        """
        pause, waited = threading.Event(), 0.0
        while True:
            try:
                self._node.robot.posture()
                return
            except MotionError:
                if waited >= timeout_s:
                    raise
            self._check_interruption()
            pause.wait(FEEDBACK_S)
            waited += FEEDBACK_S

    def _prepare(self) -> UtteranceMsg:
        """See and prepare speech at the same time."""
        request, stages = self._goal.request, self._node.stages
        has_image = request.image.width > 0 and request.image.height > 0
        seeing = speaking = None
        if not request.utterance.words:
            if not request.text.strip():
                raise StageFailed(Result.EMPTY_TEXT, "there is no text to say; give a sentence")
            speaking = stages.start_speaking(request.text)
        if has_image:
            self._feedback("perceiving", f"{request.image.width} x {request.image.height} picture")
            seeing = stages.start_seeing(request.image, self._nouns())
        self._feedback("preparing_speech", request.text or request.utterance.text)
        utterance = request.utterance if speaking is None else stages.finish_speaking(speaking)
        # Unique even if a caller repeats an id: nodes answer an utterance they know only once.
        utterance.id = "/".join(filter(None, (utterance.id, uuid.uuid4().hex[:12])))
        utterance.start = Time()
        if seeing is not None:
            utterance.scene_stamp = stages.finish_seeing(seeing)
        self._result.utterance_id = utterance.id
        self._check_interruption()
        return utterance

    def _nouns(self) -> tuple[str, ...]:
        """What the camera may look for: nothing where the words cannot be read."""
        request = self._goal.request
        given = request.utterance
        try:
            language = given.language or self._node.get_parameter("language").value
            return nouns(request.text or given.text, language)
        except SemanticsError:
            return ()

    def _merge(self, motion: GestureTrajectoryMsg, utterance: UtteranceMsg) -> Performance:
        """Beats onto gestures, checked against limits and against where the robot is."""
        robot = self._robot()
        gestures = gesture_trajectory_from_msg(motion)
        words = utterance_from_msg(utterance)
        if self._node.get_parameter("beats").value:
            rng = np.random.default_rng(self._node.get_parameter("seed").value)
            performance = merge(gestures, words, robot, rng)
        else:
            performance = Performance(hold_until(gestures, words.duration_s), ())
            check_trajectory(performance.trajectory, robot.limits)
        self._check_start(performance, robot)
        return performance

    def _check_start(self, performance: Performance, robot: RobotModel) -> None:
        """Refuse a trajectory that would start with a jump."""
        gap = np.abs(self._node.robot.posture() - performance.trajectory.position[0])
        worst = int(gap.argmax())
        if gap[worst] > START_GAP_RAD:
            raise StageFailed(
                Result.NO_ROBOT_STATE,
                f"{robot.joint_names[worst]} moved {gap[worst]:.2f} rad since the gesture was"
                " synthesized; is something else moving the robot?",
            )

    def _send(
        self,
        performance: Performance,
        plan: GesturePlanMsg,
        motion: GestureTrajectoryMsg,
        utterance: UtteranceMsg,
    ) -> None:
        """Send the trajectory, and tell everybody when speech starts."""
        self._check_interruption()
        clock = self._node.get_clock()
        message = trajectory_to_msg(performance.trajectory)
        self._node.controller.send(message)
        begin = clock.now()  # the controller starts at once; its answer came within a millisecond
        message.header.stamp = begin.to_msg()
        self._node.trajectories.publish(message)
        lead = Duration(nanoseconds=round(performance.trajectory.lead_s * 1e9))
        utterance.start = (begin + lead).to_msg()
        self._node.stages.publish(utterance)
        self._node.markers.publish(target_markers(plan, motion, begin.to_msg()))
        self._begin = begin

    def _follow(
        self, performance: Performance, motion: GestureTrajectoryMsg, utterance: UtteranceMsg
    ) -> None:
        """Give feedback until the controller is done."""
        controller = self._node.controller
        ticker, deadline = threading.Event(), _deadline(performance.trajectory)
        while not controller.finished:
            self._check_interruption()
            if time.monotonic() > deadline:
                raise ExecutionFailed(
                    "the controller does not say that it is done, long after the trajectory's end;"
                    " is it still active?"
                )
            elapsed = (self._node.get_clock().now() - self._begin).nanoseconds * 1e-9
            self._tell_progress(elapsed - performance.trajectory.lead_s, motion, utterance)
            ticker.wait(FEEDBACK_S)
        controller.check()
        robot = self._robot()
        self._node.markers.publish(
            executed_markers(
                _tip_paths(robot, self._executed, motion),
                robot.base_frame,
                self._node.get_clock().now().to_msg(),
            )
        )

    def _tell_progress(
        self, now_s: float, motion: GestureTrajectoryMsg, utterance: UtteranceMsg
    ) -> None:
        word = -1
        for i, timing in enumerate(utterance.words):
            if timing.start <= now_s < timing.end:
                word = i
        phase = next((p.phase for p in motion.phases if p.start <= now_s < p.end), "performing")
        self._executed.append(np.append(self._node.robot.posture(), now_s))
        self._goal.publish_feedback(Feedback(phase=phase, current_word=word))

    # -- how it ends ------------------------------------------------------------------------

    def _stop(self) -> None:
        """Halt, then bring the arms back to rest unless a newer goal takes over."""
        self._node.controller.cancel()
        if self._preempted.is_set():
            text = "a newer goal took over"
            try:
                self._settled_posture()  # the newer goal starts from a robot that stands still
            except MotionError as error:
                text += f" ({error})"
            self._finish("abort", Result.PREEMPTED, text)
            return
        try:
            self._retract()
        except MotionError as error:
            self._finish("canceled", Result.CANCELED, f"stopped, but not back at rest: {error}")
        else:
            self._finish("canceled", Result.CANCELED, "stopped on request")

    def _retract(self) -> None:
        """From wherever the joints came to a halt back to rest."""
        posture = self._settled_posture()
        robot = self._robot()
        nothing = GesturePlan(Scene((), (1, 1)), ())
        limits = robot.limits
        home = synthesize(nothing, robot, start=np.clip(posture, limits.lower, limits.upper))
        controller = self._node.controller
        controller.send(trajectory_to_msg(home))
        waiting, deadline = threading.Event(), _deadline(home)
        while not controller.finished and not self._preempted.is_set():
            if time.monotonic() > deadline:
                raise MotionError("the controller does not say that it is done")
            waiting.wait(FEEDBACK_S)
        if not controller.finished:  # a newer goal: let it find a robot that stands still
            controller.cancel()
            self._settled_posture()

    def _settled_posture(self) -> FloatArray:
        """The joints' positions once they stand still [rad].

        Raises:
            MotionError: when they do not within two seconds.
        """
        waiting = threading.Event()
        before = self._node.robot.posture()
        for _ in range(40):
            waiting.wait(FEEDBACK_S)
            now = self._node.robot.posture()
            if np.abs(now - before).max() < 1e-3:
                return now
            before = now
        raise MotionError("the joints do not come to a halt")

    def _finish(self, ending: str, code: int, text: str) -> None:
        """Complete the goal through the executor; see the module of the node for why."""
        if code not in (Result.SUCCESS, Result.CANCELED):
            self._node.controller.cancel()  # never leave the arms moving for a goal that failed
        if self._goal.is_cancel_requested and ending == "succeed":
            ending = "canceled"  # asked for too late to change anything; no other end is valid
        self._result.error_code, self._result.error_msg = code, text
        if code not in (Result.SUCCESS, Result.CANCELED, Result.PREEMPTED):
            self._node.get_logger().error(text)
        result = self._result

        def complete(goal: Any) -> Any:
            getattr(goal, ending)()
            return result

        self._goal.execute(complete)

    # -- small things -----------------------------------------------------------------------

    def _robot(self) -> RobotModel:
        model = self._node.robot.model
        if model is None:
            raise MotionError(self._node.robot.problem)
        return model

    def _check_interruption(self) -> None:
        if self._preempted.is_set() or self._goal.is_cancel_requested:
            raise Interrupted

    def _feedback(self, phase: str, detail: str) -> None:
        self._goal.publish_feedback(Feedback(phase=phase, current_word=-1, detail=detail))

    def _report(self, plan: GesturePlanMsg, motion: GestureTrajectoryMsg) -> None:
        """What is performed (with its stroke windows as timed) and what is not."""
        strokes = {p.gesture: (p.start, p.end) for p in motion.phases if p.phase == "stroke"}
        for index, (start, end) in sorted(strokes.items()):
            gesture = plan.gestures[index]
            gesture.stroke_start, gesture.stroke_end = start, end
            self._result.performed.append(gesture)
        self._result.dropped = [*plan.dropped, *motion.dropped]
        self._result.notes = list(motion.notes)


def _deadline(trajectory: RobotTrajectory) -> float:
    """Monotonic time by which a trajectory that was just sent must have been reported done [s]."""
    return time.monotonic() + float(trajectory.time[-1] - trajectory.time[0]) + REPORT_S


def _tip_paths(
    robot: RobotModel, executed: list[FloatArray], motion: GestureTrajectoryMsg
) -> list[FloatArray]:
    """Executed fingertip path (n, 3) [m] of every stroke."""
    if not executed:
        return []
    rows = np.array(executed)
    paths = []
    for phase in motion.phases:
        inside = (rows[:, -1] >= phase.start) & (rows[:, -1] <= phase.end)
        if phase.phase != "stroke" or not inside.any():
            continue
        for side in SIDES:
            if phase.hands in (side, "both"):
                arm = robot.arm(side, "index")
                columns = robot.joint_index(arm.joint_names)
                paths.append(np.array([arm.tip_pose(q)[0] for q in rows[inside][:, columns]]))
    return paths
