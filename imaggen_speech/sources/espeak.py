"""Words timed by the espeak-ng synthesiser, with the sound it makes."""

from __future__ import annotations

import re

from imaggen_speech.sources.base import SpokenUtterance
from imaggen_speech.sources.espeak_alignment import align
from imaggen_speech.sources.espeak_library import load_espeak
from imaggen_speech.text import check_language, tokenize
from imaggen_speech.utterance import Utterance

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
        spoken = self._library.synthesize(_UNSPOKEN.sub(" ", text), language, self._rate)
        audio_s = len(spoken.audio) / spoken.sample_rate
        words = align(tokens, spoken.words, spoken.phonemes, audio_s, language)
        utterance = Utterance(
            text=text,
            words=words,
            duration_s=max(audio_s, words[-1].end_s),
            language=language,
            timing_source=self.name,
        )
        return SpokenUtterance(utterance, spoken.audio, spoken.sample_rate)
