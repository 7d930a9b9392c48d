"""Syllables of written words and their stress, by rules that are data per language.

English and German have rules of their own. Other languages with Latin vowels are counted by their
vowel groups and stressed on the first syllable; scripts without them count a syllable per three
letters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from imaggen_speech.function_words import primary_language

_VOWELS = re.compile(r"[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœ]+")
_LETTERS_PER_SYLLABLE = 3
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class SyllableRules:
    """How a language's spelling tells syllables and stress.

    Attributes:
        hiatus: vowels in a row that make two syllables.
        silent: an ending whose vowel is not spoken.
        syllables_per_digit: of numbers, on average.
        stress_before: suffixes that draw the stress to the syllable before them.
        stress_on: suffixes that bear the stress on their own first syllable.
        unstressed_start: beginnings of words whose second syllable is stressed.
    """

    hiatus: re.Pattern[str] = _NEVER
    silent: re.Pattern[str] = _NEVER
    syllables_per_digit: float = 1.5
    stress_before: re.Pattern[str] = _NEVER
    stress_on: re.Pattern[str] = _NEVER
    unstressed_start: re.Pattern[str] = _NEVER


_ENGLISH = SyllableRules(
    # triangle, piano, radio (not: special, station)
    hiatus=re.compile(r"[^aeiouycst]ia|io(?!n|us)"),
    silent=re.compile(r"[^aeiouyl]e$|[aeiouy]le$|[^aeiouytd]ed$|[^aeiouysxzcg]es$"),
    # Chomsky & Halle, The Sound Pattern of English, 1968.
    stress_before=re.compile(r"(?:[st]ion|ic|ical|ity|ian|ious|ial|logy|graphy)s?$"),
    # Common words that begin with an unstressed syllable.
    unstressed_start=re.compile(
        r"(?:about|above|again|against|ago|ahead|alike|alone|along|among|apart|around|away|balloon"
        r"|because|become|before|began|begin|behind|believe|belong|below|beneath|beside|between"
        r"|beyond|bizarre|canoe|complete|consist|correct|direct|display|exact|giraffe|guitar|hello"
        r"|hotel|indeed|inside|machine|police|return|tonight|today|unique|upon|without|yourself)$"
    ),
)
_GERMAN = SyllableRules(
    # The-a-ter, Mu-se-um, Fa-mi-li-e, Ra-di-o (not: Tier, Beet, Haus, neu)
    hiatus=re.compile(r"ea|eo|eu(?=m$|ms$)|i[aou]|(?<=[ln])ie(?=n?$)|ua|uie"),
    syllables_per_digit=1.8,
    # Wiese, The Phonology of German, 1996: foreign suffixes bear the stress, native prefixes
    # never do.
    stress_on=re.compile(
        r"(?:ieren?|ierte?n?|iert|tion(?:en)?|sion(?:en)?|tät(?:en)?|enz|anz|ist(?:en)?|ur|ell"
        r"|ös|ei)$"
    ),
    unstressed_start=re.compile(
        r"(?:be(?![iest])|ge(?![iegh])|ent|emp|er(?=[bfghklmnrstwz][^s])|ver|zer|warum$|wohin$"
        r"|woher$|zurück|sofort$|hallo$|zusammen|hin(?:auf|aus|ein|ab)|her(?:auf|aus|ein|ab)"
        r"|vor(?:bei|her|an))"
    ),
)
SYLLABLE_RULES: dict[str, SyllableRules] = {"en": _ENGLISH, "de": _GERMAN}
"""By primary language."""
_OTHER = SyllableRules()


def syllable_count(word: str, language: str = "en") -> int:
    """Number of syllables of a written word, from its vowel groups; at least 1.

    Digits count some syllables each on average, rounded. Words in scripts without Latin vowels
    count a syllable per three letters.
    """
    rules = _rules(language)
    plain = word.lower()
    digits = sum(character.isdigit() for character in plain)
    groups = len(_VOWELS.findall(plain)) + len(rules.hiatus.findall(plain))
    if groups > 1 and rules.silent.search(plain):
        groups -= 1
    if digits:
        return max(1, groups + round(rules.syllables_per_digit * digits))
    if groups == 0 and not unicodedata.name(plain[0], "").startswith("LATIN"):
        return max(1, len(plain) // _LETTERS_PER_SYLLABLE)
    return max(1, groups)


def stressed_syllable(word: str, language: str = "en") -> int:
    """Index of the syllable that bears the main stress, by rule.

    The first one of most words; suffixes and beginnings that move it are data of the language.
    """
    rules = _rules(language)
    plain = word.lower()
    count = syllable_count(plain, language)
    if count == 1:
        return 0
    before = rules.stress_before.search(plain)
    if before:
        return min(_syllables_until(plain, before.start(), language), count) - 1
    on = rules.stress_on.search(plain)
    if on and on.start():
        return min(_syllables_until(plain, on.start(), language), count - 1)
    return 1 if rules.unstressed_start.match(plain) else 0


def _syllables_until(word: str, end: int, language: str) -> int:
    """Syllables of the beginning of a word, at least 1."""
    return syllable_count(word[:end], language) if end else 1


def _rules(language: str) -> SyllableRules:
    return SYLLABLE_RULES.get(primary_language(language), _OTHER)
