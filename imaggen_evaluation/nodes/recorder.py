"""A recorder for places without rosbag2: topics of the running graph into one MCAP file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rclpy.event_handler import QoSRequestedIncompatibleQoSInfo, SubscriptionEventCallbacks
from rclpy.node import Node
from rclpy.qos import QoSProfile, ReliabilityPolicy, qos_policy_name_from_kind

from imaggen_evaluation.mcap_file import McapFile, qos_yaml
from imaggen_evaluation.nodes.topics import RECORDED_TOPICS

if TYPE_CHECKING:
    pass


def type_name(message_type: Any) -> str:
    """`package/msg/Name` of a message class."""
    package, folder = message_type.__module__.split(".")[:2]
    return f"{package}/{folder}/{message_type.__name__}"


def qos_words(profile: QoSProfile) -> dict[str, str | int]:
    """A profile in the words that `qos_yaml` takes."""
    return {
        "history": profile.history.short_key,
        "depth": profile.depth,
        "reliability": profile.reliability.short_key,
        "durability": profile.durability.short_key,
    }


class BagRecorder(Node):
    """Writes every message of its topics, as received, until `close` or `abort`.

    Messages are neither decoded nor copied on their way. Destroying the node without `close`
    leaves no file behind.

    Threading: callbacks may run in any executor; `close` and `abort` may be called from any thread.
    """

    def __init__(
        self,
        node_name: str,
        path: str | Path,
        topics: Mapping[str, tuple[Any, QoSProfile]] = RECORDED_TOPICS,
        **node_options: Any,
    ) -> None:
        """Subscribe and open the file.

        Args:
            node_name: name of the node.
            path: the .mcap file to write; `<path>.part` until it is complete.
            topics: message type and quality of service by topic name, relative or absolute.
            node_options: passed on to rclpy's Node.

        Raises:
            BagError: when the file cannot be written or a message definition is not installed.
        """
        super().__init__(node_name, **node_options)
        self._file = McapFile(Path(path))
        try:
            for topic, (message_type, profile) in topics.items():
                name = self.resolve_topic_name(topic)
                self._file.add_topic(name, type_name(message_type), qos_yaml(qos_words(profile)))
                self._subscribe(name, message_type, profile)
        except BaseException:
            self.destroy_node()
            raise

    @property
    def counts(self) -> dict[str, int]:
        """Messages recorded so far, by resolved topic name."""
        return self._file.counts

    def close(self) -> Path:
        """Complete the file; later messages are ignored. Returns its path."""
        return self._file.close()

    def abort(self) -> None:
        """Stop and remove the unfinished file."""
        self._file.abort()

    def destroy_node(self) -> None:
        """Destroy the node; a recording that was not closed is removed."""
        self._file.abort()
        super().destroy_node()

    def _subscribe(self, topic: str, message_type: Any, profile: QoSProfile) -> None:
        """Record a topic; settle for best effort when a publisher offers no more."""

        def settle(info: QoSRequestedIncompatibleQoSInfo) -> None:
            if qos_policy_name_from_kind(int(info.last_policy_kind)) != "RELIABILITY":
                return
            self.destroy_subscription(subscription)
            weaker = QoSProfile(
                depth=profile.depth,
                reliability=ReliabilityPolicy.BEST_EFFORT,
                durability=profile.durability,
            )
            self._subscribe(topic, message_type, weaker)

        subscription = self.create_subscription(
            message_type,
            topic,
            self._writer_for(topic),
            profile,
            raw=True,
            event_callbacks=SubscriptionEventCallbacks(incompatible_qos=settle),
        )

    def _writer_for(self, topic: str) -> Callable[[Any], None]:
        """The callback of one topic.

        Times are those of reception: rclpy's events executor cannot pass on the publisher's, and
        whatever needs that has a stamp in its header.
        """

        def write(data: Any) -> None:
            received = int(self.get_clock().now().nanoseconds)
            self._file.write(topic, data, log_time=received, publish_time=received)

        return write
