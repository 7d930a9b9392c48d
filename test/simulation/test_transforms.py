"""Link transforms make one tree and agree with MuJoCo's own kinematics."""

from __future__ import annotations

import mujoco
import numpy as np
import pytest

from imaggen_simulation.errors import SimulationError
from imaggen_simulation.model import build_model
from imaggen_simulation.transforms import LinkTree


def rotated(quaternion, vector):
    """`vector` turned by a quaternion (x, y, z, w)."""
    axis, w = np.array(quaternion[:3]), quaternion[3]
    return vector + 2 * np.cross(axis, np.cross(axis, vector) + w * np.asarray(vector))


def test_every_link_but_the_root_has_one_parent(robot):
    tree = LinkTree(robot.urdf_xml)
    children = [t.child for t in (*tree.fixed(), *tree.moving({}))]
    assert len(children) == len(set(children)) == robot.urdf_xml.count("<link ") - 1


def test_walking_the_tree_leads_to_the_fingertip(robot):
    model = build_model(robot.urdf_xml)
    data = mujoco.MjData(model)
    positions = {}
    random = np.random.default_rng(2)
    for name in robot.model.joint_names:
        joint = model.joint(name)
        positions[name] = float(random.uniform(*joint.range))
        data.qpos[joint.qposadr[0]] = positions[name]
    mujoco.mj_forward(model, data)
    tree = LinkTree(robot.urdf_xml)
    parents = {t.child: t for t in (*tree.fixed(), *tree.moving(positions))}
    frame, point = robot.model.tip_link("left"), np.zeros(3)
    while frame in parents:
        step = parents[frame]
        point = rotated(step.quaternion, point) + step.translation
        frame = step.parent
    tip = data.body(robot.model.tip_link("left")).xpos
    np.testing.assert_allclose(point, tip, atol=1e-6)


def test_text_that_is_no_urdf_is_refused():
    with pytest.raises(SimulationError, match="cannot be parsed"):
        LinkTree("<robot>")
