"""Drawn shapes with exact gold: ragged edges, tilt, mild perspective and a bite of occlusion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.scene import ShapeFamily

FloatArray = NDArray[np.float64]
SIDE = 320  # pixels of the square picture
_REACH = 120.0  # of a shape from the picture's middle [pixels]
_RAGGED = 0.012  # standard deviation of the edge's noise [share of the reach]
_RAGGED_WAVE = 3.0  # correlation length of that noise [points of the outline]
_PERSPECTIVE = 0.08  # largest shift of a corner of the picture [share of its side]
FAMILIES: tuple[ShapeFamily, ...] = (
    "circle", "ellipse", "square", "rectangle", "triangle", "trapezoid", "polygon", "star",
    "cross", "ring", "crescent", "L", "T", "U", "elongated", "irregular",
)  # fmt: skip


@dataclass(frozen=True)
class SyntheticShape:
    """One drawn shape.

    Attributes:
        family: what was drawn.
        mask: (SIDE, SIDE) its area.
        tilt_rad: by how much it was turned, clockwise.
    """

    family: ShapeFamily
    mask: NDArray[np.bool_]
    tilt_rad: float

    @property
    def cutout(self) -> NDArray[np.uint8]:
        """(SIDE, SIDE, 4) BGRA picture whose alpha channel is the mask."""
        picture = np.zeros((*self.mask.shape, 4), np.uint8)
        picture[self.mask] = (60, 110, 60, 255)
        return picture


def draw_shape(family: ShapeFamily, rng: np.random.Generator) -> SyntheticShape:
    """A random shape of a family."""
    outer, inner = _curves(family, rng)
    tilt = float(rng.uniform(-np.pi / 2, np.pi / 2))
    warp = _perspective(rng)
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    for value, curve in ((1, outer), (0, inner)):
        if curve is not None:
            pixels = _placed(_ragged(_dense(curve), rng), tilt, warp)
            cv2.fillPoly(canvas, [np.round(pixels * 16).astype(np.int32)], value, shift=4)
    return SyntheticShape(family, canvas.astype(bool), tilt)


def _curves(family: ShapeFamily, rng: np.random.Generator) -> tuple[FloatArray, FloatArray | None]:
    """Outer curve and hole (or None) in a square of reach 1, y up."""
    t = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    disc = np.column_stack([np.cos(t), np.sin(t)])
    if family == "circle":
        return disc, None
    if family == "ring":
        return disc, disc * rng.uniform(0.5, 0.75)
    if family == "ellipse":
        return disc * [1.0, 1.0 / rng.uniform(1.4, 2.6)], None
    return _POLYGONS[family](rng), None


def _box(aspect: float) -> FloatArray:
    half = np.array([1.0, 1.0 / aspect]) / np.hypot(1.0, 1.0 / aspect)
    return np.asarray(np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half)


def _triangle(rng: np.random.Generator) -> FloatArray:
    return np.array([[-0.8, -0.7], [0.8, -0.7], [rng.uniform(-0.4, 0.4), rng.uniform(0.5, 1.0)]])


def _trapezoid(rng: np.random.Generator) -> FloatArray:
    top, height = rng.uniform(0.35, 0.62), rng.uniform(0.55, 0.9)
    return np.array([[-0.9, -height / 1.4], [0.9, -height / 1.4], [0.9 * top, height / 1.4],
                     [-0.9 * top, height / 1.4]])  # fmt: skip


def _polygon(rng: np.random.Generator) -> FloatArray:
    corners = int(rng.choice((5, 6)))
    angle = np.arange(corners) * 2 * np.pi / corners
    return np.column_stack([np.cos(angle), np.sin(angle)])


def _star(rng: np.random.Generator) -> FloatArray:
    points, inner = int(rng.integers(4, 9)), rng.uniform(0.4, 0.6)
    angle = np.arange(2 * points) * np.pi / points
    radius = np.where(np.arange(2 * points) % 2, inner, 1.0)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _cross(rng: np.random.Generator) -> FloatArray:
    w, h = rng.uniform(0.18, 0.34), rng.uniform(0.18, 0.34)
    return np.array([[-w, 1], [-w, h], [-1, h], [-1, -h], [-w, -h], [-w, -1], [w, -1], [w, -h],
                     [1, -h], [1, h], [w, h], [w, 1]], dtype=float)  # fmt: skip


def _crescent(rng: np.random.Generator) -> FloatArray:
    bite, offset = rng.uniform(0.75, 0.95), rng.uniform(0.35, 0.6)
    rim = np.arccos((1 + offset**2 - bite**2) / (2 * offset))
    back = np.arccos((offset**2 + bite**2 - 1) / (2 * offset * bite))
    a, b = np.linspace(rim, 2 * np.pi - rim, 120), np.linspace(np.pi + back, np.pi - back, 90)
    inner = bite * np.column_stack([np.cos(b), np.sin(b)]) + [offset, 0]
    return np.vstack([np.column_stack([np.cos(a), np.sin(a)]), inner])


def _letter(corners: list[list[float]]) -> FloatArray:
    return np.asarray(np.array(corners) * [1.5, 1.7] - [0.75, 0.85])


def _letter_l(rng: np.random.Generator) -> FloatArray:
    a, b = rng.uniform(0.2, 0.42, 2)
    return _letter([[0, 0], [1, 0], [1, b], [a, b], [a, 1], [0, 1]])


def _letter_t(rng: np.random.Generator) -> FloatArray:
    a, b = rng.uniform(0.1, 0.2), rng.uniform(0.2, 0.4)
    return _letter([[0.5 - a, 0], [0.5 + a, 0], [0.5 + a, 1 - b], [1, 1 - b], [1, 1], [0, 1],
                    [0, 1 - b], [0.5 - a, 1 - b]])  # fmt: skip


def _letter_u(rng: np.random.Generator) -> FloatArray:
    a, b = rng.uniform(0.18, 0.32), rng.uniform(0.18, 0.4)
    return _letter([[0, 0], [1, 0], [1, 1], [1 - a, 1], [1 - a, b], [a, b], [a, 1], [0, 1]])


def _irregular(rng: np.random.Generator) -> FloatArray:
    """A lopsided blob with several deep dents."""
    t = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    radius = np.full_like(t, 0.6)
    for wave, depth in ((2, 0.14), (3, 0.2), (5, 0.16)):
        radius += depth * rng.uniform(0.8, 1.0) * np.sin(wave * t + rng.uniform(0, 2 * np.pi))
    radius = np.maximum(radius, 0.12) / radius.max()
    return np.column_stack([radius * np.cos(t), radius * np.sin(t)])


_POLYGONS: dict[ShapeFamily, Callable[[np.random.Generator], FloatArray]] = {
    "square": lambda rng: _box(1.0),
    "rectangle": lambda rng: _box(rng.uniform(1.5, 2.8)),
    "triangle": _triangle,
    "trapezoid": _trapezoid,
    "polygon": _polygon,
    "star": _star,
    "cross": _cross,
    "crescent": _crescent,
    "L": _letter_l,
    "T": _letter_t,
    "U": _letter_u,
    "elongated": lambda rng: np.vstack([_box(rng.uniform(5.5, 9.0))[:2], [[1.0, 0.0]],
                                        _box(7.0)[2:], [[-1.0, 0.0]]]),
    "irregular": _irregular,
}  # fmt: skip


def _dense(curve: FloatArray, count: int = 400) -> FloatArray:
    ring = np.vstack([curve, curve[:1]])
    arc = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(ring, axis=0), axis=1))])
    at = np.linspace(0.0, arc[-1], count, endpoint=False)
    return np.column_stack([np.interp(at, arc, axis) for axis in ring.T])


def _ragged(curve: FloatArray, rng: np.random.Generator) -> FloatArray:
    noise = rng.normal(0.0, 1.0, curve.shape)
    kernel = np.exp(-0.5 * (np.arange(-9, 10) / _RAGGED_WAVE) ** 2)
    wrapped = np.vstack([noise[-9:], noise, noise[:9]])
    smooth = np.column_stack([np.convolve(axis, kernel, "valid") for axis in wrapped.T])
    return np.asarray(curve + _RAGGED * smooth / smooth.std())


def _perspective(rng: np.random.Generator) -> NDArray[np.float32]:
    corners = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], np.float32)
    moved = corners + rng.uniform(-1, 1, (4, 2)) * _PERSPECTIVE / 2 * SIDE
    return np.asarray(cv2.getPerspectiveTransform(corners, moved.astype(np.float32)), np.float32)


def _placed(curve: FloatArray, tilt: float, warp: NDArray[np.float32]) -> FloatArray:
    """Outline coordinates turned clockwise, in pixels, seen in perspective."""
    cosine, sine = np.cos(tilt), np.sin(tilt)
    turned = curve @ np.array([[cosine, -sine], [sine, cosine]])
    pixels = turned * [_REACH, -_REACH] + SIDE / 2
    return np.asarray(cv2.perspectiveTransform(pixels[None].astype(np.float32), warp)[0], float)
