"""How a written word is said, in the phones of the CMU dictionary.

English words come from the dictionary. What no dictionary can have (names, numbers, signs, words
of other scripts and languages) is asked of espeak-ng where it is installed, and else spelt by rule.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from imaggen_speech.errors import SpeechError, TimingSourceUnavailable, UnknownLanguageError
from imaggen_speech.function_words import primary_language
from imaggen_speech.phones import VOWELS, cmu_phones, stressed_vowel
from imaggen_speech.sources.espeak import readable
from imaggen_speech.sources.espeak_library import load_espeak
from imaggen_speech.syllables import stressed_syllable

_YEAR = re.compile(r"(1[1-9]|20)(0[1-9]|[1-9][0-9])")
_AMOUNT = re.compile(r"([$€£])(\d[\d.,]*)")
_JOINTS = re.compile(r"[-_]")
# Letters by rule, longest first: only a bridge where neither dictionary nor espeak-ng is there.
_LETTERS = {
    "sch": "SH", "tch": "CH", "igh": "AY", "ch": "CH", "ck": "K", "ph": "F", "sh": "SH",
    "th": "TH", "wh": "W", "qu": "K W", "ng": "NG", "ee": "IY", "ea": "IY", "oo": "UW",
    "ou": "AW", "ow": "AW", "ai": "EY", "ay": "EY", "oi": "OY", "oy": "OY", "au": "AO", "aw": "AO",
    "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH",
    "j": "JH", "k": "K", "l": "L", "m": "M", "n": "N", "o": "AA", "p": "P", "q": "K", "r": "R",
    "s": "S", "t": "T", "u": "AH", "v": "V", "w": "W", "x": "K S", "y": "IY", "z": "Z",
    "0": "Z IH R OW", "1": "W AH N", "2": "T UW", "3": "TH R IY", "4": "F AO R", "5": "F AY V",
    "6": "S IH K S", "7": "S EH V AH N", "8": "EY T", "9": "N AY N", "&": "AE N D",
    "+": "P L AH S", "=": "IY K W AH L Z", "%": "P ER S EH N T", "@": "AE T",
    "$": "D AA L ER Z", "€": "Y UH R OW Z", "£": "P AW N D Z",
}  # fmt: skip
_UNKNOWN_LETTER = "AH"


@dataclass(frozen=True)
class Pronunciation:
    """A word as it is said.

    Attributes:
        variants: rows of CMU phones, the likeliest first; at least one, none of them empty.
        stressed_vowel: index among the first variant's vowels of the one with the main stress.
    """

    variants: tuple[tuple[str, ...], ...]
    stressed_vowel: int = 0


class Pronouncer:
    """Pronunciations of words in one language.

    Args:
        language: BCP 47.
        look_up: phones of a lower-case word of the English dictionary; none: not in it.

    Raises:
        UnknownLanguageError: when nothing here can pronounce the language.
    """

    def __init__(self, language: str, look_up: Callable[[str], tuple[tuple[str, ...], ...]]):
        self._language = language
        self._look_up = look_up
        self._is_english = primary_language(language) == "en"
        try:
            _espeak_phones("a", language)
        except TimingSourceUnavailable as error:
            self._has_espeak = False
            if not self._is_english:
                raise UnknownLanguageError(
                    f"words of the language {language!r} are pronounced by espeak-ng, which is not"
                    " installed; install it with pip install 'imaggen[speech]'"
                ) from error
        else:
            self._has_espeak = True

    def pronounce(self, word: str) -> Pronunciation:
        """How `word` is said; every word with a letter, digit or spoken sign is said somehow."""
        plain = word.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        known = self._in_dictionary(plain) if self._is_english else ()
        # US is no us: capitals may be read letter by letter.
        is_acronym = word.isupper() and len(word) > 1
        said, stress = self._by_espeak(word) if self._has_espeak else ((), -1)
        variants = known + said if is_acronym or not known else known
        if not variants:
            variants = (_by_letters(plain),)
        vowels = sum(phone in VOWELS for phone in variants[0])
        if stress < 0:
            stress = stressed_syllable(word, self._language)
        return Pronunciation(tuple(dict.fromkeys(variants)), min(stress, max(vowels - 1, 0)))

    def _in_dictionary(self, plain: str) -> tuple[tuple[str, ...], ...]:
        """Phones by the dictionary; those of a compound (well-known) by its parts."""
        whole = self._look_up(plain)
        if whole:
            return whole
        parts = [self._look_up(part) for part in _JOINTS.split(plain)]
        if not all(parts):
            return ()
        return (tuple(phone for part in parts for phone in part[0]),)

    def _by_espeak(self, word: str) -> tuple[tuple[tuple[str, ...], ...], int]:
        """Phones as espeak-ng reads each reading of the word, and the first one's stress."""
        rows = [_espeak_phones(reading, self._language) for reading in _readings(word)]
        said = [(phones, stress) for phones, stress in rows if phones]
        return tuple(phones for phones, _ in said), said[0][1] if said else -1


def _readings(word: str) -> list[str]:
    """Ways in which people say a word; those that espeak-ng would not find come last."""
    readings = [word]
    if _YEAR.fullmatch(word):
        readings.append(f"{word[:2]} {word[2:]}")
    amount = _AMOUNT.fullmatch(word)
    if amount:
        readings.append(f"{amount[2]} {amount[1]}")
    return readings


@lru_cache(maxsize=4096)
def _espeak_phones(text: str, language: str) -> tuple[tuple[str, ...], int]:
    """The phones that espeak-ng makes of a few letters, and which vowel is stressed (-1: none)."""
    try:
        spoken = load_espeak().synthesize(readable(text), language)
    except (TimingSourceUnavailable, UnknownLanguageError):
        raise
    except SpeechError:
        return (), -1  # it keeps silent
    sounds = [event.symbols for event in spoken.phonemes]
    return tuple(phone for sound in sounds for phone in cmu_phones(sound)), stressed_vowel(sounds)


def _by_letters(plain: str) -> tuple[str, ...]:
    """Phones by spelling rules; a letter of another script counts as a short vowel."""
    phones: list[str] = []
    rest = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    while rest:
        length = next((n for n in (3, 2, 1) if rest[:n] in _LETTERS), 1)
        if rest[:length] in _LETTERS:
            phones += _LETTERS[rest[:length]].split()
        elif rest[0].isalnum():
            phones.append(_UNKNOWN_LETTER)
        rest = rest[length:]
    return tuple(phones) or (_UNKNOWN_LETTER,)
