import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("imaggen_interfaces.msg")

from builtin_interfaces.msg import Time
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import DurabilityPolicy, QoSProfile
from semantics.scenes import circle_scene, pair_scene

from imaggen_interfaces.msg import GesturePlan, Scene, Utterance
from imaggen_perception.nodes.conversions import scene_to_msg
from imaggen_semantics.nodes.semantic_matcher_node import SemanticMatcherNode
from imaggen_speech import create_timing_source
from imaggen_speech.nodes.conversions import utterance_to_msg

pytestmark = pytest.mark.ros
DEADLINE_S = 20.0
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)


class Graph:
    """The matcher and a node that plays perception, speech and motion."""

    def __init__(self) -> None:
        self.matcher, self.others = SemanticMatcherNode(), Node("others")
        self.plans: list[GesturePlan] = []
        self.scenes = self.others.create_publisher(Scene, "scene", LATCHED)
        self.utterances = self.others.create_publisher(Utterance, "utterance", 10)
        self.others.create_subscription(GesturePlan, "gesture_plan", self.plans.append, LATCHED)
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self.matcher)
        self._executor.add_node(self.others)

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < deadline, "the nodes did not get there"
            self._executor.spin_once(timeout_sec=0.05)

    def close(self) -> None:
        self._executor.shutdown()
        self.others.destroy_node()
        self.matcher.destroy_node()


@pytest.fixture
def graph(ros: None) -> Iterator[Graph]:
    graph = Graph()
    graph.until(
        lambda: (
            graph.scenes.get_subscription_count() == 1
            and graph.utterances.get_subscription_count() == 1
            and graph.others.count_publishers("gesture_plan") == 1
        )
    )
    yield graph
    graph.close()


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
