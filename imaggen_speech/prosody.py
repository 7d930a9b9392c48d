"""Which words are accented, how strongly, and in which syllable."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from imaggen_speech.function_words import is_function_word
from imaggen_speech.text import Token

CONTENT_PROMINENCE = 0.5
PHRASE_PROMINENCE = 0.8
SENTENCE_PROMINENCE = 1.0
"""Prominence of content words: the last one of a phrase bears its nuclear accent, and that of the
sentence's last phrase is the strongest (Cruttenden, Intonation, 1997)."""

_VOWELS = re.compile(r"[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœ]+")
# Vowels in a row that make two syllables: triangle, piano, radio (not: special, station).
_HIATUS = re.compile(r"[^aeiouycst]ia|io(?!n|us)")
_SILENT_E = re.compile(r"[^aeiouyl]e$|[aeiouy]le$|[^aeiouytd]ed$|[^aeiouysxzcg]es$")
# Suffixes that draw the stress to the syllable before them
# (Chomsky & Halle, The Sound Pattern of English, 1968).
_STRESS_BEFORE = re.compile(r"(?:[st]ion|ic|ical|ity|ian|ious|ial|logy|graphy)s?$")
# Common words that begin with an unstressed prefix.
_SECOND_STRESSED = frozenset(
    """
    about above again against ago ahead alike alone along among apart around away balloon because
    become before began begin behind believe belong below beneath beside between beyond bizarre
    canoe complete consist correct direct display exact giraffe guitar hello hotel indeed inside
    machine police return tonight today unique upon without yourself
    """.split()
)


def syllable_count(word: str) -> int:
    """Number of syllables of a written word, from its vowel groups; at least 1.

    A silent final e is not counted, except after consonant + l (table). A digit counts one and a
    half syllables on average (seven, zero: two; one, two: one), rounded. Words in scripts without
    Latin vowels count a syllable per three letters.
    """
    plain = word.lower()
    digits = sum(character.isdigit() for character in plain)
    groups = len(_VOWELS.findall(plain)) + len(_HIATUS.findall(plain))
    if (
        re.search(r"[^aeiouyl]e$|[aeiouy]le$|[^aeiouytd]ed$|[^aeiouysxzcg]es$", plain)
        and groups > 1
    ):
        groups -= 1
    if digits:
        return max(1, groups + round(1.5 * digits))
    if groups == 0 and not unicodedata.name(plain[0], "").startswith("LATIN"):
        return max(1, len(plain) // 3)
    return max(1, groups)


def stressed_syllable(word: str) -> int:
    """Index of the syllable that bears the main stress, by rule.

    English stresses the first syllable of most words, the one before suffixes such as -tion and
    -ic, and the second one of a few listed words.
    """
    plain = word.lower()
    count = syllable_count(plain)
    if count == 1:
        return 0
    match = _STRESS_BEFORE.search(plain)
    if match:
        before = syllable_count(plain[: match.start()]) if match.start() else 1
        return min(before, count) - 1
    if plain in _SECOND_STRESSED:
        return 1
    return 0


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
