"""Genders of nouns, and which of them articles and pronouns may stand for.

One letter is one gender ("m", "f", "n"), and "p" the plural of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PLURAL = "p"
_LEAST_ENDING = 3  # a compound's last part has so many letters or more


@dataclass(frozen=True)
class Genders:
    """What a language's words tell of genders; nothing in a language without them.

    Attributes:
        words: genders that an article or pronoun may stand for.
        nouns: genders of nouns.
        endings: genders by the endings of the other nouns, longer endings first.
    """

    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    nouns: Mapping[str, str] = field(default_factory=dict)
    endings: tuple[tuple[str, str], ...] = ()

    def of_word(self, word: str) -> frozenset[str]:
        """Genders that an article or pronoun may stand for; empty: it does not tell."""
        return self.words.get(word, frozenset())

    def of_noun(self, noun: str) -> str:
        """The gender of a noun in its base form, of a compound that of its last part, or ""."""
        for place in range(max(1, len(noun) - _LEAST_ENDING + 1)):
            if noun[place:] in self.nouns:
                return self.nouns[noun[place:]]
        return next((gender for ending, gender in self.endings if noun.endswith(ending)), "")

    def agree(self, word: str, noun: str, *, plural: bool) -> bool:
        """Whether an article or pronoun may stand for a noun; without knowledge it may."""
        told, own = self.of_word(word), PLURAL if plural else self.of_noun(noun)
        return not told or not own or own in told

    def number(self, word: str, noun: str) -> bool | None:
        """Whether an article makes a noun a plural ("die Löffel"); None where it does not tell."""
        told, own = self.of_word(word), self.of_noun(noun)
        if not told:
            return None
        if PLURAL not in told:
            return False
        return True if told == {PLURAL} or (own and own not in told) else None


def parse_genders(data: Mapping[str, Any], nouns: Mapping[str, Mapping[str, str]]) -> Genders:
    """The section `genders` of a lexicon's file, and its nouns by gender."""
    endings = [(e, gender) for gender, found in data.get("endings", {}).items() for e in found]
    return Genders(
        words={
            word: frozenset(letters)
            for letters, words in data.get("words", {}).items()
            for word in words
        },
        nouns={noun: gender for gender, group in nouns.items() for noun in group},
        endings=tuple(sorted(endings, key=lambda entry: -len(entry[0]))),
    )
