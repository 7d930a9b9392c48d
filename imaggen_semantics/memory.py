"""Scene memory: what was seen earlier can still be talked about, with less and less confidence."""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from imaggen_perception.scene import Scene, SceneObject
from imaggen_semantics.errors import SemanticsError

_SAME_SIZE = 0.25
"""Sizes of one thing in two pictures differ by less [logarithm of the ratio]."""


@dataclass(frozen=True)
class MemoryConfig:
    """How long things are remembered.

    Attributes:
        half_life_s: after this time the confidence in a thing that is no longer seen has halved.
        forget_after_s: then it is forgotten; 0: nothing is remembered.
        capacity: of things that are out of view; the oldest go first.
    """

    half_life_s: float = 60.0
    forget_after_s: float = 600.0
    capacity: int = 20

    def __post_init__(self) -> None:
        if not self.half_life_s > 0.0:
            raise SemanticsError(f"half_life_s must be above 0 s, got {self.half_life_s}")
        if not self.forget_after_s >= 0.0:
            raise SemanticsError(f"forget_after_s must not be negative, got {self.forget_after_s}")
        if self.capacity < 0:
            raise SemanticsError(f"capacity must not be negative, got {self.capacity}")


@dataclass(frozen=True)
class _Remembered:
    seen: SceneObject
    at_s: float


class SceneMemory:
    """Remembers objects by their ids, which perception keeps over frames.

    Times come from the caller's clock, in seconds; a clock that jumps back (a replayed bag)
    empties the memory.
    """

    def __init__(self, config: MemoryConfig | None = None) -> None:
        """Start with nothing remembered."""
        self._config = config or MemoryConfig()
        self._things: dict[str, _Remembered] = {}
        self._newest: Scene | None = None
        self._at_s = float("-inf")

    def see(self, scene: Scene, now_s: float) -> None:
        """Take in a scene that was seen at `now_s`."""
        if now_s < self._at_s:
            self._things.clear()
        known = {seen.id for seen in self._newest.objects} if self._newest is not None else set()
        self._newest, self._at_s = scene, now_s
        new = [seen for seen in scene.objects if seen.id not in known | self._things.keys()]
        self._recognize(new, {seen.id for seen in scene.objects})
        for seen in scene.objects:
            self._things[seen.id] = _Remembered(seen, now_s)
        self._forget(now_s)

    def _recognize(self, new: Sequence[SceneObject], here: Container[str]) -> None:
        """Forget what is out of view where it is seen again under another id."""
        for seen in new:
            alike = [
                key
                for key, thing in self._things.items()
                if key not in here and _look_alike(seen, thing.seen)
            ]
            if alike:
                self._things.pop(max(alike, key=lambda key: self._things[key].at_s))

    def recall(self, now_s: float) -> Scene | None:
        """The newest scene, with what is out of view behind what is seen; None before any.

        Out-of-view objects have their `age_s` and a decayed confidence, and their label's decays
        too; relations hold between what is in view only.
        """
        if self._newest is None:
            return None
        self._forget(now_s)
        here = {seen.id for seen in self._newest.objects}
        absent = [thing for key, thing in self._things.items() if key not in here]
        absent.sort(key=lambda thing: -thing.at_s)
        return replace(
            self._newest,
            objects=(*self._newest.objects, *(self._aged(thing, now_s) for thing in absent)),
        )

    def _aged(self, thing: _Remembered, now_s: float) -> SceneObject:
        # In a scene of its own time it was in view, so that its age is at least a moment.
        age_s = max(1e-3, now_s - thing.at_s)
        faded = 0.5 ** (age_s / self._config.half_life_s)
        return replace(
            thing.seen,
            age_s=age_s,
            confidence=thing.seen.confidence * faded,
            label_confidence=thing.seen.label_confidence * faded,
        )

    def _forget(self, now_s: float) -> None:
        here = {seen.id for seen in self._newest.objects} if self._newest else set()
        absent = sorted(
            (key for key in self._things if key not in here),
            key=lambda key: -self._things[key].at_s,
        )
        limit = self._config.forget_after_s
        kept = [k for k in absent[: self._config.capacity] if now_s - self._things[k].at_s <= limit]
        if limit == 0.0:
            kept = []
        self._things = {k: v for k, v in self._things.items() if k in here or k in set(kept)}


def _look_alike(one: SceneObject, other: SceneObject) -> bool:
    """Whether two objects may be one that a tracker lost: same name, shape, colour and size."""
    colors = {o.color.name for o in (one, other) if o.color.name}
    if one.label != other.label or len(colors) > 1 or one.shape.family != other.shape.family:
        return False
    sizes = [o.outline.scale_m or o.outline.scale_px for o in (one, other)]
    metric = bool(one.outline.scale_m) == bool(other.outline.scale_m)
    return metric and abs(math.log(sizes[0] / sizes[1])) < _SAME_SIZE
