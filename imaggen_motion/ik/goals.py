"""What a path asks of an arm, as weighted residuals with their Jacobians."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imaggen_motion.ik.solver import TipPath
from imaggen_motion.robot_model import Arm

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """Weights of the residuals (squared in the cost).

    Attributes:
        position: per metre; six orders of magnitude above the soft goals, so that the fingertip is
            exact wherever the arm can reach.
        finger, palm: per unit of the direction's error.
        posture: towards the nominal posture, per radian.
        margin: against coming closer than `margin_rad` to a joint's bound, per radian.
        smoothness: of the second derivative by normalised path length, per radian.
    """

    position: float = 1000.0
    finger: float = 0.5
    palm: float = 0.2
    posture: float = 0.12
    margin: float = 3.0
    margin_rad: float = 0.12
    smoothness: float = 0.01


class PathGoals:
    """Residuals of postures along one path.

    Args:
        arm: that follows.
        path: what to follow, K waypoints.
        nominal: (n,) posture to stay near [rad].
    """

    def __init__(self, arm: Arm, path: TipPath, nominal: FloatArray, weights: Weights):
        self.arm = arm
        self.weights = weights
        self.points = path.points
        self._fingers = np.broadcast_to(path.finger, path.points.shape)
        self._palm = path.palm if arm.palm_normal is not None else None
        self._nominal = nominal
        self._eye = np.eye(len(nominal))
        margin = np.minimum(weights.margin_rad, 0.2 * (arm.upper - arm.lower))
        self._inner_lower, self._inner_upper = arm.lower + margin, arm.upper - margin

    def linearise(self, q: FloatArray, rows: slice) -> tuple[FloatArray, FloatArray]:
        """Residuals (k, m) and Jacobians (k, m, n) of postures q (k, n) at waypoints `rows`."""
        weights, (count, size) = self.weights, q.shape
        position, rotation, jacobian = self._kinematics(q)
        residuals = [weights.position * (position - self.points[rows])]
        jacobians = [weights.position * jacobian[:, :3]]
        directions = [(weights.finger, self.arm.finger_direction, self._fingers[rows])]
        if self._palm is not None:
            assert self.arm.palm_normal is not None
            directions.append((weights.palm, self.arm.palm_normal, self._palm))
        for weight, local, wanted in directions:
            now = rotation @ local
            residuals.append(weight * (now - wanted))
            jacobians.append(weight * _turned(jacobian[:, 3:], now[:, :, None]))
        residuals.append(weights.posture * (q - self._nominal))
        posture = np.broadcast_to(weights.posture * self._eye, (count, size, size))
        jacobians.append(posture)
        beyond = np.minimum(q - self._inner_lower, 0.0) + np.maximum(q - self._inner_upper, 0.0)
        residuals.append(weights.margin * beyond)
        jacobians.append(weights.margin * self._eye * (beyond != 0.0)[:, None, :])
        return np.concatenate(residuals, axis=1), np.concatenate(jacobians, axis=1)

    def miss(self, q: FloatArray) -> FloatArray:
        """(K,) distance of the fingertip from its waypoints [m]."""
        reached = np.array([self.arm.tip_pose(posture)[0] for posture in q])
        return np.asarray(np.linalg.norm(reached - self.points, axis=1))

    def _kinematics(self, q: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        count, size = q.shape
        position = np.empty((count, 3))
        rotation = np.empty((count, 3, 3))
        jacobian = np.empty((count, 6, size))
        for k in range(count):
            position[k], rotation[k], jacobian[k] = self.arm.tip_jacobian(q[k])
        return position, rotation, jacobian


def _turned(angular: FloatArray, direction: FloatArray) -> FloatArray:
    """How directions (k, 3, 1) turn with the joints: angular Jacobian columns x direction.

    Written out, because numpy's cross costs more than everything else here together.
    """
    (wx, wy, wz), (x, y, z) = angular.swapaxes(0, 1), direction.swapaxes(0, 1)
    return np.stack([wy * z - wz * y, wz * x - wx * z, wx * y - wy * x], axis=1)
