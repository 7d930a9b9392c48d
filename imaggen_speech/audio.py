"""Sound as rows of int16 samples: checked, resampled, measured, and written to files."""

from __future__ import annotations

import wave
from math import gcd
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from imaggen_speech.errors import SpeechError

MIN_SAMPLE_RATE, MAX_SAMPLE_RATE = 8000, 192000
"""Rates that carry speech [Hz]."""
MAX_AUDIO_S = 180.0
"""Longest sound of one utterance [s]."""
LEVEL_HOP_S, LEVEL_WINDOW_S = 0.005, 0.02
"""Distance and length of the windows in which loudness is measured [s]."""


def check_audio(audio: NDArray[np.int16], rate: int) -> None:
    """Accept what can be the sound of one utterance.

    Args:
        audio: (n,) mono samples, full scale 32767.
        rate: samples per second [Hz].

    Raises:
        SpeechError: when `audio` is not a row of int16 samples, is empty or longer than
            `MAX_AUDIO_S`, or the rate is out of bounds.
    """
    _check_samples(audio)
    if not MIN_SAMPLE_RATE <= rate <= MAX_SAMPLE_RATE:
        raise SpeechError(
            f"the sample rate must be {MIN_SAMPLE_RATE} .. {MAX_SAMPLE_RATE} Hz, got {rate}"
        )
    if len(audio) > MAX_AUDIO_S * rate:
        raise SpeechError(
            f"the audio lasts {len(audio) / rate:.0f} s, more than the {MAX_AUDIO_S:.0f} s of one"
            " utterance; give it in several parts"
        )


def resample(audio: NDArray[np.int16], rate: int, to_rate: int) -> NDArray[np.int16]:
    """The same sound at another rate [Hz], (n,) samples."""
    if rate == to_rate:
        return audio
    common = gcd(rate, to_rate)
    samples = resample_poly(audio.astype(np.float64), to_rate // common, rate // common)
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)


def levels_db(audio: NDArray[np.int16], rate: int) -> NDArray[np.float64]:
    """Loudness over time.

    Returns:
        (k,) root mean square in decibels above one digital step; window i is centred on
        (i + 0.5) `LEVEL_HOP_S`. Less than one hop of sound makes none.
    """
    energy = np.concatenate([[0.0], np.cumsum(audio.astype(np.float64) ** 2)])
    count = int(len(audio) / (rate * LEVEL_HOP_S))
    centres = (np.arange(count) + 0.5) * LEVEL_HOP_S * rate
    half = LEVEL_WINDOW_S * rate / 2
    first = np.clip(np.rint(centres - half), 0, len(audio)).astype(np.int64)
    after = np.clip(np.rint(centres + half), 0, len(audio)).astype(np.int64)
    power = (energy[after] - energy[first]) / np.maximum(after - first, 1)
    return np.asarray(10.0 * np.log10(power + 1.0))


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
    _check_samples(audio)
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


def _check_samples(audio: NDArray[np.int16]) -> None:
    if audio.ndim != 1 or audio.dtype != np.int16 or audio.size == 0:
        raise SpeechError(
            f"audio must be a row of int16 samples, got {audio.dtype} of shape {audio.shape}"
        )
