"""Scenes that are written down instead of seen, for gold that no picture is needed for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from imaggen_evaluation.errors import EvaluationError
from imaggen_perception.camera import CameraModel
from imaggen_perception.description import describe_outline
from imaggen_perception.known_scene import KnownObject, KnownScene
from imaggen_perception.properties import make_outline, make_part
from imaggen_perception.scene import Color, FloatArray, Part, Scene, Shape, frozen
from imaggen_perception.scene_file import COLORS, SIMPLE_SHAPES

IMAGE_SIZE = (1280, 960)
CAMERA = CameraModel(*IMAGE_SIZE, 900.0, 900.0, 640.0, 480.0)

_TURNS = np.linspace(0.0, 2.0 * np.pi, 96, endpoint=False)
_BLOB = 1.0 + 0.18 * np.cos(2 * _TURNS + 0.5) + 0.14 * np.cos(3 * _TURNS) + 0.1 * np.sin(5 * _TURNS)
_SIXTH = np.arange(6) * np.pi / 3
# Beside the shapes of scene files: unit curves for the families that these leave out.
_MORE_SHAPES: dict[str, FloatArray] = {
    "polygon": 0.5 * np.column_stack([np.cos(_SIXTH), np.sin(_SIXTH) / np.sin(np.pi / 3)]),
    "irregular": 0.5
    / _BLOB.max()
    * _BLOB[:, None]
    * np.column_stack([np.cos(_TURNS), np.sin(_TURNS)]),
}
# Where parts sit and how large they are, in shares of the body's box (centre x, y; width, height).
_PART_BOXES: dict[str, tuple[float, float, float, float]] = {
    "handle": (0.62, 0.0, 0.25, 0.6),
    "spout": (-0.62, 0.15, 0.3, 0.35),
    "legs": (0.0, -0.65, 0.9, 0.35),
    "stem": (0.0, -0.65, 0.15, 0.4),
    "lid": (0.0, 0.55, 0.8, 0.12),
    "neck": (0.0, 0.65, 0.3, 0.35),
    "base": (0.0, -0.55, 0.8, 0.12),
    "blade": (0.0, 0.7, 0.6, 0.6),
    "wheel": (0.3, -0.55, 0.25, 0.25),
    "roof": (0.0, 0.65, 1.0, 0.35),
    "hole": (0.0, 0.0, 0.3, 0.3),
}
PART_NAMES = ("body", *_PART_BOXES)


def draw_scene(rows: Sequence[Mapping[str, Any]]) -> Scene:
    """The scene of some objects.

    Args:
        rows: one mapping an object: id, label, shape, color, size and `at` [m], and optionally
            turn [degrees clockwise], distance [m] and names of parts.

    Raises:
        EvaluationError: when an entry is missing or unknown.
    """
    try:
        known = KnownScene(tuple(_known(row) for row in rows), source="a drawn scene")
        scene = known.merge(Scene((), IMAGE_SIZE), CAMERA)
    except KeyError as error:
        raise EvaluationError(f"a drawn object lacks or does not know {error}") from error
    objects = [
        replace(
            seen,
            label=row.get("label", ""),
            label_confidence=1.0 if row.get("label") else 0.0,
        )
        for row, seen in zip(rows, scene.objects, strict=True)
    ]
    names = {seen.id: str(row["id"]) for row, seen in zip(rows, objects, strict=True)}
    return replace(
        scene,
        objects=tuple(replace(seen, id=names[seen.id]) for seen in objects),
        relations=tuple(
            replace(
                relation,
                subject=names[relation.subject],
                object=names[relation.object],
                others=tuple(names[other] for other in relation.others),
            )
            for relation in scene.relations
        ),
    )


def _known(row: Mapping[str, Any]) -> KnownObject:
    family = row["shape"]
    size = np.array(row["size"], dtype=float)
    turn = math.radians(row.get("turn", 0.0))
    rotation = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    unit = _MORE_SHAPES[family] if family in _MORE_SHAPES else SIMPLE_SHAPES[family]
    curve = (unit * size) @ rotation.T * [1.0, -1.0]  # image curves have y down
    outline = make_outline(curve)
    outline = replace(outline, scale_m=float(np.ptp(curve, axis=0).max()))
    holes: tuple[Part, ...] = ()
    if family == "ring":
        holes = (_metric(make_part("hole", curve * 0.6, curve, 0.5)),)
    shape, symmetry, alignment, form = describe_outline(outline, holes)
    parts = tuple(_part(name, size, rotation, curve) for name in row.get("parts", ()))
    x, y = row["at"]
    return KnownObject(
        name=row.get("label") or row["id"],
        position=frozen([x, -y, row.get("distance", 1.0)]),
        outline=outline,
        shape=Shape(family, 1.0, shape.parameters if shape.family == family else {}),
        symmetry=symmetry,
        alignment=alignment,
        form=form,
        parts=(Part("body", outline, (0.0, 0.0), 1.0, 1.0), *parts) if parts else (),
        holes=holes,
        color=Color(row["color"], COLORS[row["color"]], 1.0) if row.get("color") else Color(),
    )


def _part(name: str, size: FloatArray, rotation: FloatArray, whole: FloatArray) -> Part:
    x, y, width, height = _PART_BOXES[name]
    box = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [width / 2, height / 2] + [x, y]
    return _metric(make_part(name, (box * size) @ rotation.T * [1.0, -1.0], whole, 0.6))


def _metric(part: Part) -> Part:
    return replace(part, outline=replace(part.outline, scale_m=part.outline.scale_px))
