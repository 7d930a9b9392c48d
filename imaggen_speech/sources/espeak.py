"""Words timed by the espeak-ng synthesiser, with the sound it makes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from imaggen_speech.errors import SpeechError
from imaggen_speech.sources.base import SpokenUtterance
from imaggen_speech.sources.espeak_alignment import align
from imaggen_speech.sources.espeak_library import Synthesis, load_espeak
from imaggen_speech.text import Token, check_language, tokenize
from imaggen_speech.utterance import Utterance, Word

# What espeak-ng would read aloud although it is no word here (emoji, bullets), and control
# characters; a space each, so that text positions hold.
_UNSPOKEN = re.compile(r"[^\w\s.,;:!?'’\"“”«»()\[\]…&+=%@$€£/–—-]|[\x00-\x1f\x7f]")


class EspeakSource:
    """Times and audio from espeak-ng.

    Threading: calls may come from any thread; the library behind them serves one at a time.
    """

    name = "espeak-ng"

    def __init__(self, rate: float = 1.0) -> None:
        """Load the library.

        Args:
            rate: speech rate relative to the voice's normal one.

        Raises:
            TimingSourceUnavailable: when espeak-ng is not installed.
        """
        self._library = load_espeak()
        self._rate = rate

    def time_text(self, text: str, language: str = "en") -> SpokenUtterance:
        """Speak `text` into memory and time its words; see `TimingSource`."""
        tokens = tokenize(text)
        check_language(language)
        spoken = self._library.synthesize(readable(text), language, self._rate)
        words = time_words(tokens, spoken, language)
        utterance = Utterance(
            text=text,
            words=words,
            duration_s=max(spoken.duration_s, words[-1].end_s),
            language=language,
            timing_source=self.name,
        )
        return SpokenUtterance(utterance, spoken.audio, spoken.sample_rate)


def time_words(tokens: Sequence[Token], spoken: Synthesis, language: str) -> tuple[Word, ...]:
    """The words of a text by the events of its synthesis.

    Raises:
        SpeechError: when no event belongs to a written word.
    """
    return align(
        tokens,
        spoken.words,
        spoken.phonemes,
        spoken.duration_s,
        language,
        weigh=lambda word: _phoneme_count(word, language),
    )


def readable(text: str) -> str:
    """The text with a space for each character that espeak-ng had better not see."""
    return _UNSPOKEN.sub(" ", text)


@lru_cache(maxsize=1024)
def _phoneme_count(word: str, language: str) -> int:
    """How many sounds espeak-ng makes of a word alone; by letters where it keeps silent."""
    try:
        sounds = load_espeak().synthesize(readable(word), language).phonemes
    except SpeechError:
        return len(word)
    return sum(not sound.is_pause for sound in sounds)
