"""Words that sound like something that is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaggen_semantics.context import mend_heard
from imaggen_semantics.lexicon_loading import load_lexicon
from imaggen_semantics.sounds import Sounds

SOUNDS = Sounds("en")


@pytest.mark.parametrize(
    ("heard", "meant"),
    [("latter", "ladder"), ("led", "lid"), ("bare", "bear"), ("won", "one"), ("jog", "jug")],
)
def test_words_that_sound_alike_are_found(heard: str, meant: str) -> None:
    assert SOUNDS.heard_as(heard, ["table", meant, "window"]) == meant


@pytest.mark.parametrize(("heard", "other"), [("lamp", "ladder"), ("it", "at"), ("boat", "boot")])
def test_other_words_are_not(heard: str, other: str) -> None:
    assert SOUNDS.heard_as(heard, [other]) == ""


def test_german_words_are_compared_by_german_sounds() -> None:
    assert Sounds("de").heard_as("rat", ["rad"]) == "rad"


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12))
def test_what_is_heard_is_expected_or_nothing(word: str) -> None:
    assert SOUNDS.heard_as(word, ["ladder", "kettle"]) in ("", "ladder", "kettle")


@pytest.mark.parametrize(
    ("text", "expected", "mended"),
    [
        ("take the tall latter", ["ladder"], "take the tall ladder"),
        ("the teddy bare sits", ["teddy bear"], "the teddy bear sits"),
        ("the latter is tall", ["ladder"], "the latter is tall"),
        ("the bowl is full", ["ball"], "the bowl is full"),
        ("it led to this", ["lid"], "it led to this"),
    ],
)
def test_only_what_makes_no_sense_is_mended(text: str, expected: list[str], mended: str) -> None:
    split = [(word, "") for word in text.split()]
    found = mend_heard(split, load_lexicon("en"), SOUNDS, expected)
    assert " ".join(word for word, _ in found) == mended
