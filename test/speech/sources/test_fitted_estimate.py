import numpy as np
import pytest

from imaggen_speech import SpeechError
from imaggen_speech.errors import NoSpeechError
from imaggen_speech.sources.fitted_estimate import FittedEstimate


def test_words_fill_the_voiced_part() -> None:
    tone = (9000 * np.sin(np.arange(32000) * 0.2)).astype(np.int16)
    audio = np.concatenate([np.zeros(8000, np.int16), tone, np.zeros(4000, np.int16)])
    utterance = FittedEstimate().time_audio(audio, 16000, "The ball is round.").utterance
    assert utterance.timing_source == "fitted estimate"
    assert utterance.words[0].start_s == pytest.approx(0.5, abs=0.02)
    assert utterance.words[-1].end_s == pytest.approx(2.5, abs=0.02)
    assert utterance.duration_s == pytest.approx(2.75)


def test_errors() -> None:
    with pytest.raises(NoSpeechError):
        FittedEstimate().time_audio(np.zeros(16000, np.int16), 16000, "hello")
    with pytest.raises(SpeechError, match="row of int16"):
        FittedEstimate().time_audio(np.zeros(0, np.int16), 16000, "hello")
