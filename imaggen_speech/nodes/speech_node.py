"""The speech node: a service that turns text into words with times, and audio."""

from __future__ import annotations

import array
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rcl_interfaces.msg import FloatingPointRange, ParameterDescriptor
from rclpy.node import Node

from imaggen_common.nodes.running import run_node
from imaggen_interfaces.srv import SynthesizeSpeech
from imaggen_speech.errors import EmptyTextError, SpeechError, UnknownLanguageError
from imaggen_speech.nodes.conversions import utterance_to_msg
from imaggen_speech.sources import MAX_RATE, MIN_RATE, TIMING_SOURCES, create_timing_source


class SpeechNode(Node):
    """Serves `synthesize_speech`. Nothing is played.

    Parameters:
        source: the timing source, "auto" or one of `TIMING_SOURCES`.
        language: BCP 47, for requests that name none.
        voice_rate: speech rate relative to the voice's normal one.
    """

    def __init__(self, **node_arguments: Any) -> None:
        """Declare the parameters, load the timing source and offer the service.

        Args:
            node_arguments: passed to `rclpy.node.Node` (parameter_overrides, namespace, ...).

        Raises:
            SpeechError: when the timing source is unknown or not installed.
        """
        super().__init__("speech", **node_arguments)
        names = ", ".join(["auto", *TIMING_SOURCES])
        source: str = self.declare_parameter(
            "source", "auto", _described(f"timing source: {names}")
        ).value
        self._language: str = self.declare_parameter(
            "language", "en", _described("BCP 47 tag for requests that name no language")
        ).value
        rate_range = FloatingPointRange(from_value=MIN_RATE, to_value=MAX_RATE, step=0.0)
        rate: float = self.declare_parameter(
            "voice_rate",
            1.0,
            _described("speech rate relative to the voice's normal one", [rate_range]),
        ).value
        self._source = create_timing_source(source, rate=rate)
        self.create_service(SynthesizeSpeech, "synthesize_speech", self._synthesize)
        self.get_logger().info(f"ready; words are timed by {self._source.name}")

    def _synthesize(
        self, request: SynthesizeSpeech.Request, response: SynthesizeSpeech.Response
    ) -> SynthesizeSpeech.Response:
        try:
            spoken = self._source.time_text(request.text, request.language or self._language)
        except SpeechError as error:
            response.error_code = _error_code(error)
            response.error_msg = str(error)
            self.get_logger().warning(f"cannot speak: {error}")
            return response
        utterance = replace(spoken.utterance, id=uuid.uuid4().hex)
        response.error_code = SynthesizeSpeech.Response.SUCCESS
        response.utterance = utterance_to_msg(utterance)
        if spoken.audio is not None:
            response.audio = array.array("h", spoken.audio.tobytes())
            response.sample_rate = spoken.sample_rate
        return response


def _error_code(error: SpeechError) -> int:
    if isinstance(error, EmptyTextError):
        return int(SynthesizeSpeech.Response.EMPTY_TEXT)
    if isinstance(error, UnknownLanguageError):
        return int(SynthesizeSpeech.Response.UNKNOWN_LANGUAGE)
    return int(SynthesizeSpeech.Response.FAILED)


def _described(description: str, ranges: Sequence[FloatingPointRange] = ()) -> ParameterDescriptor:
    """A parameter that is read once, when the node starts."""
    return ParameterDescriptor(
        description=description, read_only=True, floating_point_range=list(ranges)
    )


def main() -> None:
    """Run the node until it is stopped."""
    run_node(SpeechNode)


if __name__ == "__main__":
    main()
