"""A MuJoCo model from a URDF: fixed to the ground, gravity compensated, position controlled."""

from __future__ import annotations

import re
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from imaggen_simulation.errors import SimulationError

TIMESTEP_S = 0.002
# Joints follow their setpoints as critically damped systems of this natural frequency [rad/s]; a
# tenth of the step rate, so that it is stable, and far above the 1-3 Hz of gestures.
NATURAL_FREQUENCY = 60.0
TUNING_POSTURES = 32
# Rotor inertia seen at the joint [kg m^2]; URDFs leave it out, and fingers without it are stiff.
ARMATURE = 0.005
FLOOR, SKY_TOP, SKY_BOTTOM = (0.76, 0.80, 0.85, 1.0), (0.93, 0.95, 0.98), (0.72, 0.78, 0.86)
VISUAL_GROUP, COLLISION_GROUP = 1, 0


def build_model(urdf_xml: str, contacts: bool = False) -> Any:
    """Compile a URDF.

    Args:
        urdf_xml: expanded URDF with absolute mesh paths.
        contacts: simulate collisions (several times slower; gestures need none).

    Returns:
        mujoco.MjModel with one actuator per movable joint, named like the joint.

    Raises:
        SimulationError: when MuJoCo cannot load the robot.
    """
    compiler = (
        '<mujoco><compiler strippath="false" meshdir="/" discardvisual="false" fusestatic="false"'
        ' balanceinertia="true" boundmass="0.001" boundinertia="1e-6"/></mujoco>'
    )
    xml = re.sub(r"(<robot\b[^>]*>)", lambda m: m.group(1) + compiler, urdf_xml, count=1)
    try:
        spec = mujoco.MjSpec.from_string(xml)
        _dress(spec)
        for body in spec.bodies:
            body.gravcomp = 1.0
        for joint in spec.joints:
            joint.armature = ARMATURE
            _actuate(spec, joint)
        model = spec.compile()
    except ValueError as error:
        text = " ".join(str(error).split())  # MuJoCo spreads its reasons over lines
        raise SimulationError(
            f"the robot cannot be simulated, MuJoCo says: {text}; gestures for it can still be"
            " synthesized, and performed with --live"
        ) from error
    model.opt.timestep = TIMESTEP_S
    model.opt.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    if not contacts:
        model.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_CONTACT
    _tune(model)
    return model


def _dress(spec: Any) -> None:
    """A floor, a sky and soft light from the front."""
    # Together just below full white on a surface that faces the camera.
    sun = mujoco.mjtLightType.mjLIGHT_DIRECTIONAL
    spec.worldbody.add_light(
        type=sun, pos=[2.5, 1.5, 3.5], dir=[-0.55, -0.3, -0.9], diffuse=[0.50, 0.49, 0.47]
    )
    spec.worldbody.add_light(
        type=sun,
        pos=[2.0, -2.5, 2.5],
        dir=[-0.5, 0.7, -0.6],
        diffuse=[0.17, 0.18, 0.21],
        castshadow=False,
    )
    spec.visual.headlight.ambient = [0.36, 0.36, 0.37]
    spec.visual.headlight.diffuse = [0.16, 0.16, 0.16]
    spec.visual.headlight.specular = [0.08, 0.08, 0.08]
    spec.visual.rgba.haze = [*SKY_BOTTOM, 1.0]  # the floor fades into the sky
    spec.add_texture(
        name="sky",
        type=mujoco.mjtTexture.mjTEXTURE_SKYBOX,
        builtin=mujoco.mjtBuiltin.mjBUILTIN_GRADIENT,
        rgb1=list(SKY_TOP),
        rgb2=list(SKY_BOTTOM),
        width=256,
        height=256,
    )
    # The floor lies under the lowest geometry; `place_floor` moves it once that is known.
    spec.worldbody.add_geom(
        name="floor",
        type=mujoco.mjtGeom.mjGEOM_PLANE,
        size=[0, 0, 0.05],
        pos=[0, 0, -0.001],  # at zero MuJoCo would take the world's frame and ignore later moves
        rgba=list(FLOOR),
        group=VISUAL_GROUP,
        contype=0,
        conaffinity=0,
    )


def _actuate(spec: Any, joint: Any) -> None:
    """A servo on a joint; its gains follow once the inertia is known (`_tune`)."""
    if joint.type not in (mujoco.mjtJoint.mjJNT_HINGE, mujoco.mjtJoint.mjJNT_SLIDE):
        return
    actuator = spec.add_actuator(
        name=joint.name, target=joint.name, trntype=mujoco.mjtTrn.mjTRN_JOINT
    )
    actuator.gaintype = mujoco.mjtGain.mjGAIN_FIXED
    actuator.biastype = mujoco.mjtBias.mjBIAS_AFFINE


def _tune(model: Any) -> None:
    """Gains from each joint's inertia: critically damped at `NATURAL_FREQUENCY`."""
    inertia = _mean_inertia(model, model.actuator_trnid[:, 0])
    stiffness, damping = inertia * NATURAL_FREQUENCY**2, 2.0 * inertia * NATURAL_FREQUENCY
    model.actuator_gainprm[:, 0] = stiffness
    model.actuator_biasprm[:, 1] = -stiffness
    model.actuator_biasprm[:, 2] = -damping


def _mean_inertia(model: Any, joints: NDArray[np.int32]) -> NDArray[np.float64]:
    """Inertia that each joint moves [kg m^2], the mean over random postures.

    That of a single posture may mislead by a factor of ten: turning an upper arm is easy while the
    forearm hangs straight.
    """
    data, random = mujoco.MjData(model), np.random.default_rng(0)
    low, high = np.where(model.jnt_limited[joints, None], model.jnt_range[joints], (-1.0, 1.0)).T
    dofs = model.jnt_dofadr[joints]
    inertia, unit, column = np.zeros(len(joints)), np.zeros(model.nv), np.zeros(model.nv)
    for _ in range(TUNING_POSTURES):
        data.qpos[model.jnt_qposadr[joints]] = random.uniform(low, high)
        mujoco.mj_forward(model, data)
        for index, dof in enumerate(dofs):
            unit[dof] = 1.0
            mujoco.mj_mulM(model, data, column, unit)
            unit[dof] = 0.0
            inertia[index] += column[dof] / TUNING_POSTURES
    return inertia


def place_floor(model: Any, data: Any) -> None:
    """Put the floor under the robot's lowest point in its present posture."""
    # The bounding box of a geometry, turned with it, reaches this far down.
    below = (np.abs(data.geom_xmat[:, 6:]) * model.geom_aabb[:, 3:]).sum(axis=1)
    centre = data.geom_xpos[:, 2] + (data.geom_xmat[:, 6:] * model.geom_aabb[:, :3]).sum(axis=1)
    robot = np.arange(model.ngeom) != model.geom("floor").id
    model.geom("floor").pos[2] = (centre - below)[robot].min()
