"""Lexicons by language: read once from `lexicon/<language>.yaml` and the lists beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from imaggen_semantics.errors import SemanticsError
from imaggen_semantics.genders import parse_genders
from imaggen_semantics.inflection import parse_compounding, parse_inflection
from imaggen_semantics.lexicon_file import (
    Looks,
    NounKind,
    PropertyTest,
    parse_looks,
    parse_nouns,
    parse_part_names,
    parse_phrases,
    parse_properties,
    parse_sizes,
    parse_synonyms,
)
from imaggen_semantics.vocabulary import CLASSES, Lexicon


def languages() -> tuple[str, ...]:
    """The languages that have a lexicon, in alphabetical order."""
    folder = files("imaggen_semantics") / "lexicon"
    names = (entry.name.partition(".") for entry in folder.iterdir())
    return tuple(sorted(name for name, _, ending in names if ending == "yaml"))


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
            f"there is no lexicon for the language {language!r}; there is one for each of"
            f" {', '.join(map(repr, languages()))}"
        )
    # The C loader reads the file ten times faster; a build of PyYAML without it reads it too.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(resource.read_text(encoding="utf-8"), Loader=loader)
    data["idioms"] = [*data.get("idioms", ()), *_listed(f"{name}_idioms.txt")]
    return parse_lexicon({"language": name, **data})


def _listed(name: str) -> list[str]:
    """The lines of a list beside the lexicons, without comments; none where it is not there."""
    resource = files("imaggen_semantics") / "lexicon" / name
    if not resource.is_file():
        return []
    lines = resource.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def parse_lexicon(data: Mapping[str, Any]) -> Lexicon:
    """A lexicon from the content of its file.

    Raises:
        SemanticsError: when a class of `CLASSES` is missing, or something that an entry refers to
            is not defined.
    """
    missing = [name for name in CLASSES if not data["grammar"].get(name)]
    if missing:
        language = data.get("language", "en")
        raise SemanticsError(f"the lexicon of {language!r} has no class {missing[0]!r}")
    base = load_lexicon(data["based_on"]) if "based_on" in data else None
    tests = {test.value: test for test in base.properties.values()} if base is not None else {}
    properties = parse_properties(data["properties"], tests)
    looks = parse_looks(data.get("looks", ()))
    english: dict[str, str] = {}
    if base is not None:
        english = {noun: word for group in data["nouns"].values() for noun, word in group.items()}
        nouns, kinds, looks = _translated(english, base, properties)
        for word in data.get("collectives", {}):
            nouns.setdefault(word, NounKind(word, "", ()))
    else:
        nouns, kinds = parse_nouns(data["nouns"], properties, looks)
    forms = data.get("inflection", {})
    return Lexicon(
        grammar={name: frozenset(words) for name, words in data["grammar"].items()},
        properties=properties,
        nouns=nouns,
        kinds=kinds,
        synonyms=parse_synonyms(data["synonyms"]),
        abstract=frozenset(word for group in data["abstract"] for word in group),
        abstract_suffixes=tuple(data["abstract_suffixes"]),
        verbs=frozenset(data["verbs"]),
        adjectives=frozenset(data["adjectives"]),
        motion_verbs=frozenset(data.get("motion_verbs", ())),
        no_motion=tuple(tuple(phrase.split()) for phrase in data.get("no_motion", ())),
        relations=parse_phrases(
            (phrase, name) for name, group in data.get("relations", {}).items() for phrase in group
        ),
        comparatives=data.get("comparatives") or (base.comparatives if base is not None else {}),
        phrases=parse_phrases(
            (phrase, word) for word, group in data.get("phrases", {}).items() for phrase in group
        ),
        parts=parse_part_names(data.get("parts", {})),
        numbers=dict(data.get("numbers", {})),
        ordinals=dict(data.get("ordinals", {})),
        looks=looks,
        sizes=parse_sizes(data.get("sizes", {})) if base is None else _sizes(english, base),
        idioms=tuple(words for words, _ in parse_phrases((p, "") for p in data.get("idioms", ()))),
        remote=tuple(words for words, _ in parse_phrases((p, "") for p in data.get("remote", ()))),
        absent=frozenset(data.get("absent", ())),
        homophones=dict(data.get("homophones", {})),
        contractions=dict(data.get("contractions", {})),
        noun_forms=parse_inflection(forms.get("nouns", {})),
        verb_forms=parse_inflection(forms.get("verbs", {})),
        adjective_forms=parse_inflection(forms.get("adjectives", {})),
        compounding=parse_compounding(forms),
        genders=parse_genders(data.get("genders", {}), data["nouns"] if base is not None else {}),
        base=base,
        english=english,
        collectives={w: frozenset(g) for w, g in data.get("collectives", {}).items()},
        roles={w: role for role, words in data.get("roles", {}).items() for w in words},
        features=frozenset(name for name, holds in data.get("features", {}).items() if holds),
        language=data.get("language", "en"),
    )


def _translated(
    english: Mapping[str, str], base: Lexicon, properties: Mapping[str, PropertyTest]
) -> tuple[dict[str, NounKind], dict[str, NounKind], dict[str, Looks]]:
    """Nouns, kinds and looks of a language by those of the English nouns of the same meaning.

    Raises:
        SemanticsError: when an English noun is not defined, or a property has no word.
    """
    unknown = [word for word in english.values() if word not in base.nouns]
    if unknown:
        raise SemanticsError(f"the English noun {unknown[0]!r} is not defined")
    words = {test.value: word for word, test in reversed(list(properties.items()))}
    missing = [test.value for test in base.properties.values() if test.value not in words]
    if missing:
        raise SemanticsError(f"there is no word for the property {missing[0]!r}")
    kinds = {
        name: NounKind(
            name, kind.is_a, tuple(words[base.properties[w].value] for w in kind.typical)
        )
        for name, kind in base.kinds.items()
    }
    nouns = {
        noun: kinds.get(base.nouns[word].name, base.nouns[word]) for noun, word in english.items()
    }
    looks = {noun: found for noun, w in english.items() if (found := base.looks_of(w)) is not None}
    return nouns, kinds, looks


def _sizes(english: Mapping[str, str], base: Lexicon) -> dict[str, tuple[float, ...]]:
    """Extents of things by those of the English nouns of the same meaning."""
    return {noun: base.sizes[word] for noun, word in english.items() if word in base.sizes}
