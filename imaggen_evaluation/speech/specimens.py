"""Speech whose word onsets are known: spoken by espeak-ng, which reports them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imaggen_speech.sources.espeak import readable
from imaggen_speech.sources.espeak_library import Synthesis, WordEvent, load_espeak
from imaggen_speech.text import Token, tokenize

_VOICED = 100  # samples above this count as speech when noise is measured against it


@dataclass(frozen=True)
class Voice:
    """A voice of espeak-ng: language with a variant (en-us+f3), and rate relative to normal."""

    name: str
    rate: float = 1.0

    @property
    def language(self) -> str:
        """BCP 47."""
        return self.name.split("+")[0]


@dataclass(frozen=True)
class Specimen:
    """A spoken sentence.

    Attributes:
        text, tokens: what is said.
        voice: who says it.
        spoken: the sound, with its events.
        onsets: when words begin [s], by index; only words with an event of their own.
    """

    text: str
    tokens: tuple[Token, ...]
    voice: Voice
    spoken: Synthesis
    onsets: dict[int, float]


def speak(text: str, voice: Voice) -> Specimen:
    """Have a sentence spoken.

    Raises:
        TimingSourceUnavailable: when espeak-ng is not installed.
    """
    spoken = load_espeak().synthesize(readable(text), voice.name, voice.rate)
    tokens = tokenize(text)
    return Specimen(text, tokens, voice, spoken, own_onsets(tokens, spoken.words))


def own_onsets(tokens: Sequence[Token], events: Sequence[WordEvent]) -> dict[int, float]:
    """Onsets [s] of the words whose event is followed by that of the very next word."""
    ends = [token.end for token in tokens]
    first: dict[int, float] = {}
    for event in events:
        index = bisect_right(ends, event.position)
        if index < len(tokens) and index not in first:
            first[index] = event.time_s
    known = {*first, len(tokens)}
    return {index: time_s for index, time_s in first.items() if index + 1 in known}


def with_noise(
    audio: NDArray[np.int16], snr_db: float, rng: np.random.Generator
) -> NDArray[np.int16]:
    """White noise added, so far below the speech [dB]."""
    loud = audio[np.abs(audio.astype(np.int32)) > _VOICED].astype(np.float64)
    scale = np.sqrt(np.mean(loud**2) * 10.0 ** (-snr_db / 10.0)) if loud.size else 0.0
    noisy = audio + rng.normal(0.0, 1.0, len(audio)) * scale
    return np.asarray(np.clip(np.rint(noisy), -32768, 32767), np.int16)
