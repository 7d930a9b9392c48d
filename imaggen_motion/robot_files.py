"""Where robots' files are: by name, by path, from a checkout, a pip or a ROS install."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from imaggen_motion.errors import RobotDescriptionError
from imaggen_motion.profile import load_profile
from imaggen_motion.robot_model import RobotModel

DEFAULT_ROBOT = "imaggen_humanoid"
_TALOS = Path("example-robot-data/robots/talos_data/robots/talos_reduced.urdf")


@dataclass(frozen=True)
class RobotSource:
    """A robot's description, ready to use.

    Attributes:
        name: of the robot.
        urdf_xml: expanded URDF with absolute mesh paths.
        profile_path: the profile shipped for it, if any.
    """

    name: str
    urdf_xml: str
    profile_path: Path | None


def share_folder(name: str) -> Path:
    """Folder `urdf`, `config`, ... of this project.

    Raises:
        RobotDescriptionError: when the installation lacks it.
    """
    candidates = [Path(__file__).resolve().parents[1] / name]
    candidates += [prefix / "share" / "imaggen" / name for prefix in _prefixes()]
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise RobotDescriptionError(f"the folder {name}/ of imaggen is not installed; install it again")


def known_robots() -> tuple[str, ...]:
    """Names that `resolve_robot` knows."""
    return (DEFAULT_ROBOT, "talos")


def model_of(urdf_xml: str, profile_path: str | Path | None = None) -> RobotModel:
    """The robot of a description, with the given profile or the one shipped under its name.

    Raises:
        MotionError: when the description or the profile cannot be used.
    """
    path = profile_path or shipped_profile(urdf_name(urdf_xml))
    return RobotModel.from_urdf(urdf_xml, load_profile(path) if path else None)


def shipped_profile(robot_name: str) -> Path | None:
    """The profile that ships for a robot of this (URDF) name, if any."""
    path = share_folder("config") / "robots" / f"{robot_name}.yaml"
    return path if path.is_file() else None


def resolve_robot(name_or_path: str) -> RobotSource:
    """A robot by name, or by the path of its .urdf or .xacro file.

    Raises:
        RobotDescriptionError: when the name is unknown, its package is not installed, or the file
            cannot be read.
    """
    if name_or_path == DEFAULT_ROBOT:
        path = share_folder("urdf") / f"{DEFAULT_ROBOT}.urdf.xacro"
    elif name_or_path == "talos":
        path = _find_talos()
    else:
        path = Path(name_or_path)
        if path.is_dir():
            raise RobotDescriptionError(f"{path} is a folder; give a .urdf or .xacro file in it")
        if path.suffix not in (".urdf", ".xacro") and not path.is_file():
            raise RobotDescriptionError(
                f"unknown robot {name_or_path!r}; known: {', '.join(known_robots())},"
                " or give the path of a .urdf or .xacro file"
            )
    xml = _resolve_packages(_read(path), path.resolve())
    name = urdf_name(xml) or path.stem
    return RobotSource(name, xml, shipped_profile(name))


def urdf_name(xml: str) -> str:
    """The robot's name in URDF text; empty when there is none."""
    match = re.search(r"<robot[^>]*\bname\s*=\s*[\"']([^\"']+)", xml)
    return match.group(1) if match else ""


def _read(path: Path) -> str:
    """URDF text of a file, expanded when it is xacro."""
    if not path.is_file():
        raise RobotDescriptionError(f"there is no robot description {path}")
    try:
        if path.suffix != ".xacro":
            return path.read_text(encoding="utf-8")
        import xacro

        return str(xacro.process_file(str(path)).toxml())
    except Exception as error:  # xacro raises many kinds, all of them about the file
        raise RobotDescriptionError(f"cannot read the robot description {path}: {error}") from error


def _find_talos() -> Path:
    for prefix in _prefixes():
        for share in (prefix / "share", *_cmeel_shares()):
            if (share / _TALOS).is_file():
                return share / _TALOS
    raise RobotDescriptionError(
        "the robot talos needs the package example-robot-data; pip install 'imaggen[talos]'"
    )


def _resolve_packages(xml: str, origin: Path) -> str:
    """`package://` addresses as absolute paths; unknown ones stay as they are.

    A package's folder is looked for above the description's own file, and in the share folders of
    ROS and of this Python.
    """
    roots = [*origin.parents]
    for variable in ("ROS_PACKAGE_PATH", "AMENT_PREFIX_PATH"):
        for entry in filter(None, os.environ.get(variable, "").split(os.pathsep)):
            roots += [Path(entry), Path(entry) / "share"]
    roots += _cmeel_shares()

    def locate(match: re.Match[str]) -> str:
        for root in roots:
            if (root / match.group(1)).exists():
                return str(root / match.group(1))
        return match.group(0)

    return re.sub(r"package://([^\"'<>\s]+)", locate, xml)


def _cmeel_shares() -> list[Path]:
    """Share folders of cmeel wheels (pinocchio's packages install there)."""
    return [folder for p in sys.path if (folder := Path(p) / "cmeel.prefix" / "share").is_dir()]


def _prefixes() -> list[Path]:
    ament = filter(None, os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep))
    return [Path(sys.prefix), *(Path(entry) for entry in ament)]
