"""What is seen: a scene of objects with the properties a gesture could show.

Frames: image coordinates are pixels, x right, y down. Outlines are in object coordinates: x right,
y up, centred on the bounding box, scaled so that the larger extent is 1 (the aspect is kept).
Angles are measured from the vertical, positive towards the right, in (-pi/2, pi/2].
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

ShapeFamily = Literal[
    "circle",
    "ellipse",
    "square",
    "rectangle",
    "triangle",
    "trapezoid",
    "polygon",
    "star",
    "cross",
    "ring",
    "crescent",
    "L",
    "T",
    "U",
    "elongated",
    "irregular",
]
Stance = Literal["upright", "lying", "slanted", "none"]


def frozen(values: Any, columns: int | None = None) -> FloatArray:
    """A read-only float copy of `values`, checked for finiteness and its number of columns.

    Raises:
        ValueError: when a value is not finite or the shape is not (n, columns).
    """
    array = np.array(values, dtype=float)
    if not np.isfinite(array).all():
        raise ValueError("values must be finite")
    if columns is not None and (array.ndim != 2 or array.shape[1] != columns):
        raise ValueError(f"expected shape (n, {columns}), got {array.shape}")
    array.setflags(write=False)
    return array


@dataclass(frozen=True)
class BoundingBox:
    """An upright box in the image [pixels]."""

    x: int
    y: int
    width: int
    height: int

    @property
    def center(self) -> tuple[float, float]:
        """Middle of the box, (x, y) [pixels]."""
        return self.x + self.width / 2, self.y + self.height / 2

    def scaled(self, factor: float) -> BoundingBox:
        """The same box in a picture `factor` times as large."""
        values = (self.x, self.y, self.width, self.height)
        return BoundingBox(*(round(value * factor) for value in values))


@dataclass(frozen=True)
class Outline:
    """A closed curve around a mask, counter-clockwise, resampled by arc length.

    Attributes:
        points: (n, 2) object coordinates; the last point joins the first, which is not repeated.
        scale_px: the larger extent of the bounding box [pixels].
        scale_m: the same in metres where it is known.
    """

    points: FloatArray
    scale_px: float
    scale_m: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", frozen(self.points, columns=2))
        if len(self.points) < 3:
            raise ValueError(f"an outline needs at least 3 points, got {len(self.points)}")

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of the outline's bounding box [outline units]."""
        width, height = np.ptp(self.points, axis=0)
        return float(width), float(height)


@dataclass(frozen=True)
class Shape:
    """The family the outline belongs to, and how well it fits.

    Attributes:
        family: closest shape family.
        confidence: overlap (IoU) of the mask with the fitted shape, 0..1; for "irregular", one
            minus the overlap with the best of the known shapes.
        parameters: fitted numbers by name; lengths in outline units, angles in radians.
    """

    family: ShapeFamily
    confidence: float
    parameters: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class SymmetryAxis:
    """An axis of reflection through the centroid.

    Attributes:
        angle_rad: from the image's vertical, positive towards its right.
        score: overlap of the mask with its mirror image (IoU), 0..1.
    """

    angle_rad: float
    score: float


@dataclass(frozen=True)
class Symmetry:
    """Reflections and rotations that map an object to itself.

    Attributes:
        axes: the axes found, best first.
        gesturable: the axis to gesture about, or None.
        rotational_order: number of turns that map it to itself (1: none, 255: any).
        rotational_score: overlap at that order (IoU), 0..1.
    """

    axes: tuple[SymmetryAxis, ...] = ()
    gesturable: SymmetryAxis | None = None
    rotational_order: int = 1
    rotational_score: float = 0.0


@dataclass(frozen=True)
class Alignment:
    """How an object stands in the picture.

    Attributes:
        angle_rad: principal axis from the vertical, positive towards the right.
        elongation: extent along / across that axis, >= 1.
        confidence: 0 for a round thing without a meaningful axis .. 1.
        stance: what a person would say: upright, lying, slanted, or none for something compact.
    """

    angle_rad: float
    elongation: float
    confidence: float
    stance: Stance = "none"


@dataclass(frozen=True)
class Form:
    """Numbers behind the adjectives that people use of forms; neutral by default.

    Attributes:
        tallness: height / width of the upright bounding box; above 1 tall, below 1 flat.
        roundness: 4 pi area / perimeter^2 of the outline without its holes, 1 for a circle.
        taper: how much narrower the upper half is than the lower, -1..1 (negative: widens upwards).
        solidity: area / area of the convex hull, 1 for anything without dents.
        hollowness: share of the outline's area that is holes.
    """

    tallness: float = 1.0
    roundness: float = 1.0
    taper: float = 0.0
    solidity: float = 1.0
    hollowness: float = 0.0


