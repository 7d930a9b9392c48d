"""All properties of one segment, each with its confidence and method."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imaggen_perception.camera import CameraModel
from imaggen_perception.properties import (
    alignment as alignment_of,
)
from imaggen_perception.properties import (
    bounding_box,
    classify_shape,
    find_parts,
    hole_curves,
    make_outline,
    make_part,
    measure_alignment,
    measure_form,
    measure_position,
    measure_symmetry,
    name_color,
    outer_curve,
)
from imaggen_perception.properties import color as color_of
from imaggen_perception.properties import form as form_of
from imaggen_perception.properties import parts as parts_of
from imaggen_perception.properties import position as position_of
from imaggen_perception.properties import shape as shape_of
from imaggen_perception.properties import symmetry as symmetry_of
from imaggen_perception.scene import (
    Alignment,
    Evidence,
    Form,
    Outline,
    Part,
    SceneObject,
    Shape,
    Symmetry,
)
from imaggen_perception.segmenters import Segment

# Openings below this share of an object are gaps of its mask.
_LEAST_HOLE = 0.004
_CROP_MARGIN = 4  # pixels around an object, so that its edge can be blurred


def describe_outline(
    outline: Outline, holes: tuple[Part, ...] = ()
) -> tuple[Shape, Symmetry, Alignment, Form]:
    """What an outline alone tells: shape family, symmetry, alignment and form."""
    alignment = measure_alignment(outline)
    symmetry = measure_symmetry(outline, alignment)
    form = measure_form(outline, holes)
    return classify_shape(outline, symmetry, form, holes), symmetry, alignment, form


def describe_segment(
    segment: Segment,
    name: str,
    image_bgr: NDArray[np.uint8],
    shrink: float,
    camera: CameraModel,
    depth: NDArray[np.float32] | None = None,
) -> SceneObject:
    """All properties of one segment, in coordinates of the picture as it came.

    Args:
        segment: mask in the analysed picture.
        name: the object's id.
        image_bgr: (H, W, 3) the analysed picture.
        shrink: analysed pixels per pixel of the picture as it came.
        camera: of the picture as it came.
        depth: (H', W') [m] of the picture as it came, if there is one.
    """
    box = bounding_box(segment.mask)
    x, y = max(0, box.x - _CROP_MARGIN), max(0, box.y - _CROP_MARGIN)
    window = (
        slice(y, box.y + box.height + _CROP_MARGIN),
        slice(x, box.x + box.width + _CROP_MARGIN),
    )
    mask = np.pad(segment.mask[window], 1)  # an object at the picture's edge has an edge there
    curve = outer_curve(mask)
    outline = make_outline((curve + [x - 1, y - 1]) / shrink)
    holes = tuple(make_part("hole", h, curve, 0.5) for h in hole_curves(mask, _LEAST_HOLE))
    shape, symmetry, alignment, form = describe_outline(outline, holes)
    parts = tuple(find_parts(mask, curve))
    color = name_color(image_bgr[window], segment.mask[window])
    where = measure_position(segment.mask, shrink, depth, camera)
    source_box = box.scaled(1.0 / shrink)
    if where is not None:
        outline = Outline(
            outline.points, outline.scale_px, outline.scale_px * where.meters_per_pixel
        )
    evidence = [
        Evidence("outline", segment.confidence, segment.method),
        Evidence("shape", shape.confidence, shape_of.METHOD),
        Evidence("symmetry", _best(symmetry), symmetry_of.METHOD),
        Evidence("alignment", alignment.confidence, alignment_of.METHOD),
        Evidence("form", segment.confidence, form_of.METHOD),
        Evidence("parts", max((p.salience for p in parts[1:]), default=0.0), parts_of.METHOD),
        Evidence("color", color.confidence, color_of.METHOD),
    ]
    if where is not None:
        evidence.append(Evidence("position", where.confidence, position_of.METHOD))
    return SceneObject(
        id=name,
        box=source_box,
        outline=outline,
        shape=shape,
        symmetry=symmetry,
        alignment=alignment,
        bearing=camera.bearing(*source_box.center),
        relative_size=1.0,
        confidence=segment.confidence,
        method=segment.method,
        label=segment.label,
        label_confidence=segment.label_confidence,
        position=where.position if where is not None else None,
        form=form,
        parts=parts,
        holes=holes,
        color=color,
        evidence=tuple(evidence),
    )


def _best(symmetry: Symmetry) -> float:
    return symmetry.axes[0].score if symmetry.axes else 0.0
