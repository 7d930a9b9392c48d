"""A humanoid from its URDF: arms, hands, limits, gesture space and rest posture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from imaggen_motion.arms import SIDES, Side, find_arm_chains, tokens
from imaggen_motion.errors import RobotDescriptionError
from imaggen_motion.profile import HandProfile, RobotProfile

FloatArray = NDArray[np.float64]
HandShape = Literal["relaxed", "index"]
# Kept free at both ends of every joint's range, so that following error and beats stay inside.
POSITION_MARGIN_RAD = 0.02


@dataclass(frozen=True)
class JointLimits:
    """Bounds of the commanded joints, each (N,), [rad], [rad/s], [rad/s^2]."""

    lower: FloatArray
    upper: FloatArray
    velocity: FloatArray
    acceleration: FloatArray


@dataclass(frozen=True)
class GestureSpace:
    """Where gestures live: fixed to the torso, in the robot's base frame.

    Attributes:
        origin: (3,) midpoint between the shoulders [m].
        axes: (3, 3) columns forward, left, up.
        reach: shoulder to fingertip with the arm straight [m].
        half_width: half the distance between the shoulders [m].
    """

    origin: FloatArray
    axes: FloatArray
    reach: float
    half_width: float

    def point(self, forward: float, left: float, up: float) -> FloatArray:
        """(3,) base-frame point [m] of coordinates given in reach units."""
        return self.origin + self.axes @ (self.reach * np.array([forward, left, up]))

    def direction(self, forward: float, left: float, up: float) -> FloatArray:
        """(3,) unit vector in the base frame."""
        vector = self.axes @ np.array([forward, left, up])
        return _unit(vector)


class Arm:
    """One arm with its hand held in one shape: kinematics for IK.

    Attributes:
        joint_names: of the arm, shoulder first.
        lower, upper: (n,) position bounds [rad], margins already taken off.
        finger_direction, palm_normal: unit vectors in the tip frame; the latter may be None.
    """

    def __init__(
        self,
        side: Side,
        model: Any,
        tip_frame: int,
        finger_direction: FloatArray,
        palm_normal: FloatArray | None,
    ):
        self.side = side
        self.model = model
        self.data = model.createData()
        self.tip_frame = tip_frame
        self.finger_direction = finger_direction
        self.palm_normal = palm_normal
        self.joint_names = tuple(model.names[1:])
        lower, upper = model.lowerPositionLimit.copy(), model.upperPositionLimit.copy()
        # Continuous joints have no bounds of their own; one turn each way is plenty for an arm.
        lower[~np.isfinite(lower)], upper[~np.isfinite(upper)] = -np.pi, np.pi
        margin = np.minimum(POSITION_MARGIN_RAD, 0.1 * (upper - lower))
        self.lower, self.upper = lower + margin, upper - margin

    def tip_pose(self, q: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Fingertip position (3,) [m] and rotation (3, 3) in the base frame."""
        pin.framesForwardKinematics(self.model, self.data, q)
        pose = self.data.oMf[self.tip_frame]
        return pose.translation.copy(), pose.rotation.copy()

    def tip_jacobian(self, q: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Tip position (3,), rotation (3, 3) and Jacobian (6, n) in base-frame axes."""
        jacobian = pin.computeFrameJacobian(
            self.model, self.data, q, self.tip_frame, pin.LOCAL_WORLD_ALIGNED
        )
        pose = pin.updateFramePlacement(self.model, self.data, self.tip_frame)
        return pose.translation, pose.rotation, jacobian

    @cached_property
    def shoulder(self) -> FloatArray:
        """(3,) position of the first joint [m], which no arm joint moves."""
        return np.array(self.model.jointPlacements[1].translation)


class RobotModel:
    """What motion needs to know of a robot.

    Attributes:
        name: of the URDF.
        joint_names: commanded joints: left arm, right arm, left hand, right hand.
        limits: of the commanded joints.
        space: gesture space in `base_frame`.
        base_frame: root link of the URDF.
    """

    def __init__(self, model: Any, profile: RobotProfile | None = None):
        self.profile = profile or RobotProfile()
        self.name: str = model.name
        self._model = model
        self._neutral = _neutral(model, self.profile.rest)
        self._chains = find_arm_chains(model)
        self.base_frame: str = _root_link(model)
        self._arms: dict[tuple[Side, HandShape], Arm] = {}
        self._tips = {side: self._find_tip(side) for side in SIDES}
        self.arm_joints = {
            side: tuple(model.names[j] for j in chain) for side, chain in self._chains.items()
        }
        self.hand_joints = {side: self._find_hand_joints(side) for side in SIDES}
        self.joint_names = (
            *self.arm_joints["left"],
            *self.arm_joints["right"],
            *self.hand_joints["left"],
            *self.hand_joints["right"],
        )
        self.limits = self._find_limits()
        self.space = self._find_space()

    @classmethod
    def from_urdf(cls, xml: str, profile: RobotProfile | None = None) -> RobotModel:
        """Build the model from URDF text.

        Args:
            xml: URDF (not xacro) as text.
            profile: what the URDF does not say.

        Raises:
            RobotDescriptionError: when the text is no URDF or has no two arms.
        """
        if "<robot" not in xml:
            raise RobotDescriptionError(
                "the robot description is no URDF (no <robot> element); give URDF or xacro"
            )
        try:
            model = pin.buildModelFromXML(xml)
        except Exception as error:  # pinocchio raises bare ValueError or RuntimeError
            raise RobotDescriptionError(f"the URDF cannot be parsed: {error}") from error
        return cls(model, profile)

    def copy(self) -> RobotModel:
        """The same robot for another thread: arms keep what they compute last."""
        return RobotModel(self._model, self.profile)

    def arm(self, side: Side, shape: HandShape = "index") -> Arm:
        """Kinematics of one arm with its fingers held in a hand shape (cached)."""
        key = (side, shape)
        if key not in self._arms:
            posture = self._neutral.copy()
            for name, value in self.hand_posture(side, shape).items():
                posture[self._model.joints[self._model.getJointId(name)].idx_q] = value
            keep = set(self._chains[side])
            locked = [j for j in range(1, self._model.njoints) if j not in keep]
            reduced = pin.buildReducedModel(self._model, locked, posture)
            tip = reduced.getFrameId(self._tips[side])
            direction, palm = self._hand_axes(side, reduced, tip)
            self._arms[key] = Arm(side, reduced, tip, direction, palm)
        return self._arms[key]

    def hand_posture(self, side: Side, shape: HandShape) -> Mapping[str, float]:
        """Joint positions [rad] of a hand shape, inside the limits; empty without fingers."""
        shapes: Mapping[str, Mapping[str, float]] = self._hand(side).shapes
        return {name: self._inside(name, value) for name, value in shapes.get(shape, {}).items()}

    def _inside(self, joint: str, position: float) -> float:
        """A position with the margin to its joint's bounds that all planning keeps."""
        column = self._model.joints[self._model.getJointId(joint)].idx_q
        lower, upper = (
            self._model.lowerPositionLimit[column],
            self._model.upperPositionLimit[column],
        )
        return float(np.clip(position, lower + POSITION_MARGIN_RAD, upper - POSITION_MARGIN_RAD))

    def joint_index(self, names: tuple[str, ...]) -> list[int]:
        """Columns of `names` among the commanded joints."""
        columns = {name: i for i, name in enumerate(self.joint_names)}
        return [columns[name] for name in names]

    def whole_body_rest(self) -> dict[str, float]:
        """Position at rest [rad] of every single-axis joint that is not commanded."""
        return {
            str(self._model.names[j]): float(self._neutral[self._model.joints[j].idx_q])
            for j in range(1, self._model.njoints)
            if self._model.joints[j].nq == 1 and self._model.names[j] not in self.joint_names
        }

    def frame_position(self, name_tokens: set[str]) -> FloatArray | None:
        """(3,) position of the first frame whose name holds all tokens, at rest [m]; or None."""
        data = self._model.createData()
        pin.framesForwardKinematics(self._model, data, self._neutral)
        for index, frame in enumerate(self._model.frames):
            if name_tokens <= tokens(frame.name):
                return np.array(data.oMf[index].translation)
        return None

    def tip_link(self, side: Side) -> str:
        """Name of the frame that draws and points."""
        return self._tips[side]

    @cached_property
    def rest(self) -> FloatArray:
        """(N,) posture between gestures of the commanded joints [rad]."""
        from imaggen_motion.rest import find_rest_posture

        return find_rest_posture(self)

    def _hand(self, side: Side) -> HandProfile:
        return self.profile.left if side == "left" else self.profile.right

    def _find_hand_joints(self, side: Side) -> tuple[str, ...]:
        """Finger joints that any hand shape of the profile names, in the URDF's order."""
        named = {joint for shape in self._hand(side).shapes.values() for joint in shape}
        if unknown := sorted(named - set(self._model.names)):
            raise RobotDescriptionError(
                f"the profile's {side} hand names joint {unknown[0]!r}, which {self.name!r} lacks"
            )
        return tuple(name for name in self._model.names if name in named)

    def _find_tip(self, side: Side) -> str:
        """The index fingertip's frame, else the hand frame farthest from the wrist."""
        if tip := self._hand(side).tip:
            if not self._model.existFrame(tip):
                raise RobotDescriptionError(f"the profile's {side} tip {tip!r} is not in the URDF")
            return tip
        wrist = self._chains[side][-1]
        below = [
            f
            for f in self._model.frames
            if f.type == pin.FrameType.BODY  # links: only they have frames in tf
            and wrist in self._model.supports[f.parentJoint].tolist()
        ]
        index = [f for f in below if {"index", "tip"} <= tokens(f.name)]
        if index:
            return str(index[0].name)
        data = self._model.createData()
        pin.framesForwardKinematics(self._model, data, self._neutral)
        origin = data.oMi[wrist].translation
        far = max(
            below,
            key=lambda f: float(
                np.linalg.norm(data.oMf[self._model.getFrameId(f.name)].translation - origin)
            ),
        )
        return str(far.name)

    def _hand_axes(
        self, side: Side, reduced: Any, tip: int
    ) -> tuple[FloatArray, FloatArray | None]:
        """Finger direction and palm normal in the tip frame, from the profile or the geometry."""
        hand = self._hand(side)
        palm = None if hand.palm_normal is None else _unit(np.array(hand.palm_normal))
        if hand.finger_direction is not None:
            return _unit(np.array(hand.finger_direction)), palm
        # Without a profile: the finger points away from the wrist.
        placement = reduced.frames[tip].placement
        if np.linalg.norm(placement.translation) < 1e-3:
            raise RobotDescriptionError(
                f"cannot tell where the {side} finger points; give finger_direction in the profile"
            )
        return _unit(placement.rotation.T @ placement.translation), palm

    def _find_limits(self) -> JointLimits:
        ids = [self._model.getJointId(name) for name in self.joint_names]
        columns = [self._model.joints[j].idx_q for j in ids]
        rates = [self._model.joints[j].idx_v for j in ids]
        velocity = self._model.velocityLimit[rates].copy()
        cap = self.profile.velocity_cap
        velocity = np.where((velocity <= 0) | ~np.isfinite(velocity), cap, velocity)
        velocity = np.minimum(velocity, cap)
        for i, name in enumerate(self.joint_names):
            velocity[i] = self.profile.velocity_limits.get(name, velocity[i])
        acceleration = np.array(
            [
                self.profile.acceleration_limits.get(name, self.profile.acceleration_limit)
                for name in self.joint_names
            ]
        )
        return JointLimits(
            self._model.lowerPositionLimit[columns].copy(),
            self._model.upperPositionLimit[columns].copy(),
            velocity,
            acceleration,
        )

    def _find_space(self) -> GestureSpace:
        left, right = (self.arm(side, "index").shoulder for side in SIDES)
        up = np.array([0.0, 0.0, 1.0])
        # Some robots face -x: forward follows from where left and right are (y cross z = x).
        forward = np.cross(left - right, up)
        if np.linalg.norm(forward) < 1e-6:
            raise RobotDescriptionError("the shoulders coincide; cannot tell where forward is")
        forward = _unit(forward)
        axes = np.column_stack([forward, np.cross(up, forward), up])
        reach = min(_measured_reach(self.arm(side, "index")) for side in SIDES)
        return GestureSpace(
            (left + right) / 2, axes, reach, float(np.linalg.norm(left - right)) / 2
        )


def _measured_reach(arm: Arm, samples: int = 500) -> float:
    """Farthest distance of the fingertip from the shoulder over random postures [m].

    The sum of link lengths overestimates it where joints are offset (TALOS 0.91 m for 0.76 m).
    """
    spread = np.random.default_rng(0).uniform(arm.lower, arm.upper, (samples, len(arm.lower)))
    return max(float(np.linalg.norm(arm.tip_pose(q)[0] - arm.shoulder)) for q in spread)


def _neutral(model: Any, rest: Mapping[str, float]) -> FloatArray:
    """Whole-body posture: the profile's rest, else zero, inside the joints' ranges."""
    q = pin.neutral(model)
    for joint in range(1, model.njoints):
        if model.joints[joint].nq != 1:
            continue
        column = model.joints[joint].idx_q
        wanted = rest.get(model.names[joint], 0.0)
        q[column] = np.clip(
            wanted, model.lowerPositionLimit[column], model.upperPositionLimit[column]
        )
    return np.asarray(q, dtype=float)


def _root_link(model: Any) -> str:
    """First body of the tree (frame 0 is pinocchio's own universe)."""
    for frame in model.frames[1:]:
        if frame.type == pin.FrameType.BODY:
            return str(frame.name)
    raise RobotDescriptionError("the URDF has no link")


def _unit(vector: FloatArray) -> FloatArray:
    return np.asarray(vector / np.linalg.norm(vector))
