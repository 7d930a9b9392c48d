"""A bank of ideal shapes, all normalised to one square, to be compared with an area at once.

Every template fills a unit square (x right, y up, -0.5..0.5) as its bounding box, so that an
aspect ratio is not a parameter of any of them: a rectangle is one template, an ellipse another.
The overlap of an area with all templates is one matrix product.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.scene import ShapeFamily

FloatArray = NDArray[np.float64]
GRID = 48  # pixels along the normalised square
_BITS = 5
_STAR_TURNS = 8  # within one point's angle: a tight box does not tell how a star is turned
_WIDTHS = (0.15, 0.22, 0.3, 0.38, 0.46)


@dataclass(frozen=True)
class Template:
    """One ideal shape.

    Attributes:
        family: its shape family.
        parameters: its numbers by name, lengths as shares of the bounding box.
        polygons: closed curves (n, 2) in the unit square; the second, if any, is cut out.
        fits_aspect: whether any aspect ratio keeps the family (a star squeezed flat is none).
    """

    family: ShapeFamily
    parameters: dict[str, float]
    polygons: tuple[FloatArray, ...]
    fits_aspect: bool = True


@dataclass(frozen=True)
class Bank:
    """All templates with their areas.

    Attributes:
        templates: the ideal shapes.
        pixels: (n, GRID * GRID) 0 or 1.
        areas: (n,) number of pixels of each.
    """

    templates: tuple[Template, ...]
    pixels: NDArray[np.float32]
    areas: NDArray[np.float32]

    def overlaps(self, masks: NDArray[np.float32]) -> NDArray[np.float32]:
        """IoU of areas (m, GRID * GRID) with every template, (m, n)."""
        shared = masks @ self.pixels.T
        union = masks.sum(axis=1)[:, None] + self.areas[None] - shared
        return np.asarray(shared / np.maximum(union, 1.0))


@functools.cache
def template_bank() -> Bank:
    """The bank, drawn once per process (about 50 ms)."""
    templates = tuple(_all_templates())
    pixels = np.stack([draw(template.polygons).ravel() for template in templates])
    return Bank(templates, pixels, pixels.sum(axis=1))


def draw(polygons: tuple[FloatArray, ...]) -> NDArray[np.float32]:
    """Closed curves in the unit square as an area (GRID, GRID); the second is cut out."""
    canvas = np.zeros((GRID, GRID), np.uint8)
    for value, points in zip((1, 0), polygons, strict=False):
        pixels = ((points * [1.0, -1.0] + 0.5) * GRID - 0.5) * 2**_BITS
        cv2.fillPoly(canvas, [np.round(pixels).astype(np.int32)], value, shift=_BITS)
    return canvas.astype(np.float32)


def _all_templates() -> Iterator[Template]:
    yield Template("ellipse", {}, (_superellipse(2.0),))
    for radius in (0.0, 0.12, 0.24):
        yield Template("rectangle", {"corner_radius": radius}, (_rounded_box(radius),))
    yield from _triangles_and_trapezoids()
    yield from _polygons()
    yield from _stars()
    yield from _crescents()
    yield from _letters()
    yield from _crosses()


def _triangles_and_trapezoids() -> Iterator[Template]:
    for turn in range(4):
        for apex in (-0.5, -0.25, 0.0, 0.25, 0.5):
            corners = np.array([[-0.5, -0.5], [0.5, -0.5], [apex, 0.5]])
            for rounding in (0.0, 0.06, 0.12):
                yield Template(
                    "triangle", {"corners": 3.0}, (_turned(_round(corners, rounding), turn),)
                )
        for top in (0.3, 0.4, 0.5, 0.6, 0.7, 0.78):
            corners = np.array([[-0.5, -0.5], [0.5, -0.5], [top / 2, 0.5], [-top / 2, 0.5]])
            for rounding in (0.0, 0.08):
                curve = _turned(_round(corners, rounding), turn)
                yield Template("trapezoid", {"corners": 4.0, "taper": 1.0 - top}, (curve,))


def _polygons() -> Iterator[Template]:
    for corners in (5, 6, 8):
        for half in range(4):
            turn = half * np.pi / (2 * corners)
            curve = _boxed(_regular(corners, turn))
            yield Template("polygon", {"corners": float(corners)}, (curve,), fits_aspect=False)
    for height in (0.0, 0.2, -0.2):  # rhombus and kites, standing and lying
        kite = np.array([[0.0, 0.5], [-0.5, height], [0.0, -0.5], [0.5, height]])
        for turn in range(2):
            yield Template("polygon", {"corners": 4.0}, (_turned(kite, turn),))
    for shift in (0.25, 0.4):  # parallelograms
        slanted = np.array([[-0.5, -0.5], [0.5 - shift, -0.5], [0.5, 0.5], [-0.5 + shift, 0.5]])
        for curve in (slanted, slanted * [-1, 1], slanted[:, ::-1], slanted[:, ::-1] * [-1, 1]):
            yield Template("polygon", {"corners": 4.0}, (curve,))


def _stars() -> Iterator[Template]:
    for points in (4, 5, 6, 7, 8, 10, 12):
        for inner in (0.35, 0.45, 0.55, 0.65):
            for part in range(_STAR_TURNS):
                turn = part * 2 * np.pi / (points * _STAR_TURNS)
                angle = np.arange(2 * points) * np.pi / points + turn
                radius = np.where(np.arange(2 * points) % 2, inner, 1.0)
                curve = _boxed(_polar(radius, angle))
                parameters = {"points": float(points), "inner_radius": inner}
                yield Template("star", parameters, (curve,), fits_aspect=False)


def _crescents() -> Iterator[Template]:
    """A disc from which another is bitten off, and bent bands (arcs of a ring)."""
    for bite in (0.7, 0.78, 0.86, 0.94, 1.02, 1.3):
        for offset in (0.3, 0.4, 0.5, 0.6, 0.8):
            if not abs(1.0 - bite) < offset < 1.0 + bite:
                continue  # the circles do not cross
            curve = _boxed(_crescent(bite, offset))
            for turn in range(4):
                parameters = {"bite_radius": bite, "bite_offset": offset}
                yield Template("crescent", parameters, (_turned(curve, turn),))
    for half in np.radians((50.0, 70.0, 90.0)):
        for inner in (0.5, 0.65, 0.8):
            arc = np.linspace(-half, half, 45) + np.pi
            band = np.vstack([_polar(np.ones(45), arc), _polar(np.full(45, inner), arc[::-1])])
            for turn in range(4):
                curve = _turned(_boxed(band), turn)
                yield Template("crescent", {"thickness": 1.0 - inner}, (curve,))


def _crescent(bite: float, offset: float) -> FloatArray:
    """The unit disc without the disc of radius `bite` around (offset, 0)."""
    rim = np.arccos((1.0 + offset**2 - bite**2) / (2.0 * offset))
    back = np.arccos((offset**2 + bite**2 - 1.0) / (2.0 * offset * bite))
    outer = np.linspace(rim, 2 * np.pi - rim, 60)
    inner = np.linspace(np.pi + back, np.pi - back, 40)
    return np.vstack([_polar(np.ones(60), outer), _polar(np.full(40, bite), inner) + [offset, 0.0]])


def _letters() -> Iterator[Template]:
    for stem in _WIDTHS:
        for bar in _WIDTHS:
            el = np.array(
                [[-0.5, -0.5], [0.5, -0.5], [0.5, -0.5 + bar], [-0.5 + stem, -0.5 + bar],
                 [-0.5 + stem, 0.5], [-0.5, 0.5]]
            )  # fmt: skip
            tee = np.array(
                [[-0.5, 0.5], [-0.5, 0.5 - bar], [-stem / 2, 0.5 - bar], [-stem / 2, -0.5],
                 [stem / 2, -0.5], [stem / 2, 0.5 - bar], [0.5, 0.5 - bar], [0.5, 0.5]]
            )  # fmt: skip
            parameters = {"stem_width": stem, "bar_width": bar}
            for turn in range(4):
                yield Template("L", parameters, (_turned(el, turn),))
                yield Template("T", parameters, (_turned(tee, turn),))
                if stem < 0.4:
                    yield Template("U", parameters, (_turned(_u_shape(stem, bar, False), turn),))
                    yield Template("U", parameters, (_turned(_u_shape(stem, bar, True), turn),))


def _u_shape(side: float, base: float, is_round: bool) -> FloatArray:
    """A U open to the top: sides and base by width, with square corners or a round bottom."""
    inner = 0.5 - side
    if not is_round:
        return np.array(
            [[-0.5, 0.5], [-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [inner, 0.5],
             [inner, -0.5 + base], [-inner, -0.5 + base], [-inner, 0.5]]
        )  # fmt: skip
    arc = np.linspace(np.pi, 2 * np.pi, 30)
    outer = np.column_stack([0.5 * np.cos(arc), 0.5 * np.sin(arc)])
    hollow = np.column_stack([inner * np.cos(arc), (0.5 - base) * np.sin(arc)])[::-1]
    return np.vstack([[[-0.5, 0.5]], outer, [[0.5, 0.5], [inner, 0.5]], hollow, [[-inner, 0.5]]])


def _crosses() -> Iterator[Template]:
    for upright in _WIDTHS:
        for bar in _WIDTHS:
            for height in (0.0, 0.15):
                for turn in range(4 if height else 1):
                    low, high = height - bar / 2, height + bar / 2
                    u = upright / 2
                    curve = np.array(
                        [[-u, 0.5], [-u, high], [-0.5, high], [-0.5, low], [-u, low], [-u, -0.5],
                         [u, -0.5], [u, low], [0.5, low], [0.5, high], [u, high], [u, 0.5]]
                    )  # fmt: skip
                    parameters = {"upright_width": upright, "bar_width": bar}
                    yield Template("cross", parameters, (_turned(curve, turn),))
    for width in (0.18, 0.26, 0.34):  # an X fills its box from corner to corner
        angle = np.pi / 4
        arm = np.array([[-0.5, width / 2], [-width / 2, width / 2], [-width / 2, 0.5]])
        quarter = np.array([[0.0, -1.0], [1.0, 0.0]])
        corners = np.vstack([arm @ np.linalg.matrix_power(quarter, k) for k in range(4)])
        tilt = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        yield Template("cross", {"bar_width": width}, (_boxed(corners @ tilt),))


def _superellipse(power: float) -> FloatArray:
    t = np.linspace(0.0, 2 * np.pi, 96, endpoint=False)
    c, s = np.cos(t), np.sin(t)
    exponent = 2.0 / power
    return 0.5 * np.column_stack(
        [np.sign(c) * np.abs(c) ** exponent, np.sign(s) * np.abs(s) ** exponent]
    )


def _rounded_box(radius: float) -> FloatArray:
    corners = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
    return _round(corners, radius)


def _round(corners: FloatArray, radius: float) -> FloatArray:
    """A polygon whose corners are cut back by `radius` along both sides and bent (quadratic)."""
    if not radius:
        return corners
    t = np.linspace(0.0, 1.0, 8)[:, None]
    pieces = []
    for before, corner, after in zip(
        np.roll(corners, 1, axis=0), corners, np.roll(corners, -1, axis=0), strict=True
    ):
        enter = corner + (before - corner) * radius / np.linalg.norm(before - corner)
        leave = corner + (after - corner) * radius / np.linalg.norm(after - corner)
        pieces.append((1 - t) ** 2 * enter + 2 * t * (1 - t) * corner + t**2 * leave)
    return _boxed(np.vstack(pieces))


def _regular(corners: int, turn: float) -> FloatArray:
    return _polar(np.ones(corners), np.arange(corners) * 2 * np.pi / corners + turn)


def _polar(radius: FloatArray, angle: FloatArray) -> FloatArray:
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _boxed(points: FloatArray) -> FloatArray:
    """A curve moved and stretched to fill the unit square."""
    low, high = points.min(axis=0), points.max(axis=0)
    return np.asarray((points - (low + high) / 2) / (high - low))


def _turned(points: FloatArray, quarters: int) -> FloatArray:
    quarter = np.array([[0.0, 1.0], [-1.0, 0.0]])
    return np.asarray(points @ np.linalg.matrix_power(quarter, quarters))
