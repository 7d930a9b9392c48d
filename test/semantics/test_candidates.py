"""What could be shown of a linked mention, and what it is worth."""

import math
from dataclasses import replace

import pytest
from semantics.scenes import circle_scene, make_object, make_scene, pair_scene
from semantics.sentences import say

from imaggen_perception.scene import Alignment, Part, Scene, SceneObject
from imaggen_semantics import GestureSpec, Matcher, MatcherConfig
from imaggen_semantics.candidates import CandidateFinder, name_of
from imaggen_semantics.models import LanguageModels
from imaggen_semantics.plan import PRACTICES


def with_part(seen: SceneObject, name: str) -> SceneObject:
    return replace(seen, parts=(Part(name, seen.outline, (0.6, 0.0), 0.3, 0.5),))


CUPS = make_scene(
    with_part(make_object("trapezoid", id="mug", center=(100, 240), label="cup"), "handle"),
    make_object("trapezoid", id="cup", center=(500, 240), label="cup"),
)
BARS = make_scene(
    *(
        replace(
            make_object("elongated", id=name, center=(x, 240), width=20, height=200, axis=None),
            alignment=Alignment(math.radians(turn), 8.0, 0.9),
        )
        for name, x, turn in (("upright", 100, 0.0), ("slanted", 500, 50.0))
    )
)


def candidates(
    text: str, scene: Scene, models: LanguageModels, config: MatcherConfig | None = None
) -> list[GestureSpec]:
    """All candidates of all mentions."""
    utterance = say(text)
    reading, links = Matcher(models=models).link(scene, utterance)
    finder = CandidateFinder(scene, utterance, reading, models.lexicon, config or MatcherConfig())
    found = [c for number in range(len(links)) for c in finder.find(links, number)]
    return [candidate.gesture for candidate in found]


def best(text: str, scene: Scene, models: LanguageModels) -> GestureSpec:
    return max(candidates(text, scene, models), key=lambda gesture: gesture.score)


@pytest.mark.parametrize(
    ("text", "scene", "practice", "shown", "value"),
    [
        ("The tall tower.", "pair", "sizing", "extent", "height"),
        ("The small ball.", "pair", "sizing", "size", "small"),
        ("The round one.", "pair", "drawing", "outline", "round"),
        ("The slanted bar.", "bars", "posturing", "orientation", "slanted"),
        ("Look at the tower.", "pair", "indexing", "position", ""),
        ("This ball.", "pair", "indexing", "position", ""),
        ("The one on the left.", "pair", "indexing", "position", ""),
        ("The ball is left of the tower.", "pair", "placing", "relation", "left_of"),
        ("The ball is next to the tower.", "pair", "placing", "relation", "beside"),
        ("There are two things.", "pair", "counting", "number", "2"),
    ],
)
def test_what_the_words_ask_for_is_worth_most(
    text: str, scene: str, practice: str, shown: str, value: str, bare_models: LanguageModels
) -> None:
    seen = pair_scene() if scene == "pair" else BARS
    gesture = best(text, seen, bare_models)
    assert (gesture.practice, gesture.property, gesture.value) == (practice, shown, value)


def test_complementary_information_comes_first(bare_models: LanguageModels) -> None:
    """The words fit both cups; only the handle, and where it is, tell them apart."""
    found = candidates("Bring me the cup.", CUPS, bare_models)
    worth = {(g.object_id, g.property): g.score for g in found}
    assert worth["mug", "part"] > worth["mug", "outline"]
    assert worth["mug", "position"] > worth["mug", "outline"]
    (part,) = [g for g in found if g.property == "part"]
    assert part.part == part.value == "handle"
    assert '"cup" fits 2 objects' in part.reason


def test_what_words_tell_is_less_worth_telling_again(bare_models: LanguageModels) -> None:
    def complement(text: str) -> float:
        found = candidates(text, pair_scene(), bare_models)
        return max((g.score for g in found if "sets" in g.reason and g.property == "size"),
                   default=0.0)  # fmt: skip

    assert complement("The small ball.") < 0.5 * complement("The ball.")


