import pytest

from imaggen_semantics import SemanticsError
from imaggen_semantics.lexicon_loading import load_lexicon, parse_lexicon
from imaggen_semantics.vocabulary import CLASSES

MINIMAL = {
    "grammar": {name: ["word"] for name in CLASSES},
    "properties": [{"words": ["round"], "families": {"circle": 1.0, "else": 0.0}}],
    "nouns": [{"kind": "ball", "typical": ["round"]}],
    "synonyms": [],
    "abstract": [["idea"]],
    "abstract_suffixes": ["ness"],
    "verbs": [],
    "adjectives": [],
}


@pytest.mark.parametrize(
    ("word", "lemma"),
    [
        ("balls", "ball"), ("boxes", "box"), ("cherries", "cherry"), ("leaves", "leaf"),
        ("children", "child"), ("glass", "glass"), ("gizmo", ""), ("bus", "bus"),
    ],
)  # fmt: skip
def test_nouns(word: str, lemma: str) -> None:
    assert load_lexicon("en").noun_lemma(word) == lemma


@pytest.mark.parametrize(
    ("word", "lemma"),
    [("rounder", "round"), ("flattest", "flat"), ("bigger", "big"), ("tiniest", "tiny"),
     ("widest", "wide"), ("upper", "upper"), ("clever", "")],
)  # fmt: skip
def test_property_words(word: str, lemma: str) -> None:
    assert load_lexicon("en").property_lemma(word) == lemma


def test_kinds() -> None:
    lexicon = load_lexicon("en-GB")
    assert lexicon.kind_names("football") == ("ball", "toy", "artifact")
    assert lexicon.related("football", "ball") == "kind"
    assert lexicon.related("mug", "cup") == "same"
    assert lexicon.related("ball", "box") == "none"
    assert lexicon.typical("novel") == ("rectangular",)
    assert lexicon.typical("gizmo") == ()


def test_abstract_nouns() -> None:
    lexicon = load_lexicon("en")
    assert all(lexicon.is_abstract(word) for word in ("ideas", "freedom", "happiness", "summers"))
    assert not lexicon.is_abstract("ball")


def test_every_entry_is_a_word() -> None:
    """YAML reads a bare `no` or `on` as a truth value."""
    lexicon = load_lexicon("en")
    groups = [*lexicon.grammar.values(), lexicon.nouns, lexicon.properties, lexicon.abstract,
              lexicon.verbs, lexicon.adjectives, lexicon.synonyms]  # fmt: skip
    assert all(isinstance(word, str) and word == word.lower() for group in groups for word in group)
    assert len(lexicon.nouns) > 300


@pytest.mark.parametrize("language", ["fr", "", "..", "xx-YY"])
def test_no_lexicon(language: str) -> None:
    with pytest.raises(SemanticsError, match="no lexicon for the language"):
        load_lexicon(language)


def test_undefined_kinds_and_properties() -> None:
    assert parse_lexicon(MINIMAL).typical("ball") == ("round",)
    with pytest.raises(SemanticsError, match="wider kind 'toy' of 'ball' is not defined"):
        parse_lexicon({**MINIMAL, "nouns": [{"kind": "ball", "is_a": "toy"}]})
    with pytest.raises(SemanticsError, match="unknown property 'tall'"):
        parse_lexicon({**MINIMAL, "nouns": [{"kind": "ball", "typical": ["tall"]}]})
