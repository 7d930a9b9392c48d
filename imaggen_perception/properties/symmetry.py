"""Symmetry: which mirror axes and which turns map the outline to itself.

The filled outline is unrolled about its centroid: a mirror axis becomes a reflection of the angle,
a turn becomes a shift. All axes at once are one circular correlation of a polar picture with its
own mirror image (by FFT); the best ones are then verified on the area itself.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.properties.alignment import wrap_axis
from imaggen_perception.properties.raster import SIZE, centroid, fill, iou
from imaggen_perception.scene import Alignment, Outline, Symmetry, SymmetryAxis

FloatArray = NDArray[np.float64]
Mask = NDArray[np.bool_]
Mirrored = tuple[SymmetryAxis, NDArray[np.uint8]]  # an axis, and where the mirror image differs
_ANGLES = 360  # one row a degree
_RADII = 64
METHOD = "polar correlation, verified by overlap with the mirror image"
# Least overlap with the mirror image for an axis to be named at all.
LEAST_SCORE = 0.75
_POLAR_ERROR = 0.15  # how far the polar overlap may be from the true one
# To be gestured about, an axis must map the area well, and what is left over must be what a person
# overlooks: slivers along the edge, or something thin. A handle on one side is a thick blob. The
# limits below were set on the tune half of the labelled silhouettes (see `imaggen bench`).
_LEAST_GESTURED = 0.78
_BLUR = 8.0  # how coarsely a thing is seen from afar [pixels of the raster]
_LEAST_AFAR = 0.95  # overlap with the mirror image then
_SLIVER, _THIN, _THICK = 4, 6, 8  # discs [pixels of the raster, 1/160 of the object each]
_LARGEST_BLOB = 0.010  # of what survives the smallest disc [share of the area]
_LEAST_ODD = 0.90  # of an axis that is neither upright nor a principal one
_PRINCIPAL = np.radians(6.0)
_CLEARLY_LONG = 0.2  # confidence of the principal axis from which on people use it
# Among axes this close to the best, people use the upright one, else the principal axis.
PRIOR_MARGIN = 0.10
_UPRIGHT_MARGIN = 0.03
_ALIKE = 0.02  # of upright axes that map the area about as well, the most upright is used
_UPRIGHT = np.radians(12.0)
_LEAST_TURN_SCORE = 0.9
_MOST_AXES = 8
_STAND_OUT = 0.015
ANY_TURN = 255
_ORDERS = (12, 10, 9, 8, 7, 6, 5, 4, 3, 2)


def measure_symmetry(outline: Outline, alignment: Alignment) -> Symmetry:
    """Axes, the one to gesture about, and rotational order of an outline."""
    points = outline.points - centroid(outline.points)
    area = fill(points)
    polar = _unroll(area)
    correlation = _mirror_correlation(polar)
    mirrored = _verified_axes(area, correlation, alignment)
    order, score = _rotation(polar)
    gesturable = _gesturable(_seen_axes(area, mirrored, alignment), alignment)
    named = [axis for axis, _ in mirrored[:_MOST_AXES]]
    if gesturable is not None and gesturable not in named:  # a circle has many that are better
        named[-1] = gesturable
    return Symmetry(tuple(named), gesturable, order, score)


def _mirror_correlation(polar: FloatArray) -> FloatArray:
    """Overlap with the mirror image for axes 0.5 degree apart: (360,), of axis angle i / 2 deg.

    Angles here run clockwise from the upward vertical, as `scene` counts them.
    """
    spectrum = np.fft.rfft(polar, axis=0)
    # Reflecting about axis a takes angle t to 2a - t, so the overlap at 2a is a convolution.
    overlap = np.fft.irfft(spectrum * spectrum, n=_ANGLES, axis=0).sum(axis=1)
    inside = (polar**2).sum()
    return np.asarray(overlap / np.maximum(2 * inside - overlap, 1e-9))


def _unroll(area: Mask) -> FloatArray:
    """Polar picture (angle clockwise from up, radius), weighted by radius so that areas count."""
    angle = np.radians(np.arange(_ANGLES))[:, None]
    radius = (np.arange(_RADII) + 0.5)[None, :] / _RADII * SIZE / 2
    x = (SIZE / 2 + radius * np.sin(angle)).astype(np.float32)
    y = (SIZE / 2 - radius * np.cos(angle)).astype(np.float32)
    polar = cv2.remap(area.astype(np.float32), x, y, cv2.INTER_LINEAR)
    return np.asarray(polar * np.sqrt(radius / radius.max()), dtype=float)


def _verified_axes(area: Mask, correlation: FloatArray, alignment: Alignment) -> list[Mirrored]:
    """Local maxima of the correlation with what they leave over, best true overlap first.

    The axes that people prefer are looked at too where no maximum is near: a circle has none.
    """
    peak = (correlation >= np.roll(correlation, 1)) & (correlation > np.roll(correlation, -1))
    candidates = np.flatnonzero(peak & (correlation >= LEAST_SCORE - _POLAR_ERROR))
    candidates = candidates[np.argsort(-correlation[candidates])][: _MOST_AXES + 2]
    angles = [wrap_axis(float(np.radians(index / 2.0))) for index in candidates]
    for preferred in (0.0, alignment.angle_rad):
        if all(abs(wrap_axis(angle - preferred)) > _UPRIGHT / 2 for angle in angles):
            angles.append(preferred)
    mirrored = [_mirrored(area, angle) for angle in angles]
    good = [entry for entry in mirrored if entry[0].score >= LEAST_SCORE]
    return sorted(good, key=lambda entry: -entry[0].score)


def _mirrored(area: Mask, angle: float) -> Mirrored:
    """An axis with its score, and where the area and its mirror image differ."""
    image = _mirror(area, angle)
    rest = area ^ image
    both = np.count_nonzero(area) + np.count_nonzero(image)
    differing = np.count_nonzero(rest)
    score = float(both - differing) / max(1.0, float(both + differing))
    return SymmetryAxis(angle, score), rest.astype(np.uint8)


def _seen_axes(area: Mask, mirrored: list[Mirrored], alignment: Alignment) -> list[SymmetryAxis]:
    """The axes about which a person would call the area symmetric, best first.

    Where none leaves only slivers over, those that map it best may leave something thin.
    """
    likely = [e for e in mirrored if e[0].score >= _least_score(e[0], alignment)]
    most = _LARGEST_BLOB * area.sum()
    seen = [axis for axis, rest in likely if _blob(rest, _SLIVER) <= most]
    if seen or not likely:
        # What is symmetric at all is shown upright, even if slivers are thicker there.
        return [e for e, _ in likely if e in seen or _is_upright_as_good(e, seen[0])]
    thin = [axis for axis, rest in likely if _blob(rest, _THIN) == 0]
    if thin:
        return thin
    afar = cv2.GaussianBlur(area.astype(np.float32), (0, 0), _BLUR) > 0.5
    return [
        axis
        for axis, rest in mirrored
        if _blob(rest, _THICK) == 0 and iou(afar, _mirror(afar, axis.angle_rad)) >= _LEAST_AFAR
    ]


def _is_upright_as_good(axis: SymmetryAxis, best: SymmetryAxis) -> bool:
    return abs(axis.angle_rad) <= _UPRIGHT and axis.score >= best.score - _UPRIGHT_MARGIN


def _least_score(axis: SymmetryAxis, alignment: Alignment) -> float:
    """What an axis must score; people overlook more about an upright or a principal one."""
    if abs(axis.angle_rad) <= _UPRIGHT:
        return _LEAST_GESTURED
    off_principal = abs(wrap_axis(2 * (axis.angle_rad - alignment.angle_rad))) / 2
    principal = alignment.confidence > _CLEARLY_LONG and off_principal <= _PRINCIPAL
    return _LEAST_GESTURED if principal else _LEAST_ODD


def _blob(area: NDArray[np.uint8], disc: int) -> int:
    """Pixels of the largest piece that survives an opening with a disc of that diameter."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (disc, disc))
    _, _, stats, _ = cv2.connectedComponentsWithStats(
        cv2.morphologyEx(area, cv2.MORPH_OPEN, kernel)
    )
    return int(stats[1:, cv2.CC_STAT_AREA].max(initial=0))


