"""The MuJoCo model of both robots."""

from __future__ import annotations

import mujoco
import numpy as np
import pinocchio as pin
import pytest

from imaggen_simulation.errors import SimulationError
from imaggen_simulation.model import TIMESTEP_S, VISUAL_GROUP, build_model, place_floor


@pytest.fixture(scope="module")
def model(robot):
    return build_model(robot.urdf_xml)


def test_every_joint_has_an_actuator_bounded_by_the_urdf(robot, model):
    reference = pin.buildModelFromXML(robot.urdf_xml)
    assert model.nu == model.njnt == reference.nv
    for index in range(model.nu):
        name = model.actuator(index).name
        joint = reference.joints[reference.getJointId(name)]
        effort = reference.effortLimit[joint.idx_v]
        np.testing.assert_allclose(model.jnt_actfrcrange[model.joint(name).id], [-effort, effort])
        lower, upper = reference.lowerPositionLimit, reference.upperPositionLimit
        expected = [lower[joint.idx_q], upper[joint.idx_q]]
        np.testing.assert_allclose(model.joint(name).range, expected)


def test_its_mass_is_the_urdfs(robot, model):
    inertias = pin.buildModelFromXML(robot.urdf_xml).inertias
    assert model.body_mass.sum() == pytest.approx(sum(i.mass for i in inertias), rel=0.01)


def test_gravity_does_not_move_it(model):
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    np.testing.assert_allclose(data.qfrc_passive, data.qfrc_bias, atol=1e-6)


def test_contacts_are_off_unless_asked_for(robot, model):
    flag = mujoco.mjtDisableBit.mjDSBL_CONTACT
    assert model.opt.disableflags & flag
    assert not build_model(robot.urdf_xml, contacts=True).opt.disableflags & flag


def test_it_steps_at_500_hz(model):
    assert model.opt.timestep == TIMESTEP_S == 0.002


def test_servos_are_critically_damped(model):
    stiffness, damping = model.actuator_gainprm[:, 0], -model.actuator_biasprm[:, 2]
    np.testing.assert_array_equal(model.actuator_biasprm[:, 1], -stiffness)
    inertia = stiffness / 60.0**2
    np.testing.assert_allclose(damping, 2 * np.sqrt(stiffness * inertia))


def test_materials_keep_their_colours(humanoid):
    model = build_model(humanoid.urdf_xml)
    visuals = model.geom_group == VISUAL_GROUP
    colours = {tuple(np.round(rgba, 2)) for rgba in model.geom_rgba[visuals].tolist()}
    assert (0.95, 0.45, 0.22, 1.0) in colours  # the accent
    assert len(colours) >= 6


def test_the_floor_touches_the_soles(humanoid):
    model = build_model(humanoid.urdf_xml)
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    place_floor(model, data)
    assert model.geom("floor").pos[2] == pytest.approx(0.0, abs=2e-3)  # base_link is on the floor


def test_a_broken_description_is_one_clear_sentence():
    with pytest.raises(SimulationError, match="cannot be simulated"):
        build_model("<robot name='x'><link name='a'/><link name='a'/></robot>")
