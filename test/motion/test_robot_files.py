"""Robots by name and by path."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from imaggen_motion import robot_files
from imaggen_motion.errors import RobotDescriptionError
from imaggen_motion.robot_files import DEFAULT_ROBOT, known_robots, resolve_robot, share_folder


def test_the_own_robot_comes_with_its_profile():
    source = resolve_robot(DEFAULT_ROBOT)
    assert source.name == DEFAULT_ROBOT
    assert "xacro" not in source.urdf_xml.split("<robot")[1][:200]
    assert source.profile_path == share_folder("config") / "robots" / f"{DEFAULT_ROBOT}.yaml"


def test_talos_has_meshes_at_absolute_paths():
    try:
        source = resolve_robot("talos")
    except RobotDescriptionError as error:
        pytest.skip(str(error))
    assert "package://" not in source.urdf_xml
    meshes = re.findall(r'<mesh filename="([^"]+)"', source.urdf_xml)
    assert meshes
    assert all(Path(mesh).is_file() for mesh in meshes)
    assert source.profile_path is not None


def test_talos_without_its_package_names_the_extra(monkeypatch):
    monkeypatch.setattr(robot_files, "_prefixes", list)
    with pytest.raises(RobotDescriptionError, match=r"imaggen\[talos\]"):
        resolve_robot("talos")


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(RobotDescriptionError) as caught:
        resolve_robot("r2d2")
    assert all(name in str(caught.value) for name in ("r2d2", *known_robots()))


def test_a_urdf_of_ones_own_finds_the_packages_above_it(tmp_path):
    mesh = tmp_path / "my_description" / "meshes" / "arm.stl"
    mesh.parent.mkdir(parents=True)
    mesh.touch()
    path = tmp_path / "my_description" / "urdf" / "mine.urdf"
    path.parent.mkdir()
    path.write_text(
        '<robot name="mine"><mesh filename="package://my_description/meshes/arm.stl"/>'
        '<mesh filename="package://elsewhere/a.stl"/></robot>',
        encoding="utf-8",
    )
    source = resolve_robot(str(path))
    assert source.name == "mine"
    assert source.profile_path is None
    assert f'"{mesh}"' in source.urdf_xml
    assert "package://elsewhere/a.stl" in source.urdf_xml  # MuJoCo or pinocchio will say so


def test_packages_are_found_where_ros_keeps_them(tmp_path, monkeypatch):
    mesh = tmp_path / "install" / "share" / "arms" / "a.stl"
    mesh.parent.mkdir(parents=True)
    mesh.touch()
    monkeypatch.setenv("AMENT_PREFIX_PATH", str(tmp_path / "install"))
    path = tmp_path / "src" / "mine.urdf"
    path.parent.mkdir()
    path.write_text('<robot name="mine"><m f="package://arms/a.stl"/></robot>', encoding="utf-8")
    assert str(mesh) in resolve_robot(str(path)).urdf_xml


@pytest.mark.parametrize("name", ["missing.urdf", "missing.urdf.xacro"])
def test_a_missing_file_is_named(tmp_path, name):
    with pytest.raises(RobotDescriptionError, match=name):
        resolve_robot(str(tmp_path / name))


def test_broken_xacro_is_named(tmp_path):
    path = tmp_path / "broken.xacro"
    path.write_text('<robot xmlns:xacro="http://ros.org/wiki/xacro"><xacro:no/></robot>')
    with pytest.raises(RobotDescriptionError, match=r"broken\.xacro"):
        resolve_robot(str(path))


def test_a_folder_that_is_not_installed_is_named():
    with pytest.raises(RobotDescriptionError, match="nothing_like_it"):
        share_folder("nothing_like_it")
