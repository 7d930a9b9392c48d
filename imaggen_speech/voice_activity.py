"""Where a sound is speech-like and where it is quiet, by loudness alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imaggen_speech.audio import LEVEL_HOP_S, levels_db
from imaggen_speech.errors import NoSpeechError

SILENCE_DB = 30.0
"""What never rises above this level, in decibels above one digital step, is silence."""
RANGE_DB = 35.0
"""Sounds of speech lie within this range below its loudest ones [dB]."""
NOISE_MARGIN_DB = 4.0
"""How far speech rises above a steady noise [dB]."""
MIN_PAUSE_S = 0.04
"""Shorter dips of the loudness are part of the speech [s]."""


@dataclass(frozen=True)
class Span:
    """A stretch of time [s]."""

    start_s: float
    end_s: float


def quiet_spans(audio: NDArray[np.int16], rate: int) -> tuple[Span, ...]:
    """The pauses of speech, in order, with those before and after it.

    The limit follows the sound: a fixed range below its loudest parts, or a little above the noise
    in its quietest ones, whichever is higher.

    Args:
        audio: (n,) mono samples.
        rate: samples per second [Hz].
    """
    levels = levels_db(audio, rate)
    if not levels.size:
        return ()
    loudest, noise = np.percentile(levels, [95.0, 5.0])
    # Where speech fills all of the sound, its quietest parts are no noise.
    limit = max(loudest - RANGE_DB, min(noise + NOISE_MARGIN_DB, loudest - 2 * NOISE_MARGIN_DB))
    quiet = np.concatenate([[False], levels < limit, [False]])
    edges = np.flatnonzero(quiet[1:] != quiet[:-1]).reshape(-1, 2) * LEVEL_HOP_S
    return tuple(Span(a, b) for a, b in edges.tolist() if b - a >= MIN_PAUSE_S)


def voiced_span(audio: NDArray[np.int16], rate: int) -> Span:
    """From the first to the last sound that is not quiet.

    Raises:
        NoSpeechError: when all of it is silence.
    """
    levels = levels_db(audio, rate)
    if not levels.size or levels.max() < SILENCE_DB:
        raise NoSpeechError("the audio is silent; record some speech, or check the microphone")
    duration_s = len(audio) / rate
    start_s, end_s = 0.0, duration_s
    for span in quiet_spans(audio, rate):
        if span.start_s <= 0.0:
            start_s = span.end_s
        if span.end_s >= duration_s - 2 * LEVEL_HOP_S:
            end_s = span.start_s
    return Span(start_s, end_s) if start_s < end_s else Span(0.0, duration_s)
