from __future__ import annotations

import numpy as np
import pytest

from imaggen_motion import MotionError, RobotDescriptionError, RobotModel, load_profile
from imaggen_motion.arms import side_of, tokens


def test_arms_and_axes_are_found(robot):
    assert len(robot.arm_joints["left"]) == len(robot.arm_joints["right"]) == 7
    assert np.allclose(robot.space.axes, np.eye(3), atol=1e-6)
    assert 0.5 < robot.space.reach < 1.2
    assert robot.limits.velocity.min() > 0 and robot.limits.acceleration.min() > 0


def test_rest_is_comfortable(robot):
    limits = robot.limits
    assert (robot.rest >= limits.lower).all() and (robot.rest <= limits.upper).all()
    for side, outward in (("left", 1.0), ("right", -1.0)):
        arm = robot.arm(side, "relaxed")
        tip, rotation = arm.tip_pose(robot.rest[robot.joint_index(arm.joint_names)])
        forward, left, up = robot.space.axes.T @ (tip - robot.space.origin) / robot.space.reach
        assert 0.2 < forward < 0.7 and -0.8 < up < -0.3 and outward * left > 0.05
        finger = rotation @ arm.finger_direction
        assert finger @ robot.space.axes[:, 0] > 0.5


def test_rest_is_the_same_on_both_sides(humanoid):
    left = humanoid.rest[humanoid.joint_index(humanoid.arm_joints["left"])]
    right = humanoid.rest[humanoid.joint_index(humanoid.arm_joints["right"])]
    assert np.allclose(left, right, atol=0.01)  # equal values are mirror images on this robot


def test_no_urdf_is_refused():
    with pytest.raises(RobotDescriptionError, match="no URDF"):
        RobotModel.from_urdf("hello")
    with pytest.raises(RobotDescriptionError, match="cannot be parsed"):
        RobotModel.from_urdf("<robot name='x'><link")


def test_a_urdf_without_arms_is_refused():
    box = "<robot name='crate'><link name='base'/></robot>"
    with pytest.raises(RobotDescriptionError, match="no left or right arm"):
        RobotModel.from_urdf(box)


def test_a_one_armed_robot_names_the_missing_arm():
    links = "".join(f"<link name='l{i}'/>" for i in range(6))
    joints = "".join(
        f"<joint name='left_arm_{i}_joint' type='revolute'><parent link='l{i}'/><child"
        f" link='l{i + 1}'/><axis xyz='0 1 0'/><origin xyz='0 0 0.1'/><limit lower='-1' upper='1'"
        " velocity='1' effort='1'/></joint>"
        for i in range(5)
    )
    with pytest.raises(RobotDescriptionError, match="no right arm"):
        RobotModel.from_urdf(f"<robot name='one'>{links}{joints}</robot>")


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("arm_left_1_joint", "left"),
        ("LShoulderPitch", "left"),
        ("r_elbow", "right"),
        ("R_arm_j1", "right"),
        ("torso_yaw", None),
        ("left_right_bar", None),
    ],
)
def test_sides_come_from_names(name, side):
    assert side_of(name) == side


def test_tokens_split_camel_case():
    assert tokens("LShoulderPitch2") == {"l", "shoulder", "pitch"}


def test_profiles_name_what_is_wrong(tmp_path):
    path = tmp_path / "profile.yaml"
    path.write_text("velocty_cap: 2\n")
    with pytest.raises(MotionError, match="velocty_cap"):
        load_profile(path)
    path.write_text("acceleration_limit: -1\n")
    with pytest.raises(MotionError, match="acceleration_limit"):
        load_profile(path)
    path.write_text("left: [1, 2]\n")
    with pytest.raises(MotionError, match="mapping"):
        load_profile(path)
    with pytest.raises(MotionError, match="cannot read"):
        load_profile(tmp_path / "none.yaml")


def test_a_profile_for_another_robot_is_refused(tmp_path):
    from .conftest import load_robot

    path = tmp_path / "profile.yaml"
    path.write_text("left: {tip: no_such_link}\n")
    from imaggen_motion.robot_files import resolve_robot

    with pytest.raises(RobotDescriptionError, match="no_such_link"):
        RobotModel.from_urdf(resolve_robot("imaggen_humanoid").urdf_xml, load_profile(path))
    assert load_robot("imaggen_humanoid").joint_names
