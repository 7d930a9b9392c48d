"""A forced choice without people: does what is shown tell the referent from the distractors?

Scenes are drawn whose words leave several objects possible. A simulated viewer knows the words,
sees one property of the referent shown, and must pick the object; the property separates when
every other possible object differs from the referent by more than a viewer's threshold. The
thresholds are the viewer's own: the chooser's measures are not used here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_evaluation.semantics.drawn_scenes import draw_scene
from imaggen_perception.scene import Scene, SceneObject
from imaggen_semantics import Matcher
from imaggen_speech import create_timing_source
from imaggen_speech.utterance import Utterance

PROPERTIES = ("outline", "extent", "size", "orientation", "part", "position")

# A viewer's thresholds, above just noticeable differences: gestures are coarse.
SAME_OVERLAP = 0.86  # outlines in the same box that overlap more look alike (IoU)
LEAST_RATIO = 1.25  # of sizes, and of aspects
LEAST_TURN = math.radians(20.0)
LEAST_BEARING = math.radians(6.0)
_CANVAS = 96

_FAMILIES = (
    "ellipse", "rectangle", "triangle", "trapezoid", "polygon", "star", "cross", "crescent", "L",
    "T", "U", "irregular",
)  # fmt: skip
_PARTS = ("handle", "spout", "legs", "stem", "lid")
_NOUNS = ("bottle", "box", "toy", "tool", "thing", "object", "lamp", "vase", "stone", "sign")
_COLORS = ("red", "green", "blue", "yellow")
_TEXTS = (
    "I really like the {noun}.", "Can you remember the {noun}?", "The {noun} was a present.",
    "We should talk about the {noun}.", "My friend asked for the {noun}.", "Bring me the {noun}.",
    "The {color} {noun} is mine.", "I was thinking of the {color} {noun}.",
)  # fmt: skip


@dataclass(frozen=True)
class Riddle:
    """A scene, words that leave several of its objects possible, and the one that is meant.

    Attributes:
        possible: ids of the objects that the words fit, the referent included.
    """

    scene: Scene
    utterance: Utterance
    referent: str
    possible: frozenset[str]


@dataclass
class GuessingResult:
    """Counts of the forced choice.

    Attributes:
        riddles: all of them.
        solvable: those in which some property separates.
        solved: solvable ones in which the property that was chosen separates.
        by_chance: expected number of solvable ones that a random property would solve.
        shown: how often each property was chosen.
    """

    riddles: int
    solvable: int
    solved: int
    by_chance: float
    shown: dict[str, int]


def play(
    matcher: Matcher, count: int, seed: int, progress: Callable[[str], None] = lambda _: None
) -> GuessingResult:
    """Let the matcher choose what to show in `count` riddles.

    Args:
        matcher: under test.
        count: riddles; in every second one the objects were seen before and cannot be pointed at.
        seed: of the riddles.
        progress: told how far it is.
    """
    rng = np.random.default_rng(seed)
    result = GuessingResult(0, 0, 0, 0.0, {})
    while result.riddles < count:
        progress(f"riddles {result.riddles + 1} / {count}")
        riddle = make_riddle(rng, in_view=result.riddles % 2 == 0)
        if len(riddle.possible) < 2:
            continue  # the words told which one it is
        result.riddles += 1
        able = [name for name in PROPERTIES if separates(riddle, name)]
        if not able:
            continue
        result.solvable += 1
        result.by_chance += len(able) / len(PROPERTIES)
        plan = matcher.plan(riddle.scene, riddle.utterance)
        shown = next((g.property for g in plan.gestures if g.object_id == riddle.referent), "none")
        result.shown[shown] = result.shown.get(shown, 0) + 1
        result.solved += shown in able
    return result


def make_riddle(rng: np.random.Generator, *, in_view: bool) -> Riddle:
    """A referent and one to four others that share most of its properties."""
    first = _random_row(rng)
    rows = [first, *(_varied(first, rng) for _ in range(int(rng.integers(1, 5))))]
    order = rng.permutation(len(rows))
    for place, number in enumerate(order):
        rows[number]["id"] = f"thing_{number}"
        if "near" not in rows[number]:
            rows[number]["at"] = [-0.5 + 1.0 * place / max(1, len(rows) - 1), 0.0]
    for row in rows:
        if row.pop("near", False):
            row["at"] = [first["at"][0] + 0.02, 0.02]
    noun = str(rng.choice(_NOUNS))
    text = str(rng.choice(_TEXTS))
    for row in rows:
        row["label"] = noun if noun not in ("thing", "object") else ""
    scene = draw_scene(rows)
    if not in_view:
        scene = _remembered(scene)
    spoken = create_timing_source("estimate").time_text(
        text.format(noun=noun, color=first["color"])
    )
    words = [word.text for word in spoken.utterance.words]
    said_color = "{color}" in text
    possible = frozenset(r["id"] for r in rows if not said_color or r["color"] == first["color"])
    utterance = _meaning(spoken.utterance, words.index(noun), first["id"])
    return Riddle(scene, utterance, first["id"], possible)


def separates(riddle: Riddle, name: str) -> bool:
    """Whether a property tells the referent from all others that the words fit."""
    seen = riddle.scene.object(riddle.referent)
    if name == "position" and seen.age_s > 0.0:
        return False  # what is not in view cannot be pointed at
    others = [riddle.scene.object(o) for o in riddle.possible if o != riddle.referent]
    return all(_differs(seen, other, name) for other in others)


def _differs(seen: SceneObject, other: SceneObject, name: str) -> bool:
    if name == "outline":
        return _overlap(seen, other) < SAME_OVERLAP
    if name == "extent":
        return _ratio(_aspect(seen), _aspect(other)) >= LEAST_RATIO
    if name == "size":
        return _ratio(seen.outline.scale_m or 1.0, other.outline.scale_m or 1.0) >= LEAST_RATIO
    if name == "orientation":
        slim = min(seen.alignment.elongation, other.alignment.elongation) >= 1.5
        turn = abs(seen.alignment.angle_rad - other.alignment.angle_rad) % math.pi
        return slim and min(turn, math.pi - turn) >= LEAST_TURN
    if name == "part":
        own, theirs = ({p.name for p in o.parts} - {"body", ""} for o in (seen, other))
        return bool(own - theirs)
    return float(np.arccos(np.clip(seen.bearing @ other.bearing, -1, 1))) >= LEAST_BEARING


def _ratio(first: float, second: float) -> float:
    return max(first, second) / max(1e-6, min(first, second))


def _aspect(seen: SceneObject) -> float:
    width, height = seen.outline.extent
    return height / width


def _overlap(seen: SceneObject, other: SceneObject) -> float:
    """IoU of two filled outlines, each stretched to the whole canvas."""
    one, two = _filled(seen), _filled(other)
    return float(np.logical_and(one, two).sum() / np.logical_or(one, two).sum())


def _filled(seen: SceneObject) -> NDArray[np.bool_]:
    points = seen.outline.points
    low, high = points.min(axis=0), points.max(axis=0)
    pixels = (points - low) / (high - low) * (_CANVAS - 1)
    canvas = np.zeros((_CANVAS, _CANVAS), np.uint8)
    cv2.fillPoly(canvas, [np.round(pixels).astype(np.int32)], 1)
    return canvas.astype(bool)


def _random_row(rng: np.random.Generator) -> dict[str, Any]:
    width, height = rng.uniform(0.06, 0.16, 2)
    return {
        "shape": str(rng.choice(_FAMILIES)),
        "color": str(rng.choice(_COLORS)),
        "size": [float(width), float(height)],
        "turn": float(rng.choice([0.0, 0.0, 30.0, 90.0])),
        "parts": [str(rng.choice(_PARTS))] if rng.random() < 0.5 else [],
        "at": [0.0, 0.0],
    }


def _varied(row: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """A copy that differs in one or two properties, at times too little to be seen."""
    copy = {**row, "size": list(row["size"]), "parts": list(row["parts"])}
    for name in rng.choice(PROPERTIES, size=int(rng.integers(1, 3)), replace=False):
        strength = float(rng.uniform(1.05, 2.2))
        if name == "outline":
            copy["shape"] = str(rng.choice(_FAMILIES))
        elif name == "extent":
            copy["size"][1] *= strength if rng.random() < 0.5 else 1.0 / strength
        elif name == "size":
            factor = strength if rng.random() < 0.5 else 1.0 / strength
            copy["size"] = [side * factor for side in copy["size"]]
        elif name == "orientation":
            copy["turn"] = row["turn"] + float(rng.choice([10.0, 30.0, 60.0, 90.0]))
        elif name == "part":
            copy["parts"] = [] if row["parts"] else [str(rng.choice(_PARTS))]
        elif rng.random() < 0.3:
            copy["near"] = True  # so close that pointing does not tell
    if rng.random() < 0.3:
        copy["color"] = str(rng.choice(_COLORS))
    return copy


def _remembered(scene: Scene) -> Scene:
    return replace(scene, objects=tuple(replace(o, age_s=5.0) for o in scene.objects))


def _meaning(utterance: Utterance, word: int, object_id: str) -> Utterance:
    return replace(utterance, referents=((word, object_id),))
