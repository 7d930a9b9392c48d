"""Forced alignment of phones with sound by pocketsphinx and its model of American English.

The decoder never sees the text: every pronunciation gets a word name of its own, so that nothing
written can reach its dictionary or grammar.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaggen_speech.errors import AlignmentError, TimingSourceUnavailable

SAMPLE_RATE = 16000
"""Of the acoustic model [Hz]."""
FRAME_S = 0.01
MIN_PHONE_FRAMES = 3
"""Every phone passes through three states of a frame at least."""
_MAX_NAMES = 4000
_PREFIX = "pronunciation"
# Nothing is pruned: with one fixed row of words the search is small, and pruning made it fail.
_UNPRUNED = {"beam": 1e-200, "pbeam": 1e-200, "wbeam": 1e-200, "lpbeam": 1e-200,
             "lponlybeam": 1e-200, "maxhmmpf": -1, "fwdflat": False, "bestpath": False}  # fmt: skip
PAUSE_PROBABILITIES = (1e-8, 5e-3)
"""How likely a pause is after a word: the first value keeps the silence of a stop's closure from
becoming a pause, the second one (the decoder's own) is tried where the first finds no way."""

Variants = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class AlignedPhone:
    """One phone in time: CMU name, onset and offset [s], and how well it fits (0 is best)."""

    name: str
    start_s: float
    end_s: float
    score: float


class PhoneAligner:
    """One decoder per pause probability, made when first needed.

    Threading: calls may come from any thread; one is served at a time.

    Raises:
        TimingSourceUnavailable: when pocketsphinx is not installed.
    """

    def __init__(self) -> None:
        self._sphinx = _import_pocketsphinx()
        self._lock = threading.Lock()
        self._decoders: dict[float, Any] = {}
        self._names: dict[float, dict[Variants, str]] = {}

    def look_up(self, word: str) -> Variants:
        """Pronunciations of a lower-case English word; none: not in the dictionary."""
        found: list[tuple[str, ...]] = []
        with self._lock:
            decoder = self._decoder(PAUSE_PROBABILITIES[0])
            # The names of our own pronunciations, and fillers such as <sil>, are no words.
            if "\0" in word or word.startswith((_PREFIX, "<", "[", "+")):
                return ()
            phones = decoder.lookup_word(word)
            while phones:
                found.append(tuple(phones.split()))
                phones = decoder.lookup_word(f"{word}({len(found) + 1})")
        return tuple(found)

    def align(
        self, words: Sequence[Variants], audio: NDArray[np.int16]
    ) -> list[tuple[AlignedPhone, ...]]:
        """The phones of every word in time.

        Args:
            words: pronunciations, at least one a word.
            audio: (n,) mono samples at `SAMPLE_RATE`.

        Raises:
            AlignmentError: when the words cannot be found in the sound.
        """
        shortest = sum(min(map(len, variants)) for variants in words) * MIN_PHONE_FRAMES * FRAME_S
        duration_s = len(audio) / SAMPLE_RATE
        with self._lock:
            for probability in PAUSE_PROBABILITIES if shortest < duration_s else ():
                phones = self._try(probability, words, audio)
                if phones is not None:
                    return phones
        raise AlignmentError(
            f"the audio of {duration_s:.1f} s does not say the {len(words)} words of the text; give"
            " the text that is spoken, or none to have it recognised"
        )

    def _try(
        self, probability: float, words: Sequence[Variants], audio: NDArray[np.int16]
    ) -> list[tuple[AlignedPhone, ...]] | None:
        """One attempt; None when the decoder finds no way through, after which it is dropped."""
        decoder = self._decoder(probability)
        names = [self._name(probability, variants) for variants in words]
        try:
            decoder.set_align_text(" ".join(names))
            self._decode(decoder, audio)
            spoken = [s for s in decoder.seg() or () if s.word.startswith(_PREFIX)]
            if len(spoken) == len(words):
                decoder.set_alignment()  # of the words just found, now by phones
                self._decode(decoder, audio)
                # Each word is read at once: it is gone when the iterator goes on.
                found = [
                    _phones(word)
                    for word in decoder.get_alignment().words()
                    if word.name.startswith(_PREFIX)
                ]
                if len(found) == len(words):
                    return found
        except (RuntimeError, TypeError):
            pass
        del self._decoders[probability]
        return None

    @staticmethod
    def _decode(decoder: Any, audio: NDArray[np.int16]) -> None:
        decoder.start_utt()
        decoder.process_raw(audio.tobytes(), full_utt=True)
        decoder.end_utt()

    def _decoder(self, probability: float) -> Any:
        if len(self._names.get(probability, ())) > _MAX_NAMES:
            del self._decoders[probability]  # forgets the names
        if probability not in self._decoders:
            self._names[probability] = {}
            self._decoders[probability] = self._sphinx.Decoder(
                lm=None, loglevel="FATAL", silprob=probability, **_UNPRUNED
            )
        return self._decoders[probability]

    def _name(self, probability: float, variants: Variants) -> str:
        """The decoder's word for these pronunciations."""
        names = self._names[probability]
        if variants not in names:
            name = f"{_PREFIX}{len(names)}"
            for number, phones in enumerate(variants, start=1):
                entry = name if number == 1 else f"{name}({number})"
                self._decoders[probability].add_word(entry, " ".join(phones), update=False)
            names[variants] = name
        return names[variants]


def _phones(word: Any) -> tuple[AlignedPhone, ...]:
    return tuple(
        AlignedPhone(
            phone.name,
            phone.start * FRAME_S,
            (phone.start + phone.duration) * FRAME_S,
            phone.score / max(phone.duration, 1),
        )
        for phone in word
    )


def _import_pocketsphinx() -> Any:
    try:
        import pocketsphinx
    except ImportError as error:
        raise TimingSourceUnavailable(
            "words are aligned with sound by pocketsphinx, which is not installed; install it with"
            " pip install 'imaggen[listen]'"
        ) from error
    return pocketsphinx


@lru_cache(maxsize=1)
def load_aligner() -> PhoneAligner:
    """The process's aligner; its decoder holds some 100 MB.

    Raises:
        TimingSourceUnavailable: when pocketsphinx is not installed.
    """
    return PhoneAligner()
