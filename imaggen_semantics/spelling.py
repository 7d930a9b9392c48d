"""Typing mistakes: words that the language does not have, mended where one word is meant."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from imaggen_semantics.errors import ModelUnavailable
from imaggen_semantics.vocabulary import Lexicon

_LEAST_LENGTH = 3
_LONG_WORD = 7
"""From this length on two mistakes are mended, below it one."""


class Speller:
    """Mends words by a list of the language's words and by the lexicon's own.

    A word of the language is left alone, so that names and rare words keep their meaning. Of the
    words within reach one that gestures care about wins over others.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        """Load the language's list of words.

        Raises:
            ModelUnavailable: when pyspellchecker, or its list for the language, is not installed.
        """
        try:
            from rapidfuzz.distance import DamerauLevenshtein
            from spellchecker import SpellChecker

            self._words: Any = SpellChecker(language=lexicon.language, distance=1)
            self._distance: Any = DamerauLevenshtein.distance
        except (ImportError, ValueError) as error:
            raise ModelUnavailable(
                f"there is no list of the words of {lexicon.language!r}; install one with"
                " pip install 'imaggen[language]'"
            ) from error
        known = {*lexicon.nouns, *lexicon.properties, *lexicon.parts, *lexicon.adjectives}
        self._wanted = sorted(word for word in known if word.isalpha())
        self._lexicon = lexicon
        self.mend = lru_cache(maxsize=4096)(self._mend)

    def _mend(self, word: str) -> str:
        """The word that `word` is a misspelling of; itself when it is one or none is near."""
        if len(word) < _LEAST_LENGTH or not word.isalpha() or self._is_word(word):
            return word
        reach = 2 if len(word) >= _LONG_WORD else 1
        near = [
            (self._distance(word, known, score_cutoff=reach), known)
            for known in self._wanted
            if abs(len(known) - len(word)) <= reach
        ]
        best = min(near, default=(reach + 1, ""))
        if best[0] <= 1:
            return best[1]
        common = self._words.correction(word)
        if common and common != word:
            return str(common)
        return best[1] if best[0] <= reach else word

    def _is_word(self, word: str) -> bool:
        lexicon = self._lexicon
        return bool(
            word in self._words
            or lexicon.noun_lemma(word)
            or lexicon.property_lemma(word)
            or lexicon.part_names(word)
            or lexicon.is_verb(word)
            or any(word in group for group in lexicon.grammar.values())
        )
