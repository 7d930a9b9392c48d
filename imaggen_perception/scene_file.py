"""Known shapes: a YAML file that says what stands where, over what the camera sees.

Example (`config/scenes/table.yaml` is a longer one)::

    frame: base_link                  # of the positions; left out: the camera's optical frame
    camera_pose:                      # of the optical frame in `frame`; needed with a `frame`
      xyz: [0.1, 0.0, 1.5]            # that is not the pictures' own [m]
      rpy: [-1.5708, 0.0, -1.5708]    # turns about the fixed x, y, z axes [rad]
    objects:
      - name: mug                     # what people call it
        shape: rectangle              # a family of `SIMPLE_SHAPES`, with its size ...
        size: [0.08, 0.10]            # ... width and height [m]
        position: [1.1, 0.2, 1.3]     # its middle [m]
        color: red                    # optional: a basic colour term
        parts:                        # optional; shape and size, or outline, as for objects
          - name: handle
            shape: ring
            size: [0.03, 0.06]
            center: [0.05, 0.0]       # from the object's middle, x right, y up [m]
            salience: 0.8             # optional, 0..1
      - name: set square
        outline: [[0, 0], [0.2, 0], [0, 0.1]]  # instead of shape and size: corners [m]
        position: [1.2, -0.4, 1.3]

Shapes face the camera: x is right and y is up in its picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from imaggen_perception.description import describe_outline
from imaggen_perception.errors import PerceptionError
from imaggen_perception.known_scene import NEAREST, CameraPose, KnownObject, KnownScene
from imaggen_perception.properties import make_outline, make_part
from imaggen_perception.scene import Color, FloatArray, Outline, Part, Shape, ShapeFamily, frozen

_DEFAULT_SALIENCE = 0.5
_RING_HOLE = 0.6  # inner diameter / outer diameter
# Thinner things have no outline to speak of.
_LEAST_ASPECT = 0.02
COLORS: dict[str, tuple[int, int, int]] = {
    "black": (20, 20, 20),
    "white": (245, 245, 245),
    "gray": (128, 128, 128),
    "red": (210, 25, 30),
    "green": (30, 140, 50),
    "blue": (30, 80, 200),
    "yellow": (250, 220, 40),
    "brown": (115, 70, 35),
    "orange": (245, 130, 25),
    "pink": (245, 150, 185),
    "purple": (120, 40, 150),
}


class SceneFileError(PerceptionError):
    """A file of known shapes that cannot be used; names the file, the key and what to write."""


def load_scene_file(path: str | Path) -> KnownScene:
    """Read a file of known shapes.

    Raises:
        SceneFileError: when the file cannot be read, or an entry is missing, unknown or ill-typed.
    """
    try:
        data = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise SceneFileError(f"cannot read the scene file {path}: {reason}") from error
    root = _Entry.of(str(path), "", data, ("frame", "camera_pose", "objects"))
    frame = root.text("frame", default="")
    pose = None
    if "camera_pose" in root.values:
        entry = root.entry("camera_pose", ("xyz", "rpy"))
        pose = CameraPose(_rotation(entry.numbers("rpy", 3)), frozen(entry.numbers("xyz", 3)))
        if not frame:
            raise root.error("frame", "is missing", "name the frame that camera_pose is in")
    keys = ("name", "shape", "size", "outline", "position", "color", "parts")
    objects = tuple(_object(entry, not frame) for entry in root.entries("objects", keys))
    return KnownScene(objects, frame, pose, str(path))


def _object(entry: _Entry, is_optical: bool) -> KnownObject:
    name = entry.text("name")
    position = entry.numbers("position", 3)
    if is_optical and position[2] <= NEAREST:
        raise entry.error(
            "position",
            f"is {position}",
            "in the camera's optical frame z points forward: give a z above 0, or name a frame",
        )
    family, curve = _curve(entry)
    # The curve's own extent: resampling cuts corners by a fraction of a percent.
    outline = replace(make_outline(curve), scale_m=float(np.ptp(curve, axis=0).max()))
    holes: tuple[Part, ...] = ()
    if family == "ring":
        holes = (_metric_part(make_part("hole", curve * _RING_HOLE, curve, _DEFAULT_SALIENCE)),)
    shape, symmetry, alignment, form = describe_outline(outline, holes)
    if family:
        same = shape.family == family
        shape = Shape(family, 1.0, shape.parameters if same else {})
    return KnownObject(
        name,
        frozen(position),
        outline,
        shape,
        symmetry,
        alignment,
        form,
        _parts(entry, outline, curve),
        holes,
        _color(entry),
    )


def _parts(entry: _Entry, outline: Outline, whole: FloatArray) -> tuple[Part, ...]:
    """The parts of an object, body first."""
    if "parts" not in entry.values:
        return ()
    parts = [Part("body", outline, (0.0, 0.0), 1.0, 1.0)]
    keys = ("name", "shape", "size", "outline", "center", "salience")
    for row in entry.entries("parts", keys):
        name = row.text("name")
        _, curve = _curve(row)
        moved = curve + np.array(row.numbers("center", 2)) * [1.0, -1.0]
        salience = row.numbers("salience", 1, [_DEFAULT_SALIENCE])[0]
        if not 0.0 <= salience <= 1.0:
            raise row.error("salience", f"is {salience}", "give a number from 0 to 1")
        parts.append(_metric_part(make_part(name, moved, whole, salience)))
    return tuple(parts)


def _metric_part(part: Part) -> Part:
    """A part whose outline was made of metres instead of pixels."""
    return replace(part, outline=replace(part.outline, scale_m=part.outline.scale_px))


def _color(entry: _Entry) -> Color:
    name = entry.text("color", default="")
    if not name:
        return Color()
    if name not in COLORS:
        raise entry.error("color", f"is {name!r}", f"give one of {', '.join(COLORS)}")
    return Color(name, COLORS[name], 1.0)


def _rotation(rpy: Sequence[float]) -> FloatArray:
    """Rotation matrix of turns about the fixed x, y and z axes, in this order [rad]."""
    (cr, sr), (cp, sp), (cy, sy) = ((np.cos(angle), np.sin(angle)) for angle in rpy)
    roll = np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]])
    pitch = np.array([[cp, 0, sp], [0, 1, 0], [-sp, 0, cp]])
    yaw = np.array([[cy, -sy, 0], [sy, cy, 0], [0, 0, 1]])
    return np.asarray(yaw @ pitch @ roll)


def _curve(entry: _Entry) -> tuple[ShapeFamily | None, FloatArray]:
    """Family (None: not named) and closed curve (n, 2) of a shape, around the middle of its box.

    In metres, x right and y down, as `make_outline` takes image curves.
    """
    if ("outline" in entry.values) == ("shape" in entry.values):
        raise entry.error("shape", "and outline exclude each other", "give one of them")
    if "outline" in entry.values:
        corners = entry.corners("outline")
        family, size = None, np.ptp(corners, axis=0)
        middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
        curve = corners - middle
    else:
        family = entry.family("shape")
        size = np.array(entry.numbers("size", 2))
        curve = SIMPLE_SHAPES[family] * size
    if not size.min() > _LEAST_ASPECT * size.max():
        key = "outline" if family is None else "size"
        raise entry.error(
            key,
            f"spans {size[0]:g} x {size[1]:g} m",
            "give a width and a height above 0, neither above 50 times the other",
        )
    return family, curve * [1.0, -1.0]


def _arc(start: float, end: float, count: int = 96) -> FloatArray:
    """Points of the circle of diameter 1, at angles from `start` to `end` (excluded) [rad]."""
    angle = np.linspace(start, end, count, endpoint=False)
    return 0.5 * np.column_stack([np.cos(angle), np.sin(angle)])


def _boxed(curve: Any) -> FloatArray:
    """A curve (n, 2) stretched to the unit square around the origin."""
    points = np.asarray(curve, dtype=float)
    low, high = points.min(axis=0), points.max(axis=0)
    return np.asarray((points - (low + high) / 2) / (high - low))


def _star(count: int = 5, inner: float = 0.4) -> FloatArray:
    angle = np.pi / 2 + np.arange(2 * count) * np.pi / count
    radius = np.where(np.arange(2 * count) % 2, inner, 1.0)
    return np.asarray(radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]))


_BOX = [[0, 0], [1, 0], [1, 1], [0, 1]]
_BITE = 0.66  # of a disc's radius: how far the crescent's inner edge is from its middle
# Closed curves (n, 2) that fill the unit square around the origin, x right, y up; they are
# stretched to the size that is asked for.
_CURVES: dict[ShapeFamily, Any] = {
    "circle": _arc(0, 2 * np.pi),
    "ellipse": _arc(0, 2 * np.pi),
    "ring": _arc(0, 2 * np.pi),
    "square": _BOX,
    "rectangle": _BOX,
    "elongated": _BOX,
    "triangle": [[0, 0], [2, 0], [1, 1]],
    "trapezoid": [[0, 0], [4, 0], [3, 1], [1, 1]],
    "star": _star(),
    "cross": [
        [1, 0],
        [2, 0],
        [2, 1],
        [3, 1],
        [3, 2],
        [2, 2],
        [2, 3],
        [1, 3],
        [1, 2],
        [0, 2],
        [0, 1],
        [1, 1],
    ],
    "crescent": np.vstack(
        [
            _arc(np.pi / 2, 3 * np.pi / 2, 48),
            (_arc(3 * np.pi / 2, np.pi / 2, 48)) * [_BITE, 1.0],
        ]
    ),
    "L": [[0, 0], [3, 0], [3, 1], [1, 1], [1, 3], [0, 3]],
    "T": [[1, 0], [2, 0], [2, 2], [3, 2], [3, 3], [0, 3], [0, 2], [1, 2]],
    "U": [[0, 0], [3, 0], [3, 3], [2, 3], [2, 1], [1, 1], [1, 3], [0, 3]],
}
SIMPLE_SHAPES = {name: _boxed(curve) for name, curve in _CURVES.items()}
# Families whose width and height are the same.
_EQUAL_SIDED = ("circle", "square")


@dataclass(frozen=True)
class _Entry:
    """A mapping of the file, with the place it is at for messages.

    Attributes:
        file: the file's name.
        key: where in the file ("objects[2]"); empty at the top.
        values: the mapping itself.
    """

    file: str
    key: str
    values: Mapping[str, Any]

    @classmethod
    def of(cls, file: str, key: str, values: Any, known: Sequence[str]) -> _Entry:
        """The entry, checked to be a mapping of known keys.

        Raises:
            SceneFileError: when it is not.
        """
        where = f"{file}: {key}" if key else file
        if not isinstance(values, Mapping):
            raise SceneFileError(
                f"{where}: expected a mapping with {', '.join(known)}, got {_shown(values)}"
            )
        unknown = [name for name in values if name not in known]
        if unknown:
            raise SceneFileError(
                f"{where}: unknown entry {_shown(unknown[0])}; known: {', '.join(known)}"
            )
        return cls(file, key, values)

    def error(self, name: str, problem: str, remedy: str) -> SceneFileError:
        """What is wrong with the value called `name`, and what to do."""
        key = f"{self.key}.{name}" if self.key else name
        return SceneFileError(f"{self.file}: {key} {problem}; {remedy}")

    def text(self, name: str, default: str | None = None) -> str:
        """A text that is not empty, or its default."""
        if name not in self.values and default is not None:
            return default
        value = self.values.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.error(name, f"is {_shown(value)}", "give a text")
        return value.strip()

    def family(self, name: str) -> ShapeFamily:
        """A family of `SIMPLE_SHAPES`; circles and squares also of equal size."""
        value = self.text(name)
        found = next((family for family in SIMPLE_SHAPES if family == value), None)
        if found is None:
            raise self.error(
                name,
                f"is {value!r}",
                f"give one of {', '.join(SIMPLE_SHAPES)}, or the corners as outline",
            )
        width, height = self.numbers("size", 2)
        if found in _EQUAL_SIDED and abs(width - height) > 1e-9:
            raise self.error("size", f"of a {found} is [{width:g}, {height:g}]", "make both equal")
        return found

    def numbers(self, name: str, count: int, default: list[float] | None = None) -> list[float]:
        """So many finite numbers; a single one needs no list."""
        if name not in self.values and default is not None:
            return default
        value = self.values.get(name)
        row = [value] if count == 1 else value
        if not (isinstance(row, list) and len(row) == count and all(map(_is_number, row))):
            kind = "a number" if count == 1 else f"a list of {count} numbers"
            raise self.error(name, f"is {_shown(value)}", f"give {kind}")
        return [float(number) for number in row]

    def corners(self, name: str) -> FloatArray:
        """At least three corners, (n, 2)."""
        value = self.values[name]
        rows = value if isinstance(value, list) else []
        for row in rows:
            if not (isinstance(row, list) and len(row) == 2 and all(map(_is_number, row))):
                raise self.error(name, f"holds {_shown(row)}", "give corners as [x, y] in metres")
        if len(rows) < 3:
            raise self.error(name, f"is {_shown(value)}", "give at least 3 corners [x, y]")
        return np.array(rows, dtype=float)

    def entry(self, name: str, known: Sequence[str]) -> _Entry:
        """A mapping in this one."""
        return _Entry.of(self.file, f"{self.key}.{name}".strip("."), self.values[name], known)

    def entries(self, name: str, known: Sequence[str]) -> list[_Entry]:
        """A list of mappings in this one, at least one."""
        value = self.values.get(name)
        if not isinstance(value, list) or not value:
            raise self.error(name, f"is {_shown(value)}", "give a list with at least one entry")
        key = f"{self.key}.{name}".strip(".")
        return [_Entry.of(self.file, f"{key}[{i}]", row, known) for i, row in enumerate(value)]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and np.isfinite(value)


def _shown(value: Any) -> str:
    """A value in a message: not longer than a line."""
    text = "missing" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
