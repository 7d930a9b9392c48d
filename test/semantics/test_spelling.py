import pytest

pytest.importorskip("spellchecker")

from imaggen_semantics.lexicon_loading import load_lexicon
from imaggen_semantics.spelling import Speller


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(load_lexicon("en"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sqaure", "square"), ("trinagle", "triangle"), ("bottel", "bottle"), ("rond", "round"),
        ("yelow", "yellow"), ("handel", "handle"), ("teh", "the"), ("crescnet", "crescent"),
        ("crescnet-shaped", "crescent-shaped"), ("recieve", "receive"),
    ],
)  # fmt: skip
def test_mistakes_are_mended(typed: str, meant: str, speller: Speller) -> None:
    assert speller.mend(typed) == meant


@pytest.mark.parametrize(
    "word", ["ball", "gear", "gizmo", "is", "a", "handles", "rounder", "x1", "", "Ω"]
)
def test_words_are_left_alone(word: str, speller: Speller) -> None:
    assert speller.mend(word) == word


def test_names_of_what_is_seen_are_likelier(speller: Speller) -> None:
    assert speller.mend("flut") == "flat"
    assert speller.mend("flut", frozenset({"flute"})) == "flute"
