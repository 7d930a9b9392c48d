"""Parts: what an object consists of, named by where and how each part sits.

Three ways together: a part with an opening of its own (a handle) is what a morphological opening
takes away beside a hole; parts that meet at a concave corner are cut apart along the shortest way
(see `cuts`); what bulges out without a corner is again found by an opening. Names come from place
and form alone: a loop beside the body is a handle, thin pieces that reach the ground are legs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.properties.cuts import Cut, short_cuts
from imaggen_perception.properties.outline import make_part
from imaggen_perception.scene import Part

FloatArray = NDArray[np.float64]
Mask = NDArray[np.bool_]
METHOD = "short cuts between concave corners, and openings; names by place and form"
# Limits below were set on the tune half of the labelled parts (see `imaggen bench perception`).
_LEAST_SHARE = 0.003  # smaller parts are details that nobody names [share of the object's area]
_LEAST_PIXELS = 6
_LEAST_PROTRUSION = 2.0
_MOST_CUTS = 5  # further cuts divide what people see as one part
_MOST_TRIED = 20
_SAME_CORNER = 6.0  # pixels between ends of two cuts, below which they share a corner
# Two pieces of about the same thickness with a cut across all of it are one limb.
_ALIKE = 1.4
_ACROSS = 0.7
# A long thin piece is a handle or a trunk rather than the body, if there is another for a body.
_SLENDER = 2.5
_LEAST_BODY_THICKNESS = 0.6  # of the slender piece
_LEAST_BODY_SHARE = 0.15
# Openings: the disc against the largest inscribed circle; least share of a piece, and how far it
# must stick out [share of the object's extent].
_OPENINGS = ((0.8, 0.012, 0.05), (0.55, 0.006, 0.04), (0.2, 0.002, 0.03))
_LEAST_BODY_LEFT = 0.2  # of the area, after what bulges out is taken from the body
# Room that a piece leaves beside it in the hull [share of the piece]: frayed corners leave some.
_STANDS_OUT, _SMALL_STANDS_OUT = 0.4, 1.5
_LARGE = 0.02  # share of the area from which on a piece is large
_OVERLAP = 0.3  # share of the smaller of two parts, from which on they are the same
_SAME_PART = 0.6  # overlap (IoU) from which on two parts are the same
_MOST_PARTS = 8
# Names: how long a stick is [share of the object's extent], its length against its thickness, and
# from when on an upright object is itself a tool on a stick [height against width].
_LONG, _STICK, _TALL = 0.35, 1.7, 2.2
_SIZE = 112  # longer side of the picture that parts are looked for in [pixels]
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
    if not small.any():  # specks and threads that vanish at this size
        return []
    body, masks = _decompose(small)
    if not masks:
        return []
    extent = max(small.shape) - 2 * _MARGIN
    gaps = _gaps(small)
    pieces = [_piece(part, gaps) for part in masks]
    body_box = _box(body)
    total = float(small.sum())
    parts = []
    for piece in pieces:
        name = _name(piece, pieces, body_box, small)
        salience = _salience(piece, total, extent)
        parts.append(_part(name, piece.mask, scale, corner, whole, salience))
    found = sorted((p for p in parts if p is not None), key=lambda part: -part.salience)
    main = _part("body", body, scale, corner, whole, 1.0)
    return [main, *found[:_MOST_PARTS]] if main is not None and found else []


def _decompose(area: Mask) -> tuple[Mask, list[Mask]]:
    """The body of a silhouette and its other parts."""
    opened = _opened_pieces(area)
    gaps = _gaps(area)
    least = _LEAST_BODY_LEFT * area.sum()
    parts: list[Mask] = []
    rest = area
    for piece in opened:
        if _runs_along(gaps, piece) and not _known(piece, parts) and (rest & ~piece).sum() >= least:
            parts.append(piece)
            rest = rest & ~piece
    pieces, cuts = _cut_apart(rest, short_cuts(_largest(area)), float(area.sum()))
    body = pieces.pop(_body(pieces, float(area.sum())))
    parts += _limbs(pieces, cuts)
    for piece in opened:
        if any(_alike(piece, part) for part in parts):
            continue
        left = body & ~piece
        if left.sum() >= least:
            parts.append(piece)
            body = left
    return _largest(body), parts


def _cut_apart(area: Mask, cuts: Sequence[Cut], total: float) -> tuple[list[Mask], list[Cut]]:
    """The pieces of an area along the most protruding cuts, and the cuts that were made."""
    least = max(_LEAST_PIXELS, _LEAST_SHARE * total)
    left = area.astype(np.uint8)
    number = _count(left, least)
    made: list[Cut] = []
    usable = [cut for cut in cuts if cut.protrusion >= _LEAST_PROTRUSION]
    for cut in sorted(usable, key=lambda cut: -cut.protrusion)[:_MOST_TRIED]:
        if len(made) == _MOST_CUTS:
            break
        if any(_shares_corner(cut, other) for other in made):
            continue
        trial = _with_line(left, cut, 0, 1)
        if _count(trial, least) == number + 1:
            left, number = trial, number + 1
            made.append(cut)
    return _separate(left > 0, least) or [area], made


def _shares_corner(cut: Cut, other: Cut) -> bool:
    """Whether two cuts end at one place; a corner is explained by one cut."""
    ends = np.array([cut.curve[0], cut.curve[-1]])
    others = np.array([other.curve[0], other.curve[-1]])
    apart = np.linalg.norm(ends[:, None] - others[None], axis=2)
    return bool(apart.min() < _SAME_CORNER)


def _with_line(picture: NDArray[np.uint8], cut: Cut, value: int, width: int) -> NDArray[np.uint8]:
    start, end = (tuple(int(v) for v in point.round()) for point in (cut.curve[0], cut.curve[-1]))
    return np.asarray(cv2.line(picture.copy(), start, end, value, width), np.uint8)


def _count(area: NDArray[np.uint8], least: float) -> int:
    """How many connected pieces of at least that many pixels there are."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(area, connectivity=4)
    return int(np.count_nonzero(stats[1:, cv2.CC_STAT_AREA] >= least))


