from dataclasses import replace

import pytest

pytest.importorskip("imaggen_interfaces.msg")

from builtin_interfaces.msg import Time
from rclpy.serialization import deserialize_message, serialize_message

from imaggen_interfaces.msg import Utterance as UtteranceMsg
from imaggen_speech import SpeechError, create_timing_source
from imaggen_speech.nodes.conversions import utterance_from_msg, utterance_to_msg

TEXT = "The ball is round, and it rolls over the table."


def test_an_utterance_survives_the_wire() -> None:
    sent = create_timing_source("estimate").time_text(TEXT).utterance
    message = utterance_to_msg(sent, start=Time(sec=3), scene_stamp=Time(nanosec=7))
    wire = deserialize_message(serialize_message(message), UtteranceMsg)
    received = utterance_from_msg(wire)
    assert (wire.start.sec, wire.scene_stamp.nanosec) == (3, 7)
    assert (received.text, received.language) == (sent.text, sent.language)
    for a, b in zip(received.words, sent.words, strict=True):
        assert a.text == b.text
        assert a.start_s == pytest.approx(b.start_s, abs=1e-5)
        assert a.accent_s == pytest.approx(b.accent_s, abs=1e-5)


def test_what_words_mean_survives_the_wire() -> None:
    said = replace(
        create_timing_source("estimate").time_text(TEXT).utterance,
        referents=((1, "object_2"), (9, "object_1")),
    )
    message = utterance_to_msg(said, partial=True)
    assert message.partial
    assert utterance_from_msg(message).referents == said.referents
    message.referent_ids = ["object_2"]
    with pytest.raises(SpeechError, match="same length"):
        utterance_from_msg(message)


def test_a_prepared_utterance_has_no_start() -> None:
    message = utterance_to_msg(create_timing_source("estimate").time_text(TEXT).utterance)
    assert message.start == Time() == message.scene_stamp


def test_a_message_without_words_is_refused() -> None:
    with pytest.raises(SpeechError, match="at least one word"):
        utterance_from_msg(UtteranceMsg(text="hello"))
