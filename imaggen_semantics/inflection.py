"""Inflection: the base forms that a word may have, by a language's endings.

The endings are data of the lexicon's file, so that no language's grammar is written in code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

_LEAST_HEAD, _LEAST_TAIL = 3, 3
"""Shortest parts of a compound [letters]."""


@dataclass(frozen=True)
class Ending:
    """One ending and what stands in its place in the base form.

    Attributes:
        ending: last letters of the inflected word.
        becomes: what may stand there instead, the likeliest first.
        stem: least letters before the ending.
        but_not: longer endings that are none of this kind ("ss" of "s").
        undouble: a doubled last letter of the stem may be single in the base form.
        plural: of nouns: it makes plurals.
        extreme: of adjectives: it makes superlatives.
        comparative: of adjectives: it may make comparatives.
        declined: of adjectives: a noun behind asks for it.
    """

    ending: str
    becomes: tuple[str, ...] = ("",)
    stem: int = 2
    but_not: tuple[str, ...] = ()
    undouble: bool = False
    plural: bool = True
    extreme: bool = False
    comparative: bool = False
    declined: bool = False

    def fits(self, word: str) -> bool:
        """Whether `word` has this ending."""
        return (
            word.endswith(self.ending)
            and len(word) >= len(self.ending) + self.stem
            and not (self.but_not and word.endswith(self.but_not))
        )

    def bases(self, word: str) -> list[str]:
        """Base forms that `word`, which has the ending, may have."""
        stem = word[: len(word) - len(self.ending)]
        found = [stem + letters for letters in self.becomes]
        if self.undouble and stem[-1:] == stem[-2:-1]:
            found.append(stem[:-1])
        return found


@dataclass(frozen=True)
class Inflection:
    """How the words of one part of speech are inflected.

    Attributes:
        endings: the first one that a word has counts, so longer ones come first.
        irregular: base forms by inflected forms.
        stems: base forms by irregular stems that endings leave over ("hoh": hoch).
        vowels: letters that inflection changes, and what they are in the base form.
        prefix: letters that some forms begin with ("gerollt").
    """

    endings: tuple[Ending, ...] = ()
    irregular: Mapping[str, str] = field(default_factory=dict)
    stems: Mapping[str, str] = field(default_factory=dict)
    vowels: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""

    def ending_of(self, word: str) -> Ending | None:
        """The ending of a word, if it has one."""
        return next((ending for ending in self.endings if ending.fits(word)), None)

    def regular_bases(self, word: str) -> list[str]:
        """Candidates for the base form of `word`, itself first, with its own vowels."""
        if word in self.irregular:
            return [word, self.irregular[word]]
        ending = self.ending_of(word)
        found = [word, *(ending.bases(word) if ending is not None else ())]
        return found + [self.stems[base] for base in found if base in self.stems]

    def bases(self, word: str) -> list[str]:
        """Candidates for the base form of `word`, the likeliest first."""
        found = self.regular_bases(word)
        if self.prefix and word.startswith(self.prefix):
            found += self.regular_bases(word[len(self.prefix) :])
        if word in self.irregular or not self.vowels:
            return found
        return found + [plain for base in found if (plain := self._plain(base)) != base]

    def _plain(self, word: str) -> str:
        """The word with its last changed vowel changed back."""
        place = max((word.rfind(vowel) for vowel in self.vowels), default=-1)
        if place < 0:
            return word
        return word[:place] + self.vowels[word[place]] + word[place + 1 :]


@dataclass(frozen=True)
class Compounding:
    """How words are written together in one word.

    Attributes:
        nouns: the last part of a noun tells what it is.
        linking: letters that may stand between two nouns.
        prefixes: words that only shade the property word behind them ("dark" of "dark red").
    """

    nouns: bool = False
    linking: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()

    def tails(self, word: str) -> Iterable[tuple[str, str]]:
        """(first part, last part) of a noun, the longest last part first."""
        if not self.nouns:
            return
        for place in range(_LEAST_HEAD, len(word) - _LEAST_TAIL + 1):
            yield word[:place].rstrip("-"), word[place:]

    def unshaded(self, word: str) -> str:
        """A property word without the word that shades it, or ""."""
        found = (word[len(p) :].lstrip("-") for p in self.prefixes if word.startswith(p))
        return next((rest for rest in found if len(rest) >= _LEAST_TAIL), "")


def parse_inflection(data: Mapping[str, Any]) -> Inflection:
    """One part of speech from the section `inflection` of a lexicon's file."""
    entries = (
        {key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()}
        for entry in data.get("endings", ())
    )
    return Inflection(
        endings=tuple(Ending(**cast(Any, entry)) for entry in entries),
        irregular=dict(data.get("irregular", {})),
        stems=dict(data.get("stems", {})),
        vowels=dict(data.get("vowels", {})),
        prefix=data.get("prefix", ""),
    )


def parse_compounding(data: Mapping[str, Any]) -> Compounding:
    """How words are compounded, from a lexicon's file."""
    return Compounding(
        nouns=bool(data.get("compounds", False)),
        linking=tuple(data.get("linking", ())),
        prefixes=tuple(data.get("shading", ())),
    )
