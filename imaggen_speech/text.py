"""Written text as the words that are spoken, and the breaks between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from imaggen_speech.errors import EmptyTextError, SpeechError, UnknownLanguageError

Break = Literal["none", "phrase", "sentence"]

MAX_TEXT_LENGTH = 2000
"""Longest text of one utterance [characters]: some two minutes of speech."""

# Signs that are read aloud on their own, as in "salt & pepper".
_SPOKEN_SIGNS = "&+=%@$€£"
# Inner signs (well-known, it's, 3.5, 10:30) belong to a word; dashes and slashes part words.
_WORD = re.compile(
    rf"[{_SPOKEN_SIGNS}]?[^\W_]+(?:[-'’.,:@&+_](?=[^\W_])[^\W_]+)*%?|[{_SPOKEN_SIGNS}]"
)
_SENTENCE_END = re.compile(r"[.!?…]|\n\s*\n")
_PHRASE_END = re.compile(r"[,;:()\[\]\"“”«»–—/\n]|\s-+\s|--")
# Abbreviations whose full stop ends no sentence.
_ABBREVIATIONS = frozenset("dr mr mrs ms prof st no vs etc approx e.g i.e".split())
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Token:
    """One spoken word in its text.

    Attributes:
        text: as written, without surrounding punctuation.
        start, end: characters `text[start:end]` of the whole text.
        break_after: what follows: a word, the end of a phrase or of a sentence.
    """

    text: str
    start: int
    end: int
    break_after: Break


def tokenize(text: str) -> tuple[Token, ...]:
    """The words of `text` in order, with the breaks that its punctuation makes.

    Raises:
        EmptyTextError: when there is no word to say.
        SpeechError: when the text is longer than `MAX_TEXT_LENGTH`.
    """
    if len(text) > MAX_TEXT_LENGTH:
        raise SpeechError(
            f"the text has {len(text)} characters, more than the {MAX_TEXT_LENGTH} of one"
            " utterance; say it in several parts"
        )
    matches = list(_WORD.finditer(text))
    if not any(character.isalnum() for match in matches for character in match.group()):
        shown = repr(text.strip())
        raise EmptyTextError(
            f"the text {shown} has no words; give at least one word to say"
            if text.strip()
            else "the text is empty; give at least one word to say"
        )
    return tuple(
        Token(match.group(), match.start(), match.end(), _break_after(text, match, follower))
        for match, follower in zip_longest(matches, matches[1:])
    )


def _break_after(text: str, word: re.Match[str], follower: re.Match[str] | None) -> Break:
    """The break between a word and the next one, or the end of the text."""
    if follower is None:
        return gap_break(text[word.end() :])
    gap = text[word.end() : follower.start()]
    goes_on = word.group().lower() in _ABBREVIATIONS or follower.group()[0].islower()
    return "none" if gap.strip() == "." and goes_on else gap_break(gap)


def gap_break(gap: str) -> Break:
    """The break that the characters between two words make."""
    if _SENTENCE_END.search(gap):
        return "sentence"
    return "phrase" if _PHRASE_END.search(gap) else "none"


def check_language(language: str) -> None:
    """Accept well-formed BCP 47 tags only.

    Raises:
        UnknownLanguageError: when `language` is not a tag such as "en" or "en-US".
    """
    if not _LANGUAGE_TAG.fullmatch(language):
        raise UnknownLanguageError(
            f"the language {language!r} is not a BCP 47 tag; use one such as 'en' or 'en-US'"
        )
