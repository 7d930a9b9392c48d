"""Node `speech`: text to words with times and sound, sound to words with times."""

from __future__ import annotations

import array
import threading
import uuid
from dataclasses import replace
from typing import Any

import numpy as np
from rclpy.exceptions import ParameterException
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.time import Time
from std_srvs.srv import Trigger

from imaggen_common.nodes.running import run_node
from imaggen_interfaces.msg import Utterance as UtteranceMsg
from imaggen_interfaces.srv import SynthesizeSpeech, TimeSpeech
from imaggen_speech.errors import (
    EmptyTextError,
    NoSpeechError,
    PlaybackUnavailable,
    SpeechError,
    TimingSourceUnavailable,
    UnknownLanguageError,
)
from imaggen_speech.nodes import parameters
from imaggen_speech.nodes.audio_in import AudioIn
from imaggen_speech.nodes.audio_out import AudioOut
from imaggen_speech.nodes.conversions import utterance_to_msg
from imaggen_speech.playback import HostSink, SilentSink, SoundSink
from imaggen_speech.sources import create_timing_source
from imaggen_speech.sources.audio_timer import AudioTimer
from imaggen_speech.sources.base import SpokenUtterance
from imaggen_speech.utterance import Utterance

SUCCESS, FAILURE = TransitionCallbackReturn.SUCCESS, TransitionCallbackReturn.FAILURE
INACTIVE = "the speech node is not active; activate it, or start it with autostart"


