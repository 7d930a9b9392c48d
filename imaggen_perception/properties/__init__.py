"""Properties of an object: one a file."""

from imaggen_perception.properties.alignment import measure_alignment
from imaggen_perception.properties.color import name_color
from imaggen_perception.properties.form import measure_form
from imaggen_perception.properties.outline import (
    bounding_box,
    hole_curves,
    make_outline,
    make_part,
    outer_curve,
)
from imaggen_perception.properties.parts import find_parts
from imaggen_perception.properties.position import Position, measure_position
from imaggen_perception.properties.relations import find_relations
from imaggen_perception.properties.shape import classify_shape
from imaggen_perception.properties.symmetry import measure_symmetry

__all__ = [
    "Position",
    "bounding_box",
    "classify_shape",
    "find_parts",
    "find_relations",
    "hole_curves",
    "make_outline",
    "make_part",
    "measure_alignment",
    "measure_form",
    "measure_position",
    "measure_symmetry",
    "name_color",
    "outer_curve",
]
