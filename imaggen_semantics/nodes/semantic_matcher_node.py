"""Node `semantic_matcher`: scene and utterance in, gesture plan out."""

from __future__ import annotations

from typing import Any

from builtin_interfaces.msg import Time
from rcl_interfaces.msg import FloatingPointRange, ParameterDescriptor
from rclpy.node import Node

from imaggen_common.nodes.running import LATCHED, run_node
from imaggen_interfaces.msg import GesturePlan as GesturePlanMsg
from imaggen_interfaces.msg import Scene as SceneMsg
from imaggen_interfaces.msg import Utterance as UtteranceMsg
from imaggen_perception.nodes.conversions import scene_from_msg
from imaggen_perception.scene import Scene
from imaggen_semantics import GesturePlan, MatcherConfig, SemanticsError, match
from imaggen_semantics.nodes.conversions import plan_to_msg
from imaggen_semantics.vocabulary import load_lexicon
from imaggen_speech.errors import SpeechError
from imaggen_speech.nodes.conversions import utterance_from_msg
from imaggen_speech.utterance import Utterance

NOTHING_SEEN = Scene((), (0, 0))
VIEWPOINTS = ("speaker", "viewer")


class SemanticMatcherNode(Node):
    """Subscribes `scene` and `utterance`, publishes one `gesture_plan` per prepared utterance.

    An utterance that names a scene by its stamp waits for it, up to `scene_timeout`.
    """

    def __init__(self) -> None:
        super().__init__("semantic_matcher")
        self.declare_parameter(
            "viewpoint",
            "speaker",
            ParameterDescriptor(
                description="Shapes as the speaker sees them, or mirrored for the viewer."
            ),
        )
        self.declare_parameter(
            "scene_timeout",
            1.0,
            ParameterDescriptor(
                description="How long an utterance waits for its scene [s].",
                floating_point_range=[FloatingPointRange(from_value=0.0, to_value=60.0)],
            ),
        )
        if self.get_parameter("viewpoint").value not in VIEWPOINTS:
            raise ValueError(f"the parameter viewpoint is one of {', '.join(VIEWPOINTS)}")
        load_lexicon()  # now, so that the first utterance does not wait for it
        self._scene: SceneMsg | None = None
        self._waiting: UtteranceMsg | None = None
        self._planned = ""
        self._timer: Any = None
        self._plans = self.create_publisher(GesturePlanMsg, "gesture_plan", LATCHED)
        self._subscriptions_ = (
            self.create_subscription(SceneMsg, "scene", self._on_scene, LATCHED),
            self.create_subscription(UtteranceMsg, "utterance", self._on_utterance, 10),
        )

    def _on_scene(self, message: SceneMsg) -> None:
        self._scene = message
        if self._waiting is not None and message.header.stamp == self._waiting.scene_stamp:
            self._plan(self._waiting)

    def _on_utterance(self, message: UtteranceMsg) -> None:
        """Plan a prepared utterance; its scheduled repetition changes nothing."""
        if message.start != Time() or message.id == self._planned:
            return
        self._forget()
        wanted = message.scene_stamp
        here = self._scene is not None and self._scene.header.stamp == wanted
        if wanted == Time() or here:
            self._plan(message)
            return
        self._waiting = message
        timeout = self.get_parameter("scene_timeout").value
        self._timer = self.create_timer(max(1e-3, timeout), self._on_timeout)

    def _on_timeout(self) -> None:
        waiting = self._waiting
        self._forget()
        if waiting is not None:
            self.get_logger().warning("the utterance's scene did not arrive; using the newest one")
            self._plan(waiting)

    def _plan(self, message: UtteranceMsg) -> None:
        self._forget()
        self._planned = message.id
        try:
            utterance = utterance_from_msg(message)
        except SpeechError as error:
            self.get_logger().error(f"utterance refused: {error}")
            return
        scene = NOTHING_SEEN if self._scene is None else scene_from_msg(self._scene)
        scene_stamp = Time() if self._scene is None else self._scene.header.stamp
        plan = self._match(scene, utterance)
        self._plans.publish(plan_to_msg(plan, self.get_clock().now().to_msg(), scene_stamp))

    def _match(self, scene: Scene, utterance: Utterance) -> GesturePlan:
        """The plan; one without gestures when the words cannot be understood."""
        viewpoint: Any = self.get_parameter("viewpoint").value
        try:
            return match(scene, utterance, config=MatcherConfig(viewpoint=viewpoint))
        except SemanticsError as error:
            self.get_logger().warning(f"planning beats only: {error}")
            return GesturePlan(scene, (), utterance_id=utterance.id, viewpoint=viewpoint)

    def _forget(self) -> None:
        """Stop waiting."""
        self._waiting = None
        if self._timer is not None:
            self._timer.cancel()
            self.destroy_timer(self._timer)
            self._timer = None


def main() -> None:
    """Run the node until it is stopped."""
    run_node(SemanticMatcherNode)


if __name__ == "__main__":
    main()
