"""Phrases cut out of a stream of sound, by loudness and pauses."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK_S = 0.02
"""Loudness is judged in blocks of this length [s]."""
LEAST_LEVEL_DB = 35.0
"""Softer blocks are never speech, in decibels above one digital step."""
ABOVE_NOISE_DB = 9.0
"""Speech rises above the noise by this much [dB]."""
NOISE_MEMORY_S = 5.0
"""The noise is the softest block of so long a time [s]."""
BEFORE_S = 0.3
"""Sound kept before the first loud block, which may hold a weak first consonant [s]."""
LEAST_VOICE_S = 0.15
"""Less loud sound than this is a click or a cough [s]."""
LONGEST_S = 30.0
"""A phrase is cut after this time at the latest [s]."""


@dataclass(frozen=True)
class Phrase:
    """Sound between two pauses.

    Attributes:
        audio: (n,) mono samples, full scale 32767.
        sample_rate: samples per second [Hz].
        start_s: when its first sample was heard, in the time of `PhraseDetector.add`.
    """

    audio: NDArray[np.int16]
    sample_rate: int
    start_s: float


class PhraseDetector:
    """Collects sound and hands out each phrase when the pause after it is long enough.

    Args:
        pause_s: silence that ends a phrase [s].
        sample_rate: samples per second [Hz].
    """

    def __init__(self, pause_s: float, sample_rate: int) -> None:
        self.sample_rate = sample_rate
        self._pause = round(pause_s / BLOCK_S)
        self._block = round(BLOCK_S * sample_rate)
        self._rest = np.zeros(0, np.int16)
        self._before: deque[NDArray[np.int16]] = deque(maxlen=round(BEFORE_S / BLOCK_S))
        self._noise: deque[float] = deque(maxlen=round(NOISE_MEMORY_S / BLOCK_S))
        self._phrase: list[NDArray[np.int16]] = []
        self._start_s = 0.0
        self._loud = self._quiet = 0

    def add(self, samples: NDArray[np.int16], start_s: float) -> list[Phrase]:
        """Take in sound.

        Args:
            samples: (n,) mono samples that follow those of the last call.
            start_s: when the first of them was heard [s].

        Returns:
            The phrases that have ended, in order.
        """
        ended = []
        time_s = start_s - len(self._rest) / self.sample_rate
        sound = np.concatenate([self._rest, samples])
        count = len(sound) // self._block
        for block in np.split(sound[: count * self._block], count) if count else ():
            phrase = self._take(block, time_s)
            if phrase is not None:
                ended.append(phrase)
            time_s += BLOCK_S
        self._rest = sound[count * self._block :]
        return ended

    def _take(self, block: NDArray[np.int16], time_s: float) -> Phrase | None:
        """Take in one block; the phrase that it ends, if it does."""
        level = 10.0 * float(np.log10(np.mean(block.astype(np.float64) ** 2) + 1.0))
        self._noise.append(level)
        is_loud = level > max(LEAST_LEVEL_DB, min(self._noise) + ABOVE_NOISE_DB)
        if not self._phrase and not is_loud:
            self._before.append(block)
            return None
        if not self._phrase:
            self._start_s = time_s - len(self._before) * BLOCK_S
            self._phrase = list(self._before)
            self._before.clear()
        self._phrase.append(block)
        self._loud += is_loud
        self._quiet = 0 if is_loud else self._quiet + 1
        if self._quiet < self._pause and len(self._phrase) * BLOCK_S < LONGEST_S:
            return None
        return self._end()

    def _end(self) -> Phrase | None:
        """Hand out what was collected, unless it is too short to be speech."""
        phrase = Phrase(np.concatenate(self._phrase), self.sample_rate, self._start_s)
        is_speech = self._loud * BLOCK_S >= LEAST_VOICE_S
        self._phrase, self._loud, self._quiet = [], 0, 0
        return phrase if is_speech else None
