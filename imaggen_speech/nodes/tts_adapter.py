"""Node `tts_adapter`: a robot's own voice (tts_msgs/TTS) says what is scheduled.

The engine reports each word as it begins; `spoken` carries the utterance with these times, a new
state for every word and a last one at its end.
"""

from __future__ import annotations

from typing import Any

from rcl_interfaces.msg import ParameterDescriptor
from rclpy.action import ActionClient
from rclpy.exceptions import ParameterException
from rclpy.node import Node
from rclpy.time import Time
from std_srvs.srv import Trigger

from imaggen_common.nodes.running import run_node
from imaggen_interfaces.msg import Utterance as UtteranceMsg
from imaggen_speech.errors import SpeechError, TimingSourceUnavailable
from imaggen_speech.nodes.conversions import utterance_to_msg
from imaggen_speech.nodes.locales import locale_of
from imaggen_speech.sources.live import ReportedSpeech


class TtsAdapter(Node):
    """Sends scheduled utterances to a text-to-speech engine at their start.

    Subscribes `utterance`, publishes `spoken`, offers `stop_tts`. A new utterance takes the place
    of the one that is being said.

    Args:
        node_arguments: passed to `rclpy.node.Node`.

    Raises:
        TimingSourceUnavailable: when tts_msgs is not installed.
    """

    def __init__(self, **node_arguments: Any) -> None:
        super().__init__("tts_adapter", **node_arguments)
        self._action = _tts_action()
        name = self.declare_parameter(
            "action",
            "tts_engine/tts",
            ParameterDescriptor(description="Action of the speech engine (tts_msgs/TTS)."),
        ).value
        self._engine = ActionClient(self, self._action, name)
        self._spoken = self.create_publisher(UtteranceMsg, "spoken", 10)
        self.create_subscription(UtteranceMsg, "utterance", self._on_utterance, 10)
        self.create_service(Trigger, "stop_tts", self._on_stop)
        self._due: Any = None
        self._goal: Any = None
        self._saying: UtteranceMsg | None = None

    def _on_utterance(self, message: UtteranceMsg) -> None:
        """Say an utterance when it is due; prepared ones have no start yet."""
        start = Time.from_msg(message.start)
        if not start.nanoseconds or self._saying is not None and self._saying.id == message.id:
            return
        self._stop()
        self._saying = message
        wait_s = max(0.0, (start.nanoseconds - self.get_clock().now().nanoseconds) * 1e-9)
        self._due = self.create_timer(wait_s, self._say)

    def _say(self) -> None:
        self._cancel_timer()
        message = self._saying
        if message is None:
            return
        if not self._engine.server_is_ready():
            self.get_logger().warning(
                "the speech engine does not answer; start it, or set the parameter action to its"
                " name"
            )
            self._saying = None
            return
        try:
            speech = ReportedSpeech(message.text, message.language or "en")
        except SpeechError as error:
            self.get_logger().warning(f"cannot speak: {error}")
            self._saying = None
            return
        goal = self._action.Goal(input=message.text, locale=locale_of(message.language))
        sending = self._engine.send_goal_async(
            goal,
            feedback_callback=lambda m: self._on_word(message, speech, m.feedback.word),
        )
        sending.add_done_callback(lambda future: self._on_accepted(message, speech, future))

    def _on_accepted(self, message: UtteranceMsg, speech: ReportedSpeech, future: Any) -> None:
        goal = future.result()
        if not goal.accepted:
            self.get_logger().warning("the speech engine refused the text; is it still speaking?")
            return
        if self._saying is not message:  # something else is said by now
            goal.cancel_goal_async()
            return
        self._goal = goal
        goal.get_result_async().add_done_callback(
            lambda future: self._on_end(message, speech, future.result().result)
        )

    def _on_word(self, message: UtteranceMsg, speech: ReportedSpeech, word: str) -> None:
        if self._saying is message:
            speech.add(word, self._since(message))
            self._publish(message, speech)

    def _on_end(self, message: UtteranceMsg, speech: ReportedSpeech, result: Any) -> None:
        if self._saying is not message:
            return
        self._saying = self._goal = None
        if result.error_msg:
            self.get_logger().warning(f"the speech engine failed: {result.error_msg}")
        speech.finish(self._since(message))
        self._publish(message, speech)

    def _publish(self, message: UtteranceMsg, speech: ReportedSpeech) -> None:
        state = utterance_to_msg(speech.state, start=message.start, scene_stamp=message.scene_stamp)
        state.id = message.id
        self._spoken.publish(state)

    def _since(self, message: UtteranceMsg) -> float:
        """Time since an utterance was due [s]."""
        elapsed = self.get_clock().now() - Time.from_msg(
            message.start, clock_type=self.get_clock().clock_type
        )
        return max(0.0, float(elapsed.nanoseconds * 1e-9))

    def _on_stop(self, _: Trigger.Request, response: Any) -> Any:
        response.success = True
        response.message = "stopped" if self._stop() else "nothing was being said"
        return response

    def _stop(self) -> bool:
        """Stop what is being said or waits; whether there was something."""
        was_saying = self._saying is not None
        self._cancel_timer()
        if self._goal is not None:
            self._goal.cancel_goal_async()
        self._saying = self._goal = None
        return was_saying

    def _cancel_timer(self) -> None:
        if self._due is not None:
            self.destroy_timer(self._due)
            self._due = None


def _tts_action() -> Any:
    try:
        from tts_msgs.action import TTS
    except ImportError as error:
        raise TimingSourceUnavailable(
            "the ROS package tts_msgs is not installed; install ros-<distro>-tts-msgs"
        ) from error
    return TTS


def main() -> None:
    """Run the node until it is stopped."""
    run_node(TtsAdapter, (SpeechError, ParameterException))


if __name__ == "__main__":
    main()
