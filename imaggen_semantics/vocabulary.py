"""The lexicon: what single words mean for gestures, read once from `lexicon/<language>.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from imaggen_semantics.errors import SemanticsError

Shows = Literal["outline", "size", "position"]

_DEFAULT_SOFTNESS = 0.15


@dataclass(frozen=True)
class PropertyTest:
    """What a property word asks of a seen object.

    Either the shape family decides (`families`), or a measure and its bound.

    Attributes:
        shows: which property of the object the word is about.
        families: agreement (0..1) by shape family, `otherwise` for the others.
        measure: name of the measure; empty when the families decide.
        bound: where the agreement is one half.
        sign: +1 when larger measures agree, -1 when smaller ones do.
        softness: how far from the bound the agreement is clear.
    """

    shows: Shows
    families: Mapping[str, float]
    otherwise: float
    measure: str
    bound: float
    sign: int
    softness: float


@dataclass(frozen=True)
class NounKind:
    """A kind of thing: its wider kind (empty: none) and its usual property words."""

    name: str
    is_a: str
    typical: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """All words of one language that gestures care about.

    Attributes:
        grammar: closed classes by name.
        properties: property words and what they test.
        nouns: words and their kinds.
        kinds: kinds by name.
        synonyms: words and those that mean the same, themselves included.
        abstract: nouns for what cannot be seen.
        abstract_suffixes: endings of such nouns.
        verbs, adjectives: words that are no nouns.
    """

    grammar: Mapping[str, frozenset[str]]
    properties: Mapping[str, PropertyTest]
    nouns: Mapping[str, NounKind]
    kinds: Mapping[str, NounKind]
    synonyms: Mapping[str, frozenset[str]]
    abstract: frozenset[str]
    abstract_suffixes: tuple[str, ...]
    verbs: frozenset[str]
    adjectives: frozenset[str]

    def noun_lemma(self, word: str) -> str:
        """The noun of the lexicon that `word` is a form of, or "" when there is none."""
        return _first_known(_noun_bases(word), self.nouns)

    def property_lemma(self, word: str) -> str:
        """The property word that `word` is a form of ("rounder": "round"), or ""."""
        return _first_known(_adjective_bases(word), self.properties)

    def is_abstract(self, word: str) -> bool:
        """Whether `word` is a noun for something that cannot be seen."""
        if any(base in self.abstract for base in _noun_bases(word)):
            return True
        base = _noun_bases(word)[-1]
        return len(base) > 5 and base.endswith(self.abstract_suffixes)

    def is_verb(self, word: str) -> bool:
        """Whether `word` is a form of a verb of the lexicon."""
        return any(base in self.verbs for base in _verb_bases(word))

    def is_adjective(self, word: str) -> bool:
        """Whether `word` is a form of an adjective of the lexicon that nothing tests."""
        return any(base in self.adjectives for base in _adjective_bases(word))

    def kind_names(self, noun: str) -> tuple[str, ...]:
        """The kind of `noun` and its wider kinds, narrowest first; empty when unknown."""
        kind = self.nouns.get(noun)
        names = []
        while kind is not None:
            names.append(kind.name)
            kind = self.kinds.get(kind.is_a)
        return tuple(names)

    def typical(self, noun: str) -> tuple[str, ...]:
        """Property words that things called `noun` usually deserve."""
        for name in self.kind_names(noun):
            if self.kinds[name].typical:
                return self.kinds[name].typical
        return ()

    def related(self, first: str, second: str) -> Literal["same", "kind", "none"]:
        """How two nouns relate: the same thing, one a kind of the other, or neither."""
        if first == second or second in self.synonyms.get(first, ()):
            return "same"
        if first in self.kind_names(second) or second in self.kind_names(first):
            return "kind"
        return "none"


@lru_cache
def load_lexicon(language: str = "en") -> Lexicon:
    """The lexicon of a language (BCP 47; only its first part counts).

    Raises:
        SemanticsError: when there is none for the language.
    """
    name = language.split("-")[0].lower()
    resource = files("imaggen_semantics") / "lexicon" / f"{name}.yaml"
    if not name.isalpha() or not resource.is_file():
        raise SemanticsError(
            f"there is no lexicon for the language {language!r}; say the sentence in English ('en')"
        )
    # The C loader reads the file ten times faster; a build of PyYAML without it reads it too.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return parse_lexicon(yaml.load(resource.read_text(encoding="utf-8"), Loader=loader))


def parse_lexicon(data: Mapping[str, Any]) -> Lexicon:
    """A lexicon from the content of its file.

    Raises:
        SemanticsError: when a noun's wider kind or typical property is not defined.
    """
    properties = {
        word: _property_test(entry) for entry in data["properties"] for word in entry["words"]
    }
    kinds = {
        entry["kind"]: NounKind(
            entry["kind"], entry.get("is_a", ""), tuple(entry.get("typical", ()))
        )
        for entry in data["nouns"]
    }
    nouns: dict[str, NounKind] = {}
    for entry in data["nouns"]:
        kind = kinds[entry["kind"]]
        if kind.is_a and kind.is_a not in kinds:
            raise SemanticsError(f"the wider kind {kind.is_a!r} of {kind.name!r} is not defined")
        unknown = [word for word in kind.typical if word not in properties]
        if unknown:
            raise SemanticsError(f"{kind.name!r} has the unknown property {unknown[0]!r}")
        for word in [kind.name] * ("_" not in kind.name) + entry.get("words", []):
            nouns.setdefault(word, kind)
    return Lexicon(
        grammar={name: frozenset(words) for name, words in data["grammar"].items()},
        properties=properties,
        nouns=nouns,
        kinds=kinds,
        synonyms=_synonyms(data["synonyms"]),
        abstract=frozenset(word for group in data["abstract"] for word in group),
        abstract_suffixes=tuple(data["abstract_suffixes"]),
        verbs=frozenset(data["verbs"]),
        adjectives=frozenset(data["adjectives"]),
    )


def _property_test(entry: Mapping[str, Any]) -> PropertyTest:
    families = dict(entry.get("families", {}))
    return PropertyTest(
        shows=entry.get("shows", "outline"),
        otherwise=families.pop("else", 0.5),
        families=families,
        measure=entry.get("measure", ""),
        bound=entry.get("above", entry.get("below", 0.0)),
        sign=-1 if "below" in entry else 1,
        softness=entry.get("softness", _DEFAULT_SOFTNESS),
    )


def _synonyms(groups: Iterable[Iterable[str]]) -> dict[str, frozenset[str]]:
    merged: dict[str, frozenset[str]] = {}
    for group in groups:
        words = frozenset(group)
        for word in words:
            merged[word] = merged.get(word, frozenset()) | words
    return merged


def _first_known(bases: Iterable[str], known: Mapping[str, object]) -> str:
    return next((base for base in bases if base in known), "")


_IRREGULAR_PLURALS = {
    "men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth",
    "mice": "mouse", "geese": "goose", "leaves": "leaf", "knives": "knife", "shelves": "shelf",
    "loaves": "loaf", "wolves": "wolf", "scarves": "scarf", "dice": "dice",
}  # fmt: skip


def _noun_bases(word: str) -> list[str]:
    """Candidates for the singular of `word`, the word itself first."""
    bases = [word]
    if word in _IRREGULAR_PLURALS:
        bases.append(_IRREGULAR_PLURALS[word])
    elif word.endswith("ies") and len(word) > 4:
        bases += [word[:-3] + "y", word[:-1]]
    elif word.endswith("es") and len(word) > 3:
        bases += [word[:-1], word[:-2]]
    elif word.endswith("s") and not word.endswith("ss") and len(word) > 2:
        bases.append(word[:-1])
    return bases


def _verb_bases(word: str) -> list[str]:
    """Candidates for the infinitive of `word`, the word itself first."""
    bases = _noun_bases(word)
    for ending in ("ed", "ing"):
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) > 1:
            bases += [stem, stem + "e", stem[:-1] if stem[-1] == stem[-2:-1] else stem]
    return bases


def _adjective_bases(word: str) -> list[str]:
    """Candidates for the positive of `word`, the word itself first."""
    bases = [word]
    for ending in ("er", "est"):
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) > 2:
            bases += [stem, stem + "e"]
            if stem[-1] == stem[-2]:
                bases.append(stem[:-1])
            if stem[-1] == "i":
                bases.append(stem[:-1] + "y")
    return bases
