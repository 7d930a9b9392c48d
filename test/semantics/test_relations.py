"""How the words say that things lie or compare to each other."""

import pytest
from semantics.sentences import mentions_of, reading_of, told

from imaggen_semantics.models import LanguageModels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ball is on the box.", ("ball", "on", ["box"], False)),
        ("The ball is to the left of the box.", ("ball", "left_of", ["box"], False)),
        ("The ball isn't on the box.", ("ball", "on", ["box"], True)),
        ("The ball is bigger than the box.", ("ball", "bigger_than", ["box"], False)),
        ("The cup is between the ball and the box.", ("cup", "between", ["ball", "box"], False)),
        (
            "Between the ball and the box there is a cup.",
            ("cup", "between", ["ball", "box"], False),
        ),
        ("There is a box with a ball on it.", ("ball", "on", ["it"], False)),
        ("Next to the ball there is a box.", ("box", "beside", ["ball"], False)),
        ("A ball lies under the table.", ("ball", "under", ["table"], False)),
        ("The ball between the two boxes.", ("ball", "between", ["box"], False)),
        ("The balls lie in a row with the box.", ("ball", "in_row_with", ["box"], False)),
        ("The ball is not near the box.", ("ball", "beside", ["box"], True)),
        ("The ball is more round than the box.", ("ball", "rounder_than", ["box"], False)),
        ("The ball is less tall than the box.", ("box", "taller_than", ["ball"], False)),
        ("The ball is not bigger than the box.", ("ball", "bigger_than", ["box"], True)),
        ("Which ball is bigger than the box?", ("ball", "bigger_than", ["box"], False)),
    ],
)
def test_relations(text: str, expected: tuple[str, str, list[str], bool]) -> None:
    reading = reading_of(text)
    (relation,) = reading.relations
    names = [reading.mentions[number].lemma for number in (relation.subject, *relation.objects)]
    assert (names[0], relation.name, names[1:], relation.negated) == expected


def test_to_hold_a_thing_by_its_handle_is_no_relation() -> None:
    assert reading_of("Hold the cup by its handle.").relations == ()


def test_several_relations_of_one_thing() -> None:
    reading = reading_of("The cup is to the right of the box and left of the ball.")
    found = [(r.name, reading.mentions[r.objects[0]].lemma) for r in reading.relations]
    assert found == [("right_of", "box"), ("left_of", "ball")]
    assert {r.subject for r in reading.relations} == {0}


def test_a_chain_of_landmarks() -> None:
    reading = reading_of("The ball in front of the box behind the tower.")
    found = [(r.subject, r.name, r.objects) for r in reading.relations]
    assert found == [(0, "in_front_of", (1,)), (1, "behind", (2,))]
    assert [mention.landmark for mention in reading.mentions] == [False, True, True]


@pytest.mark.parametrize(
    "text", ["The ball is as big as the box.", "The ball is about as wide as the box."]
)
def test_likened_things_are_not_said_to_be_so(text: str, models: LanguageModels) -> None:
    for known in (None, models):
        assert reading_of(text, known).relations == ()
        assert all("[" not in mention for mention in told(text, known))


def test_a_compared_property_is_not_said_of_the_thing() -> None:
    assert told("The ball is bigger than the box.") == ["ball", "@box"]
    assert told("The bigger ball.") == ["ball[big]"]


def test_relations_need_somebody_who_has_them() -> None:
    assert reading_of("On the box.").relations == ()
    assert reading_of("Bigger than ever.").relations == ()
    assert mentions_of("Left of nothing.") == ()
