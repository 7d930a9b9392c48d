"""Of which mention the property words outside noun phrases are said."""

import pytest
from semantics.sentences import mentions_of, told

from imaggen_semantics.models import LanguageModels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ball is red and the box blue.", ["ball[is red]", "box[is blue]"]),
        ("The ball can roll, but the box can't.", ["ball[is moving]", "box[is not moving]"]),
        ("Please spin the ball.", ["ball[is moving]"]),
        ("The ball stayed put.", ["ball[is not moving]"]),
        ("The ball leans to the left.", ["ball"]),
        ("The ball is on the left.", ["ball[is left]"]),
        ("The square is red and the crescent yellow.", ["square[is red]", "crescent[is yellow]"]),
        ("the balls red", ["ball[is red]"]),
        ("The bigger of the two boxes.", ["one[big]", "@box"]),
        ("Rather than the ball, take the box.", ["-ball", "box"]),
        ("Unlike the ball, the box is tall.", ["ball[is not tall]", "box[is tall]"]),
    ],
)
def test_what_is_said_of_what(text: str, expected: list[str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ball and the box are red.", ["ball[is red]", "box[is red]"]),
        ("The ball is big and the box is small.", ["ball[is big]", "box[is small]"]),
        ("The ball is round, red and small.", ["ball[is round, is red, is small]"]),
        ("The boxes are tall, but the ball isn't.", ["box[is tall]", "ball[is not tall]"]),
        ("Red and round is the ball.", ["ball[is red, is round]"]),
        ("Round, that ball.", [">ball[is round]"]),
        ("On the left is the ball, on the right the box.", ["ball[is left]", "box[is right]"]),
        ("The ball on the left is red.", ["ball[left, is red]"]),
        ("The box that lies on the table is red.", ["box[is red]", "@table"]),
        ("The ball near the box is round.", ["ball[is round]", "@box"]),
        ("The ball I bought is round.", ["ball[is round]"]),
        ("Is the ball round?", ["ball[is round]"]),
        ("The color of the box is red.", ["box[is red]"]),
        ("The ball rolls and is red.", ["ball[is moving, is red]"]),
        ("He pushed the box.", ["box[is moving]"]),
        ("It points to the left.", ["it"]),
        ("That is a red ball.", [">ball[red]"]),
        ("What is round?", []),
    ],
)
def test_with_and_without_a_parser(text: str, expected: list[str], models: LanguageModels) -> None:
    assert told(text) == expected
    assert told(text, models) == expected


def test_a_parser_finds_subjects_that_the_order_of_words_hides(models: LanguageModels) -> None:
    assert told("The ball stays still.", models) == ["ball[is not moving]"]
    assert told("The ball won't stay still.", models) == ["ball[is moving]"]
    assert told("The cup whose handle is round.", models) == ["cup", "handle[is round]"]


def test_what_is_said_of_a_part_is_not_said_of_its_owner() -> None:
    assert told("The cup is red, and its handle is blue.") == [
        "cup[is red]", "its", "handle[is blue]",
    ]  # fmt: skip


def test_a_demonstrative_joins_the_noun_that_it_is() -> None:
    (ball,) = mentions_of("This is a ball.")
    assert (ball.kind, ball.pointer, ball.presented) == ("noun", 0, True)
    assert len(mentions_of("This isn't a ball.")) == 2


@pytest.mark.parametrize(
    ("text", "extreme"),
    [("The biggest ball.", True), ("The leftmost ball.", True), ("The bigger ball.", False),
     ("The ball is the biggest.", True)],
)  # fmt: skip
def test_superlatives_are_extreme(text: str, extreme: bool) -> None:
    (ball,) = mentions_of(text)
    assert [word.extreme for word in ball.properties] == [extreme]
