from collections.abc import Iterator
from typing import Any

import pytest

TTS = pytest.importorskip("tts_msgs.action").TTS

# ruff: noqa: E402 - nothing of ROS can be imported where it is not installed
from rclpy.action import ActionServer, CancelResponse
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from speech.nodes.spinning import spin_until, wait_for_answer
from std_srvs.srv import Trigger

from imaggen_interfaces.msg import Utterance
from imaggen_speech import TimingSourceUnavailable, create_timing_source
from imaggen_speech.nodes.conversions import utterance_to_msg
from imaggen_speech.nodes.tts_adapter import TtsAdapter


class Engine(Node):
    """A text-to-speech engine that says a word whenever it is let."""

    def __init__(self) -> None:
        super().__init__("engine")
        self.goals: list[Any] = []
        self.goal: Any = None
        self.canceled = 0
        ActionServer(
            self, TTS, "tts_engine/tts", execute_callback=self._end,
            handle_accepted_callback=self._accept, cancel_callback=self._cancel,
        )  # fmt: skip

    def _accept(self, handle: Any) -> None:
        self.goals.append(handle.request)
        self.goal = handle

    def _cancel(self, _: Any) -> CancelResponse:
        self.canceled += 1
        return CancelResponse.ACCEPT

    def _end(self, handle: Any) -> Any:
        handle.succeed()
        return TTS.Result()

    def say(self, word: str) -> None:
        self.goal.publish_feedback(TTS.Feedback(word=word))


@pytest.fixture
def nodes(ros: None) -> Iterator[tuple[TtsAdapter, Engine, Node, Any]]:
    made = (TtsAdapter(), Engine(), Node("listener"))
    executor = SingleThreadedExecutor()
    for node in made:
        executor.add_node(node)
    yield (*made, executor)
    executor.shutdown()
    for node in made:
        node.destroy_node()


def scheduled(node: Node, text: str, name: str) -> Utterance:
    utterance = create_timing_source("estimate").time_text(text, "en-GB").utterance
    message = utterance_to_msg(utterance, start=node.get_clock().now().to_msg())
    message.id = name
    return message


@pytest.mark.ros
def test_the_engine_speaks_and_its_words_are_timed(nodes: Any) -> None:
    adapter, engine, listener, executor = nodes
    states: list[Utterance] = []
    listener.create_subscription(Utterance, "spoken", states.append, 10)
    publisher = listener.create_publisher(Utterance, "utterance", 10)
    spin_until(executor, lambda: publisher.get_subscription_count() > 0)
    spin_until(executor, lambda: adapter.count_subscribers("spoken") > 0)
    spin_until(executor, adapter._engine.server_is_ready)

    message = scheduled(listener, "The ball is round.", "u1")
    publisher.publish(message)
    publisher.publish(message)  # repeated, said once
    spin_until(executor, lambda: engine.goal)
    for count, word in enumerate(("The", "ball", "is", "round"), start=1):
        engine.say(word)
        spin_until(executor, lambda count=count: len(states) == count)
    engine.goal.execute()
    spin_until(executor, lambda: len(states) == 5)

    assert [(g.input, g.locale) for g in engine.goals] == [("The ball is round.", "en_GB")]
    assert {state.id for state in states} == {"u1"}
    assert states[-1].timing_source == "reported"
    assert states[-1].start == message.start
    starts = [word.start for word in states[-1].words]
    assert starts == sorted(starts)
    for before, after in zip(states, states[1:], strict=False):
        assert len(before.words) == len(after.words) == 4


@pytest.mark.ros
def test_a_new_utterance_and_stop_take_the_word_away(nodes: Any) -> None:
    adapter, engine, listener, executor = nodes
    publisher = listener.create_publisher(Utterance, "utterance", 10)
    spin_until(executor, lambda: publisher.get_subscription_count() > 0)
    spin_until(executor, adapter._engine.server_is_ready)
    for number in (1, 2):
        publisher.publish(scheduled(listener, f"number {number}", f"u{number}"))
        spin_until(executor, lambda number=number: len(engine.goals) == number)
        spin_until(executor, lambda: adapter._goal is not None)
    spin_until(executor, lambda: engine.canceled == 1)

    stop = listener.create_client(Trigger, "stop_tts")
    spin_until(executor, stop.service_is_ready)
    assert wait_for_answer(executor, stop.call_async(Trigger.Request())).message == "stopped"
    spin_until(executor, lambda: engine.canceled == 2)
    again = wait_for_answer(executor, stop.call_async(Trigger.Request()))
    assert again.message == "nothing was being said"


def test_without_the_interfaces(ros: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tts_msgs.action", None)
    with pytest.raises(TimingSourceUnavailable, match="tts_msgs is not installed; install"):
        TtsAdapter()
