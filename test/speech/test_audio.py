import wave
from pathlib import Path

import numpy as np
import pytest

from imaggen_speech import SpeechError, write_wav


def test_samples_survive(tmp_path: Path) -> None:
    audio = np.arange(-500, 500, dtype=np.int16)
    write_wav(tmp_path / "a.wav", audio, 22050)
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22050)
        assert np.array_equal(np.frombuffer(file.readframes(1000), "<i2"), audio)


@pytest.mark.parametrize(
    ("audio", "rate", "message"),
    [
        (np.zeros(5), 22050, "row of int16"),
        (np.zeros((5, 2), np.int16), 22050, "row of int16"),
        (np.zeros(0, np.int16), 22050, "row of int16"),
        (np.zeros(5, np.int16), 0, "must be positive"),
    ],
)
def test_refused(audio: np.ndarray, rate: int, message: str, tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match=message):
        write_wav(tmp_path / "a.wav", audio, rate)
    assert not (tmp_path / "a.wav").exists()


def test_unwritable_file(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="cannot write"):
        write_wav(tmp_path / "no" / "a.wav", np.zeros(5, np.int16), 8000)
