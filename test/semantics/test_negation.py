"""Which mentions are not meant, and which properties are denied."""

import pytest
from semantics.sentences import told

from imaggen_semantics.models import LanguageModels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Not the ball, the box.", ["-ball", "box"]),
        ("I don't want the ball or the box.", ["-ball", "-box"]),
        ("I do not mean the round one.", ["-one[round]"]),
        ("It's not the ball, it's the box.", ["it", "-ball", "it", "box"]),
        ("Forget the ball.", ["-ball"]),
        ("Everything except the ball.", ["-ball"]),
        ("Take the box instead of the ball.", ["box", "-ball"]),
        ("The cup without a handle.", ["cup", "-handle"]),
        ("The cup without a handle but with a spout.", ["cup", "-handle", "spout"]),
    ],
)
def test_what_is_not_meant(text: str, expected: list[str], models: LanguageModels) -> None:
    assert [name.removeprefix("@") for name in told(text)] == expected
    assert [name.removeprefix("@") for name in told(text, models)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ball is not round.", ["ball[is not round]"]),
        ("The ball is never round.", ["ball[is not round]"]),
        ("The ball is neither red nor blue.", ["ball[is not red, is not blue]"]),
        ("Neither the ball nor the box is red.", ["ball[is not red]", "box[is not red]"]),
        ("None of the boxes is red.", ["box[is not red]"]),
        ("The ball isn't red but blue.", ["ball[is not red, is blue]"]),
        ("The ball is blue, not red.", ["ball[is blue, is not red]"]),
        ("I think it isn't round.", ["it[is not round]"]),
        ("Everything except the ball is red.", ["-ball[is not red]"]),
        ("The ball that is not round is red.", ["ball[is not round, is red]"]),
        ("It can't roll.", ["it[is not moving]"]),
    ],
)
def test_what_is_denied_of_it(text: str, expected: list[str], models: LanguageModels) -> None:
    assert told(text) == told(text, models) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Isn't the box red?", ["box[is red]"]),
        ("Why don't you take the ball?", ["ball"]),
        ("Don't forget the ball.", ["ball"]),
        ("It is not only round but also red.", ["it[is round, is red]"]),
        ("No, the green one.", ["one[green]"]),
    ],
)
def test_what_only_sounds_like_a_denial(
    text: str, expected: list[str], models: LanguageModels
) -> None:
    assert told(text) == told(text, models) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The hammer, no sorry, I mean the saw.", ["-hammer", "saw"]),
        ("The hammer, no, the saw.", ["-hammer", "saw"]),
        ("The hammer is old, no sorry, it is new.", ["hammer", "it"]),
    ],
)
def test_corrections(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_a_lacking_part_is_denied(models: LanguageModels) -> None:
    assert told("The cup has no handle.", models) == ["cup", "-handle"]
    assert told("The cup doesn't have a handle.", models) == ["cup", "-handle"]
