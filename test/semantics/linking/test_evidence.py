"""How well one object fits what a mention says of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semantics.scenes import make_object, make_scene, pair_scene
from semantics.sentences import mentions_of

from imaggen_perception.scene import Color, Part, SceneObject
from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.lexicon_loading import load_lexicon
from imaggen_semantics.linking.evidence import Evidence, combine, from_logit, logit, part_of

KNOWLEDGE = Knowledge(load_lexicon("en"))
RED = Color("red", (200, 0, 0), 0.9)


def with_part(seen: SceneObject, name: str) -> SceneObject:
    return replace(seen, parts=(Part(name, seen.outline, (0.6, 0.0), 0.3, 0.5),))


def noun(text: str, seen: SceneObject) -> float:
    (mention,) = mentions_of(text)
    return Evidence(KNOWLEDGE, make_scene(seen)).noun(mention, seen)


@pytest.mark.parametrize(
    ("text", "label", "low", "high"),
    [
        ("The cup.", "cup", 0.9, 1.0),
        ("The mug.", "cup", 0.85, 1.0),
        ("The container.", "cup", 0.7, 0.95),
        ("The apple.", "cup", 0.0, 0.1),
        ("The coffee cup.", "coffee cup", 0.9, 1.0),
        ("The one.", "cup", 0.5, 0.5),
        ("The idea.", "cup", 0.5, 0.5),
    ],
)
def test_names(text: str, label: str, low: float, high: float) -> None:
    seen = make_object("trapezoid", label=label)
    assert low <= noun(text, seen) <= high


def test_a_clashing_modifier_weakens_a_name() -> None:
    tea = make_object("trapezoid", label="tea cup")
    assert noun("The coffee cup.", tea) < noun("The tea cup.", tea)
    assert noun("The coffee cup.", tea) < noun("The cup.", tea)


def test_an_unsure_name_tells_less() -> None:
    sure = make_object("trapezoid", label="cup")
    unsure = replace(sure, label_confidence=0.2)
    assert noun("The apple.", sure) < noun("The apple.", unsure)
    assert noun("The cup.", sure) > noun("The cup.", unsure)


def test_looks_tell_where_there_is_no_name() -> None:
    circle, square = make_object("circle"), make_object("square")
    assert noun("The ball.", circle) > 0.7 > 0.3 > noun("The ball.", square)
    assert noun("The zorblat.", circle) < 0.5


def test_usual_colours_and_parts_count() -> None:
    yellow = Color("yellow", (220, 220, 0), 0.9)
    banana = make_object("crescent")
    assert noun("The banana.", replace(banana, color=yellow)) > noun(
        "The banana.", replace(banana, color=RED)
    )
    cup = make_object("trapezoid")
    assert noun("The cup.", with_part(cup, "handle")) > noun("The cup.", cup)


def test_looks_alone_never_make_sure() -> None:
    banana = replace(make_object("crescent"), color=Color("yellow", (220, 220, 0), 1.0))
    assert noun("The banana.", banana) < 0.9


def test_what_is_stated_weighs_less_than_what_identifies() -> None:
    seen = pair_scene().objects[0]
    evidence = Evidence(KNOWLEDGE, pair_scene())
    (stated,), (identifying,) = (
        evidence.properties(mentions_of(text)[0], seen)
        for text in ("The ball is round.", "The round ball.")
    )
    assert stated[0] == identifying[0] > 0.8
    assert stated[1] < identifying[1] == 1.0


def test_denials_turn_the_fit_round() -> None:
    seen = pair_scene().objects[0]
    evidence = Evidence(KNOWLEDGE, pair_scene())
    (mention,) = mentions_of("The ball is not round.")
    (word,) = mention.properties
    assert evidence.fit(word, seen) == pytest.approx(
        1.0 - evidence.fit(replace(word, negated=False), seen)
    )
    assert evidence.contradictions(mention, seen) == (word,)


def test_motion_is_not_seen_in_a_picture() -> None:
    (mention,) = mentions_of("The ball rolls.")
    scene = pair_scene()
    assert Evidence(KNOWLEDGE, scene).properties(mention, scene.objects[0]) == []


def test_parts() -> None:
    plain, handled = make_object("trapezoid"), with_part(make_object("trapezoid"), "handle")
    evidence = Evidence(KNOWLEDGE, make_scene(plain))
    has, lacks = (evidence.parts(["handle"], seen, False) for seen in (handled, plain))
    assert has > 0.5 > lacks
    assert evidence.parts(["handle"], plain, True) == has
    assert part_of(handled, ["lid", "handle"]) == "handle"
    assert part_of(plain, ["handle"]) == ""


def test_every_hole_is_a_hole() -> None:
    seen = make_object("ring")
    hole = Part("", seen.outline, (0.0, 0.0), 0.5, 0.5)
    assert part_of(replace(seen, holes=(hole,)), ["hole"]) == "hole"


@given(st.floats(0.005, 0.995))
def test_odds_and_back(probability: float) -> None:
    assert from_logit(logit(probability)) == pytest.approx(probability)


@given(st.floats(allow_nan=False))
def test_no_odds_are_too_large(value: float) -> None:
    assert 0.0 < from_logit(value) < 1.0


def test_evidence_adds_up() -> None:
    assert combine() == 0.5
    assert combine((0.8, 1.0), (0.8, 1.0)) > 0.8 > combine((0.8, 0.5)) > 0.5
    assert combine((0.8, 1.0), (0.2, 1.0)) == pytest.approx(0.5)
