"""Perception: what a picture shows that a gesture could show."""

from imaggen_perception.analysis import analyze_image, load_image
from imaggen_perception.camera import CameraModel
from imaggen_perception.errors import (
    NoObjectFound,
    PerceptionError,
    SegmenterUnavailable,
    UnreadableImage,
)
from imaggen_perception.scene import (
    Alignment,
    BoundingBox,
    Outline,
    Relation,
    Scene,
    SceneObject,
    Shape,
    Symmetry,
    SymmetryAxis,
)

__all__ = [
    "Alignment",
    "BoundingBox",
    "CameraModel",
    "NoObjectFound",
    "Outline",
    "PerceptionError",
    "Relation",
    "Scene",
    "SceneObject",
    "SegmenterUnavailable",
    "Shape",
    "Symmetry",
    "SymmetryAxis",
    "UnreadableImage",
    "analyze_image",
    "load_image",
]
