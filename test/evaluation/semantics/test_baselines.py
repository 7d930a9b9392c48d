"""The baseline that knows nothing but how alike words are."""

from collections.abc import Sequence

from imaggen_evaluation.semantics.baselines import EmbeddingUnderstander, best_embeddings
from imaggen_evaluation.semantics.cases import Statement, parse_cases
from imaggen_speech import create_timing_source

ROWS = [
    {"id": "ball", "label": "ball", "shape": "circle", "color": "red", "size": [0.1, 0.1],
     "at": [-0.3, 0.0]},
    {"id": "cup", "label": "cup", "shape": "trapezoid", "color": "blue", "size": [0.1, 0.12],
     "at": [0.3, 0.0], "parts": ["handle"]},
]  # fmt: skip
GOLD = parse_cases(
    {
        "scenes": {"toys": ROWS},
        "cases": [
            {"text": f"The ball, {filler} pup.", "scene": "toys", "kind": "distractor",
             "links": [{"word": "ball", "to": "ball"}]}
            for filler in ("one", "my", "your", "our", "his", "her")
        ],
    }
)  # fmt: skip
SCENE = GOLD.scenes["toys"]


class Alike:
    """Equal words are alike, rhymes a little."""

    def likeness(self, first: str, second: str) -> float:
        return 1.0 if first == second else 0.5 if first[-2:] == second[-2:] else 0.0

    def nearest(self, word: str, among: Sequence[str]) -> tuple[str, float]:
        best = max(among, key=lambda other: self.likeness(word, other))
        return best, self.likeness(word, best)


def understood(text: str, threshold: float = 0.7) -> tuple[dict[int, set[str]], set[Statement]]:
    utterance = create_timing_source("estimate").time_text(text).utterance
    found = EmbeddingUnderstander(Alike(), threshold).understand(SCENE, utterance)
    assert found.relations == frozenset()
    assert found.gestures == bool(found.links)
    return {word: set(targets) for word, (targets, _) in found.links.items()}, set(found.says)


def test_names_and_parts_are_linked() -> None:
    assert understood("The ball and the handle.") == ({1: {"ball"}, 4: {"cup.handle"}}, set())


def test_values_are_said_of_the_nearest_link() -> None:
    links, says = understood("The red ball and the blue cup.")
    assert links == {2: {"ball"}, 6: {"cup"}}
    assert says == {Statement("ball", "red"), Statement("cup", "blue")}


def test_it_knows_no_denials() -> None:
    assert understood("Not the ball.")[0] == {2: {"ball"}}


def test_the_threshold_decides() -> None:
    assert understood("The shell.", 0.7) == ({}, set())
    assert understood("The pup.", 0.4)[0] == {1: {"cup"}}
    assert understood("Red.", 0.7) == ({}, set())  # nothing that it could be said of


def test_the_threshold_that_links_best_is_taken() -> None:
    """Below one half, a pup is taken for the cup."""
    assert best_embeddings(Alike(), GOLD).threshold > 0.5
