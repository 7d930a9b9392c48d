"""Whether a relation that is spoken of holds between two objects that are seen."""

from __future__ import annotations

import math

from imaggen_perception.scene import Scene, SceneObject

# Comparisons by the measure that decides them, +1 where the subject has more.
_COMPARED = {
    "smaller_than": ("size", -1), "taller_than": ("height", 1), "shorter_than": ("height", -1),
    "wider_than": ("width", 1), "narrower_than": ("width", -1), "longer_than": ("length", 1),
    "rounder_than": ("roundness", 1), "bigger_than": ("size", 1),
}  # fmt: skip
_CLEAR = 0.15  # logarithm of a ratio that people see at once
_BESIDE = 1.2  # gap of neighbours, in their mean extent


def holds(scene: Scene, subject: SceneObject, name: str, other: SceneObject) -> float:
    """How surely `subject` is `name` `other`: 0..1; an object to itself: 0.

    Args:
        scene: with the relations that perception found.
        subject: an object of it.
        other: an object of it.
        name: of `Relation.relation`, a comparison ("taller_than") or "beside".
    """
    if subject.id == other.id:
        return 0.0
    if name in _COMPARED:
        return _compared(subject, *_COMPARED[name], other)
    if name == "beside":
        return _beside(subject, other)
    found = [
        relation.confidence
        for relation in scene.relations
        if relation.subject == subject.id
        and relation.relation == name
        and other.id in (relation.object, *relation.others)
    ]
    if name in ("on", "under") and not found:
        # Pictures do not always show the touch: what is above may be said to be on something.
        weaker = {"on": "above", "under": "below"}[name]
        return 0.6 * holds(scene, subject, weaker, other)
    return max(found, default=0.0)


def _compared(subject: SceneObject, measure: str, sign: int, other: SceneObject) -> float:
    one, two = _measure(subject, measure), _measure(other, measure)
    clearness = sign * math.log(max(one, 1e-6) / max(two, 1e-6)) / _CLEAR
    return 1.0 / (1.0 + math.exp(-3.0 * max(-5.0, min(5.0, clearness))))


def _measure(seen: SceneObject, name: str) -> float:
    width, height = seen.outline.extent
    scale = seen.outline.scale_m or seen.outline.scale_px
    if name == "roundness":
        return seen.form.roundness
    if name == "size":
        return scale
    if name == "length":
        return scale * max(width, height)
    return scale * (height if name == "height" else width)


def _beside(subject: SceneObject, other: SceneObject) -> float:
    (x1, y1), (x2, y2) = subject.box.center, other.box.center
    extent = (subject.box.width + other.box.width) / 2
    gap = max(0.0, abs(x1 - x2) - extent) / max(1.0, extent)
    level = abs(y1 - y2) / max(1.0, (subject.box.height + other.box.height) / 2)
    return math.exp(-((gap / (2 * _BESIDE)) ** 2) - level**2 / 2)