def _separate(area: Mask, least: float) -> list[Mask]:
    """Connected pieces of at least that many pixels."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        area.astype(np.uint8), connectivity=4
    )
    return [labels == i for i in range(1, count) if stats[i, cv2.CC_STAT_AREA] >= least]


def _body(pieces: Sequence[Mask], total: float) -> int:
    """Which piece is the body: the largest, unless that is a mere stick with a head."""
    sizes = [float(piece.sum()) for piece in pieces]
    order = sorted(range(len(pieces)), key=lambda index: -sizes[index])
    thick = [_thickness(piece) for piece in pieces]
    slender = [size / max(width, 1.0) ** 2 for size, width in zip(sizes, thick, strict=True)]
    first = order[0]
    if slender[first] > _SLENDER:
        for other in order[1:]:
            if (
                thick[other] >= _LEAST_BODY_THICKNESS * thick[first]
                and slender[other] < 0.6 * slender[first]
                and sizes[other] > _LEAST_BODY_SHARE * total
            ):
                return other
    return first


def _limbs(pieces: list[Mask], cuts: Sequence[Cut]) -> list[Mask]:
    """Pieces with those put together again that are one limb."""
    joined = list(pieces)
    for cut in cuts if joined else ():
        line = _with_line(np.zeros(pieces[0].shape, np.uint8), cut, 1, 3) > 0
        length = float(np.linalg.norm(cut.curve[0] - cut.curve[-1]))
        beside = [i for i, p in enumerate(joined) if np.count_nonzero(p & line) > 0.5 * length]
        if len(beside) != 2:
            continue
        first, second = (joined[index] for index in beside)
        thin, thick = sorted((_thickness(first), _thickness(second)))
        if thick < _ALIKE * thin and length >= _ACROSS * thin:
            closed = cv2.morphologyEx(
                (first | second).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)
            )
            joined = [p for i, p in enumerate(joined) if i not in beside]
            joined.append(closed > 0)
    return joined


def _opened_pieces(area: Mask) -> list[Mask]:
    """What openings with two discs take away in pieces that stick out, farthest first."""
    distance = cv2.distanceTransform(area.astype(np.uint8), cv2.DIST_L2, 5)
    extent = max(area.shape) - 2 * _MARGIN
    found: list[tuple[float, Mask]] = []
    for disc, least_share, least_reach in _OPENINGS:
        radius = disc * float(distance.max())
        if radius < 1.2:
            continue
        body = _largest(_grown(distance > radius, radius + 1.0) & area)
        rest = cv2.morphologyEx(
            (area & ~body).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)
        )
        hull = _hull(body)
        reach = cv2.distanceTransform((~body).astype(np.uint8), cv2.DIST_L2, 5)
        for piece in _separate(rest > 0, max(_LEAST_PIXELS, least_share * area.sum())):
            out = float(reach[piece].max())
            if out >= least_reach * extent and _stands_out(piece, body, hull, area):
                found.append((out, piece))
    return [piece for _, piece in sorted(found, key=lambda entry: -entry[0])]


def _stands_out(piece: Mask, body: Mask, hull: Mask, area: Mask) -> bool:
    """Whether a piece is more than a corner of the body that the disc could not reach.

    A corner fills what it adds to the body's convex hull; beside what stands out there is room.
    """
    room = np.count_nonzero(_hull(piece | body) & ~hull & ~area)
    size = np.count_nonzero(piece)
    least = _STANDS_OUT if size >= _LARGE * np.count_nonzero(area) else _SMALL_STANDS_OUT
    return bool(room >= least * size)


def _hull(area: Mask) -> Mask:
    contours, _ = cv2.findContours(area.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros(area.shape, np.uint8)
    cv2.fillConvexPoly(filled, cv2.convexHull(np.vstack(contours)), 1)
    return filled > 0


def _known(piece: Mask, parts: Sequence[Mask]) -> bool:
    """Whether a piece is one of the parts already."""
    size = np.count_nonzero(piece)
    return any(
        np.count_nonzero(piece & part) > _OVERLAP * min(size, np.count_nonzero(part))
        for part in parts
    )


def _alike(first: Mask, second: Mask) -> bool:
    """Whether two masks show about the same."""
    shared, union = np.count_nonzero(first & second), np.count_nonzero(first | second)
    return bool(shared > _SAME_PART * union)


def _thickness(area: Mask) -> float:
    """Diameter of the largest inscribed circle [pixels]."""
    x, y, width, height = cv2.boundingRect(area.astype(np.uint8))
    cut = np.zeros((height + 2, width + 2), np.uint8)
    cut[1:-1, 1:-1] = area[y : y + height, x : x + width]
    return 2.0 * float(cv2.distanceTransform(cut, cv2.DIST_L2, 5).max())


def _shrunk(mask: Mask) -> tuple[Mask, float, tuple[float, float]]:
    """The object in a picture of fixed size: (mask, pixels per source pixel, source corner)."""
    x, y, width, height = cv2.boundingRect(mask.astype(np.uint8))
    scale = _SIZE / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    crop = mask[y : y + height, x : x + width].astype(np.float32)
    small = cv2.resize(crop, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return np.pad(small > 0.5, _MARGIN), scale, (x, y)


def _piece(part: Mask, gaps: Mask) -> _Piece:
    size, thickness = float(part.sum()), _thickness(part)
    return _Piece(
        mask=part,
        box=_box(part),
        area=size,
        has_hole=_runs_along(gaps, part),
        length=size / max(thickness, 1.0),
        thickness=thickness,
    )


def _gaps(area: Mask) -> Mask:
    """The openings of an object: background that is closed in."""
    outside = (~area).astype(np.uint8)
    _, labels = cv2.connectedComponents(outside, connectivity=4)
    return np.asarray((labels != labels[0, 0]) & (outside > 0))


def _runs_along(gaps: Mask, part: Mask) -> bool:
    """Whether a piece runs along an opening of the object (a loop such as a handle)."""
    if not gaps.any():
        return False
    near = cv2.dilate(part.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    return bool(np.count_nonzero(near & gaps) >= _LEAST_PIXELS)


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
    if piece.has_hole:
        return "handle"
    if _is_leg(piece, pieces, area):
        return "legs"
    height, width = area.shape[0] - 2 * _MARGIN, area.shape[1] - 2 * _MARGIN
    across = piece.box[0] + piece.box[2] / 2 - body[0] - body[2] / 2
    down = piece.box[1] + piece.box[3] / 2 - body[1] - body[3] / 2
    slender = piece.length / max(piece.thickness, 1.0)
    is_long = max(piece.box[2:]) >= _LONG * max(width, height)
    upright = abs(across) <= max(0.25 * body[2], 0.35 * abs(down))
    if is_long and slender > _STICK and (not upright or height > _TALL * width):
        return "handle"
    if upright and down < 0.0:
        return "lid" if slender < _STICK and piece.box[2] > 0.5 * body[2] else "stem"
    if upright:
        narrow = piece.box[2] < 0.75 * body[2] and piece.box[3] > 0.5 * piece.box[2]
        return "stem" if narrow else "base"
    if any(_is_pair(piece, other, body) for other in pieces):
        return "handle"
    return "spout" if down < 0.25 * body[3] else "handle"


def _is_pair(piece: _Piece, other: _Piece, body: tuple[int, int, int, int]) -> bool:
    """Whether two pieces sit at the same height on either side of the body."""
    middle = body[0] + body[2] / 2
    sides = [entry.box[0] + entry.box[2] / 2 - middle for entry in (piece, other)]
    apart = abs(piece.box[1] + piece.box[3] / 2 - other.box[1] - other.box[3] / 2)
    alike = max(piece.area, other.area) < 1.5 * min(piece.area, other.area)
    return sides[0] * sides[1] < 0.0 and apart < 0.1 * body[3] and alike


def _is_leg(piece: _Piece, pieces: Sequence[_Piece], area: Mask) -> bool:
    """Whether a piece reaches the ground beside at least one other that does."""
    ground = area.shape[0] - _MARGIN

    def stands(other: _Piece) -> bool:
        bottom = other.box[1] + other.box[3]
        return bottom >= ground - 0.12 * area.shape[0] and other.box[3] >= 0.7 * other.box[2]

    return stands(piece) and sum(stands(other) for other in pieces) >= 2


def _salience(piece: _Piece, total: float, extent: float) -> float:
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
