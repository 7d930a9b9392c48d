"""The launch files, read without ROS: documented API only, and names that exist."""

import ast
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
LAUNCH_FILES = sorted((ROOT / "launch").glob("*.launch.py"))
# https://docs.ros.org/en/kilted/p/launch and .../p/launch_ros: the same in Jazzy.
DOCUMENTED = {
    "launch": {"LaunchDescription"},
    "launch.actions": {"DeclareLaunchArgument", "IncludeLaunchDescription", "RegisterEventHandler"},
    "launch.conditions": {"IfCondition", "UnlessCondition"},
    "launch.event_handlers": {"OnProcessExit"},
    "launch.launch_description_sources": {"PythonLaunchDescriptionSource"},
    "launch.substitutions": {"Command", "LaunchConfiguration", "PathJoinSubstitution"},
    "launch_ros.actions": {"Node"},
    "launch_ros.parameter_descriptions": {"ParameterValue"},
    "launch_ros.substitutions": {"FindPackageShare"},
}
KEYWORDS = {
    "DeclareLaunchArgument": {"default_value", "description", "choices"},
    "IncludeLaunchDescription": {"launch_arguments", "condition"},
    "Node": {
        *("package", "executable", "name", "namespace", "parameters", "remappings"),
        *("arguments", "output", "condition"),
    },
    "OnProcessExit": {"target_action", "on_exit"},
    "ParameterValue": {"value_type"},
}


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    """All calls of a plain function or class in a tree."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == name
    ]


def literals(nodes: list[ast.expr]) -> list[str]:
    """The values of those nodes that are string literals."""
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


@pytest.fixture(params=LAUNCH_FILES, ids=lambda path: path.name)
def tree(request: pytest.FixtureRequest) -> ast.Module:
    return ast.parse(request.param.read_text())


def imaggen_tree() -> ast.Module:
    return ast.parse((ROOT / "launch" / "imaggen.launch.py").read_text())


def test_only_documented_names_are_imported(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Import)
        if isinstance(node, ast.ImportFrom):
            assert {alias.name for alias in node.names} <= DOCUMENTED[node.module or ""]


def test_only_documented_keywords_are_used(tree: ast.Module) -> None:
    for name, allowed in KEYWORDS.items():
        for call in calls(tree, name):
            assert {keyword.arg for keyword in call.keywords} <= allowed


def test_the_entry_point_is_there(tree: ast.Module) -> None:
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert "generate_launch_description" in functions


def test_every_argument_is_declared_and_used(tree: ast.Module) -> None:
    declared = {name for c in calls(tree, "DeclareLaunchArgument") for name in literals(c.args)}
    used = {
        name
        for function in ("LaunchConfiguration", "text", "flag")
        for call in calls(tree, function)
        for name in literals(call.args)
    }
    assert used == declared


def test_the_promised_arguments_are_there() -> None:
    declared = {
        name for c in calls(imaggen_tree(), "DeclareLaunchArgument") for name in literals(c.args)
    }
    assert {"robot", "controller", "image_topic", "use_sim_time", "simulate"} <= declared
    assert {"language", "listen", "audio_topic", "autostart"} <= declared


# Started by hand or by a robot's own launch file: they need packages of that robot.
ADAPTERS = {"tts_adapter", "live_speech_adapter"}


def test_executables_are_installed_and_have_parameters() -> None:
    installed = re.findall(r'"(\w+) = imaggen_\w+\.nodes\.', (ROOT / "setup.py").read_text())
    started = [name for c in calls(imaggen_tree(), "imaggen_node") for name in literals(c.args)]
    assert sorted(started) == sorted(set(installed) - ADAPTERS)
    assert set(installed) >= ADAPTERS
    described = yaml.safe_load((ROOT / "config" / "imaggen.yaml").read_text())
    assert {key.removeprefix("/**/") for key in described} == set(started)


def test_shared_files_exist(tree: ast.Module) -> None:
    for call in calls(tree, "shared_file"):
        if not call.keywords:  # those of this package
            assert ROOT.joinpath(*literals(call.args)).is_file()


def declared_parameters(room: Path) -> set[str]:
    """Names that the nodes of a room may declare: the words in modules that declare any.

    Some declare in a loop over a table of names, so that calls alone do not tell them.
    """
    folders = (room / "nodes", ROOT / "imaggen_common" / "nodes")
    modules = [ast.parse(p.read_text()) for folder in folders for p in folder.glob("*.py")]
    return {
        node.value
        for module in modules
        if any(getattr(node, "attr", "") == "declare_parameter" for node in ast.walk(module))
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_parameter_of_the_file_is_declared_by_its_node() -> None:
    rooms = re.findall(r'"(\w+) = (imaggen_\w+)\.nodes\.', (ROOT / "setup.py").read_text())
    described = yaml.safe_load((ROOT / "config" / "imaggen.yaml").read_text())
    for executable, room in rooms:
        if executable in ADAPTERS:
            continue
        named = set(described[f"/**/{executable}"]["ros__parameters"])
        assert named <= declared_parameters(ROOT / room), executable
