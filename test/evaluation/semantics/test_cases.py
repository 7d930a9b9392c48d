"""The gold files load and make sense; files that do not are refused with a sentence."""

import copy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import imaggen_evaluation.semantics
from imaggen_evaluation.errors import EvaluationError
from imaggen_evaluation.semantics import drawn_scenes
from imaggen_evaluation.semantics.cases import (
    KINDS,
    VALUES,
    CaseSet,
    Statement,
    load_cases,
    parse_cases,
    read_cases,
)
from imaggen_evaluation.semantics.understanding import NEGATED_KINDS, QUIET_KINDS
from imaggen_perception.description import describe_outline
from imaggen_perception.properties import make_outline
from imaggen_perception.scene_file import SIMPLE_SHAPES
from imaggen_semantics.lexicon_loading import load_lexicon
from imaggen_speech.text import tokenize

GOOD: dict[str, Any] = {
    "scenes": {
        "toys": [
            {"id": "ball", "label": "ball", "shape": "circle", "color": "red",
             "size": [0.1, 0.1], "at": [-0.3, 0.0]},
            {"id": "cup", "label": "cup", "shape": "trapezoid", "color": "blue",
             "size": [0.1, 0.12], "at": [0.3, 0.0], "parts": ["handle"]},
        ],
    },
    "cases": [
        {"text": "The ball is left of the cup, not the cup.", "scene": "toys", "kind": "relation",
         "links": [{"word": "ball", "to": "ball"}, {"word": "cup", "to": ["cup"]},
                   {"word": "cup#2", "to": "cup", "negated": True}],
         "relations": [["ball", "left_of", "cup"]]},
        {"text": "The cup's handle isn't red.", "scene": "toys", "kind": "part",
         "links": [{"word": "cup", "to": "cup"}, {"word": "handle", "to": "cup.handle"}],
         "says": [{"of": "cup.handle", "is_not": "red"}]},
        {"text": "My idea is round.", "scene": "toys", "kind": "abstract", "gestures": "none",
         "links": [{"word": "idea", "to": "none"}]},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def quickly() -> Iterator[None]:
    """Scenes whose shapes are not described: that takes most of the time and is not tested here."""
    described = describe_outline(make_outline(SIMPLE_SHAPES["circle"]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawn_scenes, "describe_outline", lambda *_: described)
        yield


@pytest.fixture(scope="module")
def english(quickly: None) -> CaseSet:
    return load_cases("en")


@pytest.fixture(scope="module")
def german(quickly: None) -> CaseSet:
    return load_cases("de")


# -- the files that come with the project -----------------------------------------------------


def test_there_are_enough_cases_for_figures(english: CaseSet) -> None:
    originals = [case for case in english.cases if not case.for_tuning]
    assert len(originals) >= 250
    halves = Counter(case.split for case in originals)
    assert 0.4 < halves["test"] / len(originals) < 0.6
    assert {case.kind for case in originals} <= KINDS
    tested = Counter(case.kind for case in originals if case.split == "test")
    for kinds in (NEGATED_KINDS, QUIET_KINDS):
        assert sum(tested[kind] for kind in kinds) >= 30
    assert {case.split for case in english.cases if case.for_tuning} <= {"tune"}


def test_no_sentence_is_asked_twice_in_a_scene(english: CaseSet) -> None:
    counts = Counter((case.text, case.scene_name) for case in english.cases)
    assert [asked for asked, count in counts.items() if count > 1] == []


def test_no_sentence_for_figures_was_tuned_on(english: CaseSet) -> None:
    tuned = {case.text.lower() for case in english.cases if case.split == "tune"}
    tested = {case.text.lower() for case in english.cases if case.split == "test"}
    assert not tuned & tested


def test_names_are_unique(english: CaseSet) -> None:
    folder = Path(imaggen_evaluation.semantics.__file__).parent / "cases"
    names = [
        name
        for file in sorted(folder.glob("en_*.yaml"))
        for name in yaml.safe_load(file.read_text(encoding="utf-8"))["scenes"]
    ]
    assert len(names) == len(set(names)) == len(english.scenes)
    for scene in english.scenes.values():
        ids = [seen.id for seen in scene.objects]
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_case_points_into_its_scene(language: str, english: CaseSet, german: CaseSet) -> None:
    cases = {"en": english, "de": german}[language]
    assert len(cases.cases) >= 100
    for case in cases.cases:
        assert case.language == language
        ids = {seen.id for seen in cases.scenes[case.scene_name].objects}
        words = tokenize(case.text)
        heads = [link.word for link in case.links]
        assert len(heads) == len(set(heads)), case.text
        assert all(0 <= head < len(words) for head in heads)
        targets = {t for link in case.links for t in link.targets} | {s.of for s in case.says}
        assert {target.partition(".")[0] for target in targets} <= ids


def test_the_lexicon_has_a_word_for_every_value(english: CaseSet) -> None:
    known = {test.value for test in load_lexicon("en").properties.values()} | {"moving"}
    said = {s.value for case in english.cases for s in case.says}
    assert {value for value in said if not value.startswith("number:")} <= known & VALUES


def test_languages_without_cases_have_none() -> None:
    assert load_cases("xx").cases == ()


# -- reading ----------------------------------------------------------------------------------


def test_what_a_file_says() -> None:
    first, second, third = parse_cases(GOOD).cases
    assert [(link.word, set(link.targets), link.negated) for link in first.links] == [
        (1, {"ball"}, False), (6, {"cup"}, False), (9, {"cup"}, True),
    ]  # fmt: skip
    assert first.relations == {("ball", "left_of", "cup")}
    assert second.links[0].word == 1
    assert second.links[1].targets == {"cup.handle"}
    assert second.says == {Statement("cup.handle", "red", denied=True)}
    assert first.gestures and not third.gestures
    assert third.links[0].targets == frozenset()


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump(GOOD), encoding="utf-8")
    assert read_cases(file).cases == parse_cases(GOOD).cases


def changed(**changes: Any) -> dict[str, Any]:
    """The first case with some of its entries replaced."""
    data = copy.deepcopy(GOOD)
    data["cases"][0].update(changes)
    return data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (changed(kind="riddle"), "unknown kind 'riddle'"),
        (changed(scene="attic"), "'attic'"),
        (changed(mood="good"), "unknown key 'mood'"),
        (changed(links=[{"word": "tower", "to": "ball"}]), "'tower' does not stand in the text"),
        (changed(links=[{"word": "ball#2", "to": "ball"}]), "'ball#2' does not stand in the text"),
        (changed(links=[{"word": "ball", "to": "tower"}]), "tower"),
        (changed(links=[{"word": "cup", "to": "cup.lid"}]), "'cup' has no part 'lid'"),
        (changed(links=[{"word": "cup"}]), "to"),
        (changed(says=[{"of": "ball", "is": "fluffy"}]), "unknown value 'fluffy'"),
        (changed(says=[{"of": "moon", "is": "round"}]), "moon"),
        (changed(relations=[["ball", "hates", "cup"]]), "unknown relation 'hates'"),
        (changed(relations=[["ball", "on", "moon"]]), "moon"),
    ],
)
def test_cases_that_are_refused(data: dict[str, Any], message: str) -> None:
    with pytest.raises(EvaluationError) as refused:
        parse_cases(data)
    assert message in str(refused.value)
    assert "The ball is left of the cup" in str(refused.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shape": "blob"}, "blob"), ({"color": "mauve"}, "mauve"), ({"size": None}, "toys"),
        ({"parts": ["wings"]}, "wings"), ({"at": [1.0]}, "toys"),
    ],
)  # fmt: skip
def test_scenes_that_are_refused(change: dict[str, Any], message: str) -> None:
    data = copy.deepcopy(GOOD)
    data["scenes"]["toys"][0].update(change)
    with pytest.raises(EvaluationError, match="scene toys") as refused:
        parse_cases(data)
    assert message in str(refused.value)


def test_a_bare_on_is_a_relation() -> None:
    """YAML reads it as a truth value."""
    (case, *_) = parse_cases(changed(relations=[["ball", True, "cup"]])).cases
    assert case.relations == {("ball", "on", "cup")}


def test_halves_depend_on_the_text_alone() -> None:
    first, second = (parse_cases(changed(kind=kind)).cases[0] for kind in ("relation", "place"))
    assert first.split == second.split
