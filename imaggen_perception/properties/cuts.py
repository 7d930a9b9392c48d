"""Where a person would cut a silhouette into parts.

People see parts end at concave corners, and cut between them along the shortest way: the minima
and short-cut rules (Hoffman & Richards 1984; Singh, Seyranian & Hoffman 1999). A part stands out
the more, the longer its outline is against the cut (protrusion; Hoffman & Singh 1997).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.properties.outline import resample_closed
from imaggen_perception.properties.raster import area_of

FloatArray = NDArray[np.float64]
_SPACING = 3.0  # of points along the outline [pixels]
_FEWEST, _MOST = 96, 360
_REACH = 4  # steps along the outline to either side over which its turn is measured
_LEAST_TURN = 0.2  # of a concave corner [rad]
_LONGEST = 0.45  # cut [share of the object's extent]
_LEAST_PROTRUSION = 1.8  # outline against cut; 1.57 is half a circle
_LEAST_SHARE = 0.002
_SAMPLES = np.linspace(0.12, 0.88, 9)  # where a cut must run inside the object
# A piece that is much less compact than the other one is the part, even if it is the larger one.
_LESS_COMPACT = 0.75
_LARGEST_SHARE = 0.78


@dataclass(frozen=True)
class Cut:
    """One way to cut a part off.

    Attributes:
        curve: (n, 2) the part's outline [pixels].
        share: its share of the area.
        width: length of the cut [share of the extent].
        protrusion: length of the part's own outline against that of the cut.
        corner: turn of the concave corner where the cut starts [rad].
        far_corner: turn where it ends; below 0 where the outline is convex.
    """

    curve: FloatArray
    share: float
    width: float
    protrusion: float
    corner: float
    far_corner: float


def short_cuts(area: NDArray[np.bool_]) -> list[Cut]:
    """All likely cuts through a filled silhouette (H, W) of one piece, in no order."""
    points = _smooth_contour(area)
    turn = _concavity(points)
    corners = np.flatnonzero(
        (turn > _LEAST_TURN) & (turn >= np.roll(turn, 1)) & (turn >= np.roll(turn, -1))
    )
    if not len(corners):
        return []
    steps = np.linalg.norm(np.roll(points, -1, axis=0) - points, axis=1)
    arc = np.concatenate([[0.0], np.cumsum(steps)])
    along = np.abs(arc[None, :-1] - arc[corners, None])
    along = np.minimum(along, arc[-1] - along)
    chord = np.linalg.norm(points[corners, None] - points[None], axis=2)
    extent = float(np.ptp(points, axis=0).max())
    usable = _inside(area, points, corners) & (chord > 0.0) & (chord < _LONGEST * extent)
    ratio = np.where(usable, along / np.maximum(chord, 1.0), 0.0)
    best = (ratio >= np.roll(ratio, 1, axis=1)) & (ratio >= np.roll(ratio, -1, axis=1))
    cuts = []
    for row, end in zip(*np.nonzero(best & (ratio >= _LEAST_PROTRUSION)), strict=True):
        piece = _part_of_cut(points, int(corners[row]), int(end))
        if piece is not None:
            curve, share = piece
            cuts.append(
                Cut(
                    curve,
                    share,
                    float(chord[row, end] / extent),
                    float(ratio[row, end]),
                    float(turn[corners[row]]),
                    float(turn[end]),
                )
            )
    return cuts


def _smooth_contour(area: NDArray[np.bool_]) -> FloatArray:
    contours, _ = cv2.findContours(area.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    contour = max(contours, key=len)
    count = int(np.clip(cv2.arcLength(contour, True) / _SPACING, _FEWEST, _MOST))
    points = resample_closed(contour.reshape(-1, 2).astype(float), count)
    return np.asarray(0.25 * np.roll(points, 1, 0) + 0.5 * points + 0.25 * np.roll(points, -1, 0))


def _concavity(points: FloatArray) -> FloatArray:
    """(n,) how far the outline turns outwards at each point [rad]; below 0 where it is convex."""
    ahead = np.roll(points, -_REACH, axis=0) - points
    behind = points - np.roll(points, _REACH, axis=0)
    cross = behind[:, 0] * ahead[:, 1] - behind[:, 1] * ahead[:, 0]
    turn = np.arctan2(cross, (behind * ahead).sum(axis=1))
    return np.asarray(-turn * np.sign(area_of(points)))


def _inside(
    area: NDArray[np.bool_], points: FloatArray, corners: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """(corners, points) whether the straight way between two runs inside the object."""
    start, stop = points[corners][:, None, None, :], points[None, :, None, :]
    at = _SAMPLES[None, None, :, None]
    way = (start * (1.0 - at) + stop * at).round().astype(int)
    return np.asarray(area[way[..., 1], way[..., 0]].all(axis=2))


def _part_of_cut(points: FloatArray, start: int, end: int) -> tuple[FloatArray, float] | None:
    """Which of the two pieces of a cut is the part: (outline, share of the area)."""
    low, high = min(start, end), max(start, end)
    pieces = [points[low : high + 1], np.vstack([points[high:], points[: low + 1]])]
    areas = [abs(area_of(piece)) for piece in pieces]
    share = [area / max(sum(areas), 1e-9) for area in areas]
    small, large = (0, 1) if areas[0] <= areas[1] else (1, 0)
    part = small
    if share[large] <= _LARGEST_SHARE and _compactness(pieces[large]) < _LESS_COMPACT * (
        _compactness(pieces[small])
    ):
        part = large
    return (pieces[part], share[part]) if share[part] >= _LEAST_SHARE else None


def _compactness(curve: FloatArray) -> float:
    """Area against that of a circle with the same circumference."""
    length = cv2.arcLength(curve.astype(np.float32), True)
    return 4.0 * np.pi * abs(area_of(curve)) / max(length, 1e-9) ** 2
