"""Self-contained text definitions of ROS 2 messages, as MCAP files carry them.

The format is MCAP's `ros2msg` schema encoding (https://mcap.dev/spec/registry#ros2msg): the text of
the message, then that of every type it contains, each after a line of 80 "=" and its name.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from imaggen_evaluation.errors import BagError

SEPARATOR = "=" * 80
PRIMITIVES = frozenset(
    ["bool", "byte", "char", "float32", "float64", "string", "wstring"]
    + [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
)
_FIELD = re.compile(r"^\s*([A-Za-z][\w/]*)(?:<=\d+)?(?:\[[^\]]*\])?\s+\w+", re.MULTILINE)


def search_prefixes() -> tuple[Path, ...]:
    """Install prefixes that may hold `share/<package>`: those of ament, then this Python's."""
    listed = os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep)
    return (*(Path(prefix) for prefix in listed if prefix), Path(sys.prefix))


def _installed_file(type_name: str, suffix: str, prefixes: Iterable[Path]) -> Path:
    """File of the type `package/msg/Name` below the first prefix that has it."""
    package, folder, name = type_name.split("/")
    for prefix in prefixes:
        path = prefix / "share" / package / folder / f"{name}{suffix}"
        if path.is_file():
            return path
    raise BagError(
        f"no definition of {type_name} is installed; install the package {package} and export"
        " AMENT_PREFIX_PATH (sourcing ROS does it)"
    )


def contained_types(text: str, package: str) -> tuple[str, ...]:
    """Message types (`package/msg/Name`) of the fields in a definition, in order, each once.

    Args:
        text: the text of a .msg file.
        package: the package it belongs to, for types named without one.
    """
    without_comments = re.sub(r"#.*", "", text)
    found: dict[str, None] = {}
    for written in _FIELD.findall(without_comments):
        if written in PRIMITIVES:
            continue
        parts = written.split("/")
        owner = parts[0] if len(parts) > 1 else package
        found[f"{owner}/msg/{parts[-1]}"] = None
    return tuple(found)


def full_definition(type_name: str, prefixes: Iterable[Path] | None = None) -> str:
    """The definition of `package/msg/Name` with those of all types below it.

    Args:
        type_name: for instance `sensor_msgs/msg/JointState`.
        prefixes: where to look; by default `search_prefixes()`.

    Raises:
        BagError: when a definition is not installed.
    """
    places = tuple(prefixes) if prefixes is not None else search_prefixes()
    texts: dict[str, str] = {}
    waiting = [type_name]
    while waiting:
        name = waiting.pop(0)
        if name in texts:
            continue
        texts[name] = _installed_file(name, ".msg", places).read_text(encoding="utf-8")
        waiting += contained_types(texts[name], name.split("/")[0])
    sections = [texts.pop(type_name).rstrip("\n")]
    for name, text in texts.items():
        package, _, short = name.split("/")
        sections.append(f"{SEPARATOR}\nMSG: {package}/{short}\n" + text.rstrip("\n"))
    return "\n".join(sections) + "\n"


def type_hash(type_name: str, prefixes: Iterable[Path] | None = None) -> str:
    """The RIHS01 hash of an installed message type (REP-2011).

    Raises:
        BagError: when the type's description is not installed.
    """
    places = tuple(prefixes) if prefixes is not None else search_prefixes()
    description = json.loads(_installed_file(type_name, ".json", places).read_text("utf-8"))
    hashes = {row["type_name"]: row["hash_string"] for row in description["type_hashes"]}
    return str(hashes[type_name])
