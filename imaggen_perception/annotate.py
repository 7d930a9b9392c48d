"""A picture with what was seen drawn on it, for people who look at what the robot makes of it.

Drawn over each object, in a colour of its own: box and outline, parts (thin), holes (dashed,
black and white), the axis of symmetry to gesture about (dashed), the principal axis (arrow), and a
line of text with id, name, shape and what is known of its place.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.properties.raster import centroid
from imaggen_perception.scene import FloatArray, Outline, Scene, SceneObject

Picture = NDArray[np.uint8]
_Bgr = tuple[int, int, int]
# Colours that differ from each other, also for most colour-blind people (Okabe & Ito 2008).
_COLORS: tuple[_Bgr, ...] = (
    (0, 159, 230),
    (233, 180, 86),
    (115, 158, 0),
    (66, 228, 240),
    (178, 114, 0),
    (0, 94, 213),
    (167, 121, 204),
)
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
# Smaller pictures are enlarged, so that the text can be read [pixels along the longer edge].
_LEAST_EDGE = 480
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_DASH = 7.0  # pixels at line width 1
# Below this, a principal axis would only be noise.
_LEAST_ALIGNMENT = 0.2
_BITS = 3


def annotate(image: NDArray[np.uint8], scene: Scene) -> Picture:
    """Draw a scene on its picture.

    Args:
        image: (H, W), (H, W, 3) BGR or (H, W, 4) BGRA, of the scene's size; not changed.
        scene: what was seen in it.

    Returns:
        (H', W', 3) BGR; pictures below 480 pixels are enlarged by a whole factor.

    Raises:
        ValueError: when the scene is of a picture of another size.
    """
    height, width = image.shape[:2]
    if scene.image_size != (width, height):
        raise ValueError(f"the scene is of a picture {scene.image_size}, not {(width, height)}")
    zoom = max(1, int(np.ceil(_LEAST_EDGE / max(width, height))))
    canvas = np.asarray(
        cv2.resize(_as_bgr(image), None, fx=zoom, fy=zoom, interpolation=cv2.INTER_NEAREST),
        np.uint8,
    ).copy()
    pen = _Pen(canvas, zoom)
    for index, entry in enumerate(scene.objects):
        _draw_object(pen, entry, _COLORS[index % len(_COLORS)])
    # Texts last, so that no line crosses them.
    for index, entry in enumerate(scene.objects):
        pen.label(entry, _COLORS[index % len(_COLORS)])
    if not scene.objects:
        pen.text("nothing stands out", (8, 8), _WHITE)
    return canvas


def _as_bgr(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if image.ndim == 2:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), np.uint8)
    return image[..., :3]


def _draw_object(pen: _Pen, entry: SceneObject, color: _Bgr) -> None:
    box, zoom = entry.box, pen.zoom
    if not (box.width and box.height):
        return  # known, but behind the camera
    corner, far = (box.x * zoom, box.y * zoom), (box.x + box.width, box.y + box.height)
    cv2.rectangle(pen.canvas, corner, (far[0] * zoom, far[1] * zoom), color, 1)
    for part in entry.parts[1:]:
        points = pen.pixels(entry, part.points)
        pen.curve(points, color, 1)
        pen.text(part.name, (points[:, 0].max() + 4, points[:, 1].mean()), color, 0.7)
    pen.curve(pen.pixels(entry, entry.outline.points), color, 2)
    for hole in entry.holes:
        points = pen.pixels(entry, hole.points)
        pen.curve(points, _WHITE, 2)
        pen.dashed(np.vstack([points, points[:1]]), _BLACK, 2)
    middle = centroid(entry.outline.points)
    if entry.symmetry.gesturable is not None:
        ends = _across(entry.outline, middle, entry.symmetry.gesturable.angle_rad, 1.15)
        pen.dashed(pen.pixels(entry, ends), _WHITE, 3)
        pen.dashed(pen.pixels(entry, ends), color, 1)
    if entry.alignment.confidence >= _LEAST_ALIGNMENT:
        ends = _across(entry.outline, middle, entry.alignment.angle_rad, 0.7)
        pen.arrow(pen.pixels(entry, ends), color)


def _across(outline: Outline, middle: FloatArray, angle_rad: float, share: float) -> FloatArray:
    """Both ends of an axis through the middle, (2, 2) outline coordinates, lower end first."""
    direction = np.array([np.sin(angle_rad), np.cos(angle_rad)])
    along = (outline.points - middle) @ direction
    reach = np.array([along.min(), along.max()]) * share
    return np.asarray(middle + reach[:, None] * direction)


class _Pen:
    """Draws on a picture whose pixels are `zoom` times as large as the scene's."""

    def __init__(self, canvas: Picture, zoom: int) -> None:
        self.canvas, self.zoom = canvas, zoom
        self._size = max(canvas.shape[:2])
        self._width = max(1, round(self._size / 900))
        self._taken: list[tuple[int, int, int, int]] = []

    def pixels(self, entry: SceneObject, points: FloatArray) -> FloatArray:
        """Outline coordinates (n, 2) in pixels of the canvas."""
        # The outline's size goes with it: a known one need not be as large as the box seen.
        scale = entry.outline.scale_px
        return np.asarray((points * [scale, -scale] + entry.box.center) * self.zoom)

    def curve(self, points: FloatArray, color: _Bgr, width: int) -> None:
        """A closed curve (n, 2) with a dark rim, so that it shows on any ground."""
        curve = [np.round(points * 2**_BITS).astype(np.int32)]
        thick = width * self._width
        cv2.polylines(self.canvas, curve, True, _BLACK, thick + 2, cv2.LINE_AA, _BITS)
        cv2.polylines(self.canvas, curve, True, color, thick, cv2.LINE_AA, _BITS)

    def dashed(self, points: FloatArray, color: _Bgr, width: int) -> None:
        """An open line (n, 2) in dashes of equal length."""
        arc = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
        dash = _DASH * self._width
        for start in np.arange(0.0, arc[-1], 2 * dash):
            at = np.linspace(start, min(start + dash, arc[-1]), 4)
            piece = np.column_stack([np.interp(at, arc, axis) for axis in points.T])
            curve = [np.round(piece * 2**_BITS).astype(np.int32)]
            thick = width * self._width
            cv2.polylines(self.canvas, curve, False, color, thick, cv2.LINE_AA, _BITS)

    def arrow(self, ends: FloatArray, color: _Bgr) -> None:
        """A thin arrow from the first to the second of two points (2, 2)."""
        (x, y), (to_x, to_y) = np.round(ends).astype(int).tolist()
        for shade, extra in ((_BLACK, 2), (color, 0)):
            thick = self._width + extra
            cv2.arrowedLine(
                self.canvas, (x, y), (to_x, to_y), shade, thick, cv2.LINE_AA, tipLength=0.12
            )

    def label(self, entry: SceneObject, color: _Bgr) -> None:
        """What an object is, above its box or, without room there, in it."""
        self.text(_describe(entry), (entry.box.x * self.zoom, entry.box.y * self.zoom), color)

    def text(
        self, words: str, at: tuple[float, float] | FloatArray, color: _Bgr, share: float = 1.0
    ) -> None:
        """A line of dark text on a coloured ground, moved to where it is free and in the picture.

        Args:
            words: what to write; nothing when empty.
            at: lower left corner of the ground, (x, y) [pixels of the canvas].
            color: of the ground.
            share: of the usual size.
        """
        if not words:
            return
        size = max(0.4, self._size / 1500) * share
        thick = max(1, round(size * 1.5))
        (width, height), base = cv2.getTextSize(words, _FONT, size, thick)
        pad, tall = 3, height + base + 4
        high, wide = self.canvas.shape[:2]
        x = int(np.clip(at[0], 0, max(0, wide - width - 2 * pad)))
        y = int(np.clip(at[1] - tall, 0, max(0, high - tall)))
        while y + 2 * tall <= high and any(
            x < right and left < x + width + 2 * pad and y < low and top < y + tall
            for left, top, right, low in self._taken
        ):
            y += tall
        self._taken.append((x, y, x + width + 2 * pad, y + tall))
        cv2.rectangle(self.canvas, (x, y), (x + width + 2 * pad, y + tall), color, cv2.FILLED)
        place = (x + pad, y + tall - base - 1)
        cv2.putText(self.canvas, words, place, _FONT, size, _BLACK, thick, cv2.LINE_AA)


def _describe(entry: SceneObject) -> str:
    """id, name, shape and place in one line."""
    words = [entry.id]
    if entry.label:
        words.append(f'"{entry.label}"')
    words.append(f"{entry.color.name} {entry.shape.family}".strip())
    words.append(f"{entry.shape.confidence:.0%}")
    if entry.position is not None:
        words.append(f"{np.linalg.norm(entry.position):.2f} m")
    # OpenCV's fonts hold no other letters.
    return " ".join(words).encode("ascii", "replace").decode()
