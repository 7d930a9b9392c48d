import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("imaggen_interfaces.msg")

from builtin_interfaces.msg import Time
from rclpy.exceptions import InvalidParameterValueException
from rclpy.executors import SingleThreadedExecutor
from rclpy.lifecycle import TransitionCallbackReturn
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import DurabilityPolicy, QoSProfile
from semantics.scenes import circle_scene, make_scene, pair_scene

from imaggen_interfaces.msg import GesturePlan, PreparationTimes, Scene, Utterance
from imaggen_perception.nodes.conversions import scene_to_msg
from imaggen_perception.scene import Scene as SceneValue
from imaggen_semantics import SemanticsError
from imaggen_semantics.nodes.semantic_matcher_node import SemanticMatcherNode
from imaggen_speech import create_timing_source
from imaggen_speech.nodes.conversions import utterance_to_msg

pytestmark = pytest.mark.ros
DEADLINE_S = 20.0
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)


class Graph:
    """The matcher and a node that plays perception, speech and motion."""

    def __init__(self, **parameters: Any) -> None:
        overrides = [Parameter(name, value=value) for name, value in parameters.items()]
        self.matcher = SemanticMatcherNode(parameter_overrides=overrides)
        self.others = Node("others")
        self.plans: list[GesturePlan] = []
        self.scenes = self.others.create_publisher(Scene, "scene", LATCHED)
        self.utterances = self.others.create_publisher(Utterance, "utterance", 10)
        self.preparation = self.others.create_publisher(
            PreparationTimes, "preparation_times", LATCHED
        )
        self.others.create_subscription(GesturePlan, "gesture_plan", self.plans.append, LATCHED)
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self.matcher)
        self._executor.add_node(self.others)

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < deadline, "the nodes did not get there"
            self._executor.spin_once(timeout_sec=0.05)

    def see(self, seen: SceneValue, stamp: Time) -> None:
        """Publish a scene and wait until the matcher has it."""
        self.scenes.publish(scene_to_msg(seen, stamp))
        self.until(
            lambda: self.matcher._scene is not None and self.matcher._scene.header.stamp == stamp
        )

    def say(self, message: Utterance, plans: int) -> None:
        """Publish an utterance and wait until the matcher has heard it and made `plans` in all."""
        heard: list[str] = []
        listener = self.matcher.create_subscription(
            Utterance, "utterance", lambda m: heard.append(m.id), 10
        )
        self.until(lambda: self.utterances.get_subscription_count() == 2)
        self.utterances.publish(message)
        self.until(lambda: heard == [message.id] and len(self.plans) == plans)
        self.matcher.destroy_subscription(listener)
        self.until(lambda: self.utterances.get_subscription_count() == 1)

    def close(self) -> None:
        self._executor.shutdown()
        self.others.destroy_node()
        self.matcher.destroy_node()


Make = Callable[..., Graph]


@pytest.fixture
def make(ros: None) -> Iterator[Make]:
    """Makes graphs whose matcher has the parameters that are given."""
    made: list[Graph] = []

    def start(**parameters: Any) -> Graph:
        made.append(Graph(**parameters))
        connect(made[-1])
        return made[-1]

    yield start
    for graph in made:
        graph.close()


@pytest.fixture
def graph(make: Make) -> Graph:
    return make()


def connect(graph: Graph) -> None:
    graph.until(
        lambda: (
            graph.scenes.get_subscription_count() == 1
            and graph.utterances.get_subscription_count() == 1
            and graph.preparation.get_subscription_count() == 1
            and graph.others.count_publishers("gesture_plan") == 1
        )
    )


def utterance(number: int, text: str = "The ball is round.", **stamps: Time) -> Utterance:
    spoken = create_timing_source("estimate").time_text(text).utterance
    return utterance_to_msg(replace(spoken, id=f"u{number}"), **stamps)