def test_nothing_against_the_words_is_shown(bare_models: LanguageModels) -> None:
    for text in ("The ball is huge.", "The ball is not small."):
        found = candidates(text, pair_scene(), bare_models)
        assert {g.object_id for g in found} == {"circle"}
        assert not any(g.property == "size" for g in found)


def test_what_is_said_of_a_part_is_not_shown_of_the_whole(models: LanguageModels) -> None:
    found = candidates("The handle of the cup is round.", CUPS, models)
    assert not any(g.value == "round" for g in found)
    assert any(g.property == "part" and g.part == "handle" for g in found)


def test_pointing_needs_something_in_view(bare_models: LanguageModels) -> None:
    gone = make_scene(*(replace(seen, age_s=3.0) for seen in pair_scene().objects))
    for text in ("Look at the ball.", "This ball.", "The ball.", "The one on the left."):
        assert not any(
            g.practice == "indexing" for g in candidates(text, gone, bare_models)
        )  # fmt: skip


def test_a_lone_object_is_hardly_worth_pointing_at(bare_models: LanguageModels) -> None:
    alone, among = (
        max(g.score for g in candidates("This ball.", scene, bare_models)
            if g.practice == "indexing")
        for scene in (circle_scene(), pair_scene())
    )  # fmt: skip
    assert alone < 0.5 * among


def test_grips_are_shown(models: LanguageModels) -> None:
    found = candidates("Grab the cup by its handle.", CUPS, models)
    grips = [g for g in found if g.practice == "grasping"]
    assert ("part", "handle") in [(g.property, g.part) for g in grips]
    assert not any(
        g.practice == "grasping" for g in candidates("The cup is old.", CUPS, models)
    )  # fmt: skip


@pytest.mark.parametrize(("count", "counted"), [(2, True), (5, True), (6, False)])
def test_counting_has_five_fingers(
    count: int, counted: bool, bare_models: LanguageModels
) -> None:  # fmt: skip
    numbers = {2: "two", 5: "five", 6: "six"}
    balls = make_scene(
        *(make_object("circle", id=f"b{i}", center=(50 + 90 * i, 240), label="ball")
          for i in range(count))
    )  # fmt: skip
    found = candidates(f"There are {numbers[count]} balls.", balls, bare_models)
    assert any(g.practice == "counting" for g in found) == counted


def test_denied_relations_are_not_placed(bare_models: LanguageModels) -> None:
    found = candidates("The ball is not next to the tower.", pair_scene(), bare_models)
    assert not any(g.practice == "placing" for g in found)


def test_strokes_are_as_long_as_asked_for(bare_models: LanguageModels) -> None:
    config = MatcherConfig(drawing_s=2.5, pointing_s=1.5, lead_s=0.1)
    for gesture in candidates("Look at the round ball.", pair_scene(), bare_models, config):
        least = 1.5 if gesture.phrase == "deictic" else 2.5
        onset = say("Look at the round ball.").words[gesture.affiliate[0]].start_s
        assert gesture.stroke_start_s == pytest.approx(onset - 0.1)
        assert gesture.stroke_end_s - onset >= least - 1e-9


def test_every_candidate_can_be_read_and_performed(models: LanguageModels) -> None:
    texts = ("This tall box is next to the small round ball, look at both.", "Two of the cups.",
             "Hold the cup by its handle.", "The bar is slanted.", "It is red.")  # fmt: skip
    for scene in (pair_scene(), CUPS, BARS, circle_scene()):
        for text in texts:
            for gesture in candidates(text, scene, models):
                assert gesture.reason.endswith(".") and gesture.reason[0] in '"T'
                assert 0.0 <= gesture.score <= 1.0
                assert gesture.practice in PRACTICES
                assert set(gesture.fallback) <= set(PRACTICES) - {gesture.practice}
                assert gesture.object_id not in gesture.related


def test_names_for_people() -> None:
    assert name_of(make_object("circle", id="a", label="ball")) == "the ball (a)"
    assert name_of(make_object("circle", id="a")) == "the circle that is seen (a)"
    assert name_of(make_object("irregular", id="a")) == "the object that is seen (a)"
    assert name_of(make_object("elongated", id="a")) == "the elongated object that is seen (a)"