class SpeechNode(LifecycleNode):
    """Speaks and listens.

    Services: `synthesize_speech` (text to words, times and sound; nothing is played yet),
    `time_speech` (sound to words and times) and `stop_speech`. When an `utterance` arrives that was
    prepared here and has its `start` set, its sound is played on the host and published on `audio`
    in step. With `listen`, phrases on `audio_in` are published on `heard`. Parameters: see
    `parameters`.

    Timing long sound takes a while (a tenth of its length, or a second to recognise a phrase), for
    which the other services wait; sound goes on meanwhile.

    Args:
        node_arguments: passed to `rclpy.node.Node` (parameter_overrides, namespace, ...).

    Raises:
        SpeechError: when the node starts by itself and a parameter's value cannot be used.
    """

    def __init__(self, **node_arguments: Any) -> None:
        super().__init__("speech", **node_arguments)
        parameters.declare(self)
        self._refusal: SpeechError | None = None
        self._is_active = False
        self._audio_out: AudioOut | None = None
        self._audio_in: AudioIn | None = None
        self._entities: list[Any] = []
        if self._value("autostart"):
            if self.trigger_configure() != SUCCESS:
                self.destroy_node()
                raise self._refusal or SpeechError("the speech node cannot be configured")
            self.trigger_activate()

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Check the parameters, load the voice, and offer the services."""
        try:
            self._source = create_timing_source(
                self._value("source"), rate=self._value("voice_rate")
            )
            sink = self._sink()
        except SpeechError as error:
            self._refusal = error
            self.get_logger().error(str(error))
            return FAILURE
        self._timer = AudioTimer(self._value("recognition_model"))
        self._loading: threading.Thread | None = None
        self._audio_out = AudioOut(
            self,
            sink,
            kept=self._value("kept_utterances"),
            chunk_s=self._value("chunk_duration"),
            lead_s=self._value("chunk_lead"),
        )
        self._entities = [
            self.create_service(SynthesizeSpeech, "synthesize_speech", self._on_synthesize),
            self.create_service(TimeSpeech, "time_speech", self._on_time),
            self.create_service(Trigger, "stop_speech", self._on_stop),
        ]
        self._subscription = self.create_subscription(
            UtteranceMsg, "utterance", self._on_utterance, 10
        )
        return super().on_configure(state)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Answer requests from now on, and listen where that is asked for."""
        self._is_active = True
        if self._value("listen"):
            self._load()
            self._audio_in = AudioIn(
                self,
                self._timer,
                pause_s=self._value("phrase_pause"),
                language=self._value("language"),
                named=_named,
            )
        self.get_logger().info(f"ready; words are timed by {self._source.name}")
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Be silent and deaf."""
        self._rest()
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Give everything back."""
        self._release()
        return super().on_cleanup(state)

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Give everything back."""
        self._release()
        return super().on_shutdown(state)

    def destroy_node(self) -> None:
        """Stop the threads, then destroy the node."""
        self._rest()
        if self._audio_out is not None:
            self._audio_out.close()
            self._audio_out = None
        super().destroy_node()

    def _value(self, name: str) -> Any:
        return self.get_parameter(name).value

    def _now_s(self) -> float:
        return float(self.get_clock().now().nanoseconds * 1e-9)

    def _sink(self) -> SoundSink:
        """The host's loudspeaker; silence where there is none or it is not wanted.

        Raises:
            SpeechError: when the parameter `playback` is none of its choices.
        """
        if parameters.wants_playback(self._value("playback")):
            try:
                return HostSink(self._now_s)
            except PlaybackUnavailable as error:
                self.get_logger().info(f"nothing is played here: {error}")
        return SilentSink(self._now_s)

    def _rest(self) -> None:
        self._is_active = False
        if self._audio_in is not None:
            self._audio_in.close()
            self._audio_in = None
        if self._audio_out is not None:
            self._audio_out.stop()

    def _release(self) -> None:
        self._rest()
        if self._audio_out is None:
            return  # was never configured
        self._audio_out.close()
        self._audio_out = None
        for service in self._entities:
            self.destroy_service(service)
        self.destroy_subscription(self._subscription)

    def _load(self) -> None:
        """Load the models of recognition once, beside everything else."""
        if self._loading is None:
            self._loading = threading.Thread(target=self._load_models, daemon=True)
            self._loading.start()

    def _load_models(self) -> None:
        begin = self._now_s()
        self.get_logger().info("loading the models that understand speech")
        try:
            self._timer.load()
        except SpeechError as error:
            self.get_logger().error(f"cannot listen: {error}")
        else:
            self.get_logger().info(f"understands speech ({self._now_s() - begin:.1f} s to load)")

    def _on_synthesize(self, request: SynthesizeSpeech.Request, response: Any) -> Any:
        try:
            self._require_active()
            language = request.language or self._value("language")
            spoken = self._source.time_text(request.text, language)
        except SpeechError as error:
            return self._refuse(response, error, "cannot speak")
        utterance = _named(spoken)
        if self._audio_out is not None:
            self._audio_out.keep(utterance.id, spoken)
        response.error_code = SynthesizeSpeech.Response.SUCCESS
        response.utterance = utterance_to_msg(utterance)
        if spoken.audio is not None:
            response.audio = array.array("h", spoken.audio.tobytes())
            response.sample_rate = spoken.sample_rate
        return response

    def _on_time(self, request: TimeSpeech.Request, response: Any) -> Any:
        try:
            self._require_active()
            audio = np.array(request.audio, np.int16)
            language = request.language or self._value("language")
            spoken = self._timer.time_audio(audio, request.sample_rate, request.text, language)
        except SpeechError as error:
            return self._refuse(response, error, "cannot time speech")
        utterance = _named(spoken)
        if self._audio_out is not None:
            self._audio_out.keep(utterance.id, spoken)
        response.error_code = TimeSpeech.Response.SUCCESS
        response.utterance = utterance_to_msg(utterance)
        return response

    def _on_stop(self, _: Trigger.Request, response: Any) -> Any:
        was_playing = self._audio_out is not None and self._audio_out.stop()
        response.success = True
        response.message = "stopped" if was_playing else "nothing was being said"
        return response

    def _on_utterance(self, message: UtteranceMsg) -> None:
        """Play an utterance when it is scheduled; others' and prepared ones are none of ours."""
        start_ns = Time.from_msg(message.start).nanoseconds
        if self._is_active and start_ns and self._audio_out is not None:
            self._audio_out.schedule(message.id, start_ns)

    def _require_active(self) -> None:
        if not self._is_active:
            raise SpeechError(INACTIVE)

    def _refuse(self, response: Any, error: SpeechError, what: str) -> Any:
        response.error_code = _error_code(type(response), error)
        response.error_msg = str(error)
        self.get_logger().warning(f"{what}: {error}")
        return response


def _named(spoken: SpokenUtterance) -> Utterance:
    """The utterance with an id of its own."""
    return replace(spoken.utterance, id=uuid.uuid4().hex)


def _error_code(response: Any, error: SpeechError) -> int:
    """The code of an error, in a service's numbers."""
    if isinstance(error, (EmptyTextError, NoSpeechError)):
        return int(
            response.EMPTY_TEXT if response is SynthesizeSpeech.Response else response.NO_SPEECH
        )
    if isinstance(error, UnknownLanguageError):
        return int(response.UNKNOWN_LANGUAGE)
    if isinstance(error, TimingSourceUnavailable) and response is TimeSpeech.Response:
        return int(response.UNAVAILABLE)
    return int(response.FAILED)


def main() -> None:
    """Run the node until it is stopped."""
    run_node(SpeechNode, (SpeechError, ParameterException))


if __name__ == "__main__":
    main()
