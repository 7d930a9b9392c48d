"""The entries of a lexicon's file, and how they are read."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

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


def parse_properties(
    entries: Iterable[Mapping[str, Any]], known: Mapping[str, PropertyTest]
) -> dict[str, PropertyTest]:
    """What property words ask of objects.

    Args:
        entries: the section `properties`.
        known: tests of another language by their values, for entries that have words alone.

    Raises:
        SemanticsError: when an entry refers to a test that the other language lacks.
    """
    tests: dict[str, PropertyTest] = {}
    for entry in entries:
        if set(entry) == {"value", "words"}:
            if entry["value"] not in known:
                raise SemanticsError(f"there is no test of the property {entry['value']!r}")
            test = known[entry["value"]]
        else:
            test = parse_property_test(entry)
        for word in entry["words"]:
            tests.setdefault(word, test)
    return tests


def parse_nouns(
    entries: Iterable[Mapping[str, Any]], properties: Container[str], looks: Iterable[str]
) -> tuple[dict[str, NounKind], dict[str, NounKind]]:
    """Nouns with their kinds, and the kinds by name.

    Args:
        entries: the section `nouns`.
        properties: all property words.
        looks: nouns whose looks are known; these are things, too.

    Raises:
        SemanticsError: when a noun's wider kind or typical property is not defined.
    """
    entries = list(entries)
    kinds = {
        entry["kind"]: NounKind(
            entry["kind"], entry.get("is_a", ""), tuple(entry.get("typical", ()))
        )
        for entry in entries
    }
    nouns: dict[str, NounKind] = {}
    for entry in entries:
        kind = kinds[entry["kind"]]
        if kind.is_a and kind.is_a not in kinds:
            raise SemanticsError(f"the wider kind {kind.is_a!r} of {kind.name!r} is not defined")
        unknown = [word for word in kind.typical if word not in properties]
        if unknown:
            raise SemanticsError(f"{kind.name!r} has the unknown property {unknown[0]!r}")
        for word in [kind.name] * ("_" not in kind.name) + entry.get("words", []):
            nouns.setdefault(word, kind)
    for word in looks:
        nouns.setdefault(word, NounKind(word, "", ()))
    return nouns, kinds


def parse_looks(entries: Iterable[Mapping[str, Any]]) -> dict[str, Looks]:
    """How things look, by their nouns."""
    return {
        word: Looks(*(tuple(entry.get(key, ())) for key in ("shapes", "colors", "parts")))
        for entry in entries
        for word in entry["words"]
    }


def parse_sizes(groups: Mapping[float, Iterable[str]]) -> dict[str, tuple[float, ...]]:
    """Typical larger extents [m] of things, by their nouns."""
    sizes: dict[str, tuple[float, ...]] = {}
    for extent_m, words in groups.items():
        for word in words:
            sizes[word] = (*sizes.get(word, ()), float(extent_m))
    return sizes


def parse_phrases(rows: Iterable[tuple[str, str]]) -> tuple[tuple[tuple[str, ...], str], ...]:
    """(words, name) of phrases, longest first so that the longest one claims its words."""
    return tuple(
        sorted(((tuple(phrase.split()), name) for phrase, name in rows), key=lambda r: -len(r[0]))
    )


def parse_part_names(groups: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """What perception calls parts, by the words for them, the word itself first."""
    names: dict[str, tuple[str, ...]] = {}
    for name, words in groups.items():
        for word in words:
            own = (name,) if word == name else ()
            names[word] = tuple(dict.fromkeys((*own, *names.get(word, ()), name)))
    return names


def parse_property_test(entry: Mapping[str, Any]) -> PropertyTest:
    """What one group of property words asks of an object."""
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


def parse_synonyms(groups: Iterable[Iterable[str]]) -> dict[str, frozenset[str]]:
    """Every word with all that mean the same."""
    merged: dict[str, frozenset[str]] = {}
    for group in groups:
        words = frozenset(group)
        for word in words:
            merged[word] = merged.get(word, frozenset()) | words
    return merged
