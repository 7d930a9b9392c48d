"""Parts: what sticks out of an object's body, named by where and how it sits.

The body is what remains of the area after an opening with a disc in proportion to the largest
inscribed circle; what is lost in one piece is a part. A second, finer opening finds parts that are
small against a fat body (a knob on a lid). Names come from place and form alone: a loop beside the
body is a handle, thin pieces that reach the ground are legs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.properties.outline import make_part
from imaggen_perception.scene import Part

FloatArray = NDArray[np.float64]
Mask = NDArray[np.bool_]
METHOD = "opening by the inscribed circle; names by place and form"
# The opening's disc against the largest inscribed circle.
_OPENING = 0.55
# Parts below this share of the object's area are details that nobody names.
_LEAST_AREA = 0.012
_LEAST_BODY = 0.2
_LEAST_REACH = 0.06  # how far a part must stick out [share of the object's extent]
_MOST_PARTS = 6
_SIZE = 128  # longer side of the picture that parts are looked for in [pixels]
_MARGIN = 3


@dataclass(frozen=True)
class _Piece:
    """One piece that sticks out, in pixels of the small picture."""

    mask: Mask
    box: tuple[int, int, int, int]  # x, y, width, height
    area: float
    has_hole: bool
    length: float
    thickness: float


def find_parts(mask: Mask, whole: FloatArray) -> list[Part]:
    """The parts of an object, body first, then by salience; empty when it is of one piece.

    Args:
        mask: (H, W) of the object, cut to its bounding box or larger.
        whole: (n, 2) image curve of the object in the same pixels.
    """
    small, scale, corner = _shrunk(mask)
    body, pieces = _split(small)
    if not pieces:
        return []
    extent = max(small.shape) - 2 * _MARGIN
    body_box = _box(body)
    named = [(piece, _name(piece, pieces, body_box, small)) for piece in pieces]
    total = float(small.sum())
    parts = [
        _part(name, piece.mask, scale, corner, whole, _salience(piece, name, total, extent))
        for piece, name in named
    ]
    found = [part for part in parts if part is not None]
    found.sort(key=lambda part: -part.salience)
    main = _part("body", body, scale, corner, whole, 1.0)
    return [main, *found[:_MOST_PARTS]] if main is not None and found else []


def _shrunk(mask: Mask) -> tuple[Mask, float, tuple[float, float]]:
    """The object in a picture of fixed size: (mask, pixels per source pixel, source corner)."""
    x, y, width, height = cv2.boundingRect(mask.astype(np.uint8))
    scale = _SIZE / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    crop = mask[y : y + height, x : x + width].astype(np.float32)
    small = cv2.resize(crop, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return np.pad(small > 0.5, _MARGIN), scale, (x, y)


def _split(area: Mask) -> tuple[Mask, list[_Piece]]:
    """The body of an area and the pieces that stick out of it."""
    distance = cv2.distanceTransform(area.astype(np.uint8), cv2.DIST_L2, 5)
    radius = _OPENING * float(distance.max())
    body = _largest(_grown(distance > radius, radius + 1.0) & area)
    rest = area & ~body
    least = max(_LEAST_AREA * area.sum(), 6.0)
    solid = cv2.morphologyEx(rest.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
    pieces = []
    reach = cv2.distanceTransform((~body).astype(np.uint8), cv2.DIST_L2, 5)
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] < least:
            continue
        part = labels == label
        if float(reach[part].max()) < _LEAST_REACH * (max(area.shape) - 2 * _MARGIN):
            continue  # a corner of the body that the disc could not reach
        pieces.append(_piece(part, area, tuple(int(v) for v in stats[label, :4])))
    if body.sum() < _LEAST_BODY * area.sum():
        return body, []
    return body, pieces


def _piece(part: Mask, area: Mask, box: tuple[int, ...]) -> _Piece:
    thickness = 2.0 * float(cv2.distanceTransform(part.astype(np.uint8), cv2.DIST_L2, 5).max())
    size = float(part.sum())
    return _Piece(
        mask=part,
        box=(box[0], box[1], box[2], box[3]),
        area=size,
        has_hole=_touches_hole(part, area),
        length=size / max(thickness, 1.0),
        thickness=thickness,
    )


def _touches_hole(part: Mask, area: Mask) -> bool:
    """Whether a piece runs along an opening of the object (a loop such as a handle)."""
    outside = (~area).astype(np.uint8)
    _, labels = cv2.connectedComponents(outside, connectivity=4)
    holes = (labels != labels[0, 0]) & (outside > 0)
    near = cv2.dilate(part.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    return bool(np.count_nonzero(near & holes) >= 6)


def _grown(area: Mask, radius: float) -> Mask:
    distance = cv2.distanceTransform((~area).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(distance < radius)


def _largest(area: Mask) -> Mask:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(area.astype(np.uint8))
    return labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()) if count > 1 else area


def _box(area: Mask) -> tuple[int, int, int, int]:
    x, y, width, height = cv2.boundingRect(area.astype(np.uint8))
    return int(x), int(y), int(width), int(height)


def _name(
    piece: _Piece, pieces: Sequence[_Piece], body: tuple[int, int, int, int], area: Mask
) -> str:
    """What a piece would be called by its place against the body and its form."""
    height, width = area.shape[0] - 2 * _MARGIN, area.shape[1] - 2 * _MARGIN
    x, y = piece.box[0] + piece.box[2] / 2, piece.box[1] + piece.box[3] / 2
    body_x, body_y = body[0] + body[2] / 2, body[1] + body[3] / 2
    slender = piece.length / max(piece.thickness, 1.0)
    long_one = max(piece.box[2:]) >= 0.35 * max(width, height)
    if piece.has_hole:
        return "handle"
    if abs(x - body_x) <= 0.25 * body[2] or abs(y - body_y) > 1.2 * abs(x - body_x):
        if y < body_y:
            if slender < 1.6 and piece.box[2] > 0.5 * body[2]:
                return "lid"
            return "neck" if slender < 1.6 else "stem"
        if _is_leg(piece, pieces, area):
            return "legs"
        if long_one and slender > 2.0:
            return "handle" if width < 0.6 * height else "stem"
        return "base"
    if _is_leg(piece, pieces, area):
        return "legs"
    if slender > 2.5 and long_one:
        return "handle"
    return "spout" if y < body_y + 0.25 * body[3] else "handle"


def _is_leg(piece: _Piece, pieces: Sequence[_Piece], area: Mask) -> bool:
    """Whether a piece reaches the ground beside at least one other that does."""
    ground = area.shape[0] - _MARGIN

    def stands(other: _Piece) -> bool:
        bottom = other.box[1] + other.box[3]
        return bottom >= ground - 0.12 * area.shape[0] and other.box[3] >= 0.7 * other.box[2]

    return stands(piece) and sum(stands(other) for other in pieces) >= 2


def _salience(piece: _Piece, name: str, total: float, extent: float) -> float:
    """How much a viewer needs it: how far it reaches and how large it is (loops count more)."""
    reach = max(piece.box[2:]) / extent
    share = piece.area / total
    return float(np.clip(0.55 * reach + 0.9 * share + (0.2 if piece.has_hole else 0.0), 0.0, 1.0))


def _part(
    name: str,
    mask: Mask,
    scale: float,
    corner: tuple[float, float],
    whole: FloatArray,
    salience: float,
) -> Part | None:
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    contour = max(contours, key=len).reshape(-1, 2).astype(float)
    if len(contour) < 8:
        return None
    return make_part(name, (contour - _MARGIN + 0.5) / scale + corner, whole, salience)
