"""Whether to gesture, and what: expressiveness, spacing, ties, reasons."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semantics.scenes import circle_scene, make_object, make_scene, pair_scene
from semantics.sentences import say

from imaggen_semantics import GesturePlan, Matcher, MatcherConfig
from imaggen_semantics.models import LanguageModels

MODELS = LanguageModels("en", lexicon_only=True)
TEXT = (
    "The round ball is left of the tall tower. Look at the tower, please, because it is very tall."
    " After all these words of mine, here is the ball again, which is small."
)


def planned(bare_models: LanguageModels, text: str = TEXT, **settings: object) -> GesturePlan:
    config = MatcherConfig(**settings)  # type: ignore[arg-type]
    return Matcher(config, bare_models).plan(pair_scene(), say(text))


def test_expressiveness_goes_from_still_to_vivid(bare_models: LanguageModels) -> None:
    counts = [
        len(planned(bare_models, expressiveness=value).gestures) for value in (0.0, 0.3, 0.6, 1.0)
    ]
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert counts[-1] >= 3


@given(st.floats(0.05, 1.0), st.integers(0, 1000))
def test_strokes_leave_each_other_time(expressiveness: float, seed: int) -> None:
    config = MatcherConfig(expressiveness=expressiveness, seed=seed)
    gestures = Matcher(config, MODELS).plan(pair_scene(), say(TEXT)).gestures
    for first, second in itertools.pairwise(gestures):
        gap = second.stroke_start_s - first.stroke_end_s
        assert gap >= config.gap_before(second) - 1e-9
    assert len({utterance_phrase(g.affiliate[0]) for g in gestures}) == len(gestures)


def utterance_phrase(word: int) -> int:
    """Which phrase of `TEXT` a word stands in."""
    words = TEXT.split()
    return sum(w.endswith((",", ".")) for w in words[:word])


def test_the_preparation_of_a_practice_counts(bare_models: LanguageModels) -> None:
    slow = planned(bare_models, preparation_s=(("drawing", 30.0), ("indexing", 30.0),
                   ("placing", 30.0), ("sizing", 30.0)))  # fmt: skip
    assert len(slow.gestures) == 1
    assert any("less than 30 s" in dropped.reason for dropped in slow.dropped)


def test_the_same_seed_gives_the_same_plan(bare_models: LanguageModels) -> None:
    for seed in range(5):
        first, second = (planned(bare_models, seed=seed) for _ in range(2))
        assert (first.gestures, first.dropped) == (second.gestures, second.dropped)


def test_chance_decides_ties_only(bare_models: LanguageModels) -> None:
    """Sizing its height and drawing its outline are worth the same for "the tall tower"."""
    plans = [planned(bare_models, "The tall tower.", seed=seed) for seed in range(20)]
    assert {plan.gestures[0].property for plan in plans} == {"extent", "outline"}
    assert any("as much" in d.reason and "chance" in d.reason for d in plans[0].dropped)
    clear = [planned(bare_models, "Look at this tower.", seed=seed) for seed in range(20)]
    assert {plan.gestures[0].property for plan in clear} == {"position"}


def test_less_than_it_must_be_worth_is_dropped(bare_models: LanguageModels) -> None:
    plan = planned(bare_models, "The ball.", expressiveness=0.1)
    assert plan.gestures == ()
    assert any("less than the 0.64 that expressiveness 0.1 asks for" in d.reason
               for d in plan.dropped)  # fmt: skip


def test_abstract_words_move_nothing_even_at_its_most_vivid(bare_models: LanguageModels) -> None:
    for text in ("My freedom is round.", "The idea is big.", "Happiness is on the left."):
        assert planned(bare_models, text, expressiveness=1.0).gestures == ()


def test_a_subject_comes_before_a_landmark(bare_models: LanguageModels) -> None:
    (gesture,) = planned(bare_models, "The ball is near the tall tower.").gestures
    assert gesture.object_id == "circle"
    assert gesture.practice == "placing"


def test_every_choice_has_a_reason_and_tells_what_it_beat(bare_models: LanguageModels) -> None:
    plan = planned(bare_models, "This tower is tall.")
    (gesture,) = plan.gestures
    assert gesture.reason.endswith(".")
    beaten = [d for d in plan.dropped if "tells more" in d.reason]
    assert beaten
    assert all(d.gesture.score <= gesture.score for d in beaten)


@pytest.mark.parametrize(
    "text",
    ["Not the ball, please.", "My freedom is round.", "That rings a bell.",
     "Yesterday in Paris we saw a ball.", "It's raining cats and dogs."],
)  # fmt: skip
def test_nothing_is_shown_where_it_would_mislead(text: str, bare_models: LanguageModels) -> None:
    assert planned(bare_models, text).gestures == ()


def test_numbers_are_counted_and_places_placed(bare_models: LanguageModels) -> None:
    balls = make_scene(
        *(make_object("circle", id=f"b{i}", center=(100 + 200 * i, 240), label="ball")
          for i in range(3))
    )  # fmt: skip
    plan = Matcher(models=bare_models).plan(balls, say("There are three balls."))
    assert [(g.practice, g.value) for g in plan.gestures] == [("counting", "3")]
    placed = planned(bare_models, "The ball is left of the tower.")
    assert [(g.practice, g.value) for g in placed.gestures] == [("placing", "left_of")]


def test_what_is_out_of_view_is_not_pointed_at(bare_models: LanguageModels) -> None:
    seen = circle_scene().objects[0]
    gone = make_scene(replace(seen, age_s=4.0))
    plan = Matcher(models=bare_models).plan(gone, say("Look at the ball."))
    assert all(gesture.phrase != "deictic" for gesture in plan.gestures)
