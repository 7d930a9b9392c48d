"""Perception values to messages and back. Floats are single precision in messages."""

from __future__ import annotations

import array as memory
import math
from typing import Any, cast

import cv2
import numpy as np
from builtin_interfaces.msg import Time
from geometry_msgs.msg import PointStamped, Vector3Stamped
from numpy.typing import NDArray
from sensor_msgs.msg import CameraInfo, Image, RegionOfInterest

from imaggen_interfaces.msg import ObjectProperties, ObjectRelation, ShapeParameter
from imaggen_interfaces.msg import Outline as OutlineMsg
from imaggen_interfaces.msg import Scene as SceneMsg
from imaggen_interfaces.msg import SymmetryAxis as SymmetryAxisMsg
from imaggen_perception.camera import CameraModel
from imaggen_perception.errors import UnreadableImage
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

# Channels of each encoding, and the conversion to OpenCV's order (None: already there).
_ENCODINGS: dict[str, tuple[int, int | None]] = {
    "bgr8": (3, None),
    "rgb8": (3, cv2.COLOR_RGB2BGR),
    "bgra8": (4, None),
    "rgba8": (4, cv2.COLOR_RGBA2BGRA),
    "mono8": (1, None),
}
NAN = math.nan


def image_to_array(message: Image) -> NDArray[np.uint8]:
    """An image message as (H, W), (H, W, 3) BGR or (H, W, 4) BGRA; not copied where possible.

    Raises:
        UnreadableImage: when the encoding is not supported or the data do not fit.
    """
    if message.encoding not in _ENCODINGS:
        raise UnreadableImage(
            f"image encoding {message.encoding!r} is not supported; use one of"
            f" {', '.join(_ENCODINGS)}"
        )
    channels, code = _ENCODINGS[message.encoding]
    height, width, step = message.height, message.width, message.step
    if step < width * channels or len(message.data) < height * step or not height * width:
        raise UnreadableImage(
            f"a {width} x {height} image of {message.encoding} with step {step} does not fit"
            f" {len(message.data)} bytes"
        )
    rows = np.frombuffer(message.data, np.uint8, height * step).reshape(height, step)
    pixels = rows[:, : width * channels].reshape(height, width, channels)
    if channels == 1:
        return pixels[..., 0]
    return pixels if code is None else np.asarray(cv2.cvtColor(pixels, code))


def array_to_image(array: NDArray[np.uint8], stamp: Time, frame_id: str) -> Image:
    """A picture (H, W), (H, W, 3) BGR or (H, W, 4) BGRA as a message."""
    channels = 1 if array.ndim == 2 else array.shape[2]
    message = Image(
        height=array.shape[0],
        width=array.shape[1],
        encoding={1: "mono8", 3: "bgr8", 4: "bgra8"}[channels],
        step=array.shape[1] * channels,
    )
    # An array.array is taken as it is; of anything else rclpy checks every single element.
    message.data = memory.array("B", np.ascontiguousarray(array).tobytes())
    message.header.stamp, message.header.frame_id = stamp, frame_id
    return message


def camera_from_msg(message: CameraInfo) -> CameraModel | None:
    """The pinhole model of a camera info; None when it is not calibrated."""
    if message.k[0] == 0.0:
        return None
    k = message.k
    return CameraModel(message.width, message.height, k[0], k[4], k[2], k[5])


def scene_to_msg(scene: Scene, stamp: Time) -> SceneMsg:
    """A scene as a message."""
    message = SceneMsg(image_width=scene.image_size[0], image_height=scene.image_size[1])
    message.header.stamp, message.header.frame_id = stamp, scene.frame_id
    message.objects = [_object_to_msg(entry, message.header) for entry in scene.objects]
    message.relations = [
        ObjectRelation(
            subject=r.subject, relation=r.relation, object=r.object, confidence=r.confidence
        )
        for r in scene.relations
    ]
    return message


def scene_from_msg(message: SceneMsg) -> Scene:
    """The scene of a message."""
    return Scene(
        tuple(_object_from_msg(entry) for entry in message.objects),
        (message.image_width, message.image_height),
        tuple(Relation(r.subject, r.relation, r.object, r.confidence) for r in message.relations),
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
    symmetry, alignment, outline = entry.symmetry, entry.alignment, entry.outline
    width, height = outline.extent
    metric = NAN if outline.scale_m is None else outline.scale_m
    message = ObjectProperties(
        id=entry.id,
        label=entry.label,
        label_confidence=entry.label_confidence,
        confidence=entry.confidence,
        method=entry.method,
        bounding_box=RegionOfInterest(
            x_offset=max(0, entry.box.x),
            y_offset=max(0, entry.box.y),
            width=entry.box.width,
            height=entry.box.height,
        ),
        outline=outline_to_msg(outline),
        shape_family=entry.shape.family,
        shape_confidence=entry.shape.confidence,
        shape_parameters=[
            ShapeParameter(name=name, value=value) for name, value in entry.shape.parameters.items()
        ],
        symmetry_axes=[SymmetryAxisMsg(angle=a.angle_rad, score=a.score) for a in symmetry.axes],
        gesturable_axis=-1,
        rotational_order=symmetry.rotational_order,
        rotational_score=symmetry.rotational_score,
        alignment=alignment.angle_rad,
        alignment_confidence=alignment.confidence,
        elongation=alignment.elongation,
        width_px=width * outline.scale_px,
        height_px=height * outline.scale_px,
        relative_size=entry.relative_size,
        width_m=width * metric,
        height_m=height * metric,
        bearing=Vector3Stamped(header=header),
    )
    if symmetry.gesturable is not None and symmetry.gesturable in symmetry.axes:
        message.gesturable_axis = symmetry.axes.index(symmetry.gesturable)
    vector = message.bearing.vector
    vector.x, vector.y, vector.z = entry.bearing.tolist()
    if entry.position is not None:
        message.position = PointStamped(header=header)
        point = message.position.point
        point.x, point.y, point.z = entry.position.tolist()
    return message


def _object_from_msg(message: ObjectProperties) -> SceneObject:
    box = message.bounding_box
    axes = tuple(SymmetryAxis(a.angle, a.score) for a in message.symmetry_axes)
    gesturable = axes[message.gesturable_axis] if message.gesturable_axis >= 0 else None
    bearing, point = message.bearing.vector, message.position.point
    known = bool(message.position.header.frame_id)
    return SceneObject(
        id=message.id,
        box=BoundingBox(box.x_offset, box.y_offset, box.width, box.height),
        outline=outline_from_msg(message.outline),
        shape=Shape(
            cast(Any, message.shape_family),
            message.shape_confidence,
            {p.name: p.value for p in message.shape_parameters},
        ),
        symmetry=Symmetry(axes, gesturable, message.rotational_order, message.rotational_score),
        alignment=Alignment(message.alignment, message.elongation, message.alignment_confidence),
        bearing=np.array([bearing.x, bearing.y, bearing.z]),
        relative_size=message.relative_size,
        confidence=message.confidence,
        method=message.method,
        label=message.label,
        label_confidence=message.label_confidence,
        position=np.array([point.x, point.y, point.z]) if known else None,
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