@dataclass(frozen=True)
class Part:
    """A piece of an object that a viewer would name, or a hole in it.

    Attributes:
        name: what it is (body, handle, spout, legs, stem, lid, ...); empty when not known.
        outline: its own closed curve, in its own object coordinates.
        center: middle of its bounding box, (x, y) in the whole object's outline coordinates.
        size: its larger extent relative to the whole object's, 0..1.
        salience: how much a viewer needs it to recognise the object, 0..1.
    """

    name: str
    outline: Outline
    center: tuple[float, float]
    size: float
    salience: float

    @property
    def points(self) -> FloatArray:
        """The part's curve, (n, 2) in the whole object's outline coordinates."""
        return np.asarray(self.outline.points * self.size + np.asarray(self.center))


@dataclass(frozen=True)
class Color:
    """The colour a person would name.

    Attributes:
        name: one of the eleven basic colour terms of English (Berlin & Kay 1969); empty when not
            known.
        rgb: typical colour, 0..255 each.
        confidence: share of the object that carries the name, 0..1.
    """

    name: str = ""
    rgb: tuple[int, int, int] = (0, 0, 0)
    confidence: float = 0.0


@dataclass(frozen=True)
class Evidence:
    """How a property was found, and how sure that is.

    Attributes:
        property: outline, shape, symmetry, alignment, form, parts, size, position or color.
        confidence: 0..1.
        method: the way it was measured, a few words.
    """

    property: str
    confidence: float
    method: str


@dataclass(frozen=True)
class SceneObject:
    """One object and its properties.

    Attributes:
        id: unique within the scene.
        box: bounding box in the image [pixels].
        outline: closed curve around the mask.
        bearing: (3,) unit vector from the camera in `Scene.frame_id` (optical: z forward,
            x right, y down).
        relative_size: larger extent relative to the scene's largest object, 0..1.
        label: what it is called; empty when nobody said.
        position: (3,) [m] in `Scene.frame_id` when a depth is known.
        method: which segmentation found it.
        form: tallness, roundness, taper, solidity and hollowness.
        parts: body first where the object has several, then by salience; empty for one piece.
        holes: openings that show the background, largest first.
        color: what a person would call its colour.
        evidence: confidence and method of each property.
        age_s: since it was last seen [s]; 0: it is in view.
    """

    id: str
    box: BoundingBox
    outline: Outline
    shape: Shape
    symmetry: Symmetry
    alignment: Alignment
    bearing: FloatArray
    relative_size: float
    confidence: float
    method: str
    label: str = ""
    label_confidence: float = 0.0
    position: FloatArray | None = None
    form: Form = Form()
    parts: tuple[Part, ...] = ()
    holes: tuple[Part, ...] = ()
    color: Color = Color()
    evidence: tuple[Evidence, ...] = ()
    age_s: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "bearing", frozen(self.bearing))
        if self.position is not None:
            object.__setattr__(self, "position", frozen(self.position))


@dataclass(frozen=True)
class Relation:
    """`subject` is `relation` `object`, seen from the camera.

    Attributes:
        subject: object id.
        relation: left_of, right_of, above, below, on, under, in_front_of, behind, inside,
            around, between (two objects), in_row_with (the others), bigger_than.
        object: object id.
        confidence: 0..1.
        others: further object ids, for between and in_row_with.
    """

    subject: str
    relation: str
    object: str
    confidence: float
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """What one picture shows.

    Attributes:
        objects: most prominent first; empty when nothing stands out.
        image_size: (width, height) [pixels].
        frame_id: camera optical frame of bearings and positions.
    """

    objects: tuple[SceneObject, ...]
    image_size: tuple[int, int]
    relations: tuple[Relation, ...] = ()
    frame_id: str = "camera_optical_frame"

    def object(self, object_id: str) -> SceneObject:
        """The object called `object_id`.

        Raises:
            KeyError: when the scene has no such object.
        """
        for candidate in self.objects:
            if candidate.id == object_id:
                return candidate
        known = ", ".join(o.id for o in self.objects) or "none"
        raise KeyError(f"no object {object_id!r} in the scene (known: {known})")
