"""Hand-made scenes: ideal shapes at chosen places."""

from __future__ import annotations

import numpy as np

from imaggen_perception.scene import (
    Alignment,
    BoundingBox,
    Outline,
    Scene,
    SceneObject,
    Shape,
    ShapeFamily,
    Symmetry,
    SymmetryAxis,
)

IMAGE_SIZE = (640, 480)
UPRIGHT = SymmetryAxis(0.0, 0.97)


def make_object(
    family: ShapeFamily = "circle",
    *,
    id: str = "object_1",
    center: tuple[float, float] = (320.0, 240.0),
    width: float = 100.0,
    height: float = 100.0,
    axis: SymmetryAxis | None = UPRIGHT,
    label: str = "",
    relative_size: float = 1.0,
    shape_confidence: float = 0.95,
) -> SceneObject:
    """An upright object of `width` x `height` pixels; the label, if any, is sure."""
    extent = max(width, height)
    turns = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    points = 0.5 * np.column_stack([np.cos(turns) * width, np.sin(turns) * height]) / extent
    offset = np.array([center[0] - IMAGE_SIZE[0] / 2, center[1] - IMAGE_SIZE[1] / 2, 500.0])
    return SceneObject(
        id=id,
        box=BoundingBox(
            int(center[0] - width / 2), int(center[1] - height / 2), int(width), int(height)
        ),
        outline=Outline(points, scale_px=extent),
        shape=Shape(family, shape_confidence),
        symmetry=Symmetry((axis,) if axis else (), axis, 1, 0.0),
        alignment=Alignment(0.0, extent / min(width, height), 0.9),
        bearing=offset / np.linalg.norm(offset),
        relative_size=relative_size,
        confidence=0.9,
        method="drawn",
        label=label,
        label_confidence=1.0 if label else 0.0,
    )


def make_scene(*objects: SceneObject) -> Scene:
    """A scene of these objects."""
    return Scene(objects, IMAGE_SIZE)


def circle_scene() -> Scene:
    """One circle in the middle."""
    return make_scene(make_object())


def pair_scene() -> Scene:
    """A circle on the left, a tall rectangle on the right."""
    return make_scene(
        make_object("circle", id="circle", center=(160, 240), relative_size=0.5),
        make_object(
            "rectangle", id="rectangle", center=(480, 240), width=80, height=200,
        ),
    )  # fmt: skip
