"""Shape family: the ideal shape that overlaps best with the area.

The area is turned into a few natural frames (its tightest box, its mirror axis, the picture's
upright), squeezed into a unit square, and compared with a bank of ideal shapes; the best overlap
(IoU) names the family, simpler families first where several fit about as well.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.properties.templates import GRID, Template, template_bank
from imaggen_perception.scene import Form, Outline, Part, Shape, ShapeFamily, Symmetry

FloatArray = NDArray[np.float64]
METHOD = "overlap with a bank of ideal shapes (IoU)"
# Least overlap for a family to be named.
LEAST_FIT = 0.88
# Shapes with a long edge for their area lose more of the overlap to the same frayed edge.
_LEAST_FIT_OF: dict[ShapeFamily, float] = {"star": 0.83, "L": 0.86, "U": 0.86}
# Sides (or diameters) that differ by less than this are taken as equal.
EQUAL = 1.15
# Longer than this against its width, a thing is elongated before it is anything else.
_ELONGATED = 3.4
_LEAST_RECTANGLE = 0.93
# The open middle of a ring against its outer area.
_LEAST_RING_HOLE = 0.12
# Richer families must fit better than plain ones by this to be named.
_PENALTY: dict[ShapeFamily, float] = {
    "ellipse": 0.0,
    "rectangle": 0.0,
    "triangle": 0.005,
    "trapezoid": 0.012,
    "polygon": 0.02,
    "star": 0.02,
    "cross": 0.04,
    "crescent": 0.02,
    "L": 0.02,
    "T": 0.02,
    "U": 0.02,
}
_BITS = 5


def classify_shape(
    outline: Outline, symmetry: Symmetry, form: Form, holes: Sequence[Part] = ()
) -> Shape:
    """The best family with its fitted parameters (outline units, radians).

    Args:
        outline: the outer curve.
        symmetry: of the same outline; its axis is one of the frames looked at.
        form: of the same outline.
        holes: openings in it.
    """
    frames = _frames(outline.points, symmetry)
    masks = np.stack([_squeezed(outline.points @ turn.T) for turn, _ in frames])
    bank = template_bank()
    overlap = bank.overlaps(masks)
    aspects = np.array([aspect for _, aspect in frames])
    penalties, rigid = _bank_rules()
    overlap[:, rigid] *= np.where(np.abs(np.log(aspects)) < np.log(1.25), 1.0, 0.0)[:, None]
    score = overlap - penalties
    frame, index = np.unravel_index(int(np.argmax(score)), score.shape)
    template, fit = bank.templates[index], float(overlap[frame, index])
    long_side = max(aspects[0], 1.0 / aspects[0])
    return _named(template, fit, float(aspects[frame]), float(long_side), form, holes)


def _named(
    template: Template,
    fit: float,
    aspect: float,
    long_side: float,
    form: Form,
    holes: Sequence[Part],
) -> Shape:
    """The family that people would say, given the best template and the proportions."""
    ratio = max(aspect, 1.0 / aspect)
    family, parameters = template.family, dict(template.parameters)
    if _is_ring(family, fit, ratio, holes):
        inner = holes[0].size
        return Shape("ring", fit, {"radius": 0.5, "inner_radius": inner / 2, "aspect_ratio": ratio})
    if long_side >= _ELONGATED and not (
        family in ("rectangle", "ellipse", "crescent") and fit >= _LEAST_RECTANGLE
    ):
        return Shape("elongated", min(1.0, form.solidity), {"aspect_ratio": long_side})
    if fit < _LEAST_FIT_OF.get(family, LEAST_FIT):
        return Shape("irregular", 1.0 - fit, {})
    if family == "ellipse":
        if ratio < EQUAL:
            return Shape("circle", fit, {"radius": 0.25 + 0.25 / ratio})
        return Shape("ellipse", fit, {"aspect_ratio": ratio})
    if family == "rectangle":
        parameters["aspect_ratio"] = ratio
        return Shape("square" if ratio < EQUAL else "rectangle", fit, parameters)
    return Shape(family, fit, parameters | {"aspect_ratio": ratio})


def _is_ring(family: ShapeFamily, fit: float, ratio: float, holes: Sequence[Part]) -> bool:
    """Whether one large round opening lies in the middle of something round."""
    if family not in ("ellipse", "polygon") or fit < LEAST_FIT or not holes or ratio > 2.0:
        return False
    hole = holes[0]
    width, height = hole.outline.extent
    share = np.pi / 4 * (hole.size * width) * (hole.size * height) / (np.pi / 4 / ratio)
    return bool(share >= _LEAST_RING_HOLE and np.hypot(*hole.center) < 0.12)


def _frames(points: FloatArray, symmetry: Symmetry) -> list[tuple[FloatArray, float]]:
    """Turns (2, 2) into natural frames, each with width / height of the box there."""
    box_angle = np.radians(cv2.minAreaRect(points.astype(np.float32) * 1000.0)[2])
    angles = [-box_angle, -_side_direction(points), 0.0]  # back by as much as they are turned
    if symmetry.axes:
        angles.append(symmetry.axes[0].angle_rad)
    if symmetry.gesturable is not None:
        angles.append(symmetry.gesturable.angle_rad)
    frames = []
    for angle in angles:
        cosine, sine = np.cos(angle), np.sin(angle)
        turn = np.array([[cosine, -sine], [sine, cosine]])
        width, height = np.ptp(points @ turn.T, axis=0)
        frames.append((turn, float(width / max(height, 1e-9))))
    return frames


def _side_direction(points: FloatArray) -> float:
    """The direction, modulo a right angle, that most of an outline's length runs along [rad].

    Noise of single steps averages out over a stretch of the outline.
    """
    stretch = max(1, len(points) // 24)
    steps = np.roll(points, -stretch, axis=0) - points
    vectors = steps[:, 0] + 1j * steps[:, 1]
    lengths = np.abs(vectors)
    fourfold = (lengths * (vectors / np.maximum(lengths, 1e-12)) ** 4).sum()
    return float(np.angle(fourfold) / 4.0)


def _squeezed(points: FloatArray) -> NDArray[np.float32]:
    """A closed curve stretched to the unit square, as an area (GRID * GRID,)."""
    low, high = points.min(axis=0), points.max(axis=0)
    unit = (points - low) / np.maximum(high - low, 1e-9) * [1.0, -1.0] + [0.0, 1.0]
    pixels = np.round((unit * GRID - 0.5) * 2**_BITS).astype(np.int32)
    canvas = np.zeros((GRID, GRID), np.uint8)
    cv2.fillPoly(canvas, [pixels], 1, shift=_BITS)
    return canvas.ravel().astype(np.float32)


@functools.cache
def _bank_rules() -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Penalty of every template of the bank, and whether its aspect is fixed."""
    templates = template_bank().templates
    penalties = np.array([_PENALTY[template.family] for template in templates], np.float32)
    return penalties, np.array([not template.fits_aspect for template in templates])
