"""How well a property word agrees with what is seen of an object."""

from __future__ import annotations

import math

from imaggen_perception.scene import Scene, SceneObject
from imaggen_semantics.lexicon_file import PropertyTest

_LEAST, _MOST = 0.05, 0.95
_COMPARED = ("tallness", "breadth", "length", "thinness")
_PROPORTIONS = 0.8  # up to here an object's own proportions count [log of a ratio]
# Objects whose centres lie closer than this share of the picture stand at the same place.
_SAME_PLACE = 0.05
_SAME_DEPTH_M = 0.05
# Below this confidence a thing is too round to stand or lie.
_LEAST_AXIS = 0.2


def agreement(test: PropertyTest, seen: SceneObject, scene: Scene) -> float:
    """How well `seen` passes `test`: 0 contradicts, 0.5 tells nothing, 1 agrees."""
    if test.shows == "color":
        if not seen.color.name:
            return 0.5
        fit = test.families.get(seen.color.name, test.otherwise)
        return 0.5 + (fit - 0.5) * math.sqrt(seen.color.confidence)
    if not test.measure:
        fit = test.families.get(seen.shape.family, test.otherwise)
        return 0.5 + (fit - 0.5) * seen.shape.confidence
    value = measure(test.measure, seen, scene)
    if value is None:
        return 0.5
    clearness = 3.0 * test.sign * (value - test.bound) / test.softness
    return _LEAST + (_MOST - _LEAST) / (1.0 + math.exp(-max(-30.0, min(30.0, clearness))))


def measure(name: str, seen: SceneObject, scene: Scene) -> float | None:
    """One measure of an object, or None where the scene cannot tell.

    The names are those of the lexicon: upright, slenderness, tallness, breadth, length, thinness,
    size, lean, obliqueness, symmetry, hollowness, nearness, x, y, offside.

    Raises:
        KeyError: when there is no such measure.
    """
    if name == "upright":
        width, height = seen.outline.extent
        return math.log(max(height, 1e-3) / max(width, 1e-3))
    if name == "slenderness":
        return math.log(max(1.0, seen.alignment.elongation))
    if name in _COMPARED:
        return _compared(name, seen, scene)
    if name == "size":
        return _size(seen, scene) if len(scene.objects) > 1 else None
    if name in ("lean", "obliqueness"):
        return _lean(name, seen)
    if name == "symmetry":
        return max((axis.score for axis in seen.symmetry.axes), default=0.0)
    if name == "hollowness":
        return seen.form.hollowness
    if name == "nearness":
        return _nearness(seen, scene)
    x, y = place(seen, scene)
    return {"x": x, "y": y, "offside": max(abs(x), abs(y))}[name]


def _compared(name: str, seen: SceneObject, scene: Scene) -> float:
    """An extent by the object's own proportions and beside the scene's other objects.

    A tower is tall by itself, but of two towers one is "the tall one".
    """
    upright = measure("upright", seen, scene) or 0.0
    slender = measure("slenderness", seen, scene) or 0.0
    own, sign = {
        "tallness": (upright, 1.0),
        "breadth": (-upright, 1.0),
        "length": (slender, 1.0),
        "thinness": (slender, -1.0),
    }[name]
    extents = [_log_extent(name, other, scene) for other in scene.objects]
    beside = _log_extent(name, seen, scene) - sum(extents) / max(1, len(extents))
    alone = len(extents) < 2
    return own if alone else max(-_PROPORTIONS, min(_PROPORTIONS, own)) + sign * beside


def _log_extent(name: str, seen: SceneObject, scene: Scene) -> float:
    """Logarithm of an object's height, width, longer or shorter side, as large as it is seen."""
    width, height = seen.outline.extent
    elongation = max(1.0, seen.alignment.elongation)
    factor = {
        "tallness": height, "breadth": width, "length": 1.0, "thinness": 1.0 / elongation,
    }[name]  # fmt: skip
    metric = all(other.outline.scale_m for other in scene.objects)
    size = (seen.outline.scale_m if metric else seen.relative_size) or 1.0
    return math.log(max(1e-6, size * factor / max(width, height, 1e-6)))


def _size(seen: SceneObject, scene: Scene) -> float:
    """Size beside the largest object, 0 .. 1: by the longer side, of large things also by area.

    A long stick is not big beside a box that is a little shorter.
    """
    across = {o.id: _across(o) for o in scene.objects}
    by_area = across[seen.id] / max(1e-6, *across.values())
    share = 0.5 * min(1.0, max(0.0, (seen.relative_size - 0.5) / 0.3))
    return (1.0 - share) * seen.relative_size + share * by_area


def _across(seen: SceneObject) -> float:
    """Side of the square with the object's area, in its scene's largest extent."""
    return seen.relative_size / math.sqrt(max(1.0, seen.alignment.elongation))


def place(seen: SceneObject, scene: Scene) -> tuple[float, float]:
    """Where an object lies, -1 (left, bottom) .. 1 (right, top).

    With several objects the outermost ones lie at -1 and 1, because people say "the left one" of
    objects that both lie on one side of the picture. A single object is placed in the picture.
    """
    center = seen.box.center
    coordinates = []
    for axis, sign in ((0, 1.0), (1, -1.0)):
        size = max(1, scene.image_size[axis])
        low, high = 0.0, float(size)
        if len(scene.objects) > 1:
            centers = [other.box.center[axis] for other in scene.objects]
            low, high = min(centers), max(centers)
        if high - low < _SAME_PLACE * size:
            coordinates.append(0.0)
            continue
        coordinates.append(sign * (2.0 * (center[axis] - low) / (high - low) - 1.0))
    return coordinates[0], coordinates[1]


def _lean(name: str, seen: SceneObject) -> float | None:
    """Angle of the principal axis from the vertical, or from the nearer image axis [degrees]."""
    if seen.alignment.confidence < _LEAST_AXIS:
        return None
    lean = math.degrees(abs(seen.alignment.angle_rad))
    return lean if name == "lean" else min(lean, 90.0 - lean)


def _nearness(seen: SceneObject, scene: Scene) -> float | None:
    """-1 for the farthest .. 1 for the nearest of the objects whose distance is known."""
    depths = {o.id: float(o.position[2]) for o in scene.objects if o.position is not None}
    if seen.id not in depths or len(depths) < 2:
        return None
    low, high = min(depths.values()), max(depths.values())
    if high - low < _SAME_DEPTH_M:
        return 0.0
    return 1.0 - 2.0 * (depths[seen.id] - low) / (high - low)
