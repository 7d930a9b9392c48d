"""Gold cases: what the words of a sentence mean in a scene, written by people's common sense.

The files in `cases/` were written by authors who had not seen the matcher, most before it was tuned
(`en_a` after most of that).
Half of the cases (by a hash of their text) is for tuning, figures are quoted on the other half.
Files whose name contains `_more_` were written later, by other such authors, and are for tuning
only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import yaml

from imaggen_evaluation.errors import EvaluationError
from imaggen_evaluation.semantics.drawn_scenes import draw_scene
from imaggen_perception.scene import Scene
from imaggen_speech.text import tokenize

Split = Literal["tune", "test"]

KINDS = frozenset(
    "reference property part pronoun negation contrast comparison relation number place"
    " demonstrative motion abstract unrelated distractor typo recogniser".split()
)
COLORS = frozenset("black white gray red green blue yellow brown orange pink purple".split())
VALUES = COLORS | frozenset(
    "round oval square rectangular triangular star cross ring crescent polygonal curved angular"
    " pointed straight flat tall wide narrow long short thick large small upright lying slanted"
    " symmetric hollow left right top bottom middle front back near far moving".split()
)
RELATIONS = frozenset(
    "left_of right_of above below on under in_front_of behind inside around beside between"
    " in_row_with bigger_than smaller_than taller_than shorter_than wider_than narrower_than"
    " longer_than rounder_than".split()
)


@dataclass(frozen=True)
class GoldLink:
    """What one word refers to.

    Attributes:
        word: index of the expression's head among the utterance's words.
        targets: object ids, or `id.part`; empty: nothing of the scene.
        negated: the words say that it is not meant.
    """

    word: int
    targets: frozenset[str]
    negated: bool


@dataclass(frozen=True)
class Statement:
    """That a property is said of an object or part (`of`), or denied."""

    of: str
    value: str
    denied: bool = False


@dataclass(frozen=True)
class Case:
    """One sentence in a scene, and what it means there.

    Attributes:
        relations: (subject, relation, objects...) that the words state.
        gestures: whether a gesture about the scene can make sense.
    """

    text: str
    scene_name: str
    kind: str
    links: tuple[GoldLink, ...]
    says: frozenset[Statement]
    relations: frozenset[tuple[str, ...]]
    gestures: bool
    language: str = "en"
    for_tuning: bool = False

    @property
    def split(self) -> Split:
        """Half of the cases for tuning, half for figures, by a hash of the text."""
        if self.for_tuning:
            return "tune"
        return "tune" if int(hashlib.sha1(self.text.encode()).hexdigest(), 16) % 2 else "test"


@dataclass(frozen=True)
class CaseSet:
    """Cases and the scenes that they are about."""

    scenes: Mapping[str, Scene]
    cases: tuple[Case, ...]


def load_cases(language: str = "en") -> CaseSet:
    """All cases of a language that come with the project.

    Raises:
        EvaluationError: when a file is not as it should be.
    """
    folder = resources.files("imaggen_evaluation.semantics") / "cases"
    scenes: dict[str, Scene] = {}
    cases: list[Case] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.startswith(f"{language}_") and file.name.endswith(".yaml"):
            loaded = parse_cases(yaml.safe_load(file.read_text(encoding="utf-8")), language)
            scenes.update(loaded.scenes)
            more = "_more_" in file.name
            cases += [replace(case, for_tuning=more) for case in loaded.cases]
    return CaseSet(scenes, tuple(cases))


def read_cases(path: Path, language: str = "en") -> CaseSet:
    """The cases of one file.

    Raises:
        EvaluationError: when the file is not as it should be.
    """
    return parse_cases(yaml.safe_load(path.read_text(encoding="utf-8")), language)


def parse_cases(data: Mapping[str, Any], language: str = "en") -> CaseSet:
    """Check and read the content of a file.

    Raises:
        EvaluationError: naming the first thing that is wrong.
    """
    scenes = {}
    for name, rows in data["scenes"].items():
        try:
            scenes[name] = draw_scene(rows)
        except (KeyError, TypeError, ValueError) as error:
            raise EvaluationError(f"scene {name}: {error!r}") from error
    cases = []
    for row in data["cases"]:
        try:
            cases.append(_case(row, scenes, language))
        except (KeyError, TypeError, ValueError) as error:
            raise EvaluationError(f"case {row.get('text')!r}: {error}") from error
    return CaseSet(scenes, tuple(cases))


def _case(row: Mapping[str, Any], scenes: Mapping[str, Scene], language: str) -> Case:
    unknown = set(row) - {"text", "scene", "kind", "links", "says", "relations", "gestures"}
    if unknown:
        raise EvaluationError(f"unknown key {sorted(unknown)[0]!r}")
    scene = scenes[row["scene"]]
    if row["kind"] not in KINDS:
        raise EvaluationError(f"unknown kind {row['kind']!r}")
    links = tuple(_link(entry, row["text"], scene) for entry in row.get("links") or ())
    says = frozenset(s for entry in row.get("says") or () for s in _statements(entry, scene))
    relations = frozenset(_relation(entry, scene) for entry in row.get("relations") or ())
    return Case(
        row["text"],
        row["scene"],
        row["kind"],
        links,
        says,
        relations,
        row.get("gestures", "allowed") != "none",
        language,
    )


def _link(entry: Mapping[str, Any], text: str, scene: Scene) -> GoldLink:
    word, _, number = str(entry["word"]).partition("#")
    places = [
        index
        for index, token in enumerate(tokenize(text))
        if re.fullmatch(rf"{re.escape(word.lower())}(['’].*)?", token.text.lower())
        or token.text.lower().endswith("-" + word.lower())
    ]
    if len(places) < int(number or 1):
        raise EvaluationError(f"the word {entry['word']!r} does not stand in the text")
    targets = entry["to"]
    if targets in ("none", None):
        targets = []
    elif not isinstance(targets, list):
        targets = [targets]
    for target in targets:
        _check_target(target, scene)
    return GoldLink(places[int(number or 1) - 1], frozenset(targets), bool(entry.get("negated")))


def _statements(entry: Mapping[str, Any], scene: Scene) -> list[Statement]:
    targets = entry["of"] if isinstance(entry["of"], list) else [entry["of"]]
    denied = "is_not" in entry
    values = entry["is_not" if denied else "is"]
    values = [str(value) for value in (values if isinstance(values, list) else [values])]
    for target in targets:
        _check_target(target, scene)
    for value in values:
        if value not in VALUES and not re.fullmatch(r"number:\d+", value):
            raise EvaluationError(f"unknown value {value!r}")
    return [Statement(target, value, denied) for target in targets for value in values]


def _relation(entry: list[str], scene: Scene) -> tuple[str, ...]:
    subject, relation, *others = entry
    relation = "on" if str(relation) == "True" else relation  # YAML's truth value of a bare `on`
    if relation not in RELATIONS:
        raise EvaluationError(f"unknown relation {relation!r}")
    for target in (subject, *others):
        _check_target(target, scene)
    return (subject, relation, *others)


def _check_target(target: str, scene: Scene) -> None:
    object_id, _, part = target.partition(".")
    seen = scene.object(object_id)
    if part and part not in {known.name for known in seen.parts}:
        raise EvaluationError(f"{object_id!r} has no part {part!r}")
