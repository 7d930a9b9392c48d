"""The lexicon: what single words mean for gestures, read once from `lexicon/<language>.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from imaggen_semantics.errors import SemanticsError

Shows = Literal[
    "outline", "extent", "size", "orientation", "symmetry", "position", "color", "number", "motion"
]
"""What a property word is about: the outline's shape; its extent (tall, narrow); and so on."""

_DEFAULT_SOFTNESS = 0.15


@dataclass(frozen=True)
class PropertyTest:
    """What a property word asks of a seen object.

    The shape family decides (`families`), or the colour's name, or a measure and its bound; a word
    without any of them cannot be tested.

    Attributes:
        value: canonical word of its group ("huge": large).
        shows: which property of the object the word is about.
        direction: of an extent: height, width or length; else empty.
        families: agreement (0..1) by shape family or colour, `otherwise` for the others.
        measure: name of the measure; empty when the families decide.
        bound: where the agreement is one half.
        sign: +1 when larger measures agree, -1 when smaller ones do.
        softness: how far from the bound the agreement is clear.
    """

    value: str
    shows: Shows
    direction: str
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
class Looks:
    """How a thing usually looks from the side.

    Attributes:
        shapes: families, the likeliest first; empty: any.
        colors: basic colour terms; empty: any.
        parts: names of parts that it usually has.
    """

    shapes: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


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
        motion_verbs: verbs that say of their subject that it moves.
        relations: (words, name) of phrases such as "to the left of", longest first.
        comparatives: names of relations by the canonical property word they compare.
        parts: names of perception by the words for parts; the first one fits best.
        numbers, ordinals: numerals and their values; -1: the last.
        looks: how things usually look, by noun.
        idioms: phrases whose words mean nothing that could be seen, longest first; a few other
            words may stand between theirs.
        remote: phrases that place the talk elsewhere or at another time.
        absent: nouns for people who are spoken of as being elsewhere.
        homophones: words that a recogniser takes for others.
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
    motion_verbs: frozenset[str] = frozenset()
    relations: tuple[tuple[tuple[str, ...], str], ...] = ()
    comparatives: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    ordinals: Mapping[str, int] = field(default_factory=dict)
    looks: Mapping[str, Looks] = field(default_factory=dict)
    idioms: tuple[tuple[str, ...], ...] = ()
    remote: tuple[tuple[str, ...], ...] = ()
    absent: frozenset[str] = frozenset()
    homophones: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"

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

    def part_names(self, word: str) -> tuple[str, ...]:
        """What perception may call the part that `word` (any form) names; empty for no part."""
        return next((self.parts[base] for base in _noun_bases(word) if base in self.parts), ())

    def is_plural(self, word: str) -> bool:
        """Whether `word` is the plural of a noun or part of the lexicon."""
        if word in self.nouns or word in self.parts:
            return False
        return any(base in self.nouns or base in self.parts for base in _noun_bases(word)[1:])

    def moves(self, word: str) -> bool:
        """Whether `word` is a form of a verb of motion."""
        return any(base in self.motion_verbs for base in _verb_bases(word))

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
    properties: dict[str, PropertyTest] = {}
    for entry in data["properties"]:
        test = _property_test(entry)
        for word in entry["words"]:
            properties.setdefault(word, test)
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
    looks = _looks(data.get("looks", ()))
    for word in looks:  # whose looks are known is a thing, too
        nouns.setdefault(word, NounKind(word, "", ()))
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
        motion_verbs=frozenset(data.get("motion_verbs", ())),
        relations=_phrases(
            (phrase, name) for name, group in data.get("relations", {}).items() for phrase in group
        ),
        comparatives=dict(data.get("comparatives", {})),
        parts=_part_names(data.get("parts", {})),
        numbers=dict(data.get("numbers", {})),
        ordinals=dict(data.get("ordinals", {})),
        looks=looks,
        idioms=tuple(words for words, _ in _phrases((p, "") for p in data.get("idioms", ()))),
        remote=tuple(words for words, _ in _phrases((p, "") for p in data.get("remote", ()))),
        absent=frozenset(data.get("absent", ())),
        homophones=dict(data.get("homophones", {})),
        language=data.get("language", "en"),
    )


def _looks(entries: Iterable[Mapping[str, Any]]) -> dict[str, Looks]:
    return {
        word: Looks(*(tuple(entry.get(key, ())) for key in ("shapes", "colors", "parts")))
        for entry in entries
        for word in entry["words"]
    }


def _phrases(rows: Iterable[tuple[str, str]]) -> tuple[tuple[tuple[str, ...], str], ...]:
    """(words, name) of phrases, longest first so that the longest one claims its words."""
    return tuple(
        sorted(((tuple(phrase.split()), name) for phrase, name in rows), key=lambda r: -len(r[0]))
    )


def _part_names(groups: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for name, words in groups.items():
        for word in words:
            own = (name,) if word == name else ()
            names[word] = tuple(dict.fromkeys((*own, *names.get(word, ()), name)))
    return names


def _property_test(entry: Mapping[str, Any]) -> PropertyTest:
    families = dict(entry.get("families") or entry.get("colors") or {})
    if "colors" in entry:
        families.setdefault("else", 0.05)
    return PropertyTest(
        value=entry.get("value", entry["words"][0]),
        shows=entry.get("shows", "outline"),
        direction=entry.get("direction", ""),
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
