"""A MuJoCo model from a URDF: fixed to the ground, gravity compensated, position controlled."""

from __future__ import annotations

import re
from typing import Any

import mujoco
import numpy as np

from imaggen_simulation.errors import SimulationError

TIMESTEP_S = 0.002
# Joints follow their setpoints as critically damped systems of this natural frequency [rad/s]; a
# tenth of the step rate, so that it is stable, and far above the 1-3 Hz of gestures.
NATURAL_FREQUENCY = 60.0
# Rotor inertia seen at the joint [kg m^2]; URDFs leave it out, and fingers without it are stiff.
ARMATURE = 0.005
FLOOR, SKY_TOP, SKY_BOTTOM = (0.80, 0.81, 0.83, 1.0), (0.93, 0.95, 0.98), (0.72, 0.78, 0.86)
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
        raise SimulationError(f"MuJoCo cannot load the robot: {error}") from error
    model.opt.timestep = TIMESTEP_S
    model.opt.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    if not contacts:
        model.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_CONTACT
    _tune(model)
    return model


def _dress(spec: Any) -> None:
    """A floor, a sky and soft light from the front."""
    spec.worldbody.add_light(
        pos=[2.5, 1.5, 3.5], dir=[-0.6, -0.4, -0.8], diffuse=[0.55, 0.55, 0.55], castshadow=True
    )
    spec.worldbody.add_light(
        pos=[2.0, -2.5, 2.5], dir=[-0.5, 0.7, -0.6], diffuse=[0.3, 0.3, 0.32], castshadow=False
    )
    spec.visual.headlight.ambient = [0.42, 0.42, 0.42]
    spec.visual.headlight.diffuse = [0.25, 0.25, 0.25]
    spec.visual.headlight.specular = [0.1, 0.1, 0.1]
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
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    for actuator in range(model.nu):
        dof = model.jnt_dofadr[model.actuator_trnid[actuator, 0]]
        unit, column = np.zeros(model.nv), np.zeros(model.nv)
        unit[dof] = 1.0
        mujoco.mj_mulM(model, data, column, unit)
        at_joint = column[dof]
        stiffness = at_joint * NATURAL_FREQUENCY**2
        damping = 2.0 * at_joint * NATURAL_FREQUENCY
        model.actuator_gainprm[actuator, 0] = stiffness
        model.actuator_biasprm[actuator, 1:3] = -stiffness, -damping


def place_floor(model: Any, data: Any) -> None:
    """Put the floor under the robot's lowest point in its present posture."""
    lowest = min(
        float(data.geom_xpos[geom, 2] - model.geom_rbound[geom])
        for geom in range(model.ngeom)
        if model.geom_bodyid[geom] != 0 or model.geom(geom).name != "floor"
    )
    model.geom("floor").pos[2] = lowest
