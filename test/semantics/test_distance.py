"""Whether words speak of what is here and now."""

import pytest
from semantics.sentences import reading_of

from imaggen_semantics.distance import ABSENT, FIGURATIVE, OF_ABSTRACT, REMOTE, distance
from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.lexicon_loading import load_lexicon
from imaggen_semantics.models import LanguageModels


def away(text: str, noun: str = "ball", models: LanguageModels | None = None) -> float:
    reading = reading_of(text, models)
    (number,) = [n for n, mention in enumerate(reading.mentions) if mention.lemma == noun]
    knowledge = models.knowledge if models is not None else Knowledge(load_lexicon("en"))
    return distance(reading, number, knowledge).total


@pytest.mark.parametrize(
    "text",
    ["The ball is round.", "Look at the ball.", "I like the ball because it is red.",
     "Once more: this ball.", "That ball was bought yesterday."],
)  # fmt: skip
def test_talk_of_here_and_now(text: str) -> None:
    assert away(text) == 0.0


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("Yesterday I bought the ball.", REMOTE),
        ("Last weekend the ball was lost.", REMOTE),
        ("My grandmother bought a ball.", ABSENT),
        ("My brother's ball is round.", ABSENT),
        ("The ball of freedom.", OF_ABSTRACT),
        ("Freedom is a ball.", FIGURATIVE),
    ],
)
def test_talk_of_elsewhere(text: str, least: float) -> None:
    assert away(text) >= least


def test_now_begins_anew() -> None:
    assert away("Yesterday I bought the box, but now the ball is red.") == 0.0
    assert away("Yesterday I bought the box, but now the ball is red.", "box") >= REMOTE
    assert away("Yesterday it rained. The ball is red.") == 0.0


def test_here_outweighs_what_was(models: LanguageModels) -> None:
    assert away("Yesterday I bought the ball you see here.") == 0.0


def test_names_of_places_are_elsewhere(models: LanguageModels) -> None:
    assert away("In Brighton the ball is round.", models=models) >= REMOTE
    assert away("In the box the ball is round.", models=models) == 0.0
