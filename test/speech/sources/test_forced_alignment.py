from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("pocketsphinx")

from imaggen_speech import SpeechError, TimingSourceUnavailable
from imaggen_speech.errors import AlignmentError, EmptyTextError, NoSpeechError
from imaggen_speech.sources.espeak import readable
from imaggen_speech.sources.espeak_library import Synthesis, load_espeak
from imaggen_speech.sources.forced_alignment import ForcedAlignment
from imaggen_speech.text import tokenize
from imaggen_speech.utterance import Utterance


@pytest.fixture(scope="module")
def alignment() -> ForcedAlignment:
    try:
        load_espeak()
    except TimingSourceUnavailable as error:
        pytest.skip(str(error))
    return ForcedAlignment()


def spoken(text: str, language: str = "en-us") -> Synthesis:
    return load_espeak().synthesize(readable(text), language)


def check(utterance: Utterance, text: str) -> None:
    assert [word.text for word in utterance.words] == [token.text for token in tokenize(text)]
    for before, after in pairwise(utterance.words):
        assert before.end_s <= after.start_s + 0.1
    assert utterance.timing_source == "alignment"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ball is round.", "en-us"),
        ("The well-known lamp of 1984 costs €5, or $5.20 & 50% more at 10:30.", "en-gb"),
        ("Yevgeniya met Żółć and мяч at the naïve café 🙂 in Zhytomyr.", "en-us"),
        ("The US sent it to us.", "en-us"),
        ("Die Tür ist ungefähr so hoch wie 350 Stühle.", "de"),
        ("Le chat mange une pomme.", "fr"),
        ("<s> pronunciation0 [NOISE] <sil> the(2) ++x++ `rm -rf ~` $(reboot) ../../etc", "en-us"),
    ],
)
def test_every_word_is_found(alignment: ForcedAlignment, text: str, language: str) -> None:
    sound = spoken(text, language)
    timed = alignment.time_audio(sound.audio, sound.sample_rate, text, language)
    check(timed.utterance, text)
    assert timed.utterance.duration_s == pytest.approx(sound.duration_s)


def test_words_begin_where_the_voice_says(alignment: ForcedAlignment) -> None:
    sound = spoken("Put the cup on a table, and look at that box.")
    text = "Put the cup on a table, and look at that box."
    words = alignment.time_audio(sound.audio, sound.sample_rate, text).utterance.words
    starts = {token.start: word.start_s for token, word in zip(tokenize(text), words, strict=True)}
    errors = [abs(starts[event.position] - event.time_s) for event in sound.words]
    assert max(errors) < 0.1
    assert np.median(errors) < 0.02


def test_the_rate_of_the_sound_does_not_matter(alignment: ForcedAlignment) -> None:
    sound = spoken("The ball is round.")
    doubled = np.repeat(sound.audio, 2)
    plain = alignment.time_audio(sound.audio, sound.sample_rate, "The ball is round.")
    fast = alignment.time_audio(doubled, 2 * sound.sample_rate, "The ball is round.")
    for a, b in zip(plain.utterance.words, fast.utterance.words, strict=True):
        assert a.start_s == pytest.approx(b.start_s, abs=0.03)


def test_pauses_belong_to_no_word(alignment: ForcedAlignment) -> None:
    first, second = spoken("The ball is round."), spoken("Then it rolls.")
    gap = np.zeros(second.sample_rate, np.int16)
    audio = np.concatenate([gap, first.audio, gap, gap, second.audio, gap])
    text = "The ball is round. Then it rolls."
    words = alignment.time_audio(audio, first.sample_rate, text).utterance.words
    assert words[0].start_s == pytest.approx(1.0, abs=0.05)
    assert words[3].end_s < 1.0 + first.duration_s
    assert words[4].start_s == pytest.approx(3.0 + first.duration_s, abs=0.05)


def test_the_emphasised_word_is_the_most_prominent(alignment: ForcedAlignment) -> None:
    sound = spoken("Take the red box over there.")
    start, end = sound.words[2].time_s, sound.words[3].time_s
    audio = sound.audio.astype(float) / 3.0
    audio[int(start * sound.sample_rate) : int(end * sound.sample_rate)] *= 2.9
    words = alignment.time_audio(
        audio.astype(np.int16), sound.sample_rate, "Take the red box over there."
    ).utterance.words
    assert words[2].prominence == 1.0
    assert start < words[2].accent_s < end


def test_what_is_not_said_is_refused(alignment: ForcedAlignment) -> None:
    sound = spoken("The ball is round.")
    long = "The sculpture looks simple from the front, but how complicated it is from the side."
    with pytest.raises(AlignmentError, match="give the text that is spoken"):
        alignment.time_audio(sound.audio, sound.sample_rate, long)
    check(  # the aligner has not suffered
        alignment.time_audio(sound.audio, sound.sample_rate, "The ball is round.").utterance,
        "The ball is round.",
    )


def test_noise_does_not_say_the_text(alignment: ForcedAlignment) -> None:
    noise = np.random.default_rng(0).normal(0, 3000, 48000).astype(np.int16)
    with pytest.raises(AlignmentError):
        alignment.time_audio(noise, 16000, "The ball is round.")


@pytest.mark.parametrize(
    ("audio", "rate", "text", "error"),
    [
        (np.zeros(16000, np.int16), 16000, "hello", NoSpeechError),
        (np.zeros(0, np.int16), 16000, "hello", SpeechError),
        (np.ones(16000, np.float32), 16000, "hello", SpeechError),
        (np.full(9000, 99, np.int16), 50, "hello", SpeechError),
        (np.ones(16000 * 200, np.int16), 16000, "hello", SpeechError),
        (np.full(9000, 99, np.int16), 16000, " ... ", EmptyTextError),
        (np.full(100, 9999, np.int16), 16000, "hello", SpeechError),
    ],
)
def test_unusable_input(
    alignment: ForcedAlignment, audio: np.ndarray, rate: int, text: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        alignment.time_audio(audio, rate, text)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_timed_or_refused(alignment: ForcedAlignment, text: str) -> None:
    sound = spoken("The ball is round, and the box beside it is as tall as the lamp.")
    try:
        timed = alignment.time_audio(sound.audio, sound.sample_rate, text)
    except SpeechError:
        return
    assert timed.utterance.words[-1].end_s <= timed.utterance.duration_s


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    from imaggen_speech.sources.sphinx import PhoneAligner

    monkeypatch.setitem(__import__("sys").modules, "pocketsphinx", None)
    with pytest.raises(TimingSourceUnavailable, match=r"pip install 'imaggen\[listen\]'"):
        PhoneAligner()
