"""Of what things are said: gaps, results, lists, sides, clauses that are cut in two."""

import pytest
from semantics.sentences import reading_of, told

from imaggen_semantics.models import LanguageModels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The near ball is blue, the one in the distance green.",
         ["ball[near, is blue]", "one[far, is green]"]),
        ("Three balls, two red and the last one blue.", ["ball", "one[red]", "one[is blue]"]),
        ("Years of frying have turned the pan black.", ["years", "@frying", "pan[is black]"]),
        ("I wouldn't call the box small.", ["box[is not small]"]),
        ("A handbag this big and this red.", ["handbag[is big, is red]"]),
    ],
)  # fmt: skip
def test_gaps_and_results(text: str, expected: list[str], models: LanguageModels) -> None:
    assert told(text, models) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The egg is oval; the ball, on the other hand, is round.",
         ["egg[is oval]", "ball[is round]"]),
        ("Look at the ladder: tall, narrow and red.", ["!ladder[is tall, is narrow, is red]"]),
        ("Wide and blue, that's the jug; tall and thin, that's the glass.",
         [">jug[is wide, is blue]", ">glass[is tall, is thin]"]),
        ("My goodness, the ball is little!", ["ball[is little]"]),
        ("This box is longer than I am tall.", [">box"]),
        ("Who made the globe spin?", ["globe[is moving]"]),
    ],
)  # fmt: skip
def test_subjects(text: str, expected: list[str], models: LanguageModels) -> None:
    assert told(text, models) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In the upper right corner there is a star.", ["star[is upper, is right]"]),
        ("Here's your bucket, bottom right.", [">bucket[is bottom, is right]"]),
        ("At the bottom, I notice a ball.", ["ball[is bottom]"]),
    ],
)
def test_sides(text: str, expected: list[str], models: LanguageModels) -> None:
    assert told(text, models) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Turn it off.", ["it"]),
        ("You could slip it into a bag.", ["it", "@bag"]),
        ("The ball is still on the box.", ["ball", "@box"]),
        ("A little red box.", ["box[little, red]"]),
        ("The box is a little tilted.", ["box[is tilted]"]),
        ("The blade is razor-sharp.", ["blade[is sharp]"]),
        ("One should hold it by the stem.", ["it", "@stem"]),
        ("Three beads is all you get.", ["bead"]),
    ],
)
def test_what_only_looks_like_it(text: str, expected: list[str], models: LanguageModels) -> None:
    assert told(text, models) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is no longer green.", ["it[is not green]"]),
        ("You won't get far without the pole.", ["pole"]),
        ("It spared nothing except the ring.", ["it", "ring"]),
        ("Neither sock is blue.", ["sock[is not blue]"]),
        ("Not one of the coins is square.", ["coin[is not square]"]),
        ("Pass me the tire. No, wait, the can!", ["-tire", "can"]),
    ],
)
def test_denials(text: str, expected: list[str], models: LanguageModels) -> None:
    assert told(text, models) == expected


@pytest.mark.parametrize(
    ("text", "name", "subject", "other"),
    [
        ("The carton is twice as tall as the jar.", "taller_than", "carton", "jar"),
        ("The carton is half as tall as the jar.", "taller_than", "jar", "carton"),
        ("The carton is not as tall as the jar.", "taller_than", "jar", "carton"),
        ("Compared with the box, the ball is bigger.", "bigger_than", "ball", "box"),
        ("On the bed there is a pillow.", "on", "pillow", "bed"),
    ],
)
def test_relations(text: str, name: str, subject: str, other: str, models: LanguageModels) -> None:
    reading = reading_of(text, models)
    (relation,) = reading.relations
    mentions = reading.mentions
    assert relation.name == name
    assert mentions[relation.subject].lemma == subject
    assert [mentions[n].lemma for n in relation.objects] == [other]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("Is that your cup, the blue one?", "cup", ""),
        ("And that long thing, is that a pen?", "", "pen"),
        ("There is a cup on the table a red one.", "cup", ""),
    ],
)
def test_things_that_are_named_again(
    text: str, first: str, second: str, models: LanguageModels
) -> None:
    mentions = reading_of(text, models).mentions
    last = mentions[-1]
    assert last.lemma == second
    assert last.same_as is not None and mentions[last.same_as].lemma == first


def test_a_part_that_is_left_out(models: LanguageModels) -> None:
    mentions = reading_of("The house has a pointed roof, the barn a flat one.", models).mentions
    house, roof, barn, one = mentions
    assert (roof.owner, one.owner) == (0, 2)
    assert one.parts == roof.parts == ("roof",)
    assert (house.lemma, barn.lemma) == ("house", "barn")
