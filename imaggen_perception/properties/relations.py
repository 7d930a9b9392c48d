"""How objects lie to each other in the picture, and which is bigger."""

from __future__ import annotations

from collections.abc import Sequence

from imaggen_perception.scene import Relation, SceneObject

_OPPOSITE = {"left_of": "right_of", "above": "below"}
# Boxes whose gap (or overlap) is this share of their sizes are clearly apart (or not).
_CLEAR_GAP = 0.5
_CLEARLY_BIGGER = 1.25


def find_relations(objects: Sequence[SceneObject]) -> list[Relation]:
    """left_of/right_of, above/below and bigger_than between all pairs."""
    relations = []
    for i, first in enumerate(objects):
        for second in objects[i + 1 :]:
            for name, a, b, confidence in _places(first, second):
                relations.append(Relation(a.id, name, b.id, confidence))
                relations.append(Relation(b.id, _OPPOSITE[name], a.id, confidence))
            ratio = first.outline.scale_px / second.outline.scale_px
            big, small = (first, second) if ratio >= 1.0 else (second, first)
            ratio = max(ratio, 1.0 / ratio)
            if ratio >= _CLEARLY_BIGGER:
                relations.append(Relation(big.id, "bigger_than", small.id, min(1.0, ratio - 1.0)))
    return relations


def _places(
    first: SceneObject, second: SceneObject
) -> list[tuple[str, SceneObject, SceneObject, float]]:
    """Which lies left of, and which above, with confidence; nothing where they overlap."""
    rows = []
    for name, axis in (("left_of", 0), ("above", 1)):
        a, b = sorted((first, second), key=lambda o: o.box.center[axis])
        size_a, size_b = (((o.box.width, o.box.height)[axis]) for o in (a, b))
        apart = b.box.center[axis] - a.box.center[axis]
        share = apart / max(1.0, (size_a + size_b) / 2)
        if share >= _CLEAR_GAP:
            rows.append((name, a, b, min(1.0, share)))
    return rows
