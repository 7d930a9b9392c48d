"""The lexicon: what single words mean for gestures, read once from `lexicon/<language>.yaml`."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from imaggen_semantics.genders import Genders
from imaggen_semantics.inflection import (
    Compounding,
    Inflection,
)
from imaggen_semantics.lexicon_file import (
    Looks,
    NounKind,
    PropertyTest,
)

CLASSES = (
    "articles", "possessives", "definite", "demonstratives", "places", "pronouns", "quantifiers",
    "relatives", "negations", "copulas", "looking", "landmark_prepositions", "conjunctions",
    "generic", "aspects", "degrees",
)  # fmt: skip
"""Closed classes that no language does without."""

_SHORT_TAIL = 3
"""A last part of a compound up to this length must be a noun as it is written [letters]."""


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
        no_motion: verbs of motion with words behind them that tell of none ("turn off").
        relations: (words, name) of phrases such as "to the left of", longest first.
        comparatives: names of relations by the canonical property word they compare.
        phrases: (words, property word) of properties that take several words, longest first.
        parts: names of perception by the words for parts; the first one fits best.
        numbers, ordinals: numerals and their values; -1: the last.
        looks: how things usually look, by noun.
        sizes: typical larger extents [m], by noun.
        idioms: phrases whose words mean nothing that could be seen, longest first; a few other
            words may stand between theirs.
        remote: phrases that place the talk elsewhere or at another time.
        absent: nouns for people who are spoken of as being elsewhere.
        homophones: words that a recogniser takes for others.
        contractions: short forms without their apostrophe, and with it.
        noun_forms, verb_forms, adjective_forms: how words are inflected.
        compounding: how words are written together.
        genders: of nouns, and what articles and pronouns tell of them.
        base: the English lexicon, for a language whose nouns are explained by it; None in English.
        english: English nouns by those of this language.
        collectives: nouns for several things together, and for which.
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
    no_motion: tuple[tuple[str, ...], ...] = ()
    relations: tuple[tuple[tuple[str, ...], str], ...] = ()
    comparatives: Mapping[str, str] = field(default_factory=dict)
    phrases: tuple[tuple[tuple[str, ...], str], ...] = ()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    ordinals: Mapping[str, int] = field(default_factory=dict)
    looks: Mapping[str, Looks] = field(default_factory=dict)
    sizes: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    idioms: tuple[tuple[str, ...], ...] = ()
    remote: tuple[tuple[str, ...], ...] = ()
    absent: frozenset[str] = frozenset()
    homophones: Mapping[str, str] = field(default_factory=dict)
    contractions: Mapping[str, str] = field(default_factory=dict)
    noun_forms: Inflection = Inflection()
    verb_forms: Inflection = Inflection()
    adjective_forms: Inflection = Inflection()
    compounding: Compounding = Compounding()
    genders: Genders = Genders()
    base: Lexicon | None = None
    english: Mapping[str, str] = field(default_factory=dict)
    collectives: Mapping[str, frozenset[str]] = field(default_factory=dict)
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
        rest = "" if found else self.compounding.unshaded(word) or _shaded(word)
        return found or (self.property_lemma(rest) if rest else "")

    def is_declined(self, word: str) -> bool:
        """Whether a property word or adjective has an ending that a noun behind it asks for."""
        ending = self.adjective_forms.ending_of(word)
        return ending is not None and ending.declined and not self.has("undeclined", word)

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
        if word in self.collectives:
            return True
        return self._is_plural(word, known) or (
            self._may_join(word)
            and any(
                self._is_plural(tail, known)
                for _, tail in self.compounding.tails(word)
                if tail == self._last_part_as_written(word, known)
            )
        )

    def named(self, label: str) -> str:
        """What an object with an English name is called in this language; else the name itself.

        Where only the last word of a name is known ("coffee mug"), that one counts.
        """
        words = label.lower().replace("_", " ").split()
        if self.base is None or not words or self.noun_lemma(words[-1]):
            return label
        noun = self.base.noun_lemma("-".join(words)) or self.base.noun_lemma(words[-1])
        return self._from_english.get(noun, label)

    @cached_property
    def _from_english(self) -> Mapping[str, str]:
        return {word: noun for noun, word in reversed(list(self.english.items()))}

    def moves(self, word: str) -> bool:
        """Whether `word` is a form of a verb of motion."""
        return any(base in self.motion_verbs for base in self.verb_forms.bases(word))

    def ceases(self, word: str) -> bool:
        """Whether `word` is a form of a verb such as "stop"."""
        return any(self.has("ceasing", base) for base in self.verb_forms.bases(word))

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
    def exclusions_by_word(self) -> Mapping[str, list[tuple[str, ...]]]:
        """The phrases of the class `exclusions` by their first words, longest first."""
        return _by_first_word(_split(self.grammar.get("exclusions", ())))

    @cached_property
    def negating_by_word(self) -> Mapping[str, list[tuple[str, ...]]]:
        """The phrases of the class `negating` by their first words, longest first."""
        return _by_first_word(_split(self.grammar.get("negating", ())))

    @cached_property
    def likenesses(self) -> list[tuple[str, ...]]:
        """The phrases of the class `likenesses`, longest first."""
        return _split(self.grammar.get("likenesses", ()))

    @cached_property
    def relations_by_word(self) -> Mapping[str, list[tuple[tuple[str, ...], str]]]:
        """Relations and their names by their first words, longest first."""
        return _named_by_first_word(self.relations)

    @cached_property
    def phrases_by_word(self) -> Mapping[str, list[tuple[tuple[str, ...], str]]]:
        """Properties of several words, and the word for each, by their first words."""
        return _named_by_first_word(self.phrases)

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
            if name in self.kinds and self.kinds[name].typical:
                return self.kinds[name].typical
        return ()

    def looks_of(self, noun: str) -> Looks | None:
        """How things called `noun` usually look, or None."""
        if noun in self.looks:
            return self.looks[noun]
        for kind in self.kind_names(noun):
            if kind in self.looks:
                return self.looks[kind]
            if kind in self.kinds and self.kinds[kind].typical:
                break
        return None

    def related(self, first: str, second: str) -> Literal["same", "kind", "none"]:
        """How two nouns relate: the same thing, one a kind of the other, or neither."""
        if first == second or second in self.synonyms.get(first, ()):
            return "same"
        if self.is_kind_of(first, second) or self.is_kind_of(second, first):
            return "kind"
        one, other = self.english.get(first), self.english.get(second)
        if self.base is not None and one is not None and other is not None:
            return self.base.related(one, other)
        return "none"

    def is_kind_of(self, noun: str, wider: str) -> bool:
        """Whether things called `noun` are things called `wider`."""
        if noun in self.collectives.get(wider, ()):
            return True
        if self.compounding.nouns and noun != wider and noun.endswith(wider):
            return True
        if self.base is None:
            return wider in self.kind_names(noun)
        one, other = self.english.get(noun, ""), self.english.get(wider, "")
        return one != other and self.base.is_kind_of(one, other)

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
            return word in self.collectives or self.has("plural_nouns", word)
        ending = self.noun_forms.ending_of(word)
        if word not in self.noun_forms.irregular and ending is not None and not ending.plural:
            return False
        return any(base in known for base in self.noun_forms.bases(word)[1:])


def _shaded(word: str) -> str:
    """The property that the first word of a pair only shades: "sharp" of "razor-sharp"."""
    first, _, last = word.rpartition("-")
    return last if first and first not in ("non", "half", "semi", "anti", "un") else ""


def _by_first_word(phrases: Iterable[tuple[str, ...]]) -> Mapping[str, list[tuple[str, ...]]]:
    index: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        index.setdefault(phrase[0], []).append(phrase)
    return index


def _split(phrases: Iterable[str]) -> list[tuple[str, ...]]:
    return sorted((tuple(phrase.split()) for phrase in phrases), key=lambda p: (-len(p), p))


def _named_by_first_word(
    rows: Iterable[tuple[tuple[str, ...], str]],
) -> Mapping[str, list[tuple[tuple[str, ...], str]]]:
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, name in rows:
        index.setdefault(phrase[0], []).append((phrase, name))
    return index


def _first_known(bases: Iterable[str], known: Container[str]) -> str:
    return next((base for base in bases if base in known), "")
