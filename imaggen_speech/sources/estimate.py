"""Words timed from the text alone, where no synthesiser is there."""

from __future__ import annotations

from collections.abc import Sequence

from imaggen_speech.function_words import is_function_word
from imaggen_speech.prosody import prominences, stressed_syllable, syllable_count
from imaggen_speech.sources.base import SpokenUtterance
from imaggen_speech.text import Break, Token, check_language, tokenize
from imaggen_speech.utterance import Utterance, Word

# The four constants are fitted to the normal English voice of espeak-ng (175 words a minute).
STRESSED_SYLLABLE_S = 0.27
"""Length of the stressed syllable of a content word [s]."""
WEAK_SYLLABLE_S = 0.13
"""Length of every other syllable [s]."""
FINAL_FACTOR = 1.5
"""The last syllable before a break is longer by this factor (final lengthening)."""
PAUSES_S: dict[Break, float] = {"none": 0.0, "phrase": 0.2, "sentence": 0.3}
"""Silence at the breaks between words [s]."""


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
    levels = prominences(tokens, language)
    words = []
    now = 0.0
    for index, token in enumerate(tokens):
        is_final = token.break_after != "none" or index == len(tokens) - 1
        syllables = _syllables_s(token.text, language, is_final, rate)
        stressed = stressed_syllable(token.text)
        accent = now + sum(syllables[:stressed]) + syllables[stressed] / 2
        end = now + sum(syllables)
        words.append(Word(token.text, now, end, accent, levels[index]))
        now = end + PAUSES_S[token.break_after] / rate
    return tuple(words)


def _syllables_s(word: str, language: str, is_final: bool, rate: float) -> list[float]:
    """Length of each syllable of a word [s]."""
    lengths = [WEAK_SYLLABLE_S / rate] * syllable_count(word)
    if not is_function_word(word, language):
        lengths[stressed_syllable(word)] = STRESSED_SYLLABLE_S / rate
    if is_final:
        lengths[-1] *= FINAL_FACTOR
    return lengths
