"""The stages before motion, as a performer asks for them: see, speak, plan, synthesize.

Perception and speech are services; plan and motion come back over topics, matched by the
utterance's id.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from rclpy.node import Node
from sensor_msgs.msg import Image

from imaggen_common.nodes.running import LATCHED
from imaggen_interfaces.action import PerformUtterance
from imaggen_interfaces.msg import GesturePlan, GestureTrajectory, Utterance
from imaggen_interfaces.srv import AnalyzeImage, SynthesizeSpeech
from imaggen_motion.nodes.controller_client import wait_for

Result = PerformUtterance.Result


class StageFailed(Exception):
    """A stage ended without what the next one needs.

    Attributes:
        code: of the PerformUtterance result.
    """

    def __init__(self, code: int, text: str):
        super().__init__(text)
        self.code = code


class Stages:
    """Clients and subscriptions of the stages, for one goal at a time."""

    def __init__(self, node: Node, timeout_s: float):
        self._timeout_s = timeout_s
        self._analyze = node.create_client(AnalyzeImage, "analyze_image")
        self._speech = node.create_client(SynthesizeSpeech, "synthesize_speech")
        self._utterances = node.create_publisher(Utterance, "utterance", 10)
        self._arrived = threading.Condition()
        self._newest: dict[str, Any] = {}
        self._subscriptions = [
            node.create_subscription(
                kind, topic, lambda message, topic=topic: self._on_message(topic, message), LATCHED
            )
            for kind, topic in (
                (GesturePlan, "gesture_plan"),
                (GestureTrajectory, "gesture_trajectory"),
            )
        ]

    def start_seeing(self, image: Image, words: Sequence[str] = ()) -> Any:
        """Ask perception to look at a picture: a future for `finish_seeing`.

        Args:
            image: what the robot sees.
            words: nouns to look for, for back ends that take words.
        """
        request = AnalyzeImage.Request(image=image, words=list(words))
        return self._call(self._analyze, request, "perception")

    def finish_seeing(self, future: Any) -> Any:
        """The stamp of the scene that was seen.

        Raises:
            StageFailed: when the picture is unreadable, shows no object, or nobody answers.
        """
        response = self._answer(future, "perception")
        if response.error_code != AnalyzeImage.Response.SUCCESS:
            raise StageFailed(Result.PERCEPTION_FAILED, response.error_msg)
        return response.scene.header.stamp

    def start_speaking(self, text: str) -> Any:
        """Ask for word timings: a future for `finish_speaking`."""
        return self._call(self._speech, SynthesizeSpeech.Request(text=text), "speech")

    def finish_speaking(self, future: Any) -> Utterance:
        """The words with their times.

        Raises:
            StageFailed: when the text cannot be spoken, or nobody answers.
        """
        response = self._answer(future, "speech")
        if response.error_code == SynthesizeSpeech.Response.EMPTY_TEXT:
            raise StageFailed(Result.EMPTY_TEXT, response.error_msg)
        if response.error_code != SynthesizeSpeech.Response.SUCCESS:
            raise StageFailed(Result.SPEECH_FAILED, response.error_msg)
        return response.utterance

    def publish(self, utterance: Utterance) -> None:
        """Tell the other nodes: prepared (start zero) or scheduled (start set).

        Waits for somebody to listen: in a graph that has just started, discovery takes a moment.
        """
        pause, waited = threading.Event(), 0.0
        while self._utterances.get_subscription_count() == 0 and waited < self._timeout_s:
            pause.wait(0.02)
            waited += 0.02
        self._utterances.publish(utterance)

    def wait_for_plan(self, utterance_id: str) -> GesturePlan:
        """The plan of this utterance.

        Raises:
            StageFailed: when none arrives.
        """
        return self._wait("gesture_plan", utterance_id, Result.NO_PLAN, "semantic_matcher")

    def wait_for_motion(self, utterance_id: str) -> GestureTrajectory:
        """The motion of this utterance.

        Raises:
            StageFailed: when none arrives, or synthesis failed.
        """
        motion = self._wait(
            "gesture_trajectory", utterance_id, Result.STAGE_TIMEOUT, "gesture_synthesis"
        )
        if motion.error_code:
            raise StageFailed(Result.SYNTHESIS_FAILED, motion.error_msg)
        return motion

    def _on_message(self, topic: str, message: Any) -> None:
        with self._arrived:
            self._newest[topic] = message
            self._arrived.notify_all()

    def _wait(self, topic: str, utterance_id: str, code: int, node_name: str) -> Any:
        def here() -> bool:
            message = self._newest.get(topic)
            return message is not None and message.utterance_id == utterance_id

        with self._arrived:
            if not self._arrived.wait_for(here, self._timeout_s):
                raise StageFailed(
                    code,
                    f"nothing arrived on {topic} within {self._timeout_s:.0f} s; is the node"
                    f" {node_name} running?",
                )
            return self._newest[topic]

    def _call(self, client: Any, request: Any, node_name: str) -> Any:
        if not client.wait_for_service(timeout_sec=self._timeout_s):
            raise StageFailed(
                Result.STAGE_TIMEOUT,
                f"no node offers {client.srv_name}; is the node {node_name} running?",
            )
        return client.call_async(request)

    def _answer(self, future: Any, node_name: str) -> Any:
        if not wait_for(future, self._timeout_s):
            raise StageFailed(Result.STAGE_TIMEOUT, f"the node {node_name} did not answer in time")
        return future.result()
