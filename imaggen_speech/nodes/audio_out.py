"""The sound of utterances: kept until they are scheduled, then played and published in step."""

from __future__ import annotations

import array
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rclpy.node import Node
from rclpy.time import Time

from imaggen_interfaces.msg import AudioChunk
from imaggen_speech.errors import PlaybackUnavailable
from imaggen_speech.playback import SoundSink
from imaggen_speech.sources.base import SpokenUtterance

_TICK_S = 0.02


@dataclass(frozen=True)
class _Sound:
    """Sound that is being published."""

    utterance_id: str
    audio: NDArray[np.int16]
    sample_rate: int
    start_ns: int


class AudioOut:
    """Plays scheduled utterances, one at a time: a new one takes the place of the one before.

    Publishes `audio` (AudioChunk) and, where audio_common_msgs is installed, the same samples as
    little-endian bytes on `audio_data` (AudioData). Chunks go out from a thread of their own, so
    that no long callback of the node makes them late; time is the node's clock.

    Args:
        node: creates the publishers.
        sink: the host's loudspeaker, or a silent one.
        kept: how many prepared utterances keep their sound.
        chunk_s: length of a chunk [s].
        lead_s: how long before it is due a chunk is published [s].
    """

    def __init__(
        self, node: Node, sink: SoundSink, kept: int, chunk_s: float, lead_s: float
    ) -> None:
        self._node, self._sink = node, sink
        self._kept, self._chunk_s, self._lead_ns = kept, chunk_s, round(lead_s * 1e9)
        self._prepared: OrderedDict[str, SpokenUtterance] = OrderedDict()
        self._chunks = node.create_publisher(AudioChunk, "audio", 10)
        self._data_type = _audio_data()
        self._data = (
            node.create_publisher(self._data_type, "audio_data", 10) if self._data_type else None
        )
        self._changed = threading.Condition()
        self._sound: _Sound | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="speech_audio", daemon=True)
        self._thread.start()

    def keep(self, utterance_id: str, spoken: SpokenUtterance) -> None:
        """Remember the sound of an utterance; the oldest one is forgotten for it."""
        self._prepared[utterance_id] = spoken
        while len(self._prepared) > self._kept:
            self._prepared.popitem(last=False)

    def schedule(self, utterance_id: str, start_ns: int) -> bool:
        """Play a kept utterance.

        Args:
            utterance_id: as kept, or with a suffix behind a slash.
            start_ns: when it starts, in the node's time [ns].

        Returns:
            Whether its sound is known.
        """
        spoken = self._prepared.get(utterance_id.split("/")[0])
        if spoken is None or spoken.audio is None:
            return False
        sound = _Sound(utterance_id, spoken.audio, spoken.sample_rate, start_ns)
        with self._changed:
            if self._sound is not None and self._sound == sound:
                return True
            self._sound = sound
            self._changed.notify()
        try:
            self._sink.play(sound.audio, sound.sample_rate, start_ns * 1e-9, self._on_started)
        except PlaybackUnavailable as error:
            self._node.get_logger().warning(str(error))
        return True

    def stop(self) -> bool:
        """Be silent at once, here and at whoever plays the chunks.

        Returns:
            Whether something was being played.
        """
        self._sink.stop()
        with self._changed:
            sound, self._sound = self._sound, None
            if sound is not None:
                self._publish(sound, sound.audio[:0], self._node.get_clock().now().nanoseconds)
            self._changed.notify()
        return sound is not None

    def close(self) -> None:
        """Stop, and take the publishers away."""
        self.stop()
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
        self._node.destroy_publisher(self._chunks)
        if self._data is not None:
            self._node.destroy_publisher(self._data)

    def _on_started(self, start_s: float) -> None:
        self._node.get_logger().debug(f"sound starts at {start_s:.3f} s")

    def _run(self) -> None:
        """Publish the chunks of one sound after the other."""
        while True:
            with self._changed:
                while self._sound is None and not self._closing:
                    self._changed.wait()
                if self._closing:
                    return
                sound = self._sound
            if sound is not None:
                self._publish_all(sound)
            with self._changed:
                if self._sound is sound:
                    self._sound = None

    def _publish_all(self, sound: _Sound) -> None:
        size = max(1, round(self._chunk_s * sound.sample_rate))
        for first in range(0, len(sound.audio), size):
            due_ns = sound.start_ns + first * 1_000_000_000 // sound.sample_rate
            with self._changed:
                while (
                    self._sound is sound
                    and self._node.get_clock().now().nanoseconds < due_ns - self._lead_ns
                ):
                    self._changed.wait(_TICK_S)
                if self._sound is not sound:
                    return
                self._publish(sound, sound.audio[first : first + size], due_ns)

    def _publish(self, sound: _Sound, samples: NDArray[np.int16], due_ns: int) -> None:
        chunk = AudioChunk(utterance_id=sound.utterance_id, sample_rate=sound.sample_rate)
        chunk.header.stamp = Time(nanoseconds=due_ns).to_msg()
        chunk.samples = array.array("h", samples.tobytes())
        self._chunks.publish(chunk)
        if self._data is not None and samples.size:
            self._data.publish(self._data_type(data=samples.astype("<i2").tobytes()))


def _audio_data() -> Any:
    """The message type audio_common_msgs/AudioData with plain bytes, where it is installed."""
    try:
        from audio_common_msgs.msg import AudioData
    except ImportError:
        return None
    return AudioData if hasattr(AudioData(), "data") else None
