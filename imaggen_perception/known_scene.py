"""What is known beforehand: shapes with sizes and places, put over what the camera sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from imaggen_perception.camera import CameraModel
from imaggen_perception.errors import PerceptionError
from imaggen_perception.properties import find_relations
from imaggen_perception.scene import (
    Alignment,
    BoundingBox,
    Color,
    Evidence,
    FloatArray,
    Form,
    Outline,
    Part,
    Scene,
    SceneObject,
    Shape,
    Symmetry,
)

METHOD = "scene_file"
# A seen object is the known one when their middles are no farther apart than this [of the larger
# one's size], and when they are of about the same size.
_SAME_PLACE = 0.5
_SAME_SIZE = 2.5
# What is nearer to the camera's plane, or behind it, is not in the picture [m].
NEAREST = 0.05
_APART = 1e6  # the cost of a pair that cannot be one object


@dataclass(frozen=True)
class KnownObject:
    """One thing of the file.

    Attributes:
        name: what people call it.
        position: (3,) its middle [m] in the file's frame.
        outline: with `scale_m`; its `scale_px` has no meaning yet.
    """

    name: str
    position: FloatArray
    outline: Outline
    shape: Shape
    symmetry: Symmetry
    alignment: Alignment
    form: Form
    parts: tuple[Part, ...] = ()
    holes: tuple[Part, ...] = ()
    color: Color = Color()


@dataclass(frozen=True)
class CameraPose:
    """Where the optical frame is in the file's frame: its turn (3, 3) and its origin (3,) [m]."""

    rotation: FloatArray
    origin: FloatArray


@dataclass(frozen=True)
class KnownScene:
    """All things of a file.

    Attributes:
        frame: of the positions; empty: the camera's optical frame.
        camera_pose: of the optical frame in `frame`; None: they are the same.
        source: the file, for messages.
    """

    objects: tuple[KnownObject, ...]
    frame: str = ""
    camera_pose: CameraPose | None = None
    source: str = "the scene file"

    def merge(self, scene: Scene, camera: CameraModel | None = None) -> Scene:
        """What is seen, with what is known put over it.

        A seen object at the place of a known one keeps its id and box and takes everything else;
        known ones that are not seen are added at the end, those behind the camera with an empty
        box, so that they can still be pointed at.

        Args:
            scene: what is seen.
            camera: of the picture; None: the assumed one of 60 degrees across.

        Raises:
            PerceptionError: when the positions are in a frame of which nobody told the camera's.
        """
        camera = camera or CameraModel.assumed(*scene.image_size)
        positions = self._positions(scene.frame_id)
        placed = [_placed(o, p, camera) for o, p in zip(self.objects, positions, strict=True)]
        pairs = _pairs(scene.objects, placed)
        objects = [
            _overridden(entry, placed[pairs[i]]) if i in pairs else entry
            for i, entry in enumerate(scene.objects)
        ]
        taken = {entry.id for entry in objects}
        for j, entry in enumerate(placed):
            if j not in pairs.values():
                objects.append(replace(entry, id=_free_id(taken)))
        largest = max((entry.outline.scale_px for entry in objects), default=1.0)
        objects = [replace(o, relative_size=o.outline.scale_px / largest) for o in objects]
        relations = find_relations([entry for entry in objects if entry.box.width])
        return replace(scene, objects=tuple(objects), relations=tuple(relations))

    def _positions(self, frame_id: str) -> list[FloatArray]:
        """(3,) each, in the camera's optical frame [m]."""
        if self.camera_pose is not None:
            pose = self.camera_pose
            return [pose.rotation.T @ (o.position - pose.origin) for o in self.objects]
        if self.frame not in ("", frame_id):
            raise PerceptionError(
                f"{self.source}: frame: positions are in {self.frame!r} and the camera's frame is"
                f" {frame_id!r}; add camera_pose, the place of {frame_id!r} in {self.frame!r}"
            )
        return [o.position for o in self.objects]


def _placed(known: KnownObject, position: FloatArray, camera: CameraModel) -> SceneObject:
    """A known thing as the camera would see it, without an id yet."""
    distance = float(np.linalg.norm(position))
    in_front = position[2] > NEAREST
    focal = (camera.fx + camera.fy) / 2
    per_meter = focal / (position[2] if in_front else max(distance, NEAREST))
    scale_m = known.outline.scale_m or 0.0
    outline = replace(known.outline, scale_px=scale_m * per_meter)
    box = BoundingBox(0, 0, 0, 0)
    if in_front:
        x = camera.cx + camera.fx * position[0] / position[2]
        y = camera.cy + camera.fy * position[1] / position[2]
        width, height = (extent * outline.scale_px for extent in outline.extent)
        left, top = round(x - width / 2), round(y - height / 2)
        box = BoundingBox(left, top, max(1, round(width)), max(1, round(height)))
    properties = ("outline", "shape", "symmetry", "alignment", "form", "parts", "size", "position")
    return SceneObject(
        id="",
        box=box,
        outline=outline,
        shape=known.shape,
        symmetry=known.symmetry,
        alignment=known.alignment,
        bearing=position / max(distance, 1e-9),
        relative_size=1.0,
        confidence=1.0,
        method=METHOD,
        label=known.name,
        label_confidence=1.0,
        position=position,
        form=known.form,
        parts=_scaled(known.parts, per_meter),
        holes=_scaled(known.holes, per_meter),
        color=known.color,
        evidence=tuple(Evidence(name, 1.0, METHOD) for name in properties),
    )


def _scaled(parts: Sequence[Part], per_meter: float) -> tuple[Part, ...]:
    return tuple(
        replace(p, outline=replace(p.outline, scale_px=(p.outline.scale_m or 0.0) * per_meter))
        for p in parts
    )


def _pairs(seen: Sequence[SceneObject], placed: Sequence[SceneObject]) -> dict[int, int]:
    """Which seen object (index) is which known one (index)."""
    if not seen or not placed:
        return {}
    costs = np.full((len(seen), len(placed)), _APART)
    for i, entry in enumerate(seen):
        for j, known in enumerate(placed):
            sizes = [max(o.box.width, o.box.height) for o in (entry, known)]
            apart = np.linalg.norm(np.subtract(entry.box.center, known.box.center))
            if min(sizes) > 0 and max(sizes) <= _SAME_SIZE * min(sizes):
                share = float(apart) / max(sizes)
                costs[i, j] = share if share <= _SAME_PLACE else _APART
    rows, columns = linear_sum_assignment(costs)
    return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if costs[i, j] < _APART}


def _overridden(seen: SceneObject, known: SceneObject) -> SceneObject:
    """What is known, where it is seen; the seen colour where the file names none."""
    color = known.color if known.color.name else seen.color
    told = tuple(e for e in seen.evidence if e.property == "color" and not known.color.name)
    return replace(known, id=seen.id, box=seen.box, color=color, evidence=known.evidence + told)


def _free_id(taken: set[str]) -> str:
    """The next object_<n> that is not taken; takes it."""
    number = 1
    while f"object_{number}" in taken:
        number += 1
    taken.add(f"object_{number}")
    return f"object_{number}"
