"""Accents as they are heard: where in a word, and on which words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from imaggen_speech.audio import LEVEL_HOP_S
from imaggen_speech.voice_activity import Span

LEVEL_OF_STRESS_DB = 6.0
"""A vowel must be louder by this much to take the stress from the one that bears it by rule."""
EMPHASIS_DB = 5.0
"""A word louder than the utterance's other ones by this much is emphasised."""
EMPHASIS_PROMINENCE = 1.0


def stressed_nucleus(
    vowels: Sequence[Span], expected: int, levels: NDArray[np.float64]
) -> Span | None:
    """The vowel that bears the accent of a word.

    Args:
        vowels: the word's vowels in time.
        expected: index of the one that bears the stress by rule.
        levels: loudness over time, as from `audio.levels_db`.

    Returns:
        The vowel; None for a word without any.
    """
    if not vowels:
        return None
    chosen = min(expected, len(vowels) - 1)
    loudness = [peak_db(vowel, levels) for vowel in vowels]
    loudest = int(np.argmax(loudness))
    if loudness[loudest] > loudness[chosen] + LEVEL_OF_STRESS_DB:
        chosen = loudest
    return vowels[chosen]


def peak_db(span: Span, levels: NDArray[np.float64]) -> float:
    """The highest level within a span [dB]; 0 outside of the sound."""
    first = int(span.start_s / LEVEL_HOP_S)
    inside = levels[first : max(int(np.ceil(span.end_s / LEVEL_HOP_S)), first + 1)]
    return float(inside.max()) if inside.size else 0.0


def emphasised(prominences: Sequence[float], peaks_db: Sequence[float]) -> tuple[float, ...]:
    """Prominences by rule, corrected by what is heard: a word much louder than the others wins.

    Args:
        prominences: by rule, 0..1, one a word.
        peaks_db: level of each word's accented vowel [dB].
    """
    usual = float(np.median(peaks_db))
    return tuple(
        EMPHASIS_PROMINENCE if peak > usual + EMPHASIS_DB else level
        for level, peak in zip(prominences, peaks_db, strict=True)
    )
