"""`imaggen see`: what perception makes of a picture, in words and drawn on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from imaggen_cli.console import Console
from imaggen_cli.errors import CommandError
from imaggen_perception import analyze_image, load_image
from imaggen_perception.analysis import as_picture
from imaggen_perception.annotate import annotate
from imaggen_perception.hub import DepthAnything, HubModel, Labeler
from imaggen_perception.scene import Scene, SceneObject, Symmetry
from imaggen_perception.segmenters import Prompts


@dataclass(frozen=True)
class SeeRequest:
    """What `imaggen see` was asked for."""

    image: Path
    words: tuple[str, ...]
    segmenter: str
    depth_model: str
    label_model: str
    out: Path | None


def see(request: SeeRequest, console: Console) -> None:
    """Analyse a picture, print what was found, and write it drawn on the picture.

    Raises:
        PerceptionError: when the picture or a back end cannot be used.
        CommandError: when a model's name or the output file cannot be used.
    """
    if request.out is not None and not cv2.haveImageWriter(str(request.out)):
        raise CommandError(f"cannot write {request.out}; end its name in .png or .jpg")
    picture = as_picture(load_image(request.image))
    depth = DepthAnything(_model(request.depth_model)) if request.depth_model else None
    labeler = Labeler(_model(request.label_model)) if request.label_model else None
    console.stage("picture", f"{picture.shape[1]} x {picture.shape[0]}")
    scene = analyze_image(
        picture,
        segmenter=request.segmenter,
        prompts=Prompts(words=request.words),
        depth_estimator=depth,
        labeler=labeler,
    )
    console.stage("perception", f"{len(scene.objects)} object(s)")
    for entry in scene.objects:
        console.say("\n".join(_lines(entry)))
    for relation in scene.relations:
        others = " ".join((relation.object, *relation.others))
        console.say(f"{relation.subject} {relation.relation} {others}")
    if not scene.objects:
        console.say("Nothing stands out in this picture; try --words or another --segmenter.")
    if request.out is not None:
        request.out.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(request.out), annotate(picture, scene))
        console.stage("written", str(request.out))
    console.result(_document(scene))


def _model(text: str) -> HubModel:
    try:
        return HubModel.parse(text)
    except ValueError as error:
        raise CommandError(str(error)) from error


def _lines(entry: SceneObject) -> list[str]:
    """An object in a few lines for people."""
    name = f"{entry.id} ({entry.label})" if entry.label else entry.id
    color = f"{entry.color.name} " if entry.color.name else ""
    lines = [
        f"{name}: {color}{entry.shape.family} ({entry.shape.confidence:.2f}),"
        f" found by {entry.method} ({entry.confidence:.2f})",
        f"  box {entry.box.x}, {entry.box.y}, {entry.box.width} x {entry.box.height} pixels;"
        f" {entry.alignment.stance}, {np.degrees(entry.alignment.angle_rad):.0f} deg from vertical,"
        f" elongation {entry.alignment.elongation:.2f}",
        f"  symmetry: {_symmetry(entry.symmetry)}",
    ]
    parts = [f"{part.name} ({part.salience:.2f})" for part in entry.parts if part.name != "body"]
    if parts:
        lines.append(f"  parts: {', '.join(parts)}")
    if entry.position is not None:
        x, y, z = entry.position
        lines.append(f"  at x {x:.2f}, y {y:.2f}, z {z:.2f} m (optical frame)")
    return lines


def _symmetry(symmetry: Symmetry) -> str:
    axis = symmetry.gesturable
    if axis is None:
        return "none that a person would show"
    return f"about {np.degrees(axis.angle_rad):.0f} deg (score {axis.score:.2f})"


def _document(scene: Scene) -> dict[str, Any]:
    """The scene for programs; outlines are (x right, y up) in shares of the object's extent."""
    return {
        "image_size": list(scene.image_size),
        "objects": [_row(entry) for entry in scene.objects],
        "relations": [[r.subject, r.relation, r.object, *r.others] for r in scene.relations],
    }


def _row(entry: SceneObject) -> dict[str, Any]:
    axis = entry.symmetry.gesturable
    return {
        "id": entry.id,
        "label": entry.label,
        "box": [entry.box.x, entry.box.y, entry.box.width, entry.box.height],
        "family": entry.shape.family,
        "color": entry.color.name,
        "stance": entry.alignment.stance,
        "angle_deg": float(np.degrees(entry.alignment.angle_rad)),
        "symmetry_axis_deg": None if axis is None else float(np.degrees(axis.angle_rad)),
        "parts": [{"name": p.name, "salience": p.salience} for p in entry.parts],
        "position_m": None if entry.position is None else [float(v) for v in entry.position],
        "outline": np.round(entry.outline.points, 4).tolist(),
        "evidence": [
            {"property": e.property, "confidence": e.confidence, "method": e.method}
            for e in entry.evidence
        ],
    }
