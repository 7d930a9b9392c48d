"""Audio files."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imaggen_speech.errors import SpeechError


def write_wav(path: str | Path, audio: NDArray[np.int16], rate: int) -> None:
    """Write mono 16-bit samples as a WAV file.

    Args:
        path: the file to write.
        audio: (n,) samples, full scale 32767.
        rate: samples per second [Hz].

    Raises:
        SpeechError: when `audio` is not a row of int16 samples, the rate is not positive, or the
            file cannot be written.
    """
    if audio.ndim != 1 or audio.dtype != np.int16 or audio.size == 0:
        raise SpeechError(
            f"audio must be a row of int16 samples, got {audio.dtype} of shape {audio.shape}"
        )
    if rate <= 0:
        raise SpeechError(f"the sample rate must be positive, got {rate} Hz")
    try:
        with Path(path).open("wb") as stream, wave.open(stream, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(audio.astype("<i2").tobytes())
    except OSError as error:
        raise SpeechError(f"cannot write {path}: {error.strerror}; choose another file") from error
