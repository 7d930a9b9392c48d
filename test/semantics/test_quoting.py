from hypothesis import given
from hypothesis import strategies as st
from semantics.sentences import say

from imaggen_semantics.quoting import printable, quote


def test_words_are_quoted_in_their_order() -> None:
    utterance = say("The ball is round.")
    assert quote(utterance, [3, 1, 3]) == '"ball" and "round"'
    assert quote(utterance, []) == ""


@given(st.text(st.characters(codec=None)), st.integers(4, 60))
def test_everything_can_be_printed_in_one_line(text: str, most: int) -> None:
    shown = printable(text, most)
    assert shown.isprintable() and len(shown) <= most


def test_long_text_is_cut() -> None:
    assert printable("a" * 50, 10) == "aaaaaaa..."
    assert printable("two\nlines\x1b[1m", 40) == "two lines [1m"