def test_one_plan_for_each_prepared_utterance(graph: Graph) -> None:
    graph.scenes.publish(scene_to_msg(circle_scene(), Time(sec=5)))
    graph.utterances.publish(utterance(1, scene_stamp=Time(sec=5)))
    graph.until(lambda: len(graph.plans) == 1)
    graph.utterances.publish(utterance(1, start=Time(sec=8)))
    graph.utterances.publish(utterance(2, "The idea is sweet."))
    graph.until(lambda: len(graph.plans) == 2)
    first, second = graph.plans
    assert (first.utterance_id, second.utterance_id) == ("u1", "u2")
    assert [gesture.object_id for gesture in first.gestures] == ["object_1"]
    assert list(first.gestures[0].affiliate) == [1, 3]
    assert first.scene.header.stamp == Time(sec=5)
    assert not second.gestures


def test_an_utterance_waits_for_its_scene(graph: Graph) -> None:
    graph.utterances.publish(utterance(1, scene_stamp=Time(sec=6)))
    graph.until(lambda: graph.matcher._waiting is not None)
    graph.scenes.publish(scene_to_msg(circle_scene(), Time(sec=5)))
    graph.scenes.publish(scene_to_msg(pair_scene(), Time(sec=6)))
    graph.until(lambda: len(graph.plans) == 1)
    assert [gesture.object_id for gesture in graph.plans[0].gestures] == ["circle"]


def test_a_missing_scene_is_not_waited_for_forever(graph: Graph) -> None:
    graph.matcher.set_parameters([Parameter("scene_timeout", value=0.05)])
    graph.utterances.publish(utterance(1, scene_stamp=Time(sec=6)))
    graph.until(lambda: len(graph.plans) == 1)
    assert not graph.plans[0].scene.objects and not graph.plans[0].gestures


def test_words_that_cannot_be_understood_leave_beats(graph: Graph) -> None:
    message = utterance(1)
    message.language = "de"
    graph.utterances.publish(Utterance(id="u0", text="no words"))
    graph.utterances.publish(message)
    graph.until(lambda: len(graph.plans) == 1)
    assert (graph.plans[0].utterance_id, list(graph.plans[0].gestures)) == ("u1", [])


# -- lifecycle --------------------------------------------------------------------------------


def test_a_managed_node_plans_while_it_is_active(make: Make) -> None:
    graph = make(autostart=False)
    matcher = graph.matcher
    graph.see(circle_scene(), Time(sec=5))  # what is seen is remembered all the time
    graph.say(utterance(1), plans=0)
    assert matcher.trigger_configure() == TransitionCallbackReturn.SUCCESS
    graph.say(utterance(2), plans=0)
    assert matcher.trigger_activate() == TransitionCallbackReturn.SUCCESS
    graph.say(utterance(3), plans=1)
    assert matcher.trigger_deactivate() == TransitionCallbackReturn.SUCCESS
    graph.say(utterance(4), plans=1)
    assert matcher.trigger_activate() == TransitionCallbackReturn.SUCCESS
    graph.say(utterance(5), plans=2)
    assert [plan.utterance_id for plan in graph.plans] == ["u3", "u5"]


def test_deactivation_forgets_what_waits(graph: Graph) -> None:
    graph.utterances.publish(utterance(1, scene_stamp=Time(sec=6)))
    graph.until(lambda: graph.matcher._waiting is not None)
    graph.matcher.trigger_deactivate()
    assert graph.matcher._waiting is None and graph.matcher._timer is None
    graph.matcher.trigger_activate()
    graph.scenes.publish(scene_to_msg(circle_scene(), Time(sec=6)))
    graph.utterances.publish(utterance(2, scene_stamp=Time(sec=6)))
    graph.until(lambda: len(graph.plans) >= 1)
    assert [plan.utterance_id for plan in graph.plans] == ["u2"]


def test_a_language_without_a_lexicon_fails_to_configure(ros: None) -> None:
    overrides = [Parameter("languages", value=["xx"]), Parameter("autostart", value=False)]
    matcher = SemanticMatcherNode(parameter_overrides=overrides)
    assert matcher.trigger_configure() == TransitionCallbackReturn.FAILURE
    matcher.destroy_node()


