"""How objects lie to each other as the camera sees them, and which is bigger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from imaggen_perception.scene import Relation, SceneObject

_OPPOSITE = {
    "left_of": "right_of",
    "above": "below",
    "on": "under",
    "in_front_of": "behind",
    "inside": "around",
}
# Boxes whose gap (or overlap) is this share of their sizes are clearly apart (or not).
_CLEAR_GAP = 0.5
_CLEARLY_BIGGER = 1.25
# Two boxes touch when the gap is below this share of the smaller one's height.
_TOUCHING = 0.12
_DEPTH_STEP = 0.03  # m; nearer differences are the noise of depth cameras
_NEARNESS_STEP = 0.1  # likewise of guesses, which reach from 0 (farthest) to 1 (nearest)
_ROW_SPREAD = 0.2  # of the row's length, across it
_LEAST_ROW = 3


def find_relations(
    objects: Sequence[SceneObject], nearness: Sequence[float] | None = None
) -> list[Relation]:
    """All relations of `Relation.relation` that hold between the objects, both ways round.

    Args:
        objects: with their boxes, and positions where these are known.
        nearness: how near each object is, 0..1 without a unit, for those without a position.
    """
    found: list[Relation] = []
    near = dict(zip((entry.id for entry in objects), nearness or (), strict=False))
    for first, second in combinations(objects, 2):
        for name, a, b, confidence in _pair(first, second, near):
            found.append(Relation(a.id, name, b.id, confidence))
            if name in _OPPOSITE:
                found.append(Relation(b.id, _OPPOSITE[name], a.id, confidence))
    found.extend(_between(objects))
    found.extend(_rows(objects))
    return found


_Found = tuple[str, SceneObject, SceneObject, float]


def _pair(
    first: SceneObject, second: SceneObject, nearness: Mapping[str, float]
) -> Iterator[_Found]:
    """Relations of two objects; the opposite ones follow."""
    inside = _inside(first, second) or _inside(second, first)
    if inside:
        yield inside
    else:
        yield from _places(first, second)
        yield from (row for row in (_on(first, second), _on(second, first)) if row)
    front = _in_front(first, second) or _seems_in_front(first, second, nearness)
    if front:
        yield front
    size_a, size_b = _size(first, second), _size(second, first)
    big, small = (first, second) if size_a >= size_b else (second, first)
    ratio = max(size_a, size_b) / max(1e-9, min(size_a, size_b))
    if ratio >= _CLEARLY_BIGGER:
        yield "bigger_than", big, small, min(1.0, ratio - 1.0)


def _size(entry: SceneObject, other: SceneObject) -> float:
    """Extent in metres where both are known, else in pixels."""
    if entry.outline.scale_m is not None and other.outline.scale_m is not None:
        return entry.outline.scale_m
    return entry.outline.scale_px


def _places(first: SceneObject, second: SceneObject) -> Iterator[_Found]:
    """Which lies left of, and which above, with confidence; nothing where they overlap."""
    for name, axis in (("left_of", 0), ("above", 1)):
        a, b = sorted((first, second), key=lambda o: o.box.center[axis])
        size_a, size_b = (((o.box.width, o.box.height)[axis]) for o in (a, b))
        apart = b.box.center[axis] - a.box.center[axis]
        share = apart / max(1.0, (size_a + size_b) / 2)
        if share >= _CLEAR_GAP:
            yield name, a, b, min(1.0, share)


def _on(upper: SceneObject, lower: SceneObject) -> _Found | None:
    """Whether the upper stands on the lower: its foot at the other's top, over its width."""
    foot, top = upper.box.y + upper.box.height, lower.box.y
    if upper.box.center[1] >= lower.box.center[1]:
        return None
    gap = abs(foot - top) / max(1.0, min(upper.box.height, lower.box.height))
    left, right = lower.box.x, lower.box.x + lower.box.width
    if gap > 2 * _TOUCHING or not left <= upper.box.center[0] <= right:
        return None
    return "on", upper, lower, float(np.clip(1.0 - gap / (2 * _TOUCHING), 0.3, 1.0))


def _inside(inner: SceneObject, outer: SceneObject) -> _Found | None:
    """Whether one box lies within the other and is clearly smaller."""
    a, b = inner.box, outer.box
    slack = 0.02 * max(b.width, b.height)
    within = (
        a.x >= b.x - slack
        and a.y >= b.y - slack
        and a.x + a.width <= b.x + b.width + slack
        and a.y + a.height <= b.y + b.height + slack
    )
    share = a.width * a.height / max(1.0, b.width * b.height)
    return ("inside", inner, outer, float(1.0 - share)) if within and share < 0.7 else None


def _in_front(first: SceneObject, second: SceneObject) -> _Found | None:
    """Which is nearer to the camera, where both positions are known."""
    if first.position is None or second.position is None:
        return None
    near, far = sorted((first, second), key=lambda o: _depth(o))
    apart = _depth(far) - _depth(near)
    if apart < _DEPTH_STEP:
        return None
    return "in_front_of", near, far, float(min(1.0, apart / (4 * _DEPTH_STEP)))


def _seems_in_front(
    first: SceneObject, second: SceneObject, nearness: Mapping[str, float]
) -> _Found | None:
    """Which seems nearer, where a guess of depth without a unit is all there is."""
    if first.position is not None and second.position is not None:
        return None
    if first.id not in nearness or second.id not in nearness:
        return None
    far, near = sorted((first, second), key=lambda entry: nearness[entry.id])
    apart = nearness[near.id] - nearness[far.id]
    if apart < _NEARNESS_STEP:
        return None
    return "in_front_of", near, far, float(min(1.0, apart / (4 * _NEARNESS_STEP)))


def _depth(entry: SceneObject) -> float:
    assert entry.position is not None
    return float(entry.position[2])


def _between(objects: Sequence[SceneObject]) -> Iterator[Relation]:
    """Objects that lie near the middle of the line between two others."""
    for middle in objects:
        others = [entry for entry in objects if entry is not middle]
        for a, b in combinations(others, 2):
            start, end, at = (np.array(o.box.center) for o in (a, b, middle))
            line = end - start
            length = float(np.linalg.norm(line))
            if length < 1.0:
                continue
            along = float((at - start) @ line) / length**2
            off = abs(float(line[0] * (at - start)[1] - line[1] * (at - start)[0])) / length**2
            if 0.2 <= along <= 0.8 and off <= _ROW_SPREAD:
                yield Relation(middle.id, "between", a.id, 1.0 - off / _ROW_SPREAD / 2, (b.id,))


def _rows(objects: Sequence[SceneObject]) -> Iterator[Relation]:
    """All objects in one row: three or more near one line, told once."""
    if len(objects) < _LEAST_ROW:
        return
    centers = np.array([entry.box.center for entry in objects])
    offsets = centers - centers.mean(axis=0)
    _, spread, directions = np.linalg.svd(offsets, full_matrices=False)
    along = offsets @ directions[0]
    across = float(np.abs(offsets @ directions[1]).max()) / max(1.0, float(np.ptp(along)))
    if spread[0] > 0 and across <= _ROW_SPREAD:
        order = [objects[i].id for i in np.argsort(along)]
        yield Relation(order[0], "in_row_with", order[1], 1.0 - across / _ROW_SPREAD / 2,
                       tuple(order[2:]))  # fmt: skip
