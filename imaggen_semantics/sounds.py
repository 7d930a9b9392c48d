"""Sounds: which of the words that are expected a recogniser may have misheard as another one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from imaggen_semantics.errors import ModelUnavailable
from imaggen_speech.errors import SpeechError
from imaggen_speech.sources.pronunciation import Pronouncer

# Phones that recognisers take for each other, as they differ in voice or in one place only: the
# pairs that Miller and Nicely (1955, J. Acoust. Soc. Am. 27) found confused most, and neighbouring
# vowels.
_ALIKE = tuple(
    frozenset(pair.split())
    for pair in (
        "P B", "T D", "K G", "F V", "TH DH", "S Z", "SH ZH", "CH JH", "M N", "N NG", "F TH", "V DH",
        "IH IY", "IH EH", "EH AE", "AE AH", "AH AA", "AA AO", "UH UW", "AH UH", "AO OW", "AH IH",
        "AH EH", "EH AA", "AH ER", "ER EH", "W HH",
    )
)  # fmt: skip
_ALIKE_COST, _OTHER_COST = 0.5, 1.0
# A mistake of one phone in so many is one that recognisers make.
_PHONES_PER_MISTAKE = 3.0
_LEAST_PHONES = 3


class Sounds:
    """Compares words of one language by their sound."""

    def __init__(self, language: str) -> None:
        """Get ready to pronounce words.

        Args:
            language: BCP 47.

        Raises:
            ModelUnavailable: when nothing here pronounces the language.
        """
        try:
            pronouncer = Pronouncer(language, lambda _: ())
        except SpeechError as error:
            raise ModelUnavailable(str(error)) from error
        self._phones = lru_cache(maxsize=4096)(lambda w: pronouncer.pronounce(w).variants[0])

    def heard_as(self, word: str, expected: Iterable[str]) -> str:
        """The expected word that may have been said where `word` was heard; "" if there is none.

        Args:
            word: lower case.
            expected: words that may have been said, lower case.
        """
        heard = self._phones(word)
        best, least = "", _LEAST_PHONES * _OTHER_COST
        for other in sorted(expected):  # so that of equals every process takes the same
            meant = self._phones(other)
            if min(len(heard), len(meant)) < _LEAST_PHONES:
                continue
            cost = _cost(heard, meant)
            if cost < least and cost <= len(meant) / _PHONES_PER_MISTAKE * _ALIKE_COST:
                best, least = other, cost
        return best


def _cost(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """Edit distance of two rows of phones, in which phones that sound alike cost half."""
    row = [float(i) for i in range(len(second) + 1)]
    for phone in first:
        diagonal, row[0] = row[0], row[0] + _OTHER_COST
        for i, other in enumerate(second):
            change = _change(phone, other)
            diagonal, row[i + 1] = (
                row[i + 1],
                min(diagonal + change, row[i] + _OTHER_COST, row[i + 1] + _OTHER_COST),
            )
    return row[-1]


def _change(phone: str, other: str) -> float:
    if phone == other:
        return 0.0
    return _ALIKE_COST if frozenset((phone, other)) in _ALIKE else _OTHER_COST
