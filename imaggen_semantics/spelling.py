"""Typing mistakes: words that the language does not have, mended where one word is meant."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from imaggen_semantics.errors import ModelUnavailable
from imaggen_semantics.vocabulary import Lexicon

_LEAST_LENGTH = 3
# A word of the language is only mended into one that is used so much more often.
_RARER = 100.0
# Words that gestures care about are likelier than others, and names of what is seen still more; two
# mistakes, or a mistaken first letter,
# are rarer than one.
_WANTED, _EXPECTED, _FARTHER, _OTHER_INITIAL = 20.0, 50.0, 0.02, 0.2
_COMPARED = 1000.0
_DOUBLED = 30.0  # a letter that should be there twice, or should not
_MISPLACED = 0.01
_SAME_END = 3.0
_SWAPPED = 10.0  # two letters that changed places are the commonest mistake
_LEAST_FREQUENCY = 0.5
_LONG_WORD = 6
"""From this length on two mistakes are mended, below it one."""


class Speller:
    """Mends words by a list of the language's words and by the lexicon's own.

    A word of the language is left alone unless a word very near to it is used far more often, so
    that names and rare words keep their meaning. Of the words within reach the commonest wins, and
    one that gestures care about over others.
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
        known = {*lexicon.nouns, *lexicon.properties, *lexicon.parts}
        self._wanted = frozenset(word for word in known if word.isalpha())
        self._lexicon = lexicon
        self._mend = lru_cache(maxsize=4096)(self._mend_simple)

    def mend(
        self,
        word: str,
        expected: frozenset[str] = frozenset(),
        *,
        governs: bool = False,
        compares: bool = False,
    ) -> str:
        """The word that `word` is a misspelling of; itself when it is one or none is near.

        Args:
            word: lower case; of a compound with hyphens each part is mended.
            expected: words that are likely here, such as the names of what is seen.
            compares: "than" stands behind it.
            governs: an article stands behind it, so that it describes nothing.
        """
        if "-" in word:
            return "-".join(self._mend(part, expected, False) for part in word.split("-"))
        return self._mend(word, expected, governs, compares)

    def _mend_simple(
        self, word: str, expected: frozenset[str], governs: bool, compares: bool = False
    ) -> str:
        if len(word) < _LEAST_LENGTH or not word.isalpha() or self._is_listed(word):
            return word
        if compares and not self._compares(word):
            own = 0.0
        else:
            own = max(self._frequency(word), self._frequency_of_adjectives(word))
        reach = 2 if len(word) >= _LONG_WORD else 1
        best, worth = word, own * _RARER
        # In alphabetical order, so that of equals every process takes the same.
        near = self._near(word, reach) | self._within(word, expected, reach)
        if compares:
            near |= set(self._words.known(self._words.edit_distance_1(word)))
        for known in sorted(near):
            distance = self._distance(word, known)
            wanted = _WANTED if self._is_wanted(known) or known in expected else 1.0
            wanted *= _EXPECTED if known in expected else 1.0
            wanted *= _COMPARED if compares and self._compares(known) else 1.0
            if governs and self._lexicon.property_lemma(known):
                wanted = _MISPLACED
            wanted *= _SAME_END if known[-1] == word[-1] else 1.0
            wanted *= _DOUBLED if _single(known) == _single(word) else 1.0
            wanted *= _SWAPPED if sorted(known) == sorted(word) else 1.0
            value = self._frequency(known) * wanted * _FARTHER ** (distance - 1)
            if word[0] != known[0]:
                value *= _OTHER_INITIAL
            if value > worth:
                best, worth = known, value
        return best

    def _near(self, word: str, reach: int) -> set[str]:
        return self._within(word, self._wanted, reach) | set(self._words.candidates(word) or ())

    def _within(self, word: str, known: Iterable[str], reach: int) -> set[str]:
        return {
            other
            for other in known
            if abs(len(other) - len(word)) <= reach
            and self._distance(word, other, score_cutoff=reach) <= reach
        }

    def _frequency(self, word: str) -> float:
        """How often the word is used, among a million."""
        return float(self._words.word_usage_frequency(word)) * 1e6 + (
            _LEAST_FREQUENCY if word in self._wanted else 0.0
        )

    def _compares(self, word: str) -> bool:
        """Whether a word is the comparative of a property."""
        lexicon = self._lexicon
        return lexicon.is_comparative(word) and bool(lexicon.property_lemma(word))

    def _frequency_of_adjectives(self, word: str) -> float:
        """How often the word is used that this is a form of: "ripe" of "riper"."""
        bases = self._lexicon.adjective_forms.bases(word)[1:]
        known = [self._frequency(base) for base in bases if len(base) > _LEAST_LENGTH]
        return _RARER * max(known, default=0.0)

    def _is_wanted(self, word: str) -> bool:
        lexicon = self._lexicon
        return bool(
            lexicon.noun_lemma(word) or lexicon.property_lemma(word) or lexicon.part_names(word)
        )

    def _is_listed(self, word: str) -> bool:
        lexicon = self._lexicon
        return bool(
            lexicon.noun_lemma(word)
            or lexicon.property_lemma(word)
            or lexicon.part_names(word)
            or lexicon.is_verb(word)
            or lexicon.is_adjective(word)
            or (lexicon.is_abstract(word) and self._frequency(word) > 0.0)
            or any(word in group for group in lexicon.grammar.values())
        )


def _single(word: str) -> str:
    """A word without letters that only repeat the one before."""
    return "".join(letter for i, letter in enumerate(word) if word[i - 1 : i] != letter)
