"""The perception benchmark: masks, shapes, properties, speed, and the worst cases to look at."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_evaluation.perception.compositions import Background, Composition, compose
from imaggen_evaluation.perception.picture_sets import load_cutout
from imaggen_evaluation.perception.silhouettes import (
    Label,
    load_labels,
    measure_parts,
    measure_silhouettes,
)
from imaggen_evaluation.perception.synthetic import FAMILIES, draw_shape
from imaggen_evaluation.scores import Case, Score, Section
from imaggen_perception import analyze_image
from imaggen_perception.camera import CameraModel
from imaggen_perception.description import describe_segment
from imaggen_perception.segmenters import (
    Prompts,
    Segment,
    Segmenter,
    create_segmenter,
)
from imaggen_perception.segmenters.base import bounding_box_of

Progress = Callable[[str], None]
_FOUND = 0.7  # IoU at which an object counts as found
_GLOW = 0.5  # share of a cut-out that is half transparent, from which on it has no outline


def run_benchmark(
    segmenter: str, count: int, seed: int, progress: Progress, cache: Path | None = None
) -> list[Section]:
    """All sections.

    Args:
        segmenter: back end by name.
        count: compositions a background, and drawn shapes a family.
        seed: of the compositions and shapes.
        progress: told what is being measured.
        cache: where fetched pictures are kept; None: the user's cache.

    Raises:
        EvaluationError: when a picture set cannot be had.
        SegmenterUnavailable: when the back end is not installed.
    """
    rng = np.random.default_rng(seed)
    back_end = create_segmenter(segmenter)
    labels = [label for label in load_labels() if label.split == "test"]
    labels = [label for label in labels if _has_outline(load_cutout(label.key, cache))]
    return [
        _single_objects(back_end, labels, count, rng, progress, cache),
        _several_objects(back_end, labels, max(4, count // 2), rng, progress, cache),
        _drawn_shapes(count, rng, progress),
        measure_silhouettes("test", progress, cache),
        measure_parts("test", progress, cache),
        _speed(back_end, labels, rng, progress, cache),
    ]


def _has_outline(cutout: NDArray[np.uint8]) -> bool:
    """Whether a cut-out has an outline to be right about; a glow has none."""
    alpha = cutout[..., 3] / 255.0
    seen, through = alpha > 0.1, (alpha > 0.1) & (alpha < 0.9)
    return bool(np.count_nonzero(through) < _GLOW * np.count_nonzero(seen))


def _composition(
    labels: list[Label],
    number: int,
    ground: Background,
    rng: np.random.Generator,
    cache: Path | None,
) -> Composition:
    chosen = rng.choice(len(labels), number, replace=False)
    keys = [labels[index].key for index in chosen]
    return compose([(key, load_cutout(key, cache)) for key in keys], ground, rng)


def _single_objects(
    back_end: Segmenter, labels: list[Label], count: int, rng: np.random.Generator,
    progress: Progress, cache: Path | None,
) -> Section:  # fmt: skip
    section = Section("Masks of one object (mean IoU)")
    bounds: dict[Background, float] = {"plain": 0.95, "table": 0.95, "clutter": 0.82}
    for ground, bound in bounds.items():
        overlaps = []
        for index in range(count):
            progress(f"{ground} backgrounds {index + 1} / {count}")
            case = _composition(labels, 1, ground, rng, cache)
            boxes = (bounding_box_of(case.masks[0]),) if ground == "clutter" else ()
            found = back_end.segment(case.image, Prompts(boxes=boxes))
            overlaps.append(_best(found, case.masks[0]))
            section.cases.append(
                Case(1 - overlaps[-1], f"{ground}: {overlaps[-1]:.2f}", _drawn(case.image, found))
            )
        name = f"{ground} background" + (", true box as prompt" if ground == "clutter" else "")
        section.scores.append(Score(name, float(np.mean(overlaps)), count, bound))
    return section


def _several_objects(
    back_end: Segmenter, labels: list[Label], count: int, rng: np.random.Generator,
    progress: Progress, cache: Path | None,
) -> Section:  # fmt: skip
    section = Section("Scenes of 2-5 separate objects (recall at IoU 0.7)")
    backgrounds: tuple[Background, ...] = ("plain", "table")
    for ground in backgrounds:
        hits, invented, total = 0, 0, 0
        for index in range(count):
            progress(f"scenes on {ground} {index + 1} / {count}")
            case = _composition(labels, 2 + index % 4, ground, rng, cache)
            found = back_end.segment(case.image)
            here = sum(_best(found, mask) >= _FOUND for mask in case.masks)
            hits, total = hits + here, total + len(case.masks)
            invented += len(found) - here
            if here < len(case.masks):
                title = f"{ground}: {here} of {len(case.masks)}"
                section.cases.append(
                    Case(1 - here / len(case.masks), title, _drawn(case.image, found))
                )
        section.scores.append(Score(f"{ground} background", hits / total, total, 0.95))
        section.notes.append(f"{invented} masks of nothing on {ground} backgrounds")
    return section


def _drawn_shapes(count: int, rng: np.random.Generator, progress: Progress) -> Section:
    section = Section("Drawn shapes (ragged edges, tilt, mild perspective)")
    right: list[bool] = []
    for family in FAMILIES:
        progress(f"drawn shapes: {family}")
        here = []
        for _ in range(count):
            shape = draw_shape(family, rng)
            seen = analyze_image(shape.cutout).objects[0].shape.family
            here.append(seen == family)
            if seen != family:
                section.cases.append(Case(1.0, f"{family} seen as {seen}", shape.cutout))
        section.scores.append(Score(family, float(np.mean(here)), count))
        right += here
    section.scores.append(Score("all families", float(np.mean(right)), len(right), 0.97))
    return section


def _speed(
    back_end: Segmenter, labels: list[Label], rng: np.random.Generator,
    progress: Progress, cache: Path | None,
) -> Section:  # fmt: skip
    """Median times, after a first run that loads everything."""
    section = Section("Speed at 640 x 480")
    properties, whole = [], []
    for index in range(21):
        progress(f"speed {index + 1} / 21")
        case = _composition(labels, 1, "table", rng, cache)
        segment = Segment(case.masks[0], 1.0, "gold")
        camera = CameraModel.assumed(640, 480)
        start = time.perf_counter()
        describe_segment(segment, "object_1", case.image, 1.0, camera)
        middle = time.perf_counter()
        analyze_image(case.image, segmenter=back_end)
        properties.append(1e3 * (middle - start))
        whole.append(1e3 * (time.perf_counter() - middle))
    section.scores += [
        Score("properties of one object", float(np.median(properties[1:])), 20, 15.0, "ms", True),
        Score("whole pipeline, one object", float(np.median(whole[1:])), 20, 250.0, "ms", True),
    ]
    return section


def _best(found: list[Segment], gold: NDArray[np.bool_]) -> float:
    overlaps = [np.count_nonzero(s.mask & gold) / np.count_nonzero(s.mask | gold) for s in found]
    return float(max(overlaps, default=0.0))


def _drawn(image: NDArray[np.uint8], found: list[Segment]) -> NDArray[np.uint8]:
    picture = image.copy()
    for segment in found:
        contours, _ = cv2.findContours(
            segment.mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
        )
        cv2.drawContours(picture, contours, -1, (0, 0, 255), 2)
    return picture


def worst_cases(sections: list[Section], columns: int = 6, rows: int = 3) -> NDArray[np.uint8]:
    """One sheet with the worst cases of every section, titles underneath."""
    bands = []
    for section in sections:
        worst = sorted(section.cases, key=lambda case: -case.badness)[: columns * rows]
        tiles = [_tile(case) for case in worst]
        while len(tiles) % columns:
            tiles.append(np.full_like(tiles[0], 255))
        for start in range(0, len(tiles), columns):
            bands.append(np.hstack(tiles[start : start + columns]))
    return np.vstack(bands) if bands else np.full((40, 40, 3), 255, np.uint8)


def _tile(case: Case, width: int = 240, height: int = 180) -> NDArray[np.uint8]:
    picture = case.picture
    if picture.shape[2] == 4:
        alpha = picture[..., 3:] / 255.0
        picture = (picture[..., :3] * alpha + 235 * (1 - alpha)).astype(np.uint8)
    factor = min(width / picture.shape[1], height / picture.shape[0])
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    tile = np.full((height + 34, width, 3), 255, np.uint8)
    tile[: small.shape[0], : small.shape[1]] = small
    for line in range(2):
        text = case.title.encode("ascii", "replace").decode()[line * 42 : (line + 1) * 42]
        place = (4, height + 14 + 14 * line)
        cv2.putText(tile, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.33, (0, 0, 0), 1, cv2.LINE_AA)
    return tile
