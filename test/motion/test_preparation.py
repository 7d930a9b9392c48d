from dataclasses import replace
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from semantics.scenes import pair_scene

from imaggen_motion.preparation import preparation_times
from imaggen_motion.robot_files import model_of, resolve_robot
from imaggen_motion.robot_model import RobotModel
from imaggen_motion.synthesis import synthesize
from imaggen_motion.trajectory import GestureTrajectory
from imaggen_semantics import Matcher, MatcherConfig
from imaggen_semantics.models import LanguageModels
from imaggen_semantics.plan import GesturePlan, GestureSpec
from imaggen_speech import create_timing_source

THINGS = ("circle", "rectangle")
TALK = (
    "Look at the tall box and then look at the round ball over there.",
    "The ball is round, and the box beside it is tall.",
    "This box is tall but that ball is round, and the box is narrow.",
    "Take the ball, no, take the box, the tall one.",
)


@lru_cache
def robot(name: str = "imaggen_humanoid") -> RobotModel:
    return model_of(resolve_robot(name).urdf_xml)


@lru_cache
def told(name: str = "imaggen_humanoid") -> dict[str, float]:
    return preparation_times(robot(name))


def gesture(practice: str, thing: str, start_s: float) -> GestureSpec:
    kind, window_s = ("deictic", 0.6) if practice == "indexing" else ("iconic", 1.2)
    hands = "either" if practice == "indexing" else "both"
    return GestureSpec(
        kind, practice, hands, thing, "outline", (0,), start_s, start_s + window_s, 1.0, "Test."
    )  # fmt: skip


def two(first: tuple[str, str], second: tuple[str, str], gap_s: float) -> GestureTrajectory:
    """Motion of two gestures (practice, object) with time between their strokes."""
    before = gesture(*first, 0.0)
    after = gesture(*second, before.stroke_end_s + gap_s)
    return synthesize(GesturePlan(pair_scene(), (before, after)), robot())


def test_every_practice_has_a_time() -> None:
    assert {"drawing", "indexing", "sizing"} <= set(told())
    assert all(0.5 < seconds < 3.0 for seconds in told().values())


practices, things = st.sampled_from(["drawing", "indexing"]), st.sampled_from(THINGS)


@given(st.tuples(practices, things), st.tuples(practices, things))
@settings(max_examples=16, deadline=None)
def test_so_much_time_is_enough(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert not two(first, second, 1.05 * told()[second[0]]).dropped


@pytest.mark.parametrize("practice", ["drawing", "indexing"])
def test_and_not_much_more_than_is_needed(practice: str) -> None:
    assert two(("drawing", "circle"), (practice, "circle"), 0.75 * told()[practice]).dropped


@pytest.mark.parametrize("name", ["imaggen_humanoid", "talos"])
@pytest.mark.parametrize("text", TALK)
def test_what_is_planned_with_it_can_be_performed(text: str, name: str) -> None:
    config = MatcherConfig(expressiveness=1.0, preparation_s=tuple(told(name).items()))
    models = LanguageModels("en", lexicon_only=True)
    utterance = create_timing_source("estimate").time_text(text).utterance
    plan = Matcher(config, models=models).plan(pair_scene(), replace(utterance, id="u"))
    assert plan.gestures
    assert not synthesize(plan, robot(name)).dropped
