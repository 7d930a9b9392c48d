from typing import Any

import pytest

LiveSpeech = pytest.importorskip("hri_msgs.msg").LiveSpeech

# ruff: noqa: E402 - nothing of ROS can be imported where it is not installed
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.time import Time
from speech.nodes.spinning import spin_until

from imaggen_interfaces.msg import Utterance
from imaggen_speech import TimingSourceUnavailable
from imaggen_speech.nodes.live_speech_adapter import LiveSpeechAdapter
from imaggen_speech.nodes.locales import language_of, locale_of


def speech(seconds: float, **fields: Any) -> Any:
    message = LiveSpeech(confidence=0.9, locale="en_GB")
    message.header.stamp = Time(nanoseconds=round(seconds * 1e9)).to_msg()
    for name, value in fields.items():
        setattr(message, name, value)
    return message


@pytest.mark.ros
def test_phrases_become_utterances(ros: None) -> None:
    adapter = LiveSpeechAdapter(parameter_overrides=[Parameter("min_confidence", value=0.5)])
    voice = Node("voice")
    executor = SingleThreadedExecutor()
    executor.add_node(adapter)
    executor.add_node(voice)
    heard: list[Utterance] = []
    voice.create_subscription(Utterance, "heard", heard.append, 10)
    publisher = voice.create_publisher(LiveSpeech, "speech", 10)
    spin_until(executor, lambda: publisher.get_subscription_count() > 0)
    spin_until(executor, lambda: adapter.count_subscribers("heard") > 0)

    publisher.publish(speech(10.4, incremental="the"))
    publisher.publish(speech(10.9, incremental="the ball"))
    publisher.publish(speech(12.0, final="The ball."))
    publisher.publish(speech(13.0, final="uncertain", confidence=0.2))
    publisher.publish(speech(14.0, final=" ... "))
    publisher.publish(speech(15.0, final="x" * 3000))
    publisher.publish(speech(16.0, final="Hallo", locale="", language="de"))
    spin_until(executor, lambda: len(heard) == 2)
    executor.shutdown()
    adapter.destroy_node()
    voice.destroy_node()

    first, second = heard
    assert ([w.word for w in first.words], first.language) == (["The", "ball"], "en-GB")
    start_s = Time.from_msg(first.start).nanoseconds * 1e-9
    assert 9.8 < start_s < 10.4
    assert start_s + first.words[1].end == pytest.approx(10.9, abs=0.2)
    assert (second.text, second.language) == ("Hallo", "de")
    assert first.id and first.id != second.id


def test_without_the_interfaces(ros: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "hri_msgs.msg", None)
    with pytest.raises(TimingSourceUnavailable, match="hri_msgs is not installed; install"):
        LiveSpeechAdapter()


def test_locales() -> None:
    assert language_of("en_GB.UTF-8", "de") == "en-GB"
    assert language_of("", "de") == "de"
    assert (locale_of("en-gb"), locale_of("en")) == ("en_GB", "")
