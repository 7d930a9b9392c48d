"""A simulated robot: MuJoCo physics under a joint trajectory controller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from imaggen_motion.robot_model import RobotModel
from imaggen_simulation.controller import JointTrajectoryController, Outcome
from imaggen_simulation.model import TIMESTEP_S, build_model

FloatArray = NDArray[np.float64]
CONTROL_STEPS = 2  # physics steps per controller update: 250 Hz, as real arms run it
# Dry friction is compensated in full from about this speed on [rad/s]; a step would chatter.
FRICTION_SPEED = 0.05


@dataclass(frozen=True)
class JointStates:
    """All movable joints at one time, (J,) each: [rad], [rad/s], [N m].

    Efforts are without gravity, which the simulated robot balances like a spring would.
    """

    names: tuple[str, ...]
    position: FloatArray
    velocity: FloatArray
    effort: FloatArray


class SimulatedRobot:
    """Physics and controller of one robot; `advance` moves time on.

    Commanded joints follow the controller; all others are held where they started.

    Args:
        urdf_xml: expanded URDF with absolute mesh paths.
        robot: the same robot as motion knows it: commanded joints, limits, rest posture.
        contacts: simulate collisions.
    """

    def __init__(self, urdf_xml: str, robot: RobotModel, contacts: bool = False):
        self.model = build_model(urdf_xml, contacts)
        self.data = mujoco.MjData(self.model)
        model = self.model
        joints = [int(j) for j in model.actuator_trnid[:, 0]]
        self.joint_names = tuple(model.joint(j).name for j in joints)
        self._qpos = np.array([model.jnt_qposadr[j] for j in joints])
        self._dofs = np.array([model.jnt_dofadr[j] for j in joints])
        self._stiffness = np.array(model.actuator_gainprm[:, 0])
        self._damping = -np.array(model.actuator_biasprm[:, 2])
        self._friction = np.array(model.dof_frictionloss[self._dofs])
        self._wanted, self._torque = np.zeros(model.nv), np.zeros(model.nv)
        self.set_posture(
            {
                **robot.whole_body_rest(),
                **dict(zip(robot.joint_names, robot.rest.tolist(), strict=True)),
            }
        )
        self._held = self.data.qpos[self._qpos].copy()
        self._commanded = np.array([self.joint_names.index(n) for n in robot.joint_names])
        self.controller = JointTrajectoryController(
            robot.joint_names,
            self._held[self._commanded],
            robot.limits.lower,
            robot.limits.upper,
            robot.limits.acceleration,
        )

    @property
    def time(self) -> float:
        """Simulated time [s]."""
        return float(self.data.time)

    def set_posture(self, positions: Mapping[str, float]) -> None:
        """Put joints somewhere at once, at rest (for the start and for pictures) [rad]."""
        for name, value in positions.items():
            if name in self.joint_names:
                self.data.qpos[self._qpos[self.joint_names.index(name)]] = value
        self.data.qvel[:] = 0.0
        mujoco.mj_forward(self.model, self.data)

    def advance(self, until: float) -> None:
        """Simulate in control cycles of 4 ms up to time `until` [s]."""
        while self.data.time < until - TIMESTEP_S / 2:
            self._command()
            mujoco.mj_step(self.model, self.data, CONTROL_STEPS)

    def states(self) -> JointStates:
        """What the encoders say."""
        return JointStates(
            self.joint_names,
            self.data.qpos[self._qpos].copy(),
            self.data.qvel[self._dofs].copy(),
            self.data.qfrc_actuator[self._dofs].copy(),
        )

    def measured(self) -> FloatArray:
        """(N,) positions of the commanded joints [rad]."""
        return np.asarray(self.data.qpos[self._qpos[self._commanded]])

    def outcome(self) -> Outcome | None:
        """How the controller's goal ended, once it has."""
        return self.controller.outcome(self.time, self.measured())

    def _command(self) -> None:
        """Servo targets: setpoint plus feed-forward of velocity, inverse dynamics and friction.

        The servo's torque is k (u - q) - d q'; with u = q_d + (d q_d' + tau) / k it becomes the
        computed torque k (q_d - q) + d (q_d' - q') + tau, tau = M q_d'' + bias - passive forces,
        to which dry friction in the direction of the motion is added.
        """
        data = self.data
        target, rate = self._held.copy(), np.zeros(len(self._held))
        position, velocity, acceleration = self.controller.sample(self.time)
        target[self._commanded], rate[self._commanded] = position, velocity
        self._wanted[self._dofs[self._commanded]] = acceleration
        mujoco.mj_mulM(self.model, data, self._torque, self._wanted)
        torque = self._torque + data.qfrc_bias - data.qfrc_passive
        feed_forward = torque[self._dofs] + self._friction * np.tanh(rate / FRICTION_SPEED)
        data.ctrl[:] = target + (self._damping * rate + feed_forward) / self._stiffness
