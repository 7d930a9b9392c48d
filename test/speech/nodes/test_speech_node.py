import time

import pytest

pytest.importorskip("rclpy")
pytest.importorskip("imaggen_interfaces.srv")

from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter

from imaggen_interfaces.srv import SynthesizeSpeech
from imaggen_speech import SpeechError
from imaggen_speech.nodes.conversions import utterance_from_msg
from imaggen_speech.nodes.speech_node import SpeechNode

DEADLINE_S = 20.0


def synthesize(executor, client, **request):
    future = client.call_async(SynthesizeSpeech.Request(**request))
    executor.spin_until_future_complete(future, timeout_sec=DEADLINE_S)
    assert future.done(), "no answer"
    return future.result()


@pytest.mark.ros
def test_the_service_speaks_and_refuses(ros: None) -> None:
    node, asker = SpeechNode(), Node("asker")
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    executor.add_node(asker)
    client = asker.create_client(SynthesizeSpeech, "synthesize_speech")
    until = time.monotonic() + DEADLINE_S
    while not client.service_is_ready() and time.monotonic() < until:
        executor.spin_once(timeout_sec=0.05)

    answer = synthesize(executor, client, text="The ball is round.")
    again = synthesize(executor, client, text="The ball is round.")
    empty = synthesize(executor, client, text=" ... ")
    unknown = synthesize(executor, client, text="hello", language="not a language")
    long = synthesize(executor, client, text="round " * 400)
    asker.destroy_node()
    node.destroy_node()

    assert answer.error_code == SynthesizeSpeech.Response.SUCCESS
    utterance = utterance_from_msg(answer.utterance)
    assert [word.text for word in utterance.words] == ["The", "ball", "is", "round"]
    assert utterance.id and utterance.id != again.utterance.id
    if utterance.timing_source != "estimate":
        seconds = len(answer.audio) / answer.sample_rate
        assert seconds == pytest.approx(utterance.duration_s, abs=0.02)
    assert empty.error_code == SynthesizeSpeech.Response.EMPTY_TEXT
    assert "give at least one word" in empty.error_msg
    assert unknown.error_code == SynthesizeSpeech.Response.UNKNOWN_LANGUAGE
    assert long.error_code == SynthesizeSpeech.Response.FAILED
    assert "several parts" in long.error_msg


@pytest.mark.ros
def test_parameters(ros: None) -> None:
    node = SpeechNode(parameter_overrides=[Parameter("source", value="estimate")])
    assert node.get_parameter("source").value == "estimate"
    node.destroy_node()
    with pytest.raises(SpeechError, match="choose one of"):
        SpeechNode(parameter_overrides=[Parameter("source", value="parrot")])
