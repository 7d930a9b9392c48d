"""The promises of the layout: who may know ROS, which way imports point, what text may contain."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter import cli

ROOT = Path(__file__).resolve().parents[1]
ROOMS = sorted(p.parent for p in ROOT.glob("imaggen_*/__init__.py"))
MODULES = sorted(p for room in ROOMS for p in room.rglob("*.py"))
ROS_PACKAGE = re.compile(
    r"rclpy|rcl_interfaces|launch|launch_ros|tf2_ros|cv_bridge|ament_index_python|rosidl_\w+|rosbag2_py"
    r"|\w+_msgs|\w+_interfaces|\w+_srvs"
)
MACHINE_PATH = re.compile(r"(?<![\w.$~}])/(?:home|root|work|Users|tmp/\w+)/[\w.]+")


def imported_packages(path: Path) -> Iterator[tuple[str, int]]:
    """Top-level names of all imports in a file, lazy ones and importlib calls too, with lines."""
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0], node.lineno
        elif (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", ""))
            in {"import_module", "__import__"}
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value).split(".")[0], node.lineno


def tracked_text_files() -> list[Path]:
    """Files of the repository that people read."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listing.returncode:
        pytest.skip("not a git checkout")
    suffixes = {".png", ".jpg", ".jpeg", ".webp", ".onnx", ".mp4", ".mcap", ".wav", ".gz", ".stl"}
    paths = (ROOT / name for name in listing.stdout.splitlines())
    return [p for p in paths if p.suffix.lower() not in suffixes and p.is_file()]


def test_there_are_rooms() -> None:
    names = {room.name for room in ROOMS}
    assert {"imaggen_perception", "imaggen_semantics", "imaggen_motion"} <= names


def test_only_nodes_know_ros() -> None:
    known = [
        f"{module.relative_to(ROOT)}:{line} imports {name}"
        for module in MODULES
        if "nodes" not in module.relative_to(ROOT).parts[:-1]
        for name, line in imported_packages(module)
        if ROS_PACKAGE.fullmatch(name)
    ]
    assert not known


def test_the_check_sees_lazy_imports(tmp_path: Path) -> None:
    source = tmp_path / "sneaky.py"
    source.write_text(
        "import importlib\n"
        "def work():\n"
        "    from sensor_msgs.msg import Image\n"
        "    return importlib.import_module('rclpy.node'), Image\n"
    )
    found = {name for name, _ in imported_packages(source) if ROS_PACKAGE.fullmatch(name)}
    assert found == {"sensor_msgs", "rclpy"}


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(module.relative_to(ROOT))
        for module in MODULES
        if not ast.get_docstring(ast.parse(module.read_text()))
    ]
    assert not silent


def test_imports_point_one_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert (
        cli.lint_imports(config_filename="pyproject.toml", no_cache=True) == cli.EXIT_STATUS_SUCCESS
    )


def test_no_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked_text_files()
        for match in MACHINE_PATH.finditer(path.read_text(errors="replace"))
    ]
    assert not found


def test_every_interface_says_what_it_is() -> None:
    kinds = ("msg/*.msg", "srv/*.srv", "action/*.action")
    definitions = [p for kind in kinds for p in (ROOT / "imaggen_interfaces").glob(kind)]
    assert definitions
    assert not [p.name for p in definitions if not p.read_text().startswith("#")]
