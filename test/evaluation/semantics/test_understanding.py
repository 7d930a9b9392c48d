"""The figures count right: a hand-made system, whose mistakes are known, is measured."""

from collections.abc import Mapping
from typing import Any

import pytest

from imaggen_evaluation.semantics.cases import CaseSet, Statement, parse_cases
from imaggen_evaluation.semantics.understanding import (
    MatcherUnderstander,
    Tally,
    Understanding,
    measure,
)
from imaggen_perception.scene import Scene
from imaggen_semantics import Matcher
from imaggen_semantics.models import LanguageModels
from imaggen_speech import Utterance

TOYS = [
    {"id": "ball", "label": "ball", "shape": "circle", "color": "red", "size": [0.1, 0.1],
     "at": [-0.3, 0.0]},
    {"id": "cup", "label": "cup", "shape": "trapezoid", "color": "blue", "size": [0.1, 0.12],
     "at": [0.3, 0.0], "parts": ["handle"]},
]  # fmt: skip
NOTHING = Understanding({}, frozenset(), frozenset(), False)


def cases(*rows: Mapping[str, Any]) -> CaseSet:
    return parse_cases({"scenes": {"toys": TOYS}, "cases": [{"scene": "toys", **r} for r in rows]})


class Scripted:
    """Understands what it is told to, by the text."""

    def __init__(self, script: Mapping[str, Understanding]) -> None:
        self.script = script

    def understand(self, scene: Scene, utterance: Utterance) -> Understanding:
        return self.script.get(utterance.text, NOTHING)


def tallied(gold: CaseSet, **understood: Any) -> Tally:
    """One case, understood as told."""
    (case,) = gold.cases
    tally = Tally()
    tally.add(case, Understanding(**{"links": {}, "says": frozenset(), "relations": frozenset(),
                                     "gestures": False, **understood}))  # fmt: skip
    return tally


BALL_IS_RED = cases(
    {"text": "The ball is red.", "kind": "property", "links": [{"word": "ball", "to": "ball"}],
     "says": [{"of": "ball", "is": "red"}]}
)  # fmt: skip
NOT_THE_BALL = cases(
    {"text": "Not the ball, it isn't blue.", "kind": "negation",
     "links": [{"word": "ball", "to": "ball", "negated": True}],
     "says": [{"of": "ball", "is_not": "blue"}]}
)  # fmt: skip
RED, BLUE = Statement("ball", "red"), Statement("ball", "blue")
NOT_BLUE = Statement("ball", "blue", denied=True)
BALL, CUP = frozenset({"ball"}), frozenset({"cup"})


def test_all_right() -> None:
    tally = tallied(BALL_IS_RED, links={1: (BALL, False)}, says=frozenset({RED}), gestures=True)
    assert tally.link_accuracy == 1.0
    assert (tally.said_right, tally.said_found, tally.said_gold) == (1, 1, 1)
    assert tally.whole == [True] and tally.wrong == []
    assert tally.quiet == []  # a gesture is as good as none here


def test_links_that_are_missing_wrong_or_too_many() -> None:
    missing = tallied(BALL_IS_RED, says=frozenset({RED}))
    wrong = tallied(BALL_IS_RED, links={1: (CUP, False)}, says=frozenset({RED}))
    more = tallied(BALL_IS_RED, links={1: (BALL, False), 3: (CUP, False)}, says=frozenset({RED}))
    empty = tallied(
        BALL_IS_RED, links={1: (BALL, False), 3: (frozenset(), False)}, says=frozenset({RED})
    )
    assert [t.link_accuracy for t in (missing, wrong, more, empty)] == [0.0, 0.0, 0.5, 1.0]
    assert [t.whole for t in (missing, wrong, more, empty)] == [[False], [False], [False], [True]]
    assert "none should be ball" in missing.wrong[0]
    assert "3: cup should be no link" in more.wrong[0]


def test_half_of_a_plural_is_wrong() -> None:
    both = cases({"text": "Both are nice.", "kind": "number",
                  "links": [{"word": "Both", "to": ["ball", "cup"]}]})  # fmt: skip
    assert tallied(both, links={0: (BALL, False)}).links == [False]
    assert tallied(both, links={0: (BALL | CUP, False)}).links == [True]


