"""The lexicon: what single words mean for gestures, read once from `lexicon/<language>.yaml`."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from imaggen_semantics.errors import SemanticsError
from imaggen_semantics.inflection import (
    Compounding,
    Inflection,
    parse_compounding,
    parse_inflection,
)

Shows = Literal[
    "outline", "extent", "size", "orientation", "symmetry", "position", "color", "number", "motion"
]
"""What a property word is about: the outline's shape; its extent (tall, narrow); and so on."""

_DEFAULT_SOFTNESS = 0.15
_SHORT_TAIL = 3
"""A last part of a compound up to this length must be a noun as it is written [letters]."""


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
        contractions: short forms without their apostrophe, and with it.
        noun_forms, verb_forms, adjective_forms: how words are inflected.
        compounding: how words are written together.
        genders: what words tell of the genders of nouns, one letter a gender (or the plural).
        labels: nouns by what objects are called in the language of their names, English.
        features: what sets the language's sentences apart; `lexicon/en.yaml` explains them.
        roles: what words do in the grammar, by the English words that do it.
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
    contractions: Mapping[str, str] = field(default_factory=dict)
    noun_forms: Inflection = Inflection()
    verb_forms: Inflection = Inflection()
    adjective_forms: Inflection = Inflection()
    compounding: Compounding = Compounding()
    genders: Mapping[str, frozenset[str]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    features: frozenset[str] = frozenset()
    roles: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"

    def role(self, word: str) -> str:
        """The English word that does in the grammar what `word` does; itself when none is told."""
        return self.roles.get(word, word)

    def has(self, group: str, word: str) -> bool:
        """Whether `word` belongs to a closed class; a language may lack the class."""
        return word in self.grammar.get(group, ())

    def noun_lemma(self, word: str) -> str:
        """The noun of the lexicon that `word` is a form of, or "" when there is none.

        Of a compound that is not listed it is the last part ("kaffeetasse": "tasse").
        """
        found = _first_known(self.noun_forms.bases(word), self.nouns)
        return found or (self._last_part(word, self.nouns) if self._may_join(word) else "")

    def first_part(self, word: str) -> str:
        """What stands before the last part of a compound noun that is not listed, or ""."""
        if _first_known(self.noun_forms.bases(word), self.nouns) or not self._may_join(word):
            return ""
        for head, tail in self.compounding.tails(word):
            if _first_known(self.noun_forms.bases(tail), self.nouns):
                return self._unlinked(head)
        return ""

    def property_lemma(self, word: str) -> str:
        """The property word that `word` is a form of ("rounder": "round"), or ""."""
        found = _first_known(self.adjective_forms.bases(word), self.properties)
        rest = "" if found else self.compounding.unshaded(word)
        return found or (self.property_lemma(rest) if rest else "")

    def is_declined(self, word: str) -> bool:
        """Whether a property word or adjective has an ending that a noun behind it asks for."""
        return self.adjective_forms.ending_of(word) is not None and not self.has("undeclined", word)

    def is_comparative(self, word: str) -> bool:
        """Whether a property word or adjective may compare two things."""
        ending = self.adjective_forms.ending_of(word)
        return ending is not None and ending.comparative

    def is_superlative(self, word: str) -> bool:
        """Whether a property word or adjective compares with all others."""
        ending = self.adjective_forms.ending_of(word)
        return ending is not None and ending.extreme

    def is_abstract(self, word: str) -> bool:
        """Whether `word` is a noun for something that cannot be seen."""
        if any(base in self.abstract for base in self.noun_forms.bases(word)):
            return True
        base = self.noun_forms.regular_bases(word)[-1]
        if len(base) > 5 and base.endswith(self.abstract_suffixes):
            return True
        return self._may_join(word) and bool(self._last_part(word, self.abstract))

    def part_names(self, word: str) -> tuple[str, ...]:
        """What perception may call the part that `word` (any form) names; empty for no part."""
        base = _first_known(self.noun_forms.bases(word), self.parts)
        if not base and word not in self.nouns and self._may_join(word):
            base = self._last_part(word, self.parts)
        return self.parts[base] if base else ()

    def is_plural(self, word: str) -> bool:
        """Whether `word` is the plural of a noun or part of the lexicon."""
        known = self._things
        return self._is_plural(word, known) or (
            self._may_join(word)
            and any(
                self._is_plural(tail, known)
                for _, tail in self.compounding.tails(word)
                if tail == self._last_part_as_written(word, known)
            )
        )

    def moves(self, word: str) -> bool:
        """Whether `word` is a form of a verb of motion."""
        return any(base in self.motion_verbs for base in self.verb_forms.bases(word))

    def is_verb(self, word: str) -> bool:
        """Whether `word` is a form of a verb of the lexicon."""
        return any(base in self.verbs for base in self.verb_forms.bases(word))

    def is_adjective(self, word: str) -> bool:
        """Whether `word` is a form of an adjective of the lexicon that nothing tests."""
        return any(base in self.adjectives for base in self.adjective_forms.bases(word))

    @cached_property
    def _things(self) -> frozenset[str]:
        return frozenset((*self.nouns, *self.parts))

    @cached_property
    def idioms_by_word(self) -> Mapping[str, list[tuple[str, ...]]]:
        """The idioms by their first words, longest first."""
        return _by_first_word(self.idioms)

    @cached_property
    def remote_by_word(self) -> Mapping[str, list[tuple[str, ...]]]:
        """The phrases of `remote` by their first words, longest first."""
        return _by_first_word(self.remote)

    @cached_property
    def motion_word(self) -> str:
        """The property word for what moves; empty when the language lists none."""
        return next((w for w, test in self.properties.items() if test.shows == "motion"), "")

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

    def _may_join(self, word: str) -> bool:
        """Whether a word that is not listed may be a compound of nouns that are."""
        return self.compounding.nouns and not (
            any(word in words for words in self.grammar.values())
            or self.property_lemma(word)
            or self.is_adjective(word)
            or self.is_verb(word)
        )

    def _last_part_as_written(self, word: str, known: Container[str]) -> str:
        for _, tail in self.compounding.tails(word):
            bases = [tail] if len(tail) <= _SHORT_TAIL else self.noun_forms.bases(tail)
            if any(base in known for base in bases):
                return tail
        return ""

    def _last_part(self, word: str, known: Container[str]) -> str:
        """The known noun that a compound ends with, in its base form."""
        tail = self._last_part_as_written(word, known)
        return next((base for base in self.noun_forms.bases(tail) if base in known), "")

    def _unlinked(self, head: str) -> str:
        """The first part of a compound as a noun of its own where it is listed."""
        if head in self.nouns or not head:
            return head
        for letters in self.compounding.linking:
            if head.endswith(letters) and head[: -len(letters)] in self.nouns:
                return head[: -len(letters)]
        return _first_known(self.noun_forms.bases(head), self.nouns) or head

    def _is_plural(self, word: str, known: Container[str]) -> bool:
        if word in known:
            return self.has("plural_nouns", word)
        ending = self.noun_forms.ending_of(word)
        if word not in self.noun_forms.irregular and ending is not None and not ending.plural:
            return False
        return any(base in known for base in self.noun_forms.bases(word)[1:])


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
    forms = data.get("inflection", {})
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
        contractions=dict(data.get("contractions", {})),
        noun_forms=parse_inflection(forms.get("nouns", {})),
        verb_forms=parse_inflection(forms.get("verbs", {})),
        adjective_forms=parse_inflection(forms.get("adjectives", {})),
        compounding=parse_compounding(forms),
        genders={word: frozenset(genders) for word, genders in data.get("genders", {}).items()},
        labels={label: noun for noun, labels in data.get("labels", {}).items() for label in labels},
        roles={w: role for role, words in data.get("roles", {}).items() for w in words},
        features=frozenset(name for name, holds in data.get("features", {}).items() if holds),
        language=data.get("language", "en"),
    )


def _by_first_word(phrases: Iterable[tuple[str, ...]]) -> Mapping[str, list[tuple[str, ...]]]:
    index: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        index.setdefault(phrase[0], []).append(phrase)
    return index


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


def _first_known(bases: Iterable[str], known: Container[str]) -> str:
    return next((base for base in bases if base in known), "")
