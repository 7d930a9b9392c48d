import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaggen_speech.errors import TimingSourceUnavailable, UnknownLanguageError
from imaggen_speech.phones import VOWELS
from imaggen_speech.sources import pronunciation
from imaggen_speech.sources.espeak_library import load_espeak
from imaggen_speech.sources.pronunciation import Pronouncer

DICTIONARY = {
    "well": (("W", "EH", "L"),),
    "known": (("N", "OW", "N"),),
    "read": (("R", "EH", "D"), ("R", "IY", "D")),
    "us": (("AH", "S"),),
    "it's": (("IH", "T", "S"),),
}


def look_up(word: str) -> tuple[tuple[str, ...], ...]:
    return DICTIONARY.get(word, ())


@pytest.fixture
def spelling(monkeypatch: pytest.MonkeyPatch) -> Pronouncer:
    """English without espeak-ng."""

    def absent(*_: str) -> None:
        raise TimingSourceUnavailable("absent")

    monkeypatch.setattr(pronunciation, "_espeak_phones", absent)
    return Pronouncer("en", look_up)


@pytest.fixture(scope="module")
def english() -> Pronouncer:
    try:
        load_espeak()
    except TimingSourceUnavailable as error:
        pytest.skip(str(error))
    return Pronouncer("en-us", look_up)


def test_the_dictionary_comes_first(spelling: Pronouncer) -> None:
    assert spelling.pronounce("Read").variants == DICTIONARY["read"]
    assert spelling.pronounce("well-known").variants == (("W", "EH", "L", "N", "OW", "N"),)
    assert spelling.pronounce("It’s").variants == DICTIONARY["it's"]


def test_spelling_by_rule(spelling: Pronouncer) -> None:
    assert spelling.pronounce("thick").variants == (("TH", "IH", "K"),)
    assert spelling.pronounce("42").variants == (("F", "AO", "R", "T", "UW"),)
    assert spelling.pronounce("мяч").variants == (("AH", "AH", "AH"),)


def test_numbers_and_names_are_asked_of_the_voice(english: Pronouncer) -> None:
    year = english.pronounce("1984").variants
    assert len(year) == 2, "nineteen hundred and eighty-four, or nineteen eighty-four"
    assert min(map(len, year)) > 8
    assert english.pronounce("Zhytomyr").variants
    assert english.pronounce("US").variants[0] == ("AH", "S")
    assert len(english.pronounce("US").variants) == 2


def test_stress(english: Pronouncer) -> None:
    assert english.pronounce("banana").stressed_vowel == 1
    assert english.pronounce("well").stressed_vowel == 0


def test_other_languages_need_the_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: str) -> None:
        raise TimingSourceUnavailable("absent")

    monkeypatch.setattr(pronunciation, "_espeak_phones", absent)
    with pytest.raises(UnknownLanguageError, match=r"pip install 'imaggen\[speech\]'"):
        Pronouncer("de", look_up)


def test_a_language_without_a_voice(english: Pronouncer) -> None:
    with pytest.raises(UnknownLanguageError, match="no voice for the language 'xx'"):
        Pronouncer("xx", look_up)


@given(st.text(min_size=1, max_size=20).filter(lambda t: any(c.isalnum() for c in t)))
def test_every_word_is_said_somehow(word: str) -> None:
    try:
        pronouncer = Pronouncer("en", look_up)
    except TimingSourceUnavailable as error:
        pytest.skip(str(error))
    said = pronouncer.pronounce(word)
    assert said.variants and all(said.variants)
    vowels = sum(phone in VOWELS for phone in said.variants[0])
    assert 0 <= said.stressed_vowel < max(vowels, 1)
