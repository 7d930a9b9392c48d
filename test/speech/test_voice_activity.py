import numpy as np
import pytest

from imaggen_speech.errors import NoSpeechError
from imaggen_speech.voice_activity import quiet_spans, voiced_span

RATE = 16000


def sound(*parts: tuple[float, float]) -> np.ndarray:
    """Tone bursts: (length [s], amplitude) each."""
    return np.concatenate([a * np.sin(np.arange(round(s * RATE)) * 0.3) for s, a in parts]).astype(
        np.int16
    )


def test_pauses_are_found_to_a_hundredth_of_a_second() -> None:
    audio = sound((0.5, 0), (0.7, 8000), (0.3, 0), (0.6, 5000), (0.4, 0))
    pauses = quiet_spans(audio, RATE)
    expected = [(0.0, 0.5), (1.2, 1.5), (2.1, 2.5)]
    assert [(p.start_s, p.end_s) for p in pauses] == [
        pytest.approx(span, abs=0.015) for span in expected
    ]
    span = voiced_span(audio, RATE)
    assert (span.start_s, span.end_s) == pytest.approx((0.5, 2.1), abs=0.015)


def test_steady_noise_is_quiet() -> None:
    audio = sound((0.5, 0), (1.0, 8000), (0.5, 0))
    noise = np.random.default_rng(1).normal(0, 200, len(audio))
    span = voiced_span((audio + noise).astype(np.int16), RATE)
    assert (span.start_s, span.end_s) == pytest.approx((0.5, 1.5), abs=0.03)


def test_speech_without_a_pause_is_all_voiced() -> None:
    audio = sound((1.0, 8000))
    assert quiet_spans(audio, RATE) == ()
    assert voiced_span(audio, RATE).end_s == 1.0


@pytest.mark.parametrize("length", [0, 10, RATE])
def test_silence(length: int) -> None:
    with pytest.raises(NoSpeechError, match="check the microphone"):
        voiced_span(np.zeros(length, np.int16), RATE)
