import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaggen_semantics.mentions import Mention, Reading
from imaggen_semantics.reading import read
from imaggen_semantics.vocabulary import load_lexicon
from imaggen_semantics.words import analyze_words
from imaggen_speech import create_timing_source


def reading_of(text: str) -> Reading:
    """Read by the lexicon alone, as where no parser is installed."""
    lexicon = load_lexicon("en")
    utterance = create_timing_source("estimate").time_text(text).utterance
    return read(analyze_words(utterance, lexicon), lexicon)


def mentions_of(text: str) -> tuple[Mention, ...]:
    return reading_of(text).mentions


def described(mention: Mention) -> str:
    """A mention in one line: signs, properties (stated ones behind "is"), head."""
    said = [
        ("is " if word.predicated else "") + ("not " if word.negated else "") + word.lemma
        for word in mention.properties
    ]
    signs = "".join(
        sign
        for sign, holds in (
            ("-", mention.negated),
            ("@", mention.landmark),
            (">", mention.pointer is not None),
            ("!", mention.looked_at),
        )
        if holds
    )
    return f"{signs}{mention.lemma or 'one'}" + (f"[{', '.join(said)}]" if said else "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ball is round.", ["ball[is round]"]),
        ("The round ball.", ["ball[round]"]),
        ("Balls are rounder.", ["ball[is round]"]),
        ("The ball's shape is round.", ["ball[is round]"]),
        ("The shape of the ball is round.", ["ball[is round]"]),
        ("This is a ball. It is round.", [">ball", "it[is round]"]),
        ("It looks round and big.", ["it[is round, is big]"]),
        ("It is big, round and flat.", ["it[is big, is round, is flat]"]),
        ("That red ball rolls.", [">ball[red, is moving]"]),
        ("Look at the tall box!", ["!box[tall]"]),
        ("Look at this.", [">!this"]),
        ("Not the round one, the flat one.", ["-one[round]", "one[flat]"]),
        ("I do not mean the round one but the flat one.", ["-one[round]", "one[flat]"]),
        ("The ball isn't square.", ["ball[is not square]"]),
        ("A lemon is oval, not round.", ["lemon[is oval, is not round]"]),
        ("This isn't a ball.", [">this", "-ball"]),
        ("The ball is on the table.", ["ball", "@table"]),
        ("The ball on the left is bigger than the box.", ["ball[left]", "@box"]),
        ("On the left is a box.", ["box[is left]"]),
        ("Look to the left!", ["!left[is left]"]),
        ("The box is left of the ball.", ["box", "@ball"]),
        ("Turn left and go.", []),
        ("There is a tall tower.", ["tower[tall]"]),
        ("Here is the mug.", [">mug"]),
        ("I saw the can over there.", [">can"]),
        ("I think that the ball is round.", ["ball[is round]"]),
        ("The box that is not round is old.", ["box[is not round]"]),
        ("The gizmo wobbles.", ["gizmo[is moving]"]),
        ("The square is big.", ["square[is big]"]),
        ("A watch is round.", ["watch[is round]"]),
        ("The coffee cup is tall.", ["cup[is tall]"]),
        ("You can ring me.", []),
        ("It's a ball.", ["it", "ball"]),
    ],
)
def test_mentions(text: str, expected: list[str]) -> None:
    assert [described(mention) for mention in mentions_of(text)] == expected


def test_how_many_and_which_of_several() -> None:
    both, second, all_three = (
        mentions_of(text)[0]
        for text in ("Both balls.", "The second ball from the right.", "All three balls.")
    )
    assert (both.number, both.plural) == (2, True)
    assert (second.ordinal, second.counted_from) == (2, "right")
    assert (all_three.number, all_three.plural) == (3, True)


@pytest.mark.parametrize(
    ("text", "owner", "part"),
    [
        ("The cup has a handle.", "cup", "handle"),
        ("The handle of the cup is round.", "cup", "handle"),
        ("The cup's handle is round.", "cup", "handle"),
        ("The cup with a handle.", "cup", "handle"),
        ("The cup without a handle.", "cup", "handle"),
        ("The cup is old. Its handle is round.", "its", "handle"),
        ("the cups handle is round", "cup", "handle"),
    ],
)
def test_parts_have_owners(text: str, owner: str, part: str) -> None:
    mentions = mentions_of(text)
    (found,) = [mention for mention in mentions if mention.parts and mention.lemma == part]
    assert found.owner is not None
    assert mentions[found.owner].lemma == owner


@pytest.mark.parametrize(
    ("text", "pronoun", "antecedent"),
    [
        ("The ball is round. It is red.", "it", "ball"),
        ("The ball is on the box. It is red.", "it", "ball"),
        ("The doll fell over and the block stayed where it was.", "it", "block"),
        ("The balls are red. They roll.", "they", "ball"),
    ],
)
def test_pronouns_continue_what_was_said(text: str, pronoun: str, antecedent: str) -> None:
    mentions = mentions_of(text)
    (found,) = [mention for mention in mentions if mention.lemma == pronoun]
    assert found.antecedent is not None
    assert mentions[found.antecedent].lemma == antecedent


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
    ],
)
def test_relations(text: str, expected: tuple[str, str, list[str], bool]) -> None:
    reading = reading_of(text)
    (relation,) = reading.relations
    names = [reading.mentions[number].lemma for number in (relation.subject, *relation.objects)]
    assert (names[0], relation.name, names[1:], relation.negated) == expected


def test_to_hold_a_thing_by_its_handle_is_no_relation() -> None:
    assert reading_of("Hold the cup by its handle.").relations == ()


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
    assert [described(mention) for mention in mentions_of(text)] == expected


def test_abstract_nouns_are_marked() -> None:
    (mention,) = mentions_of("The freedom is round.")
    assert mention.noun_class == "abstract"


WORDS = ["the", "a", "ball", "box", "round", "tall", "left", "on", "is", "isn't", "not", "it",
         "this", "that", "here", "there", "look", "at", "and", "but", "one", "gizmo", "shape",
         "its", "freedom", "of", "I", "saw", "man's", "it's"]  # fmt: skip


@given(
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(["", ",", "."])), min_size=1,
             max_size=15)
)  # fmt: skip
def test_any_order_of_words_gives_valid_mentions(pieces: list[tuple[str, str]]) -> None:
    text = " ".join(word + sign for word, sign in pieces)
    found = mentions_of(text)
    indices = [mention.index for mention in found]
    assert indices == sorted(set(indices))
    for mention in found:
        inside = [mention.index, *(word.index for word in mention.properties)]
        assert all(0 <= index < len(pieces) for index in inside)
        assert len(set(word.index for word in mention.properties)) == len(mention.properties)
