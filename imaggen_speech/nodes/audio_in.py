"""Listening: sound from a topic becomes phrases, and these become utterances."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import numpy as np
from rclpy.node import Node
from rclpy.time import Time

from imaggen_interfaces.msg import AudioChunk
from imaggen_interfaces.msg import Utterance as UtteranceMsg
from imaggen_speech.audio import MAX_SAMPLE_RATE, MIN_SAMPLE_RATE
from imaggen_speech.errors import NoSpeechError, SpeechError
from imaggen_speech.nodes.conversions import utterance_to_msg
from imaggen_speech.phrases import Phrase, PhraseDetector
from imaggen_speech.sources.base import AudioTimingSource, SpokenUtterance
from imaggen_speech.utterance import Utterance

_WAITING = 8  # phrases; who speaks faster than is understood loses the oldest


class AudioIn:
    """Subscribes `audio_in`, publishes `heard` when a phrase has ended.

    Phrases are understood in a thread of their own; `heard` carries `start`, when the phrase began.

    Args:
        node: creates publisher and subscription.
        timer: understands the phrases.
        pause_s: silence that ends a phrase [s].
        language: BCP 47, of what is said.
        named: gives an utterance its id.
    """

    def __init__(
        self,
        node: Node,
        timer: AudioTimingSource,
        pause_s: float,
        language: str,
        named: Callable[[SpokenUtterance], Utterance],
    ) -> None:
        self._node, self._timer, self._named = node, timer, named
        self._pause_s, self._language = pause_s, language
        self._detector: PhraseDetector | None = None
        self._phrases: queue.Queue[Phrase | None] = queue.Queue(_WAITING)
        self._heard = node.create_publisher(UtteranceMsg, "heard", 10)
        self._subscription = node.create_subscription(AudioChunk, "audio_in", self._on_audio, 50)
        self._thread = threading.Thread(target=self._run, name="speech_listening", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening; the phrase that is being understood is still finished."""
        self._node.destroy_subscription(self._subscription)
        self._put(None)
        self._thread.join()
        self._node.destroy_publisher(self._heard)

    def _on_audio(self, chunk: AudioChunk) -> None:
        rate = chunk.sample_rate
        if not MIN_SAMPLE_RATE <= rate <= MAX_SAMPLE_RATE:
            self._node.get_logger().warning(
                f"audio_in has {rate} samples a second; send {MIN_SAMPLE_RATE} .."
                f" {MAX_SAMPLE_RATE}",
                throttle_duration_sec=5.0,
            )
            return
        if self._detector is None or self._detector.sample_rate != rate:
            self._detector = PhraseDetector(self._pause_s, rate)
        stamp = Time.from_msg(chunk.header.stamp).nanoseconds
        now = stamp or self._node.get_clock().now().nanoseconds
        for phrase in self._detector.add(np.array(chunk.samples, np.int16), now * 1e-9):
            self._put(phrase)

    def _put(self, phrase: Phrase | None) -> None:
        """Hand a phrase to the thread, in place of the oldest one when too many wait."""
        while True:
            try:
                self._phrases.put_nowait(phrase)
                return
            except queue.Full:
                self._phrases.get_nowait()
                self._node.get_logger().warning(
                    "speech comes faster than it is understood; a phrase is left out"
                )

    def _run(self) -> None:
        while (phrase := self._phrases.get()) is not None:
            try:
                self._understand(phrase)
            except NoSpeechError:
                continue  # a door, a cough, music
            except SpeechError as error:
                self._node.get_logger().warning(
                    f"a phrase is not understood: {error}", throttle_duration_sec=5.0
                )

    def _understand(self, phrase: Phrase) -> None:
        """Publish what a phrase says.

        Raises:
            SpeechError: when it cannot be understood.
        """
        spoken = self._timer.time_audio(phrase.audio, phrase.sample_rate, language=self._language)
        start = Time(nanoseconds=max(0, round(phrase.start_s * 1e9))).to_msg()
        self._heard.publish(utterance_to_msg(self._named(spoken), start=start))
