import pytest

from imaggen_semantics import SemanticsError
from imaggen_semantics.nouns import nouns


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The red cup is on the table.", ("cup", "table")),
        ("The cup, the cups and my freedom.", ("cup",)),
        ("It is round, isn't it?", ()),
        ("...", ()),
        ("", ()),
    ],
)
def test_nouns(text: str, expected: tuple[str, ...]) -> None:
    assert nouns(text) == expected


def test_german_nouns_are_told_in_english() -> None:
    assert nouns("Die rote Tasse steht neben dem Teller.", "de") == ("cup", "plate")


def test_unknown_language() -> None:
    with pytest.raises(SemanticsError, match="'xx'"):
        nouns("hello", "xx")
