"""What is read of hesitant speech, told by the words as they were said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semantics.scenes import pair_scene

from imaggen_semantics import Matcher
from imaggen_semantics.disfluency import without_disfluencies
from imaggen_semantics.lexicon_loading import load_lexicon
from imaggen_semantics.models import LanguageModels
from imaggen_speech import Utterance, create_timing_source


def say(text: str) -> Utterance:
    return create_timing_source("estimate").time_text(text).utterance


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("um the the ball is uh round", "the ball is round"),
        ("the ball is round", "the ball is round"),
        ("that that is very very round", "that that is very very round"),
        ("it it is round", "it it is round"),
        ("uh um", "uh um"),
    ],
)
def test_what_is_left(text: str, left: str) -> None:
    fluent = without_disfluencies(say(text), load_lexicon("en"))
    assert " ".join(word.text for word in fluent.utterance.words) == left


def test_words_keep_their_places(bare_models: LanguageModels) -> None:
    matcher = Matcher(models=bare_models)
    said = say("look at uh the the um round ball")
    reading, links = matcher.link(pair_scene(), said)
    assert [word.index for word in reading.words] == list(range(len(said.words)))
    assert [word.text for word in reading.words] == [word.text for word in said.words]
    (link,) = links
    assert said.words[link.mention.index].text == "ball"
    assert [said.words[p.index].text for p in link.mention.properties] == ["round"]
    (gesture,) = matcher.plan(pair_scene(), said).gestures
    assert {said.words[i].text for i in gesture.affiliate} <= {"round", "ball"}


def test_a_hesitation_is_no_pause(bare_models: LanguageModels) -> None:
    fluent = without_disfluencies(say("the uh um er ball"), load_lexicon("en"))
    first, second = fluent.joined.words
    assert first.end_s == pytest.approx(say("the uh um er ball").words[3].end_s)
    assert fluent.utterance.words[0].end_s < first.end_s < second.start_s + 1e-9


WORDS = st.sampled_from(["um", "uh", "the", "the", "ball", "is", "round", "it", "a", "not"])


@given(st.lists(WORDS, min_size=1, max_size=14))
def test_any_hesitation_gives_a_plan_about_the_words(words: list[str]) -> None:
    matcher = Matcher(models=LanguageModels("en", lexicon_only=True))
    said = say(" ".join(words))
    reading, links = matcher.link(pair_scene(), said)
    assert [word.index for word in reading.words] == list(range(len(words)))
    for link in links:
        assert 0 <= link.mention.start <= link.mention.index < len(words)
        assert words[link.mention.index] not in ("um", "uh")
