import pytest

from imaggen_speech.function_words import is_function_word
from imaggen_speech.prosody import prominences, stressed_syllable, syllable_count
from imaggen_speech.text import tokenize


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


def test_the_last_content_word_of_the_sentence_is_strongest() -> None:
    tokens = tokenize("The green ball is round, and the box is tall.")
    levels = dict(zip((t.text for t in tokens), prominences(tokens, "en"), strict=True))
    assert levels["The"] == levels["is"] == levels["and"] == 0.0
    assert 0.0 < levels["green"] < levels["round"] < levels["tall"] == 1.0
    assert levels["green"] == levels["box"]


def test_a_sentence_of_function_words_is_accented_at_its_end() -> None:
    assert prominences(tokenize("It is this. Balls roll."), "en") == (0.0, 0.0, 1.0, 0.5, 1.0)


def test_function_words_of_a_language_without_a_list_are_short() -> None:
    assert is_function_word("der", "de-DE")
    assert not is_function_word("Ball", "de")
    assert is_function_word("It’s", "en-GB")
