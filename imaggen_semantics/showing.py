"""What sets an object apart: how clearly each property that hands can show differs from others'.

Differences are 0 (a viewer would see none) .. 1 (clear at a glance).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from imaggen_perception.scene import Scene, SceneObject

FloatArray = NDArray[np.float64]

SHOWABLE = ("outline", "extent", "size", "orientation", "part", "position")
"""Properties that hands can show; colour is not among them."""

_RAYS = 72
# Mean difference of two radius profiles (in units of the mean radius) that is clear at a glance:
# a circle against a square differs by 0.09, against a triangle by 0.22.
_CLEAR_SHAPE = 0.16
_CLEAR_EXTENT = math.log(1.9)  # ratio of two aspects
_CLEAR_SIZE = math.log(1.8)  # ratio of two sizes; Weber fractions of size are about 0.1
_CLEAR_TURN = math.radians(40.0)
_CLEAR_DISTANCE = 0.25  # share of the picture's width
_LEAST_AXIS, _LEAST_ELONGATION = 0.3, 1.5
_LEAST_SALIENCE = 0.2
_LEAST_SHARE = 0.85
_UNSEEN_PART = 0.75  # a lacking part may only be hidden


def differences(first: SceneObject, second: SceneObject, scene: Scene) -> dict[str, float]:
    """How clearly each property of `SHOWABLE` differs between two objects."""
    return {
        "outline": _outline_difference(first, second),
        "extent": _clear(math.log(_aspect(first) / _aspect(second)), _CLEAR_EXTENT),
        "size": _clear(math.log(_size(first, second)), _CLEAR_SIZE),
        "orientation": _turn_difference(first, second),
        "part": _part_difference(first, second),
        "position": _distance(first, second, scene),
    }


def set_apart(
    seen: SceneObject, rivals: Sequence[tuple[SceneObject, float]], scene: Scene
) -> Mapping[str, float]:
    """How well each property sets an object apart from its rivals.

    Args:
        seen: what is meant.
        rivals: other objects, each with how likely a listener would take it for the one meant.
        scene: that they are in.

    Returns:
        For each property of `SHOWABLE` its least difference from a likely rival, mixed with the
        weighted mean; all 0 without rivals.
    """
    if not rivals:
        return dict.fromkeys(SHOWABLE, 0.0)
    rows = [(differences(seen, other, scene), weight) for other, weight in rivals]
    total = sum(weight for _, weight in rows)
    heaviest = max(weight for _, weight in rows)
    result = {}
    for name in SHOWABLE:
        mean = sum(row[name] * weight for row, weight in rows) / total
        # One look-alike undoes a gesture, so that the least difference counts most.
        least = min(row[name] for row, weight in rows if weight >= 0.5 * heaviest)
        result[name] = _LEAST_SHARE * least + (1.0 - _LEAST_SHARE) * mean
    return result


def telling_part(seen: SceneObject, others: Sequence[SceneObject] = ()) -> str:
    """The name of the most salient part that the others lack; empty when there is none."""
    common = {part.name for other in others for part in other.parts}
    own = [p for p in seen.parts if p.name not in ("", "body") and p.salience >= _LEAST_SALIENCE]
    rare = [part for part in own if part.name not in common] or ([] if others else own)
    return max(rare, key=lambda part: part.salience).name if rare else ""


def _clear(value: float, scale: float) -> float:
    return min(1.0, abs(value) / scale)


def _aspect(seen: SceneObject) -> float:
    """Height / width of the upright box, bounded."""
    width, height = seen.outline.extent
    return max(height, 0.02) / max(width, 0.02)


def _size(first: SceneObject, second: SceneObject) -> float:
    """Ratio of the larger extents, in metres where both are known."""
    if first.outline.scale_m and second.outline.scale_m:
        return first.outline.scale_m / second.outline.scale_m
    return max(first.outline.scale_px, 1.0) / max(second.outline.scale_px, 1.0)


def _outline_difference(first: SceneObject, second: SceneObject) -> float:
    """Mean difference of two shapes' radii, each stretched to the same width and height.

    Stretching leaves to "extent" what extents tell.
    """
    one, two = _profile(first.outline.points.tobytes()), _profile(second.outline.points.tobytes())
    holes = 0.5 if bool(first.holes) != bool(second.holes) else 0.0
    return min(1.0, float(np.abs(one - two).mean()) / _CLEAR_SHAPE + holes)


@lru_cache(maxsize=256)
def _profile(points: bytes) -> FloatArray:
    """Largest radius around the middle of the box, in each of some directions."""
    curve = np.frombuffer(points).reshape(-1, 2)
    low, high = curve.min(axis=0), curve.max(axis=0)
    centred = (curve - (low + high) / 2) / np.maximum((high - low) / 2, 1e-6)
    closed = np.vstack([centred, centred[:1]])
    steps = np.linspace(0.0, len(centred), 8 * _RAYS)
    dense = np.column_stack([np.interp(steps, np.arange(len(closed)), axis) for axis in closed.T])
    bins = ((np.arctan2(dense[:, 1], dense[:, 0]) / (2 * np.pi) % 1.0) * _RAYS).astype(int) % _RAYS
    radii = np.zeros(_RAYS)
    np.maximum.at(radii, bins, np.hypot(dense[:, 0], dense[:, 1]))
    return np.asarray(radii / max(float(radii.mean()), 1e-6))


def _turn_difference(first: SceneObject, second: SceneObject) -> float:
    if not (_has_axis(first) and _has_axis(second)):
        return 0.0
    turn = abs(first.alignment.angle_rad - second.alignment.angle_rad) % math.pi
    return _clear(min(turn, math.pi - turn), _CLEAR_TURN)


def _has_axis(seen: SceneObject) -> bool:
    alignment = seen.alignment
    return alignment.confidence >= _LEAST_AXIS and alignment.elongation >= _LEAST_ELONGATION


def _part_difference(first: SceneObject, second: SceneObject) -> float:
    return _UNSEEN_PART if telling_part(first, [second]) else 0.0


def _distance(first: SceneObject, second: SceneObject, scene: Scene) -> float:
    gap = np.subtract(first.box.center, second.box.center)
    return _clear(float(np.linalg.norm(gap)) / max(1, scene.image_size[0]), _CLEAR_DISTANCE)
