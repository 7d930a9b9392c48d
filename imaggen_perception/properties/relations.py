"""How objects lie to each other in the picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

from imaggen_perception.scene import Relation, SceneObject

LEAST_SEPARATION = 0.5
"""Distance of the centres, in mean extents, from which one is beside the other (1: no overlap)."""

LEAST_SIZE_RATIO = 1.15
"""Ratio of sizes that people notice without comparing closely."""

SURE_SIZE_RATIO = 2.0
"""Ratio of sizes at which nobody doubts which is bigger."""


def relate(objects: Sequence[SceneObject]) -> tuple[Relation, ...]:
    """Relations between all pairs, each in both directions where a word for it exists.

    `left_of` and `right_of` are the picture's, that is the viewing robot's.
    """
    relations: list[Relation] = []
    for one, other in combinations(objects, 2):
        relations += _beside(one, other, axis=0, words=("left_of", "right_of"))
        relations += _beside(one, other, axis=1, words=("above", "below"))
        relations += _bigger(one, other)
    return tuple(relations)


def _beside(
    one: SceneObject, other: SceneObject, axis: int, words: tuple[str, str]
) -> list[Relation]:
    """Relations along one image axis; `words` name being before and being after."""
    extents = [(o.box.width, o.box.height)[axis] for o in (one, other)]
    distance = other.box.center[axis] - one.box.center[axis]
    separation = abs(distance) / (sum(extents) / 2.0)
    if separation < LEAST_SEPARATION:
        return []
    first, second = (one, other) if distance > 0 else (other, one)
    confidence = min(1.0, separation)
    return [
        Relation(first.id, words[0], second.id, confidence),
        Relation(second.id, words[1], first.id, confidence),
    ]


def _bigger(one: SceneObject, other: SceneObject) -> list[Relation]:
    """Which one is bigger, by the geometric mean of the bounding box's edges."""
    sizes = [math.sqrt(o.box.width * o.box.height) for o in (one, other)]
    first, second = (one, other) if sizes[0] >= sizes[1] else (other, one)
    ratio = max(sizes) / min(sizes)
    if ratio < LEAST_SIZE_RATIO:
        return []
    confidence = min(1.0, 0.5 + 0.5 * (ratio - 1.0) / (SURE_SIZE_RATIO - 1.0))
    return [Relation(first.id, "bigger_than", second.id, confidence)]
