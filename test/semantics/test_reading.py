"""Noun phrases and what they are, by the lexicon alone, as where no parser is installed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semantics.sentences import described, mentions_of


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
        ("The zorblat wobbles.", ["zorblat[is moving]"]),
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


def test_abstract_nouns_are_marked() -> None:
    (mention,) = mentions_of("The freedom is round.")
    assert mention.noun_class == "abstract"


WORDS = ["the", "a", "ball", "box", "round", "tall", "left", "on", "is", "isn't", "not", "it",
         "this", "that", "here", "there", "look", "at", "and", "but", "one", "zorblat", "shape",
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