def _mirror(area: Mask, angle: float) -> Mask:
    """The mirror image about the axis through the middle at `angle` clockwise from up."""
    cosine, sine = np.cos(2 * angle), np.sin(2 * angle)
    # In pixels (x right, y down) the axis runs along (sin a, -cos a).
    linear = np.array([[-cosine, -sine], [-sine, cosine]])
    return _warp(area, linear)


def _rotation(polar: FloatArray) -> tuple[int, float]:
    """The largest order of turns that map the area to itself, and its score."""
    spectrum = np.fft.rfft(polar, axis=0)
    overlap = np.fft.irfft(np.abs(spectrum) ** 2, n=_ANGLES, axis=0).sum(axis=1)
    by_degree = overlap / (2 * overlap[0] - overlap)

    def turned(angle: float) -> float:
        return float(np.interp(np.degrees(angle), np.arange(_ANGLES), by_degree))

    scores = {order: turned(2 * np.pi / order) for order in _ORDERS}
    if min(scores.values()) >= 0.96:
        return ANY_TURN, min(scores.values())
    for order in _ORDERS:
        # A true order stands out from the turn half as far: a near-circle overlaps at any turn.
        if scores[order] >= max(_LEAST_TURN_SCORE, turned(np.pi / order) + _STAND_OUT):
            return order, scores[order]
    return 1, 0.0


def _warp(area: Mask, linear: FloatArray) -> Mask:
    """The area under a linear map about the middle of the raster."""
    middle = np.array([SIZE / 2, SIZE / 2])  # `fill` puts the origin on this pixel's centre
    matrix = np.column_stack([linear, middle - linear @ middle])
    return np.asarray(cv2.warpAffine(area.astype(np.uint8) * 255, matrix, (SIZE, SIZE)) > 127)


def _gesturable(axes: list[SymmetryAxis], alignment: Alignment) -> SymmetryAxis | None:
    """The axis that people would use: upright if nearly as good as the best, else principal."""
    if not axes:
        return None
    good = [axis for axis in axes if axis.score >= axes[0].score - PRIOR_MARGIN]
    upright = [axis for axis in good if abs(axis.angle_rad) <= _UPRIGHT]
    if upright:
        best = max(axis.score for axis in upright)
        alike = [axis for axis in upright if axis.score >= best - _ALIKE]
        return min(alike, key=lambda axis: abs(axis.angle_rad))
    if alignment.confidence > _CLEARLY_LONG:

        def off(axis: SymmetryAxis) -> float:
            return abs(wrap_axis(axis.angle_rad - alignment.angle_rad))

        nearest = min(good, key=off)
        if off(nearest) <= _UPRIGHT:
            return nearest
    return good[0]
