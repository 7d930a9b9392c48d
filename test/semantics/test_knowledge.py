"""What is known of nouns: by the lexicon alone, and by a dictionary or embeddings beside it."""

from collections.abc import Sequence
from typing import Any

import pytest

from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.lexicon_loading import load_lexicon
from imaggen_semantics.models import LanguageModels

LEXICON = load_lexicon("en")


class Dictionary:
    """Four words that the lexicon does not list; a `narf` is a kind of cup, a `zort` none."""

    def knows(self, noun: str) -> bool:
        return noun in ("narf", "narflet", "zort", "poit")

    def same(self, first: str, second: str) -> bool:
        return {first, second} == {"narf", "poit"}

    def is_kind_of(self, noun: str, wider: str) -> bool:
        return (noun, wider) == ("narflet", "narf")

    def kinds_of(self, noun: str) -> tuple[str, ...]:
        return ("narf", "cup", "entity") if noun == "narf" else ()

    def is_abstract(self, noun: str) -> bool:
        return noun == "zort"


class Alike:
    """Everything is as alike as it is told."""

    def __init__(self, cosine: float) -> None:
        self.cosine = cosine

    def likeness(self, first: str, second: str) -> float:
        return self.cosine

    def nearest(self, word: str, among: Sequence[str]) -> tuple[str, float]:
        return among[0], self.cosine


@pytest.fixture
def bare() -> Knowledge:
    return Knowledge(LEXICON)


@pytest.fixture
def learned() -> Knowledge:
    dictionary: Any = Dictionary()
    return Knowledge(LEXICON, dictionary)


@pytest.mark.parametrize(
    ("noun", "label", "relation"),
    [
        ("cup", ["cup"], "same"),
        ("mug", ["cup"], "same"),
        ("cup", ["coffee", "cup"], "same"),
        ("watering-can", ["watering", "can"], "same"),
        ("toy", ["football"], "kind"),
        ("football", ["ball"], "wider"),
        ("cup", ["apple"], "other"),
        ("cup", ["gizmo"], "unknown"),
        ("gizmo", ["cup"], "unknown"),
        ("gizmo", ["gizmo"], "same"),
    ],
)
def test_how_nouns_relate_to_names(
    noun: str, label: list[str], relation: str, bare: Knowledge
) -> None:
    assert bare.relate(noun, label) == relation


def test_a_dictionary_relates_what_the_lexicon_does_not_list(learned: Knowledge) -> None:
    assert learned.relate("narf", ["poit"]) == "same"
    assert learned.relate("narf", ["narflet"]) == "kind"
    assert learned.relate("narflet", ["narf"]) == "wider"
    assert learned.relate("zort", ["narf"]) == "other"
    assert learned.relate("gizmo", ["narf"]) == "unknown"


def test_a_dictionary_leads_to_the_lexicon(learned: Knowledge, bare: Knowledge) -> None:
    assert learned.looks_of("narf") == LEXICON.looks["cup"]
    assert bare.looks_of("narf") is None
    assert learned.knows("narf") and not bare.knows("narf")
    assert not learned.knows("cup")
    assert learned.is_abstract("zort")
    assert not bare.is_abstract("zort") and not learned.is_abstract("cup")


def test_kinds_are_those_of_the_lexicon(bare: Knowledge) -> None:
    assert bare.kind_of("football") == "football"
    assert bare.kind_of("gizmo") == ""


def test_looks_are_inherited_from_kinds(bare: Knowledge) -> None:
    own = bare.looks_of("cup")
    assert own is not None and "handle" in own.parts
    assert bare.looks_of("gizmo") is None


@pytest.mark.parametrize(("cosine", "relation"), [(0.9, "wider"), (0.3, "unknown")])
def test_embeddings_break_ties_of_unknown_words(cosine: float, relation: str) -> None:
    knowledge = Knowledge(LEXICON, None, Alike(cosine))
    assert knowledge.relate("gizmo", ["cup"]) == relation
    assert knowledge.relate("cup", ["apple"]) == "other"
    assert knowledge.relate("cup", ["mug"]) == "same"


def test_the_installed_dictionary_knows_more(models: LanguageModels) -> None:
    if models.knowledge.wordnet is None:
        pytest.skip("WordNet is not installed")
    assert models.knowledge.relate("canine", ["dog"]) in ("same", "kind")
    assert models.knowledge.relate("dog", ["spaniel"]) == "kind"
    assert models.knowledge.is_abstract("thermodynamics")
