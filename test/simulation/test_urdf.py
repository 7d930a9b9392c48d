"""The project's own robot: limits, symmetry, frames, and that every tool reads it."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pinocchio as pin
import pytest
import xacro
import yaml

from imaggen_motion.robot_files import share_folder

URDF = share_folder("urdf") / "imaggen_humanoid.urdf.xacro"


def expand(**arguments: str) -> ElementTree.Element:
    text = xacro.process_file(str(URDF), mappings=arguments).toxml()
    return ElementTree.fromstring(text)


@pytest.fixture(scope="module")
def tree() -> ElementTree.Element:
    return expand()


@pytest.fixture(scope="module")
def model(humanoid) -> pin.Model:
    return pin.buildModelFromXML(humanoid.urdf_xml)


def joints(tree: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {j.get("name"): j for j in tree.findall("joint") if j.get("type") == "revolute"}


def numbers(text: str) -> np.ndarray:
    return np.array([float(word) for word in text.split()])


def test_every_joint_has_realistic_limits_and_dynamics(tree):
    assert len(joints(tree)) == 29
    for name, joint in joints(tree).items():
        limit, dynamics = joint.find("limit"), joint.find("dynamics")
        assert -3.0 <= float(limit.get("lower")) <= 0.0 < float(limit.get("upper")) <= 3.0, name
        assert 2.5 <= float(limit.get("velocity")) <= 6.0, name
        finger = any(word in name for word in ("index", "fingers", "thumb"))
        assert (2.0 if finger else 20.0) <= float(limit.get("effort")) <= 120.0, name
        assert float(dynamics.get("damping")) > 0.0 < float(dynamics.get("friction"))


def test_both_sides_have_the_same_joints_with_mirrored_axes(tree):
    left = {name: j for name, j in joints(tree).items() if name.startswith("left_")}
    assert len(left) == 13
    for name, one in left.items():
        other = joints(tree)[name.replace("left_", "right_")]
        assert one.find("limit").attrib == other.find("limit").attrib
        mirrored = numbers(one.find("axis").get("xyz")) * [-1, 1, -1]
        np.testing.assert_allclose(numbers(other.find("axis").get("xyz")), mirrored)


def test_equal_joint_values_are_mirror_images(model):
    random, data = np.random.default_rng(3), model.createData()
    q = pin.neutral(model)
    for name in model.names:
        if name.startswith("left_"):
            j, k = model.getJointId(name), model.getJointId(name.replace("left_", "right_"))
            value = random.uniform(model.lowerPositionLimit[model.joints[j].idx_q], 1.0)
            q[[model.joints[j].idx_q, model.joints[k].idx_q]] = value
    pin.framesForwardKinematics(model, data, q)
    for tip in ("index_tip", "fingers_tip", "thumb_tip", "hand_link"):
        left = data.oMf[model.getFrameId(f"left_{tip}")].translation
        right = data.oMf[model.getFrameId(f"right_{tip}")].translation
        np.testing.assert_allclose(right, left * [1, -1, 1], atol=1e-9)


def test_positive_values_move_as_documented(model):
    data = model.createData()

    def tip(**values: float) -> np.ndarray:
        q = pin.neutral(model)
        for name, value in values.items():
            q[model.joints[model.getJointId(f"left_{name}_joint")].idx_q] = value
        pin.framesForwardKinematics(model, data, q)
        return data.oMf[model.getFrameId("left_index_tip")].translation.copy()

    zero, bent = tip(), tip(elbow=1.5)
    assert tip(shoulder_pitch=0.5)[0] > zero[0] + 0.1  # forward
    assert tip(shoulder_roll=0.5)[1] > zero[1] + 0.1  # away from the body
    assert bent[0] > zero[0] + 0.1  # flexion brings the hand forward
    assert tip(elbow=1.5, shoulder_yaw=0.5)[1] < bent[1] - 0.1  # inwards
    assert tip(wrist_pitch=0.5)[0] > zero[0] + 0.05  # towards the thumb
    assert tip(wrist_roll=0.5)[1] < zero[1] - 0.05  # towards the palm
    assert tip(index_proximal=0.5)[1] < zero[1] - 0.02


def test_proportions_are_a_persons(model):
    data = model.createData()
    pin.framesForwardKinematics(model, data, pin.neutral(model))

    def at(frame: str) -> np.ndarray:
        return data.oMf[model.getFrameId(frame)].translation

    shoulder, elbow = at("left_shoulder_roll_link"), at("left_elbow_link")
    wrist, tip = at("left_hand_link"), at("left_index_tip")
    assert 1.2 <= shoulder[2] <= 1.35
    assert np.linalg.norm(elbow - shoulder) == pytest.approx(0.28, abs=1e-3)
    assert np.linalg.norm(wrist - elbow) == pytest.approx(0.25, abs=1e-3)
    assert 0.17 <= np.linalg.norm(tip - wrist) <= 0.21
    assert 40.0 <= sum(inertia.mass for inertia in model.inertias) <= 60.0


def test_the_camera_looks_forward_in_optical_convention(model):
    data = model.createData()
    pin.framesForwardKinematics(model, data, pin.neutral(model))
    optical = data.oMf[model.getFrameId("camera_optical_frame")].rotation
    np.testing.assert_allclose(optical, [[0, 0, 1], [-1, 0, 0], [0, -1, 0]], atol=1e-9)


def test_inertias_are_physical(model):
    for inertia in list(model.inertias)[1:]:
        moments = np.linalg.eigvalsh(inertia.inertia)
        assert inertia.mass > 0.0
        assert moments[0] > 0.0
        assert moments[0] + moments[1] >= moments[2] - 1e-9  # no body violates this


def test_ros2_control_offers_every_joint(tree):
    control = tree.find("ros2_control")
    assert control.find("hardware/plugin").text == "gz_ros2_control/GazeboSimSystem"
    assert {j.get("name") for j in control.findall("joint")} == set(joints(tree))
    for joint in control.findall("joint"):
        assert [c.get("name") for c in joint.findall("command_interface")] == ["position"]
        states = [s.get("name") for s in joint.findall("state_interface")]
        assert states == ["position", "velocity"]


def test_arguments_choose_hardware_gazebo_and_world():
    tree = expand(hardware="my_robot/Hardware", controllers="/some/file.yaml", in_world="true")
    assert tree.find("ros2_control/hardware/plugin").text == "my_robot/Hardware"
    assert tree.find("gazebo/plugin/parameters").text == "/some/file.yaml"
    assert any(j.find("parent").get("link") == "world" for j in tree.findall("joint"))


def test_gazebo_renders_the_head_camera(tree):
    sensor = tree.find("gazebo/sensor")
    assert sensor.get("type") == "camera"
    assert sensor.find("gz_frame_id").text == "camera_optical_frame"


def test_shapes_are_primitives_with_known_materials(tree):
    materials = {m.get("name") for m in tree.findall("material")}
    for link in tree.findall("link"):
        for visual in link.findall("visual"):
            assert visual.find("geometry")[0].tag in ("box", "cylinder", "sphere")
            assert visual.find("material").get("name") in materials


def test_the_controllers_file_names_the_joints_that_motion_commands(humanoid):
    text = Path(share_folder("config") / "controllers.yaml").read_text(encoding="utf-8")
    controller = yaml.safe_load(text)["joint_trajectory_controller"]["ros__parameters"]
    assert tuple(controller["joints"]) == humanoid.model.joint_names
