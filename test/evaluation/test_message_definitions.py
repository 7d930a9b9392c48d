"""Definitions of messages as MCAP files carry them."""

from pathlib import Path

import pytest

from imaggen_evaluation.errors import BagError
from imaggen_evaluation.message_definitions import (
    SEPARATOR,
    contained_types,
    full_definition,
    type_hash,
)


def write(prefix: Path, package: str, name: str, text: str) -> None:
    folder = prefix / "share" / package / "msg"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.msg").write_text(text)


def test_fields_constants_bounds_and_comments_are_told_apart() -> None:
    text = (
        "# sensor_msgs/Image in a comment\n"
        "uint8 CODE=3\n"
        "string<=20 name\n"
        "string[<=4] names\n"
        "Point3 corner   # of the room/Box\n"
        "Point3[] more\n"
        "geometry_msgs/Pose[2] poses\n"
        "std_msgs/msg/Header header\n"
    )
    assert contained_types(text, "own") == (
        "own/msg/Point3",
        "geometry_msgs/msg/Pose",
        "std_msgs/msg/Header",
    )


def test_definition_holds_every_type_once_after_its_separator(tmp_path: Path) -> None:
    write(tmp_path, "a", "Top", "Leaf left\nLeaf right\nb/Other other\n")
    write(tmp_path, "a", "Leaf", "int32 value\n")
    write(tmp_path, "b", "Other", "a/Leaf leaf\n")
    assert full_definition("a/msg/Top", [tmp_path]) == (
        "Leaf left\nLeaf right\nb/Other other\n"
        f"{'=' * 80}\nMSG: a/Leaf\nint32 value\n"
        f"{'=' * 80}\nMSG: b/Other\na/Leaf leaf\n"
    )


def test_the_first_prefix_wins(tmp_path: Path) -> None:
    write(tmp_path / "overlay", "a", "Leaf", "int32 new\n")
    write(tmp_path / "under", "a", "Leaf", "int32 old\n")
    assert (
        full_definition("a/msg/Leaf", [tmp_path / "overlay", tmp_path / "under"]) == "int32 new\n"
    )


def test_installed_interfaces_are_complete() -> None:
    definition = full_definition("imaggen_interfaces/msg/GesturePlan")
    names = [block.split("\n")[1] for block in definition.split(SEPARATOR)[1:]]
    assert "MSG: imaggen_interfaces/Scene" in names
    assert "MSG: geometry_msgs/Vector3" in names
    assert len(names) == len(set(names))


def test_type_hash_is_that_of_every_ros_2_distribution() -> None:
    # As `ros2 topic info --verbose` shows it for std_msgs/msg/String since Iron.
    assert type_hash("std_msgs/msg/String") == (
        "RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18"
    )


def test_missing_definition_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(BagError, match="install the package nowhere_msgs"):
        full_definition("nowhere_msgs/msg/Nothing", [tmp_path])
