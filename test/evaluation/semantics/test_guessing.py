"""The forced choice: riddles are fair, and what separates is measured without the chooser."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from imaggen_evaluation.semantics.drawn_scenes import draw_scene
from imaggen_evaluation.semantics.guessing import (
    PROPERTIES,
    Riddle,
    make_riddle,
    play,
    separates,
)
from imaggen_semantics import Matcher, MatcherConfig
from imaggen_semantics.models import LanguageModels
from imaggen_speech import create_timing_source

MODELS = LanguageModels("en", lexicon_only=True)


def row(name: str, **changes: Any) -> dict[str, Any]:
    return {"id": name, "label": "box", "shape": "rectangle", "color": "red",
            "size": [0.1, 0.15], "at": [0.0, 0.0], **changes}  # fmt: skip


def riddle(*others: dict[str, Any], **first: Any) -> Riddle:
    rows = [row("meant", **first), *(row(f"other_{n}", **r) for n, r in enumerate(others))]
    utterance = create_timing_source("estimate").time_text("Bring me the box.").utterance
    return Riddle(draw_scene(rows), utterance, "meant", frozenset(r["id"] for r in rows))


@pytest.mark.parametrize(
    ("other", "able"),
    [
        ({}, set()),
        ({"at": [0.4, 0.0]}, {"position"}),
        ({"at": [0.02, 0.0]}, set()),
        ({"size": [0.2, 0.3]}, {"size"}),
        ({"size": [0.11, 0.165]}, set()),
        ({"size": [0.075, 0.15]}, {"extent"}),
        ({"shape": "triangle"}, {"outline"}),
        ({"color": "blue"}, set()),
    ],
)
def test_what_separates_from_one_other(other: dict[str, Any], able: set[str]) -> None:
    asked = riddle(other)
    assert {name for name in PROPERTIES if separates(asked, name)} == able


def test_parts_and_turns_separate() -> None:
    assert separates(riddle({}, parts=["handle"]), "part")
    assert not separates(riddle({"parts": ["handle"]}), "part")
    slim = {"size": [0.04, 0.2]}
    assert separates(riddle({**slim, "turn": 45}, **slim), "orientation")
    assert not separates(riddle({**slim, "turn": 10}, **slim), "orientation")


def test_every_other_must_differ() -> None:
    assert separates(riddle({"shape": "triangle"}, {"shape": "star"}), "outline")
    assert not separates(riddle({"shape": "triangle"}, {}), "outline")


def test_what_is_not_possible_need_not_differ() -> None:
    asked = riddle({"shape": "triangle"}, {})
    assert separates(replace(asked, possible=frozenset({"meant", "other_0"})), "outline")


def test_what_is_out_of_view_cannot_be_pointed_at() -> None:
    asked = riddle({"at": [0.4, 0.0]})
    gone = replace(asked.scene, objects=tuple(replace(o, age_s=5.0) for o in asked.scene.objects))
    assert separates(asked, "position")
    assert not separates(replace(asked, scene=gone), "position")


def test_riddles_come_from_their_seed() -> None:
    def made(seed: int) -> list[tuple[str, str, frozenset[str]]]:
        rng = np.random.default_rng(seed)
        riddles = [make_riddle(rng, in_view=True) for _ in range(3)]
        return [(r.utterance.text, r.referent, r.possible) for r in riddles]

    assert made(3) == made(3)
    assert made(3) != made(4)


def test_riddles_are_fair() -> None:
    rng = np.random.default_rng(5)
    for number in range(6):
        asked = make_riddle(rng, in_view=number % 2 == 0)
        ids = {seen.id for seen in asked.scene.objects}
        assert asked.referent in asked.possible <= ids
        assert 2 <= len(ids) <= 5
        ((word, told),) = asked.utterance.referents
        assert told == asked.referent
        noun = asked.utterance.words[word].text
        labels = {seen.label for seen in asked.scene.objects}
        assert labels == {"" if noun in ("thing", "object") else noun}
        assert all((seen.age_s == 0.0) == (number % 2 == 0) for seen in asked.scene.objects)


def test_a_game_counts_right() -> None:
    told: list[str] = []
    result = play(Matcher(models=MODELS), 8, 2, told.append)
    again = play(Matcher(models=MODELS), 8, 2)
    assert result == again
    assert result.riddles == 8
    assert 0 < result.solvable <= 8
    assert result.solved <= result.solvable
    assert sum(result.shown.values()) == result.solvable
    assert 0.0 < result.by_chance < result.solvable
    assert told[-1] == "riddles 8 / 8"


def test_who_shows_nothing_solves_nothing() -> None:
    still = play(Matcher(MatcherConfig(expressiveness=0.0), MODELS), 4, 2)
    assert still.solved == 0
    assert still.shown == {"none": still.solvable}
