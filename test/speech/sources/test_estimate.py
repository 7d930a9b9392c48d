import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaggen_speech import SpeechError, create_timing_source

SENTENCES = st.text(alphabet="abcdeiouy ,.'-1é", min_size=1, max_size=120).filter(
    lambda text: any(character.isalnum() for character in text)
)


@given(SENTENCES, st.floats(0.5, 2.0))
def test_every_word_follows_the_one_before(text: str, rate: float) -> None:
    spoken = create_timing_source("estimate", rate=rate).time_text(text)
    assert spoken.audio is None and spoken.sample_rate == 0
    now = 0.0
    for word in spoken.utterance.words:
        assert word.text in text
        assert word.start_s >= now
        assert 0.0 <= word.prominence <= 1.0
        now = word.end_s
    assert spoken.utterance.duration_s == now


def test_punctuation_makes_pauses() -> None:
    source = create_timing_source("estimate")
    words = source.time_text("One two, three. Four").utterance.words
    gaps = [after.start_s - word.end_s for word, after in zip(words, words[1:], strict=False)]
    assert gaps[0] == pytest.approx(0.0)
    assert 0.0 < gaps[1] < gaps[2]


def test_rate_scales_all_times() -> None:
    slow = create_timing_source("estimate", rate=0.5).time_text("The ball, it is round.")
    fast = create_timing_source("estimate", rate=2.0).time_text("The ball, it is round.")
    for a, b in zip(slow.utterance.words, fast.utterance.words, strict=True):
        assert a.accent_s == pytest.approx(4 * b.accent_s)


def test_utterance_says_where_its_times_come_from() -> None:
    utterance = create_timing_source("estimate").time_text("Hallo Welt", "de-DE").utterance
    assert (utterance.timing_source, utterance.language) == ("estimate", "de-DE")


def test_errors_are_of_the_room() -> None:
    source = create_timing_source("estimate")
    for text, language in (("", "en"), ("?", "en"), ("x" * 2001, "en"), ("hi", "?")):
        with pytest.raises(SpeechError):
            source.time_text(text, language)
