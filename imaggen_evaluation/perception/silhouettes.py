"""Properties of real silhouettes against labels made by eye."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray

from imaggen_evaluation.perception.picture_sets import load_cutout
from imaggen_evaluation.scores import Case, Score, Section
from imaggen_perception import analyze_image
from imaggen_perception.properties.raster import fill, iou
from imaggen_perception.scene import Outline, Part, SceneObject

Split = Literal["tune", "test"]
AXIS_WITHIN = np.radians(3.0)
# Labels give the axis to 5 degrees; the exact one is the best mirror axis within this of it.
_LABEL_TOLERANCE = np.radians(8.0)
_SALIENT = ("handle", "spout", "legs", "leg", "stem")
_LEAST_PART_IOU = 0.4


Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class PartLabel:
    """What a person said of one silhouette's parts (see parts.yaml).

    Attributes:
        key: of the picture.
        name: of the object.
        parts: (name, box), most important first; boxes x0, y0, x1, y1 in tenths, y down.
    """

    key: str
    name: str
    parts: tuple[tuple[str, Box], ...]

    @property
    def split(self) -> Split:
        """Half of the labels for tuning, half for figures, by a hash of the key."""
        return "tune" if int(hashlib.sha1(self.key.encode()).hexdigest(), 16) % 2 else "test"

    @property
    def salient(self) -> tuple[str, tuple[Box, ...]] | None:
        """The most important handle, spout, leg or stem: its name and all boxes of that name."""
        name = next((name for name, _ in self.parts if name in _SALIENT), None)
        if name is None:
            return None
        return name, tuple(box for other, box in self.parts if other == name)


@dataclass(frozen=True)
class Label(PartLabel):
    """What a person said of one silhouette (see silhouettes.yaml)."""

    families: tuple[str, ...]
    axis_rad: float | None
    stances: tuple[str, ...]


def load_labels(file_name: str = "silhouettes.yaml") -> list[Label]:
    """All labels of whole silhouettes that come with the project, of one of two annotators."""
    return [_label(key, row) for key, row in _rows(file_name).items()]


def load_part_labels() -> list[PartLabel]:
    """All labels with a handle, spout, leg or stem."""
    rows = _rows("parts.yaml").items()
    labels = [*load_labels(), *(PartLabel(k, row["name"], _parts(row)) for k, row in rows)]
    return [label for label in labels if label.salient]


def _rows(file_name: str) -> dict[str, dict[str, Any]]:
    file = resources.files("imaggen_evaluation.perception") / file_name
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


def _label(key: str, row: dict[str, Any]) -> Label:
    stances = [row["stance"], *([row["also_stance"]] if row.get("also_stance") else [])]
    return Label(
        key,
        row["name"],
        _parts(row),
        (row["family"], *row.get("also", ())),
        float(np.radians(row["axis"])) if row["symmetric"] else None,
        tuple(stances),
    )


def _parts(row: dict[str, Any]) -> tuple[tuple[str, Box], ...]:
    return tuple((part["name"], tuple(part["box"])) for part in row.get("parts", ()))


def measure_silhouettes(
    split: Split, progress: Callable[[str], None] = lambda _: None, cache: Path | None = None
) -> Section:
    """Shape family, symmetry and stance on one half of the labels."""
    labels = [label for label in load_labels() if label.split == split]
    section = Section(f"Real silhouettes, {split} half of the labels")
    tally = _Tally()
    for index, label in enumerate(labels):
        progress(f"silhouettes {index + 1} / {len(labels)}")
        picture = load_cutout(label.key, cache)
        seen = max(analyze_image(picture).objects, key=lambda o: o.outline.scale_px)
        wrong = tally.add(label, seen)
        if wrong:
            section.cases.append(Case(len(wrong), f"{label.name}: {'; '.join(wrong)}", picture))
    section.scores = tally.scores()
    section.notes.append(_agreement(labels))
    return section


def _agreement(labels: list[Label]) -> str:
    """How well a second annotator agrees with the labels, in words."""
    second = {label.key: label for label in load_labels("silhouettes_second.yaml")}
    pairs = [(label, second[label.key]) for label in labels]
    family = np.mean([a.families[0] == b.families[0] for a, b in pairs])
    symmetric = np.mean([(a.axis_rad is None) == (b.axis_rad is None) for a, b in pairs])
    stance = np.mean([b.stances[0] in a.stances for a, b in pairs])
    return (
        f"a second annotator agrees in first family {family:.2f}, symmetric or not"
        f" {symmetric:.2f}, stance {stance:.2f}"
    )


def measure_parts(
    split: Split, progress: Callable[[str], None] = lambda _: None, cache: Path | None = None
) -> Section:
    """Whether the most important handle, spout, leg or stem is found, and called so."""
    labels = [label for label in load_part_labels() if label.split == split]
    section = Section(f"Parts of real silhouettes, {split} half of the labels")
    found: dict[str, list[bool]] = {}
    named: list[bool] = []
    for index, label in enumerate(labels):
        progress(f"parts {index + 1} / {len(labels)}")
        assert label.salient is not None
        name, boxes = label.salient
        picture = load_cutout(label.key, cache)
        seen = max(analyze_image(picture).objects, key=lambda o: o.outline.scale_px)
        hits = [part for part in seen.parts if any(_same_part(part, box) for box in boxes)]
        kind = "leg" if name == "legs" else name
        found.setdefault(kind, []).append(bool(hits))
        named.append(any(part.name.rstrip("s") == kind for part in hits))
        if not hits:
            section.cases.append(Case(1.0, f"{label.name}: no {name}", _with_parts(picture, seen)))
    flat = [hit for hits in found.values() for hit in hits]
    section.scores = [Score("salient part found", float(np.mean(flat)), len(flat), 0.75)]
    section.scores += [
        Score(f"- {kind}", float(np.mean(hits)), len(hits)) for kind, hits in found.items()
    ]
    section.scores.append(Score("found and called so", float(np.mean(named)), len(named)))
    return section


def _with_parts(picture: NDArray[np.uint8], seen: SceneObject) -> NDArray[np.uint8]:
    """A picture with the outlines of the parts that were found."""
    drawn = picture.copy()
    middle = np.array(seen.box.center)
    for part in seen.parts:
        curve = middle + part.points * seen.outline.scale_px * [1, -1]
        color = (0, 160, 0, 255) if part.name == "body" else (0, 0, 255, 255)
        cv2.polylines(drawn, [curve.round().astype(np.int32)], True, color, 2, cv2.LINE_AA)
    return np.asarray(drawn, np.uint8)


class _Tally:
    """Counts of right answers."""

    def __init__(self) -> None:
        self._right: dict[str, list[bool]] = {}

    def add(self, label: Label, seen: SceneObject) -> list[str]:
        """Judge one object; what was wrong, in words."""
        wrong = []
        family = seen.shape.family
        self._note("family", family in label.families)
        self._note("family, first label only", family == label.families[0])
        if family not in label.families:
            wrong.append(f"{family}, not {' or '.join(label.families)}")
        axis = seen.symmetry.gesturable
        decided = (axis is not None) == (label.axis_rad is not None)
        self._note("symmetric or not", decided)
        right = decided and (axis is None or _same_axis(axis.angle_rad, label, seen.outline))
        self._note("symmetric or not, and axis within 3 deg", right)
        if not right:
            found = "none" if axis is None else f"{np.degrees(axis.angle_rad):.0f} deg"
            gold = "none" if label.axis_rad is None else f"{np.degrees(label.axis_rad):.0f} deg"
            wrong.append(f"axis {found}, not {gold}")
        self._note("upright, lying or slanted", seen.alignment.stance in label.stances)
        if seen.alignment.stance not in label.stances:
            wrong.append(f"{seen.alignment.stance}, not {label.stances[0]}")
        return wrong

    def _note(self, name: str, right: bool) -> None:
        self._right.setdefault(name, []).append(right)

    def scores(self) -> list[Score]:
        """Share of right answers of each kind."""
        bounds = {
            "family": 0.85,
            "symmetric or not, and axis within 3 deg": 0.88,
            "upright, lying or slanted": 0.92,
        }
        return [
            Score(name, float(np.mean(right)), len(right), bounds.get(name))
            for name, right in self._right.items()
        ]


def _same_axis(angle: float, label: Label, outline: Outline) -> bool:
    """Whether an axis is within 3 degrees of the exact one that the label means.

    A label says which axis, to 5 degrees; brute force over mirror images makes it exact,
    independently of the perception that is measured. Round things have many exact axes: there the
    label itself counts as one.
    """
    assert label.axis_rad is not None
    exact = _exact_axis(outline, label.axis_rad)
    return bool(min(_between(angle, exact), _between(angle, label.axis_rad)) <= AXIS_WITHIN)


def _between(first: float, second: float) -> float:
    apart = abs(first - second) % np.pi
    return float(min(apart, np.pi - apart))


def _exact_axis(outline: Outline, near: float) -> float:
    area = fill(outline.points)
    candidates = near + np.arange(-_LABEL_TOLERANCE, _LABEL_TOLERANCE, np.radians(0.5))
    scores = [iou(area, fill(_mirrored(outline.points, float(angle)))) for angle in candidates]
    return float(candidates[int(np.argmax(scores))])


def _mirrored(points: NDArray[np.float64], angle: float) -> NDArray[np.float64]:
    """Points mirrored about the axis at `angle` clockwise from up through their area's middle."""
    moments = cv2.moments((points * 1000).astype(np.float32).reshape(-1, 1, 2))
    middle = np.array([moments["m10"], moments["m01"]]) / moments["m00"] / 1000
    along = np.array([np.sin(angle), np.cos(angle)])
    offset = points - middle
    return np.asarray(2 * np.outer(offset @ along, along) - offset + middle)


def _same_part(part: Part, gold: Iterable[float]) -> bool:
    """Whether a part's box overlaps a labelled one (tenths of the longer side, y down)."""
    if part.name == "body":
        return False
    low, high = part.points.min(axis=0), part.points.max(axis=0)
    found = (5 + 10 * low[0], 5 - 10 * high[1], 5 + 10 * high[0], 5 - 10 * low[1])
    x0, y0, x1, y1 = gold
    width = min(found[2], x1) - max(found[0], x0)
    height = min(found[3], y1) - max(found[1], y0)
    shared = max(0.0, width) * max(0.0, height)
    both = (x1 - x0) * (y1 - y0) + (found[2] - found[0]) * (found[3] - found[1]) - shared
    return bool(shared / both >= _LEAST_PART_IOU)
