"""Where a robot's links are, parent by parent: what robot_state_publisher publishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pinocchio as pin

from imaggen_simulation.errors import SimulationError


@dataclass(frozen=True)
class LinkTransform:
    """A link's pose in its parent link.

    Attributes:
        translation: (x, y, z) [m].
        quaternion: (x, y, z, w).
    """

    parent: str
    child: str
    translation: tuple[float, float, float]
    quaternion: tuple[float, float, float, float]


class LinkTree:
    """Forward kinematics of all links.

    Args:
        urdf_xml: expanded URDF.

    Raises:
        SimulationError: when pinocchio cannot read it.
    """

    def __init__(self, urdf_xml: str):
        try:
            self._model = pin.buildModelFromXML(urdf_xml)
        except Exception as error:  # pinocchio raises bare ValueError or RuntimeError
            raise SimulationError(f"the URDF cannot be parsed: {error}") from error
        self._data = self._model.createData()
        self._q = pin.neutral(self._model)
        self._moving: list[tuple[int, int]] = []
        self._fixed: list[tuple[int, int]] = []
        for index, frame in enumerate(self._model.frames):
            joint = self._model.frames[frame.parentFrame]
            if frame.type != pin.FrameType.BODY or joint.parentFrame == 0 == frame.parentFrame:
                continue
            rows = self._fixed if joint.type == pin.FrameType.FIXED_JOINT else self._moving
            if self._model.frames[joint.parentFrame].type == pin.FrameType.BODY:
                rows.append((joint.parentFrame, index))

    def moving(self, positions: Mapping[str, float]) -> list[LinkTransform]:
        """Links behind movable joints, at joint positions [rad]."""
        for name, value in positions.items():
            joint = self._model.getJointId(name)
            if joint < self._model.njoints and self._model.joints[joint].nq == 1:
                self._q[self._model.joints[joint].idx_q] = value
        return self._transforms(self._moving)

    def fixed(self) -> list[LinkTransform]:
        """Links behind fixed joints."""
        return self._transforms(self._fixed)

    def _transforms(self, pairs: list[tuple[int, int]]) -> list[LinkTransform]:
        pin.framesForwardKinematics(self._model, self._data, self._q)
        frames, poses = self._model.frames, self._data.oMf
        transforms = []
        for parent, child in pairs:
            x, y, z, qx, qy, qz, qw = pin.SE3ToXYZQUAT(poses[parent].actInv(poses[child]))
            transforms.append(
                LinkTransform(frames[parent].name, frames[child].name, (x, y, z), (qx, qy, qz, qw))
            )
        return transforms
