import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaggen_speech.errors import EmptyTextError, SpeechError, UnknownLanguageError
from imaggen_speech.text import MAX_TEXT_LENGTH, check_language, tokenize


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The ball is round.", ["The", "ball", "is", "round"]),
        ("  It's a well-known box!\n", ["It's", "a", "well-known", "box"]),
        ("the ball—round as ever—rolls", ["the", "ball", "round", "as", "ever", "rolls"]),
        ("Salt & pepper: 50% of 3.5 kg", ["Salt", "&", "pepper", "50%", "of", "3.5", "kg"]),
        ("“Naïve café” 🙂 ...", ["Naïve", "café"]),
        ("left/right", ["left", "right"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert [token.text for token in tokenize(text)] == words


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("It is round. It rolls, too", ["none", "none", "sentence", "none", "phrase", "none"]),
        ("Dr. Smith (a friend) sings", ["none", "phrase", "none", "phrase", "none"]),
        ("the U.S. flag", ["none", "none", "none"]),
        ("the box - it stands", ["none", "phrase", "none", "none"]),
    ],
)
def test_breaks(text: str, breaks: list[str]) -> None:
    assert [token.break_after for token in tokenize(text)] == breaks


@given(st.text(max_size=200))
def test_tokens_are_slices_of_the_text_in_order(text: str) -> None:
    try:
        tokens = tokenize(text)
    except EmptyTextError:
        return
    end = 0
    for token in tokens:
        assert token.start >= end
        assert text[token.start : token.end] == token.text
        end = token.end


@pytest.mark.parametrize("text", ["", "   ", "?!", "...", "—", "& +", "🙂"])
def test_text_without_words(text: str) -> None:
    with pytest.raises(EmptyTextError, match="give at least one word to say$"):
        tokenize(text)


def test_overlong_text() -> None:
    assert len(tokenize("a" * MAX_TEXT_LENGTH)) == 1
    with pytest.raises(SpeechError, match="2001 characters.*several parts"):
        tokenize("a" * (MAX_TEXT_LENGTH + 1))


@pytest.mark.parametrize("language", ["", "english language", "e", "en_US", "../en"])
def test_malformed_language(language: str) -> None:
    with pytest.raises(UnknownLanguageError, match="BCP 47"):
        check_language(language)
