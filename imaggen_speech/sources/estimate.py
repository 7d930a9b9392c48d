"""Words timed from the text alone, where no synthesiser is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from imaggen_speech.function_words import is_function_word, primary_language
from imaggen_speech.prosody import prominences
from imaggen_speech.sources.base import SpokenUtterance
from imaggen_speech.syllables import stressed_syllable, syllable_count
from imaggen_speech.text import Break, Token, check_language, tokenize
from imaggen_speech.utterance import Utterance, Word


@dataclass(frozen=True)
class SyllableTimes:
    """How long the syllables of a language are at a normal rate.

    Attributes:
        stressed_s: the stressed syllable of a content word [s].
        weak_s: every other syllable [s].
        final_factor: the last syllable before a break is longer by this (final lengthening).
        phrase_pause_s, sentence_pause_s: silence at the breaks between words [s].
    """

    stressed_s: float
    weak_s: float
    final_factor: float
    phrase_pause_s: float
    sentence_pause_s: float

    def pause_s(self, break_after: Break) -> float:
        """Silence after a word [s]."""
        pauses = {"phrase": self.phrase_pause_s, "sentence": self.sentence_pause_s}
        return pauses.get(break_after, 0.0)


_ENGLISH = SyllableTimes(0.27, 0.13, 1.5, 0.2, 0.3)
_GERMAN = SyllableTimes(0.29, 0.13, 1.3, 0.17, 0.28)
SYLLABLE_TIMES: dict[str, SyllableTimes] = {"en": _ENGLISH, "de": _GERMAN}
"""By primary language, fitted to the normal voices of espeak-ng (175 words a minute); other
languages are timed as English."""


class EstimateSource:
    """Times guessed from syllables and punctuation; there is no audio."""

    name = "estimate"

    def __init__(self, rate: float = 1.0) -> None:
        """Take the speech rate.

        Args:
            rate: relative to the normal one.
        """
        self._rate = rate

    def time_text(self, text: str, language: str = "en") -> SpokenUtterance:
        """Estimate when each word of `text` is said; see `TimingSource`."""
        tokens = tokenize(text)
        check_language(language)
        words = _time_words(tokens, language, self._rate)
        return SpokenUtterance(
            Utterance(
                text=text,
                words=words,
                duration_s=words[-1].end_s,
                language=language,
                timing_source=self.name,
            )
        )


def _time_words(tokens: Sequence[Token], language: str, rate: float) -> tuple[Word, ...]:
    times = SYLLABLE_TIMES.get(primary_language(language), _ENGLISH)
    levels = prominences(tokens, language)
    words = []
    now = 0.0
    for index, token in enumerate(tokens):
        is_final = token.break_after != "none" or index == len(tokens) - 1
        syllables = [
            length / rate for length in _syllables_s(token.text, language, is_final, times)
        ]
        stressed = stressed_syllable(token.text, language)
        accent = now + sum(syllables[:stressed]) + syllables[stressed] / 2
        end = now + sum(syllables)
        words.append(Word(token.text, now, end, accent, levels[index]))
        now = end + times.pause_s(token.break_after) / rate
    return tuple(words)


def _syllables_s(word: str, language: str, is_final: bool, times: SyllableTimes) -> list[float]:
    """Length of each syllable of a word [s]."""
    lengths = [times.weak_s] * syllable_count(word, language)
    if not is_function_word(word, language):
        lengths[stressed_syllable(word, language)] = times.stressed_s
    if is_final:
        lengths[-1] *= times.final_factor
    return lengths
