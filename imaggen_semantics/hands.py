"""Which hand shows an object."""

from __future__ import annotations

import math

from imaggen_perception.scene import SceneObject
from imaggen_semantics.plan import Hands

UPRIGHT_AXIS_RAD = math.radians(15.0)
"""Both hands mirror each other only about an axis this close to the vertical."""
MIN_SYMMETRY = 0.8
"""Least symmetry score for mirrored hands."""
MAX_ELONGATION = 4.0
"""Thinner things are drawn with one hand: two would get in each other's way."""
SMALL = 0.3
"""Things smaller than this share of the largest one are shown between finger and thumb."""
CENTRAL_BEARING = math.sin(math.radians(5.0))
"""An object closer to straight ahead belongs to neither side (sine of the bearing)."""


def drawing_hands(seen: SceneObject) -> Hands:
    """Both hands for an upright symmetric outline, else the hand on the object's side."""
    axis = seen.symmetry.gesturable
    if (
        axis is not None
        and abs(axis.angle_rad) <= UPRIGHT_AXIS_RAD
        and axis.score >= MIN_SYMMETRY
        and seen.alignment.elongation <= MAX_ELONGATION
    ):
        return "both"
    return near_hand(seen)


def near_hand(seen: SceneObject) -> Hands:
    """The hand on the object's side of the picture; the robot's right is the picture's right."""
    x = float(seen.bearing[0])
    if abs(x) <= CENTRAL_BEARING:
        return "either"
    return "right" if x > 0.0 else "left"


def sizing_hands(seen: SceneObject, direction: str) -> Hands:
    """Two palms for a large extent, finger and thumb of the near hand for a small thing."""
    if direction == "small" or seen.relative_size < SMALL:
        return near_hand(seen)
    return "both"
