from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from semantics.scenes import pair_scene

from imaggen_motion.preparation import preparation_times
from imaggen_motion.robot_files import model_of, resolve_robot
from imaggen_motion.robot_model import RobotModel
from imaggen_motion.synthesis import synthesize
from imaggen_semantics import Matcher
from imaggen_semantics.models import LanguageModels
from imaggen_speech import create_timing_source


@pytest.fixture(scope="module")
def robot() -> RobotModel:
    return model_of(resolve_robot("imaggen_humanoid").urdf_xml)


def test_every_practice_has_a_preparation(robot: RobotModel) -> None:
    times = preparation_times(robot)
    assert set(times) == {"drawing", "indexing"}
    assert all(0.3 < seconds < 5.0 for seconds in times.values())


@given(st.sampled_from(["Look at the tall box.", "The ball is round.", "This box is tall."]))
@settings(max_examples=3, deadline=None)
def test_real_gestures_are_prepared_in_about_that_time(text: str) -> None:
    robot = model_of(resolve_robot("imaggen_humanoid").urdf_xml)
    utterance = create_timing_source("estimate").time_text("Well, you know what, " + text).utterance
    models = LanguageModels("en", lexicon_only=True)
    plan = Matcher(models=models).plan(pair_scene(), replace(utterance, id="u"))
    motion = synthesize(plan, robot)
    (gesture,) = plan.gestures
    begins = min(p.start_s for p in motion.phases if p.name == "preparation")
    stroke = max(p.start_s for p in motion.phases if p.name == "stroke")
    told = preparation_times(robot)[gesture.practice]
    assert stroke - begins == pytest.approx(told, rel=0.5)