def test_statements_count_for_precision_and_recall() -> None:
    tally = tallied(BALL_IS_RED, links={1: (BALL, False)}, says=frozenset({BLUE, NOT_BLUE}))
    assert (tally.said_right, tally.said_found, tally.said_gold) == (0, 2, 1)
    assert "missed ball is red" in tally.wrong[0]
    assert "invented ball is blue" in tally.wrong[0]
    assert "invented ball is not blue" in tally.wrong[0]


@pytest.mark.parametrize(
    ("link", "says", "expected"),
    [
        ((BALL, True), {NOT_BLUE}, [True, True]),
        ((BALL, False), {NOT_BLUE}, [False, True]),
        ((BALL, True), {BLUE}, [True, False]),
        ((BALL, True), {BLUE, NOT_BLUE}, [True, False]),
        ((BALL, True), set(), [True, False]),
        ((CUP, True), {NOT_BLUE}, [False, True]),
    ],
)
def test_negation_needs_both_the_thing_and_the_denial(
    link: tuple[frozenset[str], bool], says: set[Statement], expected: list[bool]
) -> None:
    tally = tallied(NOT_THE_BALL, links={2: link}, says=frozenset(says))
    assert tally.negated == expected
    assert tally.negated_cases == [all(expected)]


def test_other_kinds_do_not_count_as_negation() -> None:
    assert tallied(BALL_IS_RED).negated == []


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        ({"text": "My idea is big.", "kind": "abstract"}, True),
        ({"text": "How are you?", "kind": "unrelated"}, True),
        ({"text": "Not now.", "kind": "reference", "gestures": "none"}, True),
        ({"text": "The ball.", "kind": "reference"}, False),
    ],
)
def test_false_gestures(row: dict[str, str], counts: bool) -> None:
    assert tallied(cases(row), gestures=True).quiet == ([False] if counts else [])
    assert tallied(cases(row), gestures=False).quiet == ([True] if counts else [])
    assert tallied(cases(row), gestures=True).whole == [not counts]


def test_relations() -> None:
    gold = cases({"text": "The ball is left of the cup.", "kind": "relation",
                  "relations": [["ball", "left_of", "cup"]]})  # fmt: skip
    found = frozenset({("ball", "left_of", "cup"), ("cup", "left_of", "ball")})
    tally = tallied(gold, relations=found)
    assert (tally.related_right, tally.related_found, tally.related_gold) == (1, 2, 1)


def test_measuring_takes_one_half_only() -> None:
    rows = [
        {"text": f"The ball number {number} is red.", "kind": "property",
         "links": [{"word": "ball", "to": "ball"}]}
        for number in range(20)
    ]  # fmt: skip
    gold = cases(*rows)
    right = Understanding({1: (BALL, False)}, frozenset(), frozenset(), True)
    first = next(case.text for case in gold.cases if case.split == "test")
    told: list[str] = []
    halves = {
        half: measure(Scripted({first: right}), gold, half, told.append)
        for half in ("tune", "test")
    }
    counts = {half: len(tally.links) for half, tally in halves.items()}
    assert sum(counts.values()) == 20 and min(counts.values()) > 0
    assert sum(halves["test"].links) == 1 and sum(halves["tune"].links) == 0
    assert told[-1] == f"sentences {counts['test']} / {counts['test']}"


def test_the_matcher_is_understood() -> None:
    """Links by word, parts by name, properties by their group, relations by their objects."""
    gold = cases(
        {"text": "The ball, not the cup, is left of the cup.", "kind": "contrast"},
        {"text": "The ball is scarlet and round.", "kind": "property"},
        {"text": "The handle of the cup.", "kind": "part"},
        {"text": "There are two things.", "kind": "number"},
    )
    models = LanguageModels("en", lexicon_only=True)
    system = MatcherUnderstander(Matcher(models=models), models.lexicon)
    found = []

    class Spy:
        def understand(self, scene: Scene, utterance: Utterance) -> Understanding:
            found.append(system.understand(scene, utterance))
            return found[-1]

    for half in ("tune", "test"):
        measure(Spy(), gold, half)
    by_size = {len(understood.links): understood for understood in found}
    assert by_size[3].links[1] == (BALL, False) and by_size[3].links[4][1]
    assert by_size[3].relations == {("ball", "left_of", "cup")}
    assert by_size[2].links[1][0] == {"cup.handle"}
    said = {statement for understood in found for statement in understood.says}
    assert Statement("ball", "round") in said
    assert {Statement("ball", "number:2"), Statement("cup", "number:2")} <= said
