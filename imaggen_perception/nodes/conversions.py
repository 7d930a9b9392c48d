"""Perception values to messages and back. Floats are single precision in messages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, cast

import numpy as np
from builtin_interfaces.msg import Time
from geometry_msgs.msg import PointStamped, Vector3Stamped
from sensor_msgs.msg import CameraInfo, RegionOfInterest
from std_msgs.msg import ColorRGBA

from imaggen_interfaces.msg import (
    ObjectPart,
    ObjectProperties,
    ObjectRelation,
    PropertyEvidence,
    ShapeParameter,
)
from imaggen_interfaces.msg import Outline as OutlineMsg
from imaggen_interfaces.msg import Scene as SceneMsg
from imaggen_interfaces.msg import SymmetryAxis as SymmetryAxisMsg
from imaggen_perception.camera import CameraModel
from imaggen_perception.errors import PerceptionError
from imaggen_perception.nodes.images import array_to_image, image_to_array
from imaggen_perception.scene import (
    Alignment,
    BoundingBox,
    Color,
    Evidence,
    Form,
    Outline,
    Part,
    Relation,
    Scene,
    SceneObject,
    Shape,
    Symmetry,
    SymmetryAxis,
)
from imaggen_perception.segmenters.base import Prompts

__all__ = [
    "array_to_image",
    "camera_from_msg",
    "fitted_camera",
    "image_to_array",
    "outline_from_msg",
    "outline_to_msg",
    "prompts_from_msg",
    "scene_from_msg",
    "scene_to_msg",
]

NAN = math.nan
# Aspect ratios that differ by more than this share are another picture, not a smaller one.
_SAME_ASPECT = 0.02


def camera_from_msg(message: CameraInfo) -> CameraModel | None:
    """The pinhole model of a camera info's pictures; None when it is not calibrated.

    A region of interest and binning are taken into account; distortion is not.

    Raises:
        PerceptionError: when the intrinsics are no camera's.
    """
    k, roi = message.k, message.roi
    if k[0] == 0.0:
        return None
    if not np.isfinite(k).all():
        raise PerceptionError("the camera info holds numbers that are not finite")
    # The calibration is of the whole sensor at full resolution; 0 stands for 1, and for all of it.
    across, down = max(1, message.binning_x), max(1, message.binning_y)
    return CameraModel(
        (roi.width or message.width) // across,
        (roi.height or message.height) // down,
        k[0] / across,
        k[4] / down,
        (k[2] - roi.x_offset) / across,
        (k[5] - roi.y_offset) / down,
    )


def fitted_camera(camera: CameraModel, width: int, height: int) -> CameraModel | None:
    """The camera for a picture of another size; None when it cannot be a resized one."""
    if (camera.width, camera.height) == (width, height):
        return camera
    if not (camera.width and camera.height):
        return None
    across, down = width / camera.width, height / camera.height
    if abs(across / down - 1.0) > _SAME_ASPECT:
        return None
    return CameraModel(
        width,
        height,
        camera.fx * across,
        camera.fy * down,
        camera.cx * across,
        camera.cy * down,
    )


def prompts_from_msg(words: Iterable[str], boxes: Iterable[RegionOfInterest]) -> Prompts:
    """What a request asks for; empty words and boxes are left out."""
    return Prompts(
        tuple(word.strip() for word in words if word.strip()),
        tuple(_box_from_msg(box) for box in boxes if box.width and box.height),
    )


def scene_to_msg(scene: Scene, stamp: Time) -> SceneMsg:
    """A scene as a message."""
    message = SceneMsg(image_width=scene.image_size[0], image_height=scene.image_size[1])
    message.header.stamp, message.header.frame_id = stamp, scene.frame_id
    message.objects = [_object_to_msg(entry, message.header) for entry in scene.objects]
    message.relations = [
        ObjectRelation(
            subject=r.subject,
            relation=r.relation,
            object=r.object,
            confidence=r.confidence,
            others=list(r.others),
        )
        for r in scene.relations
    ]
    return message


def scene_from_msg(message: SceneMsg) -> Scene:
    """The scene of a message."""
    return Scene(
        tuple(_object_from_msg(entry) for entry in message.objects),
        (message.image_width, message.image_height),
        tuple(
            Relation(r.subject, r.relation, r.object, r.confidence, tuple(r.others))
            for r in message.relations
        ),
        message.header.frame_id,
    )


def outline_to_msg(outline: Outline) -> OutlineMsg:
    """An outline as a message."""
    return OutlineMsg(
        x=outline.points[:, 0].astype(np.float32),
        y=outline.points[:, 1].astype(np.float32),
        scale_px=outline.scale_px,
        scale_m=NAN if outline.scale_m is None else outline.scale_m,
    )


def outline_from_msg(message: OutlineMsg) -> Outline:
    """The outline of a message."""
    points = np.column_stack([message.x, message.y])
    return Outline(points, message.scale_px, _known(message.scale_m))


def _object_to_msg(entry: SceneObject, header: Any) -> ObjectProperties:
    message = ObjectProperties(
        id=entry.id,
        label=entry.label,
        label_confidence=entry.label_confidence,
        confidence=entry.confidence,
        method=entry.method,
        bounding_box=_box_to_msg(entry.box),
        outline=outline_to_msg(entry.outline),
        relative_size=entry.relative_size,
        age=entry.age_s,
        bearing=Vector3Stamped(header=header),
        parts=_parts_to_msg(entry.parts),
        holes=_parts_to_msg(entry.holes),
        evidence=[
            PropertyEvidence(property=e.property, confidence=e.confidence, method=e.method)
            for e in entry.evidence
        ],
    )
    _put_shape(message, entry)
    _put_symmetry(message, entry.symmetry)
    _put_color(message, entry.color)
    _put_size(message, entry.outline)
    vector = message.bearing.vector
    vector.x, vector.y, vector.z = entry.bearing.tolist()
    if entry.position is not None:
        message.position = PointStamped(header=header)
        point = message.position.point
        point.x, point.y, point.z = entry.position.tolist()
    return message


def _put_shape(message: ObjectProperties, entry: SceneObject) -> None:
    message.shape_family = entry.shape.family
    message.shape_confidence = entry.shape.confidence
    message.shape_parameters = [
        ShapeParameter(name=name, value=value) for name, value in entry.shape.parameters.items()
    ]
    message.alignment = entry.alignment.angle_rad
    message.alignment_confidence = entry.alignment.confidence
    message.stance = entry.alignment.stance
    message.elongation = entry.alignment.elongation
    for name in _FORM_NUMBERS:
        setattr(message, name, getattr(entry.form, name))


_FORM_NUMBERS = ("tallness", "roundness", "taper", "solidity", "hollowness")


def _put_symmetry(message: ObjectProperties, symmetry: Symmetry) -> None:
    message.symmetry_axes = [
        SymmetryAxisMsg(angle=a.angle_rad, score=a.score) for a in symmetry.axes
    ]
    message.gesturable_axis = -1
    if symmetry.gesturable is not None and symmetry.gesturable in symmetry.axes:
        message.gesturable_axis = symmetry.axes.index(symmetry.gesturable)
    message.rotational_order = symmetry.rotational_order
    message.rotational_score = symmetry.rotational_score


def _put_color(message: ObjectProperties, color: Color) -> None:
    message.color, message.color_confidence = color.name, color.confidence
    red, green, blue = (channel / 255.0 for channel in color.rgb)
    message.color_rgb = ColorRGBA(r=red, g=green, b=blue, a=1.0 if color.name else 0.0)


def _put_size(message: ObjectProperties, outline: Outline) -> None:
    width, height = outline.extent
    metric = NAN if outline.scale_m is None else outline.scale_m
    message.width_px, message.height_px = width * outline.scale_px, height * outline.scale_px
    message.width_m, message.height_m = width * metric, height * metric


def _object_from_msg(message: ObjectProperties) -> SceneObject:
    axes = tuple(SymmetryAxis(a.angle, a.score) for a in message.symmetry_axes)
    named = 0 <= message.gesturable_axis < len(axes)
    gesturable = axes[message.gesturable_axis] if named else None
    bearing, point = message.bearing.vector, message.position.point
    known = bool(message.position.header.frame_id)
    outline = outline_from_msg(message.outline)
    return SceneObject(
        id=message.id,
        box=_box_from_msg(message.bounding_box),
        outline=outline,
        shape=Shape(
            cast(Any, message.shape_family),
            message.shape_confidence,
            {p.name: p.value for p in message.shape_parameters},
        ),
        symmetry=Symmetry(axes, gesturable, message.rotational_order, message.rotational_score),
        alignment=Alignment(
            message.alignment,
            message.elongation,
            message.alignment_confidence,
            cast(Any, message.stance),
        ),
        bearing=np.array([bearing.x, bearing.y, bearing.z]),
        age_s=message.age,
        relative_size=message.relative_size,
        confidence=message.confidence,
        method=message.method,
        label=message.label,
        label_confidence=message.label_confidence,
        position=np.array([point.x, point.y, point.z]) if known else None,
        form=Form(*(getattr(message, name) for name in _FORM_NUMBERS)),
        parts=_parts_from_msg(message.parts),
        holes=_parts_from_msg(message.holes),
        color=_color_from_msg(message),
        evidence=tuple(Evidence(e.property, e.confidence, e.method) for e in message.evidence),
    )


def _color_from_msg(message: ObjectProperties) -> Color:
    rgb = message.color_rgb
    red, green, blue = (round(channel * 255) for channel in (rgb.r, rgb.g, rgb.b))
    return Color(message.color, (red, green, blue), message.color_confidence)


def _parts_to_msg(parts: Sequence[Part]) -> list[ObjectPart]:
    return [
        ObjectPart(
            name=part.name,
            outline=outline_to_msg(part.outline),
            x=part.center[0],
            y=part.center[1],
            size=part.size,
            salience=part.salience,
        )
        for part in parts
    ]


def _parts_from_msg(messages: Iterable[ObjectPart]) -> tuple[Part, ...]:
    return tuple(
        Part(m.name, outline_from_msg(m.outline), (m.x, m.y), m.size, m.salience) for m in messages
    )


def _box_to_msg(box: BoundingBox) -> RegionOfInterest:
    """The part of a box right of and below the picture's corner: messages hold no negatives."""
    x, y = max(0, box.x), max(0, box.y)
    return RegionOfInterest(
        x_offset=x,
        y_offset=y,
        width=max(0, box.x + box.width - x),
        height=max(0, box.y + box.height - y),
    )


def _box_from_msg(message: RegionOfInterest) -> BoundingBox:
    return BoundingBox(message.x_offset, message.y_offset, message.width, message.height)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
