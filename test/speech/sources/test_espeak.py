from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from imaggen_speech import (
    SpeechError,
    TimingSource,
    TimingSourceUnavailable,
    UnknownLanguageError,
    create_timing_source,
)
from imaggen_speech.text import tokenize


@pytest.fixture(scope="module")
def espeak() -> TimingSource:
    try:
        return create_timing_source("espeak")
    except TimingSourceUnavailable as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(
    "text",
    [
        "The ball is round.",
        "Put it on the table, out of the box.",
        "It weighs 1234567 kilograms of the sugar, and I'll see it.",
        "Salt & pepper are 50% of the mix in 1984.",
        "Hello 🙂 world, the naïve ball—round as ever—is 3.5 m (tall).",
        "A U.S.A. e-mail to john@example.com costs $5.20 o'clock",
        "well... the the of a I",
        "It is round.\n\nIt rolls!",
        "hm",
    ],
)
def test_every_written_word_has_a_time(espeak: TimingSource, text: str) -> None:
    spoken = espeak.time_text(text)
    utterance = spoken.utterance
    assert [word.text for word in utterance.words] == [token.text for token in tokenize(text)]
    assert utterance.timing_source == "espeak-ng"
    ends = [0.0] + [word.end_s for word in utterance.words]
    for end, word in zip(ends, utterance.words, strict=False):
        assert word.start_s >= end - 1e-9
    assert spoken.audio is not None
    assert utterance.duration_s == pytest.approx(len(spoken.audio) / spoken.sample_rate, abs=0.02)


def test_words_that_the_voice_merges_share_its_sound(espeak: TimingSource) -> None:
    words = espeak.time_text("The ball is on the table.").utterance.words
    on, the = words[3], words[4]
    assert on.end_s == pytest.approx(the.start_s)
    assert min(on.end_s - on.start_s, the.end_s - the.start_s) > 0.05


def test_audio_is_loud_in_words_and_silent_between_sentences(espeak: TimingSource) -> None:
    spoken = espeak.time_text("The ball is round. The box is tall.")
    audio, rate, words = spoken.audio, spoken.sample_rate, spoken.utterance.words
    assert audio is not None and audio.dtype == np.int16 and not audio.flags.writeable

    def level(start: float, end: float) -> float:
        return float(np.abs(audio[int(start * rate) : int(end * rate)].astype(float)).mean())

    loud = min(level(word.start_s, word.end_s) for word in words)
    assert words[4].start_s - words[3].end_s > 0.1
    assert level(words[3].end_s + 0.05, words[4].start_s) < 0.1 * loud


def test_accent_lies_on_the_stressed_syllable(espeak: TimingSource) -> None:
    early, late = espeak.time_text("table, around").utterance.words
    assert early.accent_s - early.start_s < 0.5 * (early.end_s - early.start_s)
    assert late.accent_s - late.start_s > 0.35 * (late.end_s - late.start_s)


def test_rate_changes_the_duration(espeak: TimingSource) -> None:
    text = "The ball is round and it rolls over the table"
    slow = create_timing_source("espeak", rate=0.7).time_text(text).utterance.duration_s
    fast = create_timing_source("espeak", rate=1.6).time_text(text).utterance.duration_s
    assert slow > 1.5 * fast
    assert fast < espeak.time_text(text).utterance.duration_s < slow


def test_languages(espeak: TimingSource) -> None:
    assert espeak.time_text("Hallo Welt", "de").utterance.words[1].text == "Welt"
    assert espeak.time_text("hello there", "en-ZZ").utterance.language == "en-ZZ"
    with pytest.raises(UnknownLanguageError, match="'xx'"):
        espeak.time_text("hello", "xx")
    with pytest.raises(SpeechError, match="give at least one word"):
        espeak.time_text("?!")


def test_threads_do_not_mix(espeak: TimingSource) -> None:
    texts = ["one", "one two three", "the ball is on the table", "round and round"] * 4
    with ThreadPoolExecutor(4) as pool:
        spoken = list(pool.map(espeak.time_text, texts))
    for text, result in zip(texts, spoken, strict=True):
        assert [word.text for word in result.utterance.words] == text.split()
        alone = espeak.time_text(text).utterance
        assert result.utterance.duration_s == pytest.approx(alone.duration_s, abs=0.02)
