"""Node `semantic_matcher`: scene and utterance in, gesture plan out."""

from __future__ import annotations

from typing import Any

from builtin_interfaces.msg import Time
from rcl_interfaces.msg import SetParametersResult
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.parameter import Parameter
from rclpy.time import Time as ClockTime

from imaggen_common.nodes.lifecycle import declare_autostart, start_if_wanted
from imaggen_common.nodes.running import LATCHED, run_node
from imaggen_interfaces.msg import GesturePlan as GesturePlanMsg
from imaggen_interfaces.msg import PreparationTimes
from imaggen_interfaces.msg import Scene as SceneMsg
from imaggen_interfaces.msg import Utterance as UtteranceMsg
from imaggen_perception.nodes.conversions import scene_from_msg
from imaggen_perception.scene import Scene
from imaggen_semantics import GesturePlan, Matcher, SemanticsError
from imaggen_semantics.memory import SceneMemory
from imaggen_semantics.models import language_models
from imaggen_semantics.nodes import parameters
from imaggen_semantics.nodes.conversions import plan_to_msg
from imaggen_speech.errors import SpeechError
from imaggen_speech.function_words import primary_language
from imaggen_speech.nodes.conversions import utterance_from_msg
from imaggen_speech.utterance import Utterance

NOTHING_SEEN = Scene((), (0, 0))


class SemanticMatcherNode(LifecycleNode):
    """Subscribes `scene` and `utterance`, publishes one `gesture_plan` per prepared utterance.

    An utterance that names a scene by its stamp waits for it, up to `scene_timeout`. Things that
    were seen earlier are remembered for a while. Models of the languages are loaded in the
    background from the configuration on; the lexicon answers until they are there.

    Lifecycle: parameters are read and models loaded on configure, plans are made while active;
    with `autostart` (default) the node configures and activates itself.
    """

    def __init__(self, **node_arguments: Any) -> None:
        """Declare the parameters, and start where `autostart` says so.

        Args:
            node_arguments: passed to the node (parameter_overrides, namespace, ...).

        Raises:
            SemanticsError: when a parameter makes no sense.
        """
        super().__init__("semantic_matcher", **node_arguments)
        parameters.declare(self)
        declare_autostart(self)
        self._preparation: tuple[tuple[str, float], ...] = ()
        self._matcher = Matcher(self._config())
        self._memory = SceneMemory(parameters.memory_config(self._value))
        self._active = False
        self._scene: SceneMsg | None = None
        self._waiting: UtteranceMsg | None = None
        self._planned = ""
        self._timer: Any = None
        self.add_on_set_parameters_callback(self._on_parameters)
        self._plans = self.create_publisher(GesturePlanMsg, "gesture_plan", LATCHED)
        self._subscriptions_ = (
            self.create_subscription(SceneMsg, "scene", self._on_scene, LATCHED),
            self.create_subscription(UtteranceMsg, "utterance", self._on_utterance, 10),
            self.create_subscription(
                PreparationTimes, "preparation_times", self._on_preparation, LATCHED
            ),
        )
        start_if_wanted(self)

    # -- lifecycle --------------------------------------------------------------------------

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Read the parameters and start loading models."""
        try:
            for language in self._value("languages"):
                models = language_models(primary_language(language))
                models.embeddings = models.embeddings or self._value("embeddings")
                models.load_in_background()
            self._matcher = Matcher(self._config())
            self._memory = SceneMemory(parameters.memory_config(self._value))
        except SemanticsError as error:
            self.get_logger().error(str(error))
            return TransitionCallbackReturn.FAILURE
        return super().on_configure(state)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Plan from now on."""
        self._active = True
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Plan no more, and forget what waits."""
        self._active = False
        self._forget()
        return super().on_deactivate(state)

    @property
    def models_loaded(self) -> bool:
        """Whether the models of all its languages are there."""
        languages = self._value("languages")
        return all(language_models(primary_language(name)).loaded for name in languages)

    # -- parameters -------------------------------------------------------------------------

    def _value(self, name: str) -> Any:
        return self.get_parameter(name).value

    def _config(self) -> Any:
        return parameters.matcher_config(self._value, self._preparation)

    def _on_parameters(self, changed: list[Parameter]) -> SetParametersResult:
        """Take new values at once, or refuse them with a sentence."""
        new = {parameter.name: parameter.value for parameter in changed}

        def value(name: str) -> Any:
            return new[name] if name in new else self._value(name)

        try:
            config = parameters.matcher_config(value, self._preparation)
            parameters.memory_config(value)
            matcher = Matcher(config)
        except SemanticsError as error:
            return SetParametersResult(successful=False, reason=str(error))
        self._matcher = matcher
        return SetParametersResult(successful=True)

    # -- messages ---------------------------------------------------------------------------

    def _on_preparation(self, message: PreparationTimes) -> None:
        self._preparation = tuple(
            zip(message.practices, (float(s) for s in message.seconds), strict=False)
        )
        self._matcher = Matcher(self._config())

    def _on_scene(self, message: SceneMsg) -> None:
        self._scene = message
        self._memory.see(scene_from_msg(message), _seconds(message.header.stamp))
        if self._waiting is not None and message.header.stamp == self._waiting.scene_stamp:
            self._plan(self._waiting)

    def _on_utterance(self, message: UtteranceMsg) -> None:
        """Plan a prepared utterance; its scheduled repetition changes nothing."""
        if not self._active or message.start != Time() or message.id == self._planned:
            return
        self._forget()
        wanted = message.scene_stamp
        here = self._scene is not None and self._scene.header.stamp == wanted
        if wanted == Time() or here:
            self._plan(message)
            return
        self._waiting = message
        self._timer = self.create_timer(max(1e-3, self._value("scene_timeout")), self._on_timeout)

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
        scene_stamp = Time() if self._scene is None else self._scene.header.stamp
        scene = self._memory.recall(_seconds(scene_stamp)) or NOTHING_SEEN
        plan = self._match(scene, utterance)
        self._plans.publish(plan_to_msg(plan, self.get_clock().now().to_msg(), scene_stamp))

    def _match(self, scene: Scene, utterance: Utterance) -> GesturePlan:
        """The plan; one without gestures when the words cannot be understood."""
        try:
            models = language_models(primary_language(utterance.language))
            models.load_in_background()
            models.wait(self._value("models_timeout"))
            return self._matcher.plan(scene, utterance)
        except SemanticsError as error:
            self.get_logger().warning(f"planning beats only: {error}")
            viewpoint: Any = self._value("viewpoint")
            return GesturePlan(scene, (), utterance_id=utterance.id, viewpoint=viewpoint)

    def _forget(self) -> None:
        """Stop waiting."""
        self._waiting = None
        if self._timer is not None:
            self._timer.cancel()
            self.destroy_timer(self._timer)
            self._timer = None


def _seconds(stamp: Time) -> float:
    return float(ClockTime.from_msg(stamp).nanoseconds) * 1e-9


def main() -> None:
    """Run the node until it is stopped."""
    run_node(SemanticMatcherNode, refusals=(SemanticsError,))


if __name__ == "__main__":
    main()
