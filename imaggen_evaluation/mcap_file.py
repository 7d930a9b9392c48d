"""Writing ROS 2 messages to an MCAP file as rosbag2 does, without ROS."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from imaggen_evaluation.errors import BagError
from imaggen_evaluation.message_definitions import full_definition, type_hash


class McapFile:
    """An MCAP file that appears under its name only when it is complete.

    Messages go to `<path>.part`, which `close` renames and `abort` removes. All methods may be
    called from any thread.
    """

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            BagError: when the folder cannot be written to, or the extra is missing.
        """
        try:
            from mcap.writer import CompressionType, Writer
        except ImportError as error:
            raise BagError("writing bags needs the extra: pip install 'imaggen[ros]'") from error
        self.path = path
        self._part = path.with_name(path.name + ".part")
        self._lock = threading.Lock()
        self._schemas: dict[str, int] = {}
        self._channels: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._open = True
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self._part.open("wb")
        except OSError as error:
            raise BagError(f"cannot write the bag {path}: {error.strerror}") from error
        self._writer: Any = Writer(self._stream, compression=CompressionType.ZSTD)
        self._writer.start(profile="ros2", library="imaggen")

    @property
    def counts(self) -> dict[str, int]:
        """Messages written so far, by topic."""
        with self._lock:
            return dict(self._counts)

    def add_topic(self, topic: str, type_name: str, qos_yaml: str) -> None:
        """Declare a topic; a topic that stays silent is in the file too.

        Args:
            topic: its full name.
            type_name: `package/msg/Name`; the definition must be installed.
            qos_yaml: the publishers' quality of service, as rosbag2 writes it.

        Raises:
            BagError: when the type's definition is not installed.
        """
        definition = full_definition(type_name).encode()
        metadata = {"offered_qos_profiles": qos_yaml, "topic_type_hash": type_hash(type_name)}
        with self._lock:
            if type_name not in self._schemas:
                self._schemas[type_name] = self._writer.register_schema(
                    name=type_name, encoding="ros2msg", data=definition
                )
            self._channels[topic] = self._writer.register_channel(
                topic=topic,
                message_encoding="cdr",
                schema_id=self._schemas[type_name],
                metadata=metadata,
            )
            self._counts[topic] = 0

    def write(self, topic: str, data: bytes, *, log_time: int, publish_time: int) -> None:
        """Append one serialized message of a declared topic; after the end it is ignored.

        Args:
            topic: its full name.
            data: the message in CDR with its encapsulation header, as ROS serializes it.
            log_time: when it was received [ns since the epoch].
            publish_time: when it was published [ns since the epoch].
        """
        with self._lock:
            if not self._open:
                return
            self._counts[topic] += 1
            self._writer.add_message(
                channel_id=self._channels[topic],
                log_time=log_time,
                publish_time=publish_time,
                sequence=self._counts[topic],
                data=data,
            )

    def close(self) -> Path:
        """Complete the file and give it its name; a second call does nothing."""
        with self._lock:
            if self._open:
                self._open = False
                self._writer.finish()
                self._stream.close()
                self._part.replace(self.path)
        return self.path

    def abort(self) -> None:
        """Remove the unfinished file; after `close` this does nothing."""
        with self._lock:
            if self._open:
                self._open = False
                self._stream.close()
                self._part.unlink(missing_ok=True)


def qos_yaml(profile: Mapping[str, str | int]) -> str:
    """One quality-of-service profile in the YAML that rosbag2 keeps in `offered_qos_profiles`.

    Deadline, lifespan and lease are unlimited, which ROS writes as the largest duration.

    Args:
        profile: `history`, `depth`, `reliability` and `durability`, in ROS's lower-case words.
    """
    lines = [f"{key}: {profile[key]}" for key in ("history", "depth", "reliability", "durability")]
    unlimited = ["  sec: 9223372036", "  nsec: 854775807"]
    lines += ["deadline:", *unlimited, "lifespan:", *unlimited, "liveliness: automatic"]
    lines += ["liveliness_lease_duration:", *unlimited]
    lines += ["avoid_ros_namespace_conventions: false"]
    return "".join(f"{'- ' if i == 0 else '  '}{line}\n" for i, line in enumerate(lines))
