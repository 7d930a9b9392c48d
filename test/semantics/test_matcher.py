from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from semantics.scenes import circle_scene, make_object, make_scene, pair_scene

from imaggen_perception.scene import Scene
from imaggen_semantics import GesturePlan, MatcherConfig, SemanticsError, match
from imaggen_speech import Utterance, create_timing_source


def say(text: str, language: str = "en") -> Utterance:
    return create_timing_source("estimate").time_text(text, language).utterance


def described(plan: GesturePlan, utterance: Utterance) -> list[str]:
    return [
        f"{g.phrase} {g.object_id}: " + " ".join(utterance.words[i].text for i in g.affiliate)
        for g in plan.gestures
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ball is round.", ["iconic object_1: ball round"]),
        ("The round ball rolls.", ["iconic object_1: round ball"]),
        ("The ball is square.", ["iconic object_1: ball square"]),
        ("The ball is not square.", ["iconic object_1: ball"]),
        ("The ball is big.", ["iconic object_1: ball big"]),
        ("This is a ball.", ["iconic object_1: ball"]),
        ("The gizmo wobbles.", []),
        ("The ball is on the table.", ["iconic object_1: ball"]),
        ("It is round.", ["iconic object_1: round"]),
        ("Look at the ball.", ["deictic object_1: ball"]),
        ("Look at the round ball.", ["iconic object_1: round ball"]),
        ("This is nice.", []),
        ("Not the round one.", []),
        ("The freedom is round.", []),
        ("Yes, of course.", []),
    ],
)
def test_one_object(text: str, expected: list[str]) -> None:
    utterance = say(text)
    assert described(match(circle_scene(), utterance), utterance) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ball is round.", ["iconic circle: ball round"]),
        ("The box is tall.", ["iconic rectangle: box tall"]),
        ("This box is tall.", ["deictic rectangle: This box"]),
        ("Look at the tall box.", ["deictic rectangle: box"]),
        ("The one on the right is nice.", ["deictic rectangle: one right"]),
        ("Here is the ball.", ["deictic circle: Here ball"]),
        ("I do not mean the round one, I mean the tall one.", ["iconic rectangle: tall one"]),
        ("The ball is left of the tower.", ["iconic circle: left of"]),
        ("Look at this.", []),
        ("The gizmo wobbles.", []),
        (
            "The ball is round. After a long pause we all wonder about it, the box is tall.",
            ["iconic circle: ball round", "iconic rectangle: box tall"],
        ),
    ],
)
def test_two_objects(text: str, expected: list[str]) -> None:
    utterance = say(text)
    assert described(match(pair_scene(), utterance), utterance) == expected


def test_a_round_ball_is_drawn_with_both_hands_just_before_its_word() -> None:
    utterance = say("The ball is round.")
    (gesture,) = match(circle_scene(), utterance).gestures
    onset = utterance.words[1].start_s
    assert (gesture.practice, gesture.property, gesture.hands) == ("drawing", "outline", "both")
    assert gesture.stroke_start_s == pytest.approx(onset - MatcherConfig().lead_s)
    assert gesture.stroke_end_s == pytest.approx(max(onset + 1.2, utterance.words[3].end_s))


def test_pointing_uses_the_near_hand() -> None:
    (gesture,) = match(pair_scene(), say("Look at the tall box.")).gestures
    assert (gesture.practice, gesture.property, gesture.hands) == ("indexing", "position", "right")


def test_a_contradiction_is_drawn_as_seen_with_less_confidence() -> None:
    (true,) = match(circle_scene(), say("The ball is round.")).gestures
    (false,) = match(circle_scene(), say("The ball is square.")).gestures
    assert false.confidence < true.confidence
    assert '"square" contradicts the circle' in false.reason


def test_a_denied_property_that_is_seen_is_rather_not_shown() -> None:
    plan = match(circle_scene(), say("The ball is not round."))
    assert not plan.gestures
    assert '"not round" contradicts the circle' in plan.dropped[0].gesture.reason


def test_a_property_word_far_from_its_noun_has_no_share() -> None:
    far = "The ball that my grandmother bought on an incredibly rainy afternoon is round."
    (gesture,) = match(circle_scene(), say(far)).gestures
    assert gesture.affiliate == (1,)


def test_dropped_gestures_say_why() -> None:
    plan = match(pair_scene(), say("Not the round one. This box is tall."))
    reasons = {(d.gesture.object_id, d.gesture.property): d.reason for d in plan.dropped}
    assert reasons["circle", "outline"] == "The words say that this object is not meant."
    assert reasons["rectangle", "extent"].startswith("Indexing its position tells more (0.")


def test_one_gesture_per_phrase() -> None:
    plan = match(pair_scene(), say("The ball is near the tower."))
    assert [g.object_id for g in plan.gestures] == ["circle"]
    reasons = {d.gesture.object_id: d.reason for d in plan.dropped}
    assert reasons["rectangle"] == 'Its phrase already has the gesture for "near".'
    assert reasons["circle"].startswith("Placing its relation tells more")