# -- parameters -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("expressiveness", 1.01, "out of range"),
        ("expressiveness", -0.1, "out of range"),
        ("expressiveness", float("nan"), "out of range"),
        ("lead", 0.3, "out of range"),
        ("seed", -1, "out of range"),
        ("models_timeout", 121.0, "out of range"),
        ("memory_half_life", -1.0, "out of range"),
        ("scene_timeout", "soon", "Wrong parameter type"),
        ("viewpoint", "mirror", "'speaker' or 'viewer'"),
        ("linker", "oracle", "choose one of joint, language_model"),
        ("linker", "language_model", "either an endpoint or a transformers_model"),
        ("autostart", False, "read-only"),
    ],
)
def test_parameters_that_are_refused(graph: Graph, name: str, value: Any, reason: str) -> None:
    before = graph.matcher.get_parameter(name).value
    (result,) = graph.matcher.set_parameters([Parameter(name, value=value)])
    assert not result.successful
    assert reason in result.reason
    assert graph.matcher.get_parameter(name).value == before


def test_parameters_are_refused_at_the_start_too(ros: None) -> None:
    for name, value, error in (
        ("expressiveness", 3.0, InvalidParameterValueException),
        ("viewpoint", "mirror", SemanticsError),
    ):
        with pytest.raises(error):
            SemanticMatcherNode(parameter_overrides=[Parameter(name, value=value)])


def test_every_parameter_of_its_own_is_described(graph: Graph) -> None:
    foreign = ("qos_overrides", "use_sim_time", "start_type_description")
    names = [name for name in graph.matcher._parameters if not name.startswith(foreign)]
    assert len(names) > 10
    for name in names:
        assert graph.matcher.describe_parameter(name).description, name


def test_expressiveness_acts_at_once(graph: Graph) -> None:
    graph.matcher.set_parameters([Parameter("expressiveness", value=0.0)])
    graph.scenes.publish(scene_to_msg(circle_scene(), Time(sec=5)))
    graph.utterances.publish(utterance(1, scene_stamp=Time(sec=5)))
    graph.until(lambda: len(graph.plans) == 1)
    graph.matcher.set_parameters([Parameter("expressiveness", value=1.0)])
    graph.utterances.publish(utterance(2, scene_stamp=Time(sec=5)))
    graph.until(lambda: len(graph.plans) == 2)
    assert [len(plan.gestures) for plan in graph.plans] == [0, 1]


# -- what it listens to -----------------------------------------------------------------------


def test_motion_tells_how_long_it_prepares(graph: Graph) -> None:
    graph.preparation.publish(PreparationTimes(practices=["drawing", "sizing"], seconds=[2.5, 9.0]))
    graph.until(lambda: graph.matcher._preparation != ())
    assert graph.matcher._preparation == (("drawing", 2.5), ("sizing", 9.0))
    assert graph.matcher._matcher.config.preparation_s == (("drawing", 2.5), ("sizing", 9.0))
    graph.matcher.set_parameters([Parameter("seed", value=4)])
    assert graph.matcher._matcher.config.preparation_s == (("drawing", 2.5), ("sizing", 9.0))


def test_what_was_seen_before_can_be_talked_about(graph: Graph) -> None:
    graph.see(pair_scene(), Time(sec=5))
    graph.see(make_scene(*pair_scene().objects[1:]), Time(sec=8))
    graph.utterances.publish(utterance(1, scene_stamp=Time(sec=8)))
    graph.until(lambda: len(graph.plans) == 1)
    (gesture,) = graph.plans[0].gestures
    assert gesture.object_id == "circle"
    ages = {seen.id: seen.age for seen in graph.plans[0].scene.objects}
    assert ages["rectangle"] == 0.0 and ages["circle"] == pytest.approx(3.0)


HOSTILE = ["$(touch /tmp/x)", "{0.__class__}", "../../etc/passwd", "🙂 \u202e", "word " * 2000]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_hostile_words_leave_beats(graph: Graph, text: str) -> None:
    message = utterance(1)
    message.text = text
    for word in message.words:
        word.word = text
    graph.scenes.publish(scene_to_msg(circle_scene(), Time(sec=5)))
    graph.utterances.publish(message)
    graph.until(lambda: len(graph.plans) == 1)
    assert list(graph.plans[0].gestures) == []
