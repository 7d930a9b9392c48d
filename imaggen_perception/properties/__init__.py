"""Properties of an object: one a file."""

from imaggen_perception.properties.alignment import measure_alignment
from imaggen_perception.properties.outline import bounding_box, make_outline, outer_curve
from imaggen_perception.properties.relations import find_relations
from imaggen_perception.properties.shape import classify_shape
from imaggen_perception.properties.symmetry import measure_symmetry

__all__ = [
    "bounding_box",
    "classify_shape",
    "find_relations",
    "make_outline",
    "measure_alignment",
    "measure_symmetry",
    "outer_curve",
]