def test_what_sets_the_referent_apart_comes_first() -> None:
    """Of two boxes alike but for their height, neither the outline nor the colour tells which."""
    scene = make_scene(
        make_object("rectangle", id="low", center=(160, 240), width=90, height=60, label="box"),
        make_object("rectangle", id="high", center=(480, 240), width=90, height=220, label="box"),
    )
    utterance = replace(say("My friend asked for the box."), referents=((5, "high"),))
    remembered = make_scene(*(replace(seen, age_s=5.0) for seen in scene.objects))
    (shown,) = match(remembered, utterance).gestures
    assert (shown.object_id, shown.property) == ("high", "extent")
    (pointed,) = match(scene, utterance).gestures
    assert pointed.object_id == "high" and pointed.property in ("extent", "position")


def test_hurried_gestures_give_way_to_the_most_confident() -> None:
    utterance = say("This is a ball. It is round.")
    plan = match(circle_scene(), utterance)
    assert described(plan, utterance) == ["iconic object_1: round"]
    assert any("less than 0.9 s" in dropped.reason for dropped in plan.dropped)


def test_the_same_is_not_shown_twice_in_a_row() -> None:
    text = "The ball is round. After a very long while, as everybody knows, the ball is round."
    plan = match(circle_scene(), say(text))
    assert len(plan.gestures) == 1
    assert any("already shows the same" in dropped.reason for dropped in plan.dropped)


def test_plan_carries_its_context() -> None:
    scene = circle_scene()
    utterance = replace(say("The ball is round."), id="u1")
    plan = match(scene, utterance, config=MatcherConfig(viewpoint="viewer"))
    assert (plan.scene, plan.utterance_id, plan.viewpoint) == (scene, "u1", "viewer")


def test_without_objects_there_are_no_gestures() -> None:
    plan = match(make_scene(), say("This ball is round."))
    assert plan.gestures == plan.dropped == ()


def test_words_may_differ_from_the_text() -> None:
    spoken = replace(say("the ball is round"), text="")
    assert match(circle_scene(), spoken).gestures[0].affiliate == (1, 3)


def test_language_without_a_lexicon() -> None:
    with pytest.raises(SemanticsError, match="'fr'"):
        match(circle_scene(), say("Le ballon est rond.", "fr"))


def test_wordings_do_not_escape_the_text() -> None:
    """Upper case, curly apostrophes and signs make no difference."""
    for text in ("THE BALL IS ROUND", "The “ball” is – well – round…", "the ball’s round"):
        assert [g.object_id for g in match(circle_scene(), say(text)).gestures] == ["object_1"]


OBJECTS = [
    make_object("circle", id="a", center=(100, 240), relative_size=0.5),
    make_object("rectangle", id="b", center=(300, 240), width=60, height=220, label="tower"),
    make_object("triangle", id="c", center=(560, 300), axis=None, relative_size=0.8),
]
SCENES = st.lists(st.sampled_from(OBJECTS), unique_by=lambda o: o.id).map(lambda o: make_scene(*o))
WORDS = ["the", "a", "ball", "tower", "round", "tall", "left", "on", "is", "not", "it", "this",
         "here", "there", "look", "at", "and", "one", "gizmo", "triangle", "big"]  # fmt: skip
TEXTS = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(["", "", "", ",", "."])),
    min_size=1,
    max_size=25,
).map(lambda pieces: " ".join(word + sign for word, sign in pieces))
CONFIGS = st.builds(
    MatcherConfig, lead_s=st.floats(0.0, 0.2), min_gap_s=st.floats(0.0, 2.0),
    drawing_s=st.floats(0.2, 3.0),
)  # fmt: skip


@settings(deadline=None)  # the first plan reads the lexicon's lists
@given(SCENES, TEXTS, CONFIGS)
def test_every_plan_can_be_performed(scene: Scene, text: str, config: MatcherConfig) -> None:
    utterance = say(text)
    plan = match(scene, utterance, config=config)
    assert plan == match(scene, utterance, config=config)
    ends: list[float] = []
    for gesture in plan.gestures:
        words = [utterance.words[index] for index in gesture.affiliate]
        assert list(gesture.affiliate) == sorted(set(gesture.affiliate))
        assert -1e-9 <= words[0].start_s - gesture.stroke_start_s <= 0.2 + 1e-9
        assert gesture.stroke_end_s >= words[-1].end_s
        assert not ends or gesture.stroke_start_s - ends[-1] >= config.min_gap_s - 1e-9
        ends.append(gesture.stroke_end_s)
    for entry in [*plan.gestures, *(dropped.gesture for dropped in plan.dropped)]:
        assert scene.object(entry.object_id).id == entry.object_id
        assert 0.0 < entry.confidence <= 1.0
        assert entry.reason.endswith(".")
    assert all(dropped.reason.endswith(".") for dropped in plan.dropped)
