"""Reading the bag of a performance (MCAP with ROS 2 messages), without ROS."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from imaggen_evaluation.errors import BagError

NANOSECONDS = 1_000_000_000
MCAP_MAGIC = b"\x89MCAP0\r\n"


@dataclass(frozen=True)
class StampedMessage:
    """One message as it was recorded.

    Attributes:
        log_time: when the recorder received it [s since the epoch].
        publish_time: when it was published [s since the epoch].
        value: the decoded message; its fields are attributes, as in ROS.
    """

    log_time: float
    publish_time: float
    value: Any


@dataclass(frozen=True)
class Bag:
    """A recorded performance in memory; topics are decoded when they are first asked for.

    Attributes:
        path: the file it was read from, for messages to people.
        content: the bytes of the file.
    """

    path: Path
    content: bytes

    @cached_property
    def types(self) -> dict[str, str]:
        """Message type (`package/msg/Name`) of each topic, ordered by topic."""
        summary = self._reader().get_summary()
        if summary is None:
            raise BagError(f"{self.path} has no summary: the recording was not finished")
        return {
            channel.topic: summary.schemas[channel.schema_id].name
            for channel in sorted(summary.channels.values(), key=lambda channel: channel.topic)
        }

    @property
    def topics(self) -> tuple[str, ...]:
        """All recorded topics, by name."""
        return tuple(self.types)

    def messages(self, topic: str) -> tuple[StampedMessage, ...]:
        """All messages of a topic in the order of reception; empty when it was silent.

        Raises:
            BagError: when the topic was not recorded at all.
        """
        if topic not in self.types:
            raise BagError(
                f"{self.path} has no topic {topic}; it has {', '.join(self.topics) or 'none'}"
            )
        if topic not in self._decoded:
            self._decoded[topic] = tuple(
                StampedMessage(
                    message.log_time / NANOSECONDS, message.publish_time / NANOSECONDS, value
                )
                for _, _, message, value in self._reader().iter_decoded_messages(topics=[topic])
            )
        return self._decoded[topic]

    def last(self, topic: str) -> Any:
        """The newest message's value on a topic.

        Raises:
            BagError: when the topic was not recorded, or has no message.
        """
        messages = self.messages(topic)
        if not messages:
            raise BagError(f"{self.path} has no message on {topic}")
        return messages[-1].value

    @cached_property
    def _decoded(self) -> dict[str, tuple[StampedMessage, ...]]:
        return {}

    def _reader(self) -> Any:
        from mcap.reader import make_reader
        from mcap_ros2.decoder import DecoderFactory

        return make_reader(io.BytesIO(self.content), decoder_factories=[DecoderFactory()])


def read_bag(path: str | Path) -> Bag:
    """Read a bag written by the recorder, or any MCAP file that rosbag2 wrote.

    Args:
        path: the .mcap file.

    Raises:
        BagError: when the file is missing, is no MCAP file, is damaged or holds no ROS 2 messages.
    """
    path = Path(path)
    try:
        from mcap.exceptions import McapError
    except ImportError as error:
        raise BagError("reading bags needs the extra: pip install 'imaggen[ros]'") from error
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BagError(f"cannot read the bag {path}: {error.strerror}") from error
    if not content.startswith(MCAP_MAGIC):
        raise BagError(f"{path} is not an MCAP file; give the gesture.mcap of a performance")
    bag = Bag(path, content)
    try:
        names = bag.types
    except McapError as error:
        raise BagError(f"{path} is damaged ({error}); record the performance again") from error
    foreign = [name for name in names.values() if "/msg/" not in name]
    if foreign:
        raise BagError(f"{path} holds {foreign[0]!r}, which is not a ROS 2 message type")
    return bag
