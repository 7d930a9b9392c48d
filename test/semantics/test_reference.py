"""What pronouns continue, what "one" stands for, and to what a part belongs."""

import pytest
from semantics.sentences import mentions_of, told

from imaggen_semantics.models import LanguageModels


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
        ("My sister has the ball. She likes it.", "it", "ball"),
        ("Not the ball, the box. It is red.", "it", "box"),
        ("The idea is old. The ball is red. It rolls.", "it", "ball"),
        ("The cup is red, and its handle is blue.", "its", "cup"),
        ("Here is the box, and it is red.", "it", "box"),
    ],
)
def test_pronouns_continue_what_was_said(text: str, pronoun: str, antecedent: str) -> None:
    mentions = mentions_of(text)
    (found,) = [mention for mention in mentions if mention.lemma == pronoun]
    assert found.antecedent is not None
    assert mentions[found.antecedent].lemma == antecedent


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("The big ball and the small one.", "ball"),
        ("The balls are red. One is big.", "ball"),
        ("Take one of the boxes.", "box"),
        ("The ball and three of the boxes.", "box"),
        ("The triangle, I mean the green one.", "triangle"),
    ],
)
def test_one_stands_for_a_noun(text: str, noun: str) -> None:
    mentions = mentions_of(text)
    (one,) = [mention for mention in mentions if not mention.lemma]
    assert one.antecedent is not None
    assert mentions[one.antecedent].lemma == noun


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("The round thing is a ball.", True),
        ("It is a ball.", True),
        ("The ball is the big one.", True),
        ("The triangle, I mean the green one.", True),
        ("The ball is on the box.", False),
        ("The ball is not a box.", False),
        ("On the table there is a ball.", False),
        ("The ball is red and the box is blue.", False),
    ],
)
def test_what_is_stated_to_be_the_same(text: str, same: bool) -> None:
    assert (mentions_of(text)[1].same_as == 0) == same


def test_parts_behind_a_denied_part_have_the_same_owner(models: LanguageModels) -> None:
    mentions = mentions_of("The one with a handle but no spout is a mug.", models)
    one, handle, spout, mug = mentions
    assert (handle.owner, spout.owner, spout.negated) == (0, 0, True)
    assert (one.same_as, mug.same_as) == (None, 0)


def test_nothing_is_before_the_first_pronoun() -> None:
    (it,) = mentions_of("It is red.")
    assert it.antecedent is None
    assert told("It is red.") == ["it[is red]"]


def test_how_many_of_them() -> None:
    both, they = mentions_of("Both balls are red. They are big.")
    assert (both.number, they.antecedent, they.plural) == (2, 0, True)
    first, last = mentions_of("The first box, and the last box.")
    assert (first.ordinal, last.ordinal) == (1, -1)
    assert mentions_of("The other one is red.")[0].other
