"""Tracking: which object of this picture is which of the pictures before.

Every object is compared with every track: where it should be by now, how the boxes overlap, size,
outline and colour. The cheapest assignment of all wins, unless it is dearer than a new identity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from imaggen_perception.properties.raster import fill, iou
from imaggen_perception.scene import BoundingBox, Relation, Scene, SceneObject

FloatArray = NDArray[np.float64]

# Weights of the differences, each 0 (alike) .. 1 (as different as can be); they add up to 1.
_PLACE, _OVERLAP, _SIZE, _OUTLINE, _COLOR = 0.40, 0.15, 0.15, 0.15, 0.15
# Dearer pairs are different objects.
_DEAREST = 0.6
# How far from the expected place an object may be [of its own size], and how much farther for
# every second that nobody looked.
_REACH, _REACH_PER_S = 1.5, 1.5
# Sizes that differ by more than this factor are different objects.
_MOST_GROWTH = 2.5
# Distance of two RGB colours that nobody would call the same.
_OTHER_COLOR = 160.0
# Share of the newest movement in a track's velocity; the rest is its history.
_NEW_SHARE = 0.6
# A vanished object is taken to move on for this long, then to wait [s].
_COASTING_S = 0.5
_FORBIDDEN = 1e6
# Names of objects by this method are certain: see scene_file.
KNOWN_METHOD = "scene_file"


@dataclass
class _Track:
    """One identity: how it looked when it was last seen, and where it was going.

    Attributes:
        velocity: (2,) of the box's middle [pixels/s].
    """

    id: str
    seen: SceneObject
    time_s: float
    velocity: FloatArray

    def expected(self, time_s: float) -> list[FloatArray]:
        """Where the middle of its box may be at a time, (2,) each [pixels]."""
        passed = time_s - self.time_s
        last = np.asarray(self.seen.box.center)
        moved = last + self.velocity * min(passed, _COASTING_S)
        # Behind something else it may have stopped as well.
        return [moved, last] if passed > _COASTING_S else [moved]

    def follow(self, seen: SceneObject, time_s: float) -> None:
        """Take over what was seen."""
        passed = time_s - self.time_s
        if passed > 0:
            moved = np.subtract(seen.box.center, self.seen.box.center) / passed
            self.velocity = _NEW_SHARE * moved + (1 - _NEW_SHARE) * self.velocity
        self.seen, self.time_s = seen, time_s


class Tracker:
    """Gives objects the same id as long as they are seen, and for `keep_s` after.

    The same scenes at the same times give the same ids, in whatever order the objects come; ids of
    new objects follow the order of their scene. Ids are never used again.

    Args:
        keep_s: how long an object may be out of sight and keep its identity [s].

    Raises:
        ValueError: when `keep_s` is negative.
    """

    def __init__(self, keep_s: float = 2.0) -> None:
        if keep_s < 0:
            raise ValueError(f"keep_s is 0 or more seconds, got {keep_s}")
        self._keep_s = keep_s
        self._tracks: list[_Track] = []
        self._count = 0
        self._view: tuple[tuple[int, int], str] | None = None
        self._time_s = -np.inf

    def update(self, scene: Scene, time_s: float) -> Scene:
        """The scene with the ids that its objects had before, relations too.

        Args:
            scene: what is seen; its own ids only have to differ from each other.
            time_s: when it was seen. After a step back in time (a bag that starts again), or
                another picture size or frame, everything is new.
        """
        view = (scene.image_size, scene.frame_id)
        if view != self._view or time_s < self._time_s:
            self._tracks = []
        self._view, self._time_s = view, time_s
        self._tracks = [t for t in self._tracks if time_s - t.time_s <= self._keep_s]
        names = self._names(scene.objects, time_s)
        return replace(
            scene,
            objects=tuple(replace(entry, id=names[entry.id]) for entry in scene.objects),
            relations=tuple(_renamed(relation, names) for relation in scene.relations),
        )

    def _names(self, objects: Sequence[SceneObject], time_s: float) -> dict[str, str]:
        """The track of each object by its own id; new tracks where none fits."""
        # A canonical order, so that ties are broken alike in whatever order the objects come.
        ordered = sorted(objects, key=_looks)
        costs = np.array([[_cost(t, o, time_s) for o in ordered] for t in self._tracks])
        tracks = {}
        if costs.size:
            for row, column in zip(*linear_sum_assignment(costs), strict=True):
                if costs[row, column] <= _DEAREST:
                    tracks[ordered[column].id] = self._tracks[row]
        names = {}
        for entry in objects:
            track = tracks.get(entry.id)
            if track is None:
                self._count += 1
                track = _Track(f"object_{self._count}", entry, time_s, np.zeros(2))
                self._tracks.append(track)
            else:
                track.follow(entry, time_s)
            names[entry.id] = track.id
        return names


def _looks(entry: SceneObject) -> tuple[object, ...]:
    """What tells objects of one scene apart, in a fixed order."""
    box = entry.box
    return (box.x, box.y, box.width, box.height, entry.label, entry.outline.points.tobytes())


def _cost(track: _Track, entry: SceneObject, time_s: float) -> float:
    """How unlike a track an object is: 0..1, or `_FORBIDDEN` when it cannot be the same."""
    before = track.seen
    if {before.method, entry.method} == {KNOWN_METHOD} and before.label != entry.label:
        return _FORBIDDEN
    scales = before.outline.scale_px, entry.outline.scale_px
    growth = max(scales) / max(1e-9, min(scales))
    places = track.expected(time_s)
    distances = [float(np.linalg.norm(place - entry.box.center)) for place in places]
    nearest = int(np.argmin(distances))
    place, distance = places[nearest], distances[nearest]
    reach = (_REACH + _REACH_PER_S * (time_s - track.time_s)) * max(scales)
    if growth > _MOST_GROWTH or distance > reach:
        return _FORBIDDEN
    return (
        _PLACE * min(1.0, distance / (_REACH * max(scales)))
        + _OVERLAP * (1.0 - _box_iou(before.box, place, entry.box))
        + _SIZE * (1.0 - 1.0 / growth)
        + _OUTLINE * (1.0 - iou(fill(before.outline.points), fill(entry.outline.points)))
        + _COLOR * _color_difference(before, entry)
    )


def _box_iou(before: BoundingBox, center: FloatArray, box: BoundingBox) -> float:
    """Overlap of a box, moved to a new middle, with another one, 0..1."""
    size = np.array([before.width, before.height], dtype=float)
    other = np.array([box.width, box.height], dtype=float)
    low = np.maximum(center - size / 2, [box.x, box.y])
    high = np.minimum(center + size / 2, np.array([box.x, box.y]) + other)
    shared = float(np.prod(np.maximum(0.0, high - low)))
    return shared / max(1e-9, float(size.prod() + other.prod()) - shared)


def _color_difference(first: SceneObject, second: SceneObject) -> float:
    """0..1; 0 when one of the colours is not known."""
    if not (first.color.name and second.color.name):
        return 0.0
    apart = np.linalg.norm(np.subtract(first.color.rgb, second.color.rgb).astype(float))
    return min(1.0, float(apart) / _OTHER_COLOR)


def _renamed(relation: Relation, names: dict[str, str]) -> Relation:
    return replace(
        relation,
        subject=names[relation.subject],
        object=names[relation.object],
        others=tuple(names[other] for other in relation.others),
    )
