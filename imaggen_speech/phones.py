"""International phonetic symbols as the 39 phones of the CMU dictionary.

The acoustic model knows the phones of American English only. Sounds of other languages become the
nearest of them by place and manner of articulation (International Phonetic Association, Handbook,
1999): good enough to find where words begin, which is all that is asked.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

VOWELS = frozenset("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split())
"""The CMU phones that are the core of a syllable."""
STOPS = frozenset("B CH D G JH K P T".split())
"""The CMU phones that begin with silence, while the mouth is closed."""

_PHONES = {
    # consonants
    "b": "B", "d": "D", "f": "F", "h": "HH", "j": "Y", "k": "K", "l": "L", "m": "M", "n": "N",
    "p": "P", "r": "R", "s": "S", "t": "T", "v": "V", "w": "W", "z": "Z", "x": "K", "c": "K",
    "q": "K", "g": "G", "ð": "DH", "ŋ": "NG", "ɡ": "G", "ɹ": "R", "ɾ": "D", "ʁ": "R", "ʀ": "R",
    "ɻ": "R", "ɽ": "R", "ʃ": "SH", "ʒ": "ZH", "θ": "TH", "ç": "SH", "χ": "HH", "ɕ": "SH",
    "ʑ": "ZH", "ʂ": "SH", "ʐ": "ZH", "β": "V", "ɣ": "G", "ɦ": "HH", "ħ": "HH", "ʕ": "HH",
    "ɬ": "L", "ɭ": "L", "ɫ": "L", "ʋ": "V", "ɲ": "N Y", "ɳ": "N", "ɴ": "NG", "ʎ": "L Y",
    "ʈ": "T", "ɖ": "D", "ɟ": "G", "ɢ": "G", "ɸ": "F", "ɰ": "W", "ɥ": "Y", "ʍ": "W", "ʝ": "Y",
    "tʃ": "CH", "dʒ": "JH", "tɕ": "CH", "dʑ": "JH", "ʈʂ": "CH", "ts": "T S", "dz": "D Z",
    "pf": "P F", "ks": "K S",
    # vowels
    "a": "AA", "e": "EY", "i": "IY", "o": "OW", "u": "UW", "y": "UW", "æ": "AE", "ø": "ER",
    "œ": "EH", "ɐ": "AH", "ɑ": "AA", "ɒ": "AA", "ɔ": "AO", "ə": "AH", "ɘ": "AH", "ɚ": "ER",
    "ɛ": "EH", "ɜ": "ER", "ɝ": "ER", "ɞ": "ER", "ɤ": "AH", "ɨ": "IH", "ɪ": "IH", "ɯ": "UW",
    "ɵ": "UH", "ɶ": "AE", "ʉ": "UW", "ʊ": "UH", "ʌ": "AH", "ʏ": "UH", "ᵻ": "IH",
    "aɪ": "AY", "aʊ": "AW", "eɪ": "EY", "oʊ": "OW", "əʊ": "OW", "ɔɪ": "OY", "ɔø": "OY",
    "ɔʏ": "OY", "eə": "EH R", "ɪə": "IH R", "iə": "IY AH", "ʊə": "UH R", "ʊɐ": "UH R",
}  # fmt: skip
_LONGEST = max(map(len, _PHONES))
_STRESSES = "ˈˌ"


def cmu_phones(symbols: str) -> tuple[str, ...]:
    """The CMU phones nearest to a row of IPA symbols; marks and unknown symbols make none.

    Longer keys win ("tʃ" is one sound); diacritics are dropped where the letter alone is known.
    """
    plain = _without_marks(symbols)
    phones: list[str] = []
    start = 0
    while start < len(plain):
        for length in range(_LONGEST, 0, -1):
            match = _PHONES.get(plain[start : start + length])
            if match is not None:
                phones += match.split()
                break
        start += length
    return tuple(phones)


def stressed_vowel(sounds: Sequence[str]) -> int:
    """Which of the vowels of some IPA sounds bears the main stress; -1: none is marked.

    Of several main stresses in one word ("nineteen eighty-four") the last is the strongest.
    """
    for mark in _STRESSES:
        vowels, found = 0, -1
        for sound in sounds:
            count = sum(phone in VOWELS for phone in cmu_phones(sound))
            if mark in sound and count:
                found = vowels
            vowels += count
        if found >= 0:
            return found
    return -1


def _without_marks(symbols: str) -> str:
    """Without stress, length, tone and diacritics; ç is a letter of its own."""
    parts = []
    for character in symbols:
        base = character if character in _PHONES else unicodedata.normalize("NFD", character)[:1]
        if base in _PHONES:
            parts.append(base)
    return "".join(parts)
