"""From a gesture plan to joint motion: strokes on time, preparation before, rest after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

import imaggen_motion.practices  # noqa: F401  registers the practices
from imaggen_motion.arms import SIDES, Side
from imaggen_motion.errors import MotionError, UnreachablePath
from imaggen_motion.ik import IkSolver, PathSolution, create_solver
from imaggen_motion.limits import PLANNING_SHARE, check_trajectory
from imaggen_motion.practices.drawing import can_use_both_hands
from imaggen_motion.robot_model import HandShape, RobotModel
from imaggen_motion.stroke import Placement, PracticeInput, Stroke, knows_practice, make_stroke
from imaggen_motion.timing import (
    MIN_MOVE_S,
    Hold,
    MinimumJerkMove,
    PathMove,
    Timeline,
    human_movement_time,
    minimum_jerk_time,
    pace_within_limits,
)
from imaggen_motion.trajectory import GestureTrajectory, Phase, PhaseName, TargetPath
from imaggen_perception.scene import SceneObject, Symmetry
from imaggen_semantics.hands import drawing_hands
from imaggen_semantics.plan import DroppedGesture, GesturePlan, GestureSpec

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class SynthesisConfig:
    """How gestures are put together.

    Attributes:
        solver: IK back end by name.
        sample_s: spacing of the samples [s].
        path_tolerance_m: largest distance of the fingertip from its path.
        pre_stroke_hold_s: pause between preparation and stroke.
        scales: sizes tried in turn when the arm cannot follow.
        retract_gap_s: hands go back to rest when the next gesture is farther away than this.
    """

    solver: str = "whole_path"
    sample_s: float = 0.01
    path_tolerance_m: float = 0.003
    pre_stroke_hold_s: float = 0.05
    scales: tuple[float, ...] = (1.0, 0.85, 0.7, 0.55)
    retract_gap_s: float = 1.2


def synthesize(
    plan: GesturePlan,
    robot: RobotModel,
    *,
    start: FloatArray | None = None,
    config: SynthesisConfig | None = None,
) -> GestureTrajectory:
    """Turn a plan into one trajectory of all commanded joints.

    Args:
        plan: what to show and when.
        robot: whose joints.
        start: (N,) posture at the beginning [rad]; None: the rest posture.
        config: how gestures are put together.

    Returns:
        Motion from `start` to rest, within the robot's limits, with gestures that could not be
        performed in `dropped`. It may begin before speech (negative times).

    Raises:
        MotionError: when `start` does not fit the robot.
    """
    work = _Synthesis(plan, robot, start, config or SynthesisConfig())
    for index, gesture in enumerate(plan.gestures):
        work.add(index, gesture)
    trajectory = work.finish()
    check_trajectory(trajectory, robot.limits)
    return trajectory


@dataclass(frozen=True)
class _Solved:
    """A stroke with the joint waypoints of every hand that takes part."""

    stroke: Stroke
    q: dict[Side, FloatArray]
    note: str


class _Synthesis:
    """One run of `synthesize`: timelines of both arms and hands that grow gesture by gesture."""

    def __init__(
        self,
        plan: GesturePlan,
        robot: RobotModel,
        start: FloatArray | None,
        config: SynthesisConfig,
    ):
        self._plan, self._robot, self._config = plan, robot, config
        self._solver: IkSolver = create_solver(config.solver)
        posture = robot.rest if start is None else np.asarray(start, dtype=float)
        if posture.shape != robot.rest.shape or not np.isfinite(posture).all():
            raise MotionError(
                f"the start posture needs {len(robot.rest)} finite joint positions,"
                f" got shape {posture.shape}"
            )
        self._columns = {
            side: robot.joint_index((*robot.arm_joints[side], *robot.hand_joints[side]))
            for side in SIDES
        }
        self._timelines = {side: Timeline(posture[self._columns[side]]) for side in SIDES}
        self._pending: dict[Side, int | None] = {side: None for side in SIDES}
        self._phases: list[Phase] = []
        self._paths: list[TargetPath] = []
        self._notes: list[str] = []
        self._dropped: list[DroppedGesture] = []

    # -- one gesture ------------------------------------------------------------------------

    def add(self, index: int, gesture: GestureSpec) -> None:
        """Perform one gesture, or note why not."""
        performable = self._performable(gesture)
        if performable is None:
            reason = f"{gesture.practice} cannot be performed yet, nor what could stand in for it"
            self._dropped.append(DroppedGesture(gesture, reason))
            return
        gesture = performable
        try:
            solved = self._solve(gesture)
        except UnreachablePath as error:
            self._dropped.append(DroppedGesture(gesture, str(error)))
            return
        sides = tuple(solved.q)
        onset = gesture.stroke_start_s
        moves = {side: self._preparation_time(side, solved.q[side][0]) for side in sides}
        ready = onset - self._config.pre_stroke_hold_s
        for side in sides:
            busy = self._timelines[side].end_s
            if ready - moves[side] < busy:
                self._dropped.append(
                    DroppedGesture(
                        gesture,
                        f"the {side} hand is busy with the gesture before until {busy:.2f} s and"
                        f" needs {moves[side]:.2f} s to get ready for {onset:.2f} s",
                    )
                )
                return
        for side in sides:
            self._retract_if_time(side, ready - moves[side])
            moves[side] = self._preparation_time(side, solved.q[side][0])
        self._perform(index, gesture, solved, moves)

    def _performable(self, gesture: GestureSpec) -> GestureSpec | None:
        """The gesture by the first of its practices that there is; None when there is none."""
        for name in (gesture.practice, *gesture.fallback):
            if not knows_practice(name):
                continue
            if name == gesture.practice:
                return gesture
            self._notes.append(f"{name} instead of {gesture.practice} of {gesture.object_id}")
            hands = gesture.hands
            if name == "drawing" and not gesture.part:
                hands = drawing_hands(self._plan.scene.object(gesture.object_id))
            elif name == "indexing" and hands == "both":
                hands = "either"
            return replace(gesture, practice=name, hands=hands)
        return None

    def _shown(self, gesture: GestureSpec) -> SceneObject:
        """What a gesture shows: its object, or the object's part as a thing of its own."""
        seen = self._plan.scene.object(gesture.object_id)
        part = next((p for p in (*seen.parts, *seen.holes) if p.name == gesture.part), None)
        if not gesture.part or part is None or gesture.practice != "drawing":
            return seen
        return replace(seen, outline=part.outline, symmetry=Symmetry(), relative_size=part.size)

    def _solve(self, gesture: GestureSpec) -> _Solved:
        """The stroke at the largest size and with the first hand that can follow it.

        Raises:
            UnreachablePath: when none can.
        """
        worst = np.inf
        for gesture_try, side, scale in self._attempts(gesture):
            request = PracticeInput(
                self._robot,
                gesture_try,
                self._shown(gesture),
                self._plan.viewpoint,
                Placement().scaled(scale),
                side,
            )
            stroke = make_stroke(request)
            solutions = {s: self._follow(s, stroke) for s in stroke.tips}
            error = max(solution.worst_error for solution in solutions.values())
            worst = min(worst, error)
            if error <= self._config.path_tolerance_m:
                note = _adjustment(gesture, stroke.hands, scale)
                return _Solved(stroke, {s: sol.q for s, sol in solutions.items()}, note)
        raise UnreachablePath(
            f"no arm of {self._robot.name} can follow the {gesture.practice} of"
            f" {gesture.object_id}, even at {self._config.scales[-1]:.0%}"
            f" (nearest miss {worst * 1000:.0f} mm)"
        )

    def _attempts(self, gesture: GestureSpec) -> list[tuple[GestureSpec, Side, float]]:
        """Sizes first, then the other hand; two hands fall back to one."""
        preferred = self._preferred_side(gesture)
        other: Side = "left" if preferred == "right" else "right"
        scene_object = self._shown(gesture)
        both = gesture.hands == "both" and can_use_both_hands(scene_object)
        rows: list[tuple[GestureSpec, Side, float]] = []
        if both:
            rows += [(gesture, preferred, scale) for scale in self._config.scales]
        for side in (preferred, other):
            single = replace(gesture, hands=cast(Any, side))
            rows += [(single, side, scale) for scale in self._config.scales]
        return rows

    def _preferred_side(self, gesture: GestureSpec) -> Side:
        """The hand asked for, else the one on the object's side of the picture, else the right."""
        if gesture.hands in SIDES:
            return gesture.hands
        bearing = self._plan.scene.object(gesture.object_id).bearing
        return "left" if bearing[0] < -0.1 else "right"

    def _follow(self, side: Side, stroke: Stroke) -> PathSolution:
        arm = self._robot.arm(side, "index")
        nominal = np.array(self._robot.rest[self._robot.joint_index(arm.joint_names)])
        seed = self._timelines[side].posture[: len(nominal)]
        return self._solver.solve_path(arm, stroke.tips[side], nominal, seed)

    # -- time -------------------------------------------------------------------------------

    def _bounds(self, side: Side) -> tuple[FloatArray, FloatArray]:
        """Velocity and acceleration that planning may use, each (n,)."""
        limits, columns = self._robot.limits, self._columns[side]
        return (
            PLANNING_SHARE * limits.velocity[columns],
            PLANNING_SHARE * limits.acceleration[columns],
        )

    def _with_hand(self, side: Side, arm_q: FloatArray, shape: HandShape) -> FloatArray:
        """Arm and hand joints (..., n) of arm postures (..., a), the hand in one shape."""
        names = self._robot.hand_joints[side]
        rest = self._robot.rest[self._robot.joint_index(names)]
        posture = self._robot.hand_posture(side, shape)
        hand = np.array([posture.get(name, rest[i]) for i, name in enumerate(names)])
        return np.concatenate(
            [arm_q, np.broadcast_to(hand, (*arm_q.shape[:-1], len(hand)))], axis=-1
        )

    def _move_time(self, side: Side, target: FloatArray) -> float:
        """Duration of a free move [s]: human where the joints allow it."""
        current = self._timelines[side].posture
        count = len(self._robot.arm_joints[side])
        arm = self._robot.arm(side, "index")
        distance = np.linalg.norm(
            arm.tip_pose(target[:count])[0] - arm.tip_pose(current[:count])[0]
        )
        needed = minimum_jerk_time(target - current, *self._bounds(side))
        return max(MIN_MOVE_S, human_movement_time(float(distance)), needed)

    def _preparation_time(self, side: Side, arm_q: FloatArray) -> float:
        return self._move_time(side, self._with_hand(side, arm_q, "index"))

    def _retract_if_time(self, side: Side, next_start: float) -> None:
        """Go back to rest when the next preparation is far enough away."""
        timeline = self._timelines[side]
        if self._pending[side] is None:
            return
        rest = np.array(self._robot.rest[self._columns[side]])
        needed = self._move_time(side, rest)
        if next_start - timeline.end_s >= needed + self._config.retract_gap_s:
            self._retract(side)
        self._pending[side] = None

    def _retract(self, side: Side) -> None:
        timeline = self._timelines[side]
        rest = np.array(self._robot.rest[self._columns[side]])
        needed = self._move_time(side, rest)
        start = timeline.end_s
        timeline.add(MinimumJerkMove(start, start + needed, timeline.posture, rest))
        index = self._pending[side]
        assert index is not None
        self._phase(index, "retraction", side, start, start + needed)

    def _perform(
        self, index: int, gesture: GestureSpec, solved: _Solved, moves: dict[Side, float]
    ) -> None:
        """Append preparation, stroke and hold of one gesture to the timelines."""
        onset = gesture.stroke_start_s
        ready = onset - self._config.pre_stroke_hold_s
        window = gesture.stroke_end_s - onset
        natural = solved.stroke.natural_s
        if gesture.practice == "drawing":
            natural = max(natural, window)
        laws, duration = pace_within_limits(
            [self._with_hand(side, path, "index") for side, path in solved.q.items()],
            [self._bounds(side) for side in solved.q],
            solved.stroke.pace,
            natural,
        )
        for side, law in zip(solved.q, laws, strict=True):
            timeline = self._timelines[side]
            first = self._with_hand(side, solved.q[side][0], "index")
            timeline.add(MinimumJerkMove(ready - moves[side], ready, timeline.posture, first))
            timeline.add(PathMove(onset, onset + duration, law))
            end = onset + duration + solved.stroke.hold_s
            timeline.add(Hold(onset + duration, end, timeline.posture))
            self._pending[side] = index
            self._paths.append(TargetPath(index, side, solved.stroke.tips[side].points))
            self._phase(index, "preparation", side, ready - moves[side], ready)
            self._phase(index, "pre_stroke_hold", side, ready, onset)
            self._phase(index, "stroke", side, onset, onset + duration)
            self._phase(index, "post_stroke_hold", side, onset + duration, end)
        if solved.note:
            self._notes.append(solved.note)
        if duration > natural + 0.05:
            self._notes.append(
                f"stroke of {gesture.object_id} takes {duration:.1f} s instead of {natural:.1f} s"
                " to stay within the joint limits"
            )

    def _phase(self, index: int, name: PhaseName, side: Side, start: float, end: float) -> None:
        self._phases.append(Phase(index, name, side, start, end))

    # -- all together -----------------------------------------------------------------------

    def finish(self) -> GestureTrajectory:
        """Retract, let idle arms come to rest, and sample everything on one clock."""
        for side in SIDES:
            if self._pending[side] is not None:
                self._retract(side)
        begin = min([0.0, *(line.start_s for line in self._timelines.values())])
        for side, timeline in self._timelines.items():
            rest = np.array(self._robot.rest[self._columns[side]])
            if np.abs(timeline.posture - rest).max() > 1e-6:
                start = max(begin, timeline.end_s)
                timeline.add(
                    MinimumJerkMove(
                        start, start + self._move_time(side, rest), timeline.posture, rest
                    )
                )
        end = max([begin + 0.5, *(line.end_s for line in self._timelines.values())])
        count = int(np.ceil((end - begin) / self._config.sample_s)) + 1
        time: FloatArray = begin + self._config.sample_s * np.arange(count + 1, dtype=np.float64)
        position, velocity, acceleration = np.zeros((3, len(time), len(self._robot.joint_names)))
        for side, timeline in self._timelines.items():
            columns = self._columns[side]
            position[:, columns], velocity[:, columns], acceleration[:, columns] = timeline.sample(
                time
            )
        return GestureTrajectory(
            self._robot.joint_names,
            time,
            position,
            velocity,
            acceleration,
            phases=tuple(sorted(self._phases, key=lambda phase: phase.start_s)),
            paths=tuple(self._paths),
            notes=tuple(self._notes),
            dropped=tuple(self._dropped),
        )


def _adjustment(gesture: GestureSpec, hands: str, scale: float) -> str:
    """What was changed to make a stroke possible; empty when nothing was."""
    changes = []
    if gesture.hands not in ("either", hands):
        changes.append(f"with the {hands} hand instead of {gesture.hands}")
    if scale < 1.0:
        changes.append(f"at {scale:.0%} of the size")
    if not changes:
        return ""
    return (
        f"{gesture.practice} of {gesture.object_id} "
        + " and ".join(changes)
        + " to stay within reach"
    )
