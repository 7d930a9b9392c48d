import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaggen_speech.syllables import stressed_syllable, syllable_count


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("ball", 1), ("round", 1), ("the", 1), ("table", 2), ("shape", 1), ("shapes", 1),
        ("boxes", 2), ("rolled", 1), ("pointed", 2), ("triangle", 3), ("banana", 3),
        ("rectangular", 4), ("1984", 6), ("hmm", 1), ("&", 1), ("мяч", 1),
    ],
)  # fmt: skip
def test_syllables(word: str, count: int) -> None:
    assert syllable_count(word) == count


@pytest.mark.parametrize(
    ("word", "index"),
    [("ball", 0), ("table", 0), ("around", 1), ("station", 0), ("information", 2), ("city", 0)],
)
def test_stress(word: str, index: int) -> None:
    assert stressed_syllable(word) == index


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("Ball", 1), ("Tasse", 2), ("Haus", 1), ("Tier", 1), ("Brücke", 2), ("Theater", 3),
        ("Museum", 3), ("Familie", 4), ("Radio", 3), ("Regenschirm", 3), ("Äpfel", 2),
        ("symmetrisch", 3), ("1984", 7),
    ],
)  # fmt: skip
def test_german_syllables(word: str, count: int) -> None:
    assert syllable_count(word, "de") == count


@pytest.mark.parametrize(
    ("word", "index"),
    [("Tasse", 0), ("verstehen", 1), ("Gebäude", 1), ("Station", 1), ("Universität", 4),
     ("telefonieren", 3), ("gehen", 0), ("Berg", 0), ("gegen", 0), ("Erde", 0), ("Beere", 0)],
)  # fmt: skip
def test_german_stress(word: str, index: int) -> None:
    assert stressed_syllable(word, "de") == index


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=40),
       st.sampled_from(["en", "de-CH", "fr", "zh"]))  # fmt: skip
def test_the_stressed_syllable_is_one_of_the_word(word: str, language: str) -> None:
    assert 0 <= stressed_syllable(word, language) < syllable_count(word, language)
