"""Node `live_speech_adapter`: what people say by ROS4HRI (hri_msgs/LiveSpeech), as utterances."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from rcl_interfaces.msg import FloatingPointRange, ParameterDescriptor
from rclpy.exceptions import ParameterException
from rclpy.node import Node
from rclpy.time import Time

from imaggen_common.nodes.running import run_node
from imaggen_interfaces.msg import Utterance as UtteranceMsg
from imaggen_speech.errors import EmptyTextError, SpeechError, TimingSourceUnavailable
from imaggen_speech.nodes.conversions import utterance_to_msg
from imaggen_speech.nodes.locales import language_of
from imaggen_speech.sources.live import LiveTranscript


class LiveSpeechAdapter(Node):
    """Turns a voice's recognised speech into utterances.

    Subscribes `speech` (remap it to /humans/voices/<id>/speech), publishes `heard`, with `start`
    set to when the phrase began. Words are timed by when they appeared in the hypotheses.

    Args:
        node_arguments: passed to `rclpy.node.Node`.

    Raises:
        TimingSourceUnavailable: when hri_msgs is not installed.
    """

    def __init__(self, **node_arguments: Any) -> None:
        super().__init__("live_speech_adapter", **node_arguments)
        self.declare_parameter(
            "language",
            "en",
            ParameterDescriptor(description="BCP 47 tag for speech that names no locale."),
        )
        self.declare_parameter(
            "min_confidence",
            0.0,
            ParameterDescriptor(
                description="Less certain phrases are left out, 0..1.",
                floating_point_range=[FloatingPointRange(from_value=0.0, to_value=1.0)],
            ),
        )
        self._transcript: LiveTranscript | None = None
        self._heard = self.create_publisher(UtteranceMsg, "heard", 10)
        self.create_subscription(_live_speech(), "speech", self._on_speech, 10)

    def _on_speech(self, message: Any) -> None:
        default = self.get_parameter("language").value
        # Older versions of the message have a language in place of the locale, or neither.
        locale = getattr(message, "locale", "") or getattr(message, "language", "")
        language = language_of(locale, default)
        if self._transcript is None:
            self._transcript = LiveTranscript(language)
        stamp = Time.from_msg(message.header.stamp).nanoseconds
        time_s = (stamp or self.get_clock().now().nanoseconds) * 1e-9
        if not message.final:
            self._transcript.add(message.incremental, time_s)
            return
        transcript, self._transcript = self._transcript, None
        if message.confidence < self.get_parameter("min_confidence").value:
            return
        try:
            utterance, start_s = transcript.finish(message.final, time_s)
        except EmptyTextError:
            return  # a cough that was written as punctuation
        except SpeechError as error:
            self.get_logger().warning(f"cannot use what was heard: {error}")
            return
        start = Time(nanoseconds=max(0, round(start_s * 1e9))).to_msg()
        named = replace(utterance, id=uuid.uuid4().hex)
        self._heard.publish(utterance_to_msg(named, start=start))


def _live_speech() -> Any:
    try:
        from hri_msgs.msg import LiveSpeech
    except ImportError as error:
        raise TimingSourceUnavailable(
            "the ROS package hri_msgs is not installed; install ros-<distro>-hri-msgs"
        ) from error
    return LiveSpeech


def main() -> None:
    """Run the node until it is stopped."""
    run_node(LiveSpeechAdapter, (SpeechError, ParameterException))


if __name__ == "__main__":
    main()
