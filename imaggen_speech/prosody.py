"""Which words are accented, and how strongly."""

from __future__ import annotations

from collections.abc import Sequence

from imaggen_speech.function_words import is_function_word
from imaggen_speech.text import Token

CONTENT_PROMINENCE = 0.5
PHRASE_PROMINENCE = 0.8
SENTENCE_PROMINENCE = 1.0
"""Prominence of content words: the last one of a phrase bears its nuclear accent, and that of the
sentence's last phrase is the strongest (Cruttenden, Intonation, 1997)."""


def prominences(tokens: Sequence[Token], language: str) -> tuple[float, ...]:
    """How strongly each word is accented, 0..1.

    Function words are unaccented and content words accented; the last content word of a phrase is
    stronger, that of a sentence the strongest. A sentence of function words alone bears its accent
    on the last of them.
    """
    values = [
        0.0 if is_function_word(token.text, language) else CONTENT_PROMINENCE for token in tokens
    ]
    sentence_start = phrase_start = 0
    for index, token in enumerate(tokens):
        last = index == len(tokens) - 1
        if token.break_after != "none" or last:
            _raise_last(values, phrase_start, index + 1, PHRASE_PROMINENCE)
            phrase_start = index + 1
        if token.break_after == "sentence" or last:
            if not _raise_last(values, sentence_start, index + 1, SENTENCE_PROMINENCE):
                values[index] = SENTENCE_PROMINENCE
            sentence_start = index + 1
    return tuple(values)


def _raise_last(values: list[float], start: int, end: int, prominence: float) -> bool:
    """Give the last accented word of `values[start:end]` this prominence, if there is one."""
    for index in range(end - 1, start - 1, -1):
        if values[index] > 0.0:
            values[index] = prominence
            return True
    return False
