"""Every stage as a real node in one process: success, every error code, cancel and pre-emption."""

from __future__ import annotations

import threading

import cv2
import numpy as np
import pytest
from control_msgs.action import FollowJointTrajectory
from rclpy.action import ActionServer, GoalResponse
from rclpy.node import Node
from rclpy.parameter import Parameter
from system.graph import ANSWER_S, Graph

from imaggen_common.nodes.running import LATCHED
from imaggen_interfaces.action import PerformUtterance
from imaggen_interfaces.msg import PreparationTimes, Utterance, WordTiming
from imaggen_motion.nodes.beat_generator_node import BeatGeneratorNode
from imaggen_motion.preparation import preparation_times
from imaggen_perception.nodes.perception_node import PerceptionNode
from imaggen_perception.segmenters.base import NO_PROMPTS, register_segmenter
from imaggen_perception.segmenters.classical import Classical

pytestmark = [pytest.mark.ros, pytest.mark.system]

Result = PerformUtterance.Result
PLAIN = np.full((240, 320, 3), 230, np.uint8)


def ball() -> np.ndarray:
    image = PLAIN.copy()
    cv2.circle(image, (160, 120), 60, (40, 60, 200), -1)
    return image


def box() -> np.ndarray:
    image = PLAIN.copy()
    cv2.rectangle(image, (130, 40), (190, 200), (60, 130, 50), -1)
    return image


@pytest.fixture(scope="module")
def graph():
    graph = Graph()
    graph.wait_for_robot()
    yield graph
    graph.close()


def at_rest(graph: Graph) -> bool:
    listener = graph.nodes[BeatGeneratorNode].robot
    return bool(np.abs(listener.posture() - listener.model.rest).max() < 0.02)


def fastest(graph: Graph, since: int) -> float:
    """Largest share of any commanded joint's velocity limit that was measured."""
    model = graph.nodes[BeatGeneratorNode].robot.model
    shares = []
    for state in graph.states[since:]:
        measured = dict(zip(state.name, state.velocity, strict=True))
        velocity = np.array([measured[name] for name in model.joint_names])
        shares.append((np.abs(velocity) / model.limits.velocity).max())
    return float(max(shares))


def wait_until_moving(graph: Graph) -> None:
    pause, start = threading.Event(), len(graph.states)
    for _ in range(400):
        if len(graph.states) > start and fastest(graph, len(graph.states) - 1) > 0.2:
            return
        pause.wait(0.02)
    raise AssertionError("the robot never moved")


def test_a_sentence_about_a_picture_moves_the_robot(graph):
    since = len(graph.states)
    result = graph.perform("The ball is round.", ball())
    assert (result.error_code, result.error_msg) == (Result.SUCCESS, "")
    (gesture,) = result.performed
    assert (gesture.practice, gesture.hands) == ("drawing", "both")
    assert gesture.stroke_end > gesture.stroke_start
    assert result.planning_time > 0.0
    assert 0.2 < fastest(graph, since) <= 1.0
    assert at_rest(graph)


def test_the_camera_is_told_the_nouns_of_the_sentence(graph):
    asked = []

    class Attentive(Classical):
        def segment(self, image_bgr, prompts=NO_PROMPTS):
            asked.append(prompts.words)
            return super().segment(image_bgr, prompts)

    register_segmenter("attentive_for_test", Attentive)
    perception = graph.nodes[PerceptionNode]
    perception.set_parameters([Parameter("segmenter", value="attentive_for_test")])
    try:
        result = graph.perform("Look, the green box is tall, I think.", box())
    finally:
        perception.set_parameters([Parameter("segmenter", value="classical")])
    assert result.error_code == Result.SUCCESS
    assert asked[-1] == ("box",)


def test_planning_is_told_how_long_preparations_take(graph):
    told, arrived = {}, threading.Event()

    def on_times(message):
        told.update(zip(message.practices, message.seconds, strict=True))
        arrived.set()

    graph.client_node.create_subscription(PreparationTimes, "preparation_times", on_times, LATCHED)
    assert arrived.wait(ANSWER_S)
    measured = preparation_times(graph.nodes[BeatGeneratorNode].robot.model)
    assert told == pytest.approx(measured, abs=1e-3)


def test_words_with_times_from_elsewhere(graph):
    words = [
        WordTiming(
            word=word, start=0.4 * i, end=0.4 * i + 0.35, accent=0.4 * i + 0.15, prominence=p
        )
        for i, (word, p) in enumerate([("look", 0.7), ("here", 1.0)])
    ]
    utterance = Utterance(
        id="from elsewhere", text="look here", language="en", words=words, duration=0.8
    )
    result = graph.perform(utterance=utterance)
    assert result.error_code == Result.SUCCESS
    assert result.utterance_id.startswith("from elsewhere/")


def test_text_alone_gets_beats(graph):
    since = len(graph.states)
    result = graph.perform("Honestly, everybody talks with their hands sometimes.")
    assert result.error_code == Result.SUCCESS
    assert fastest(graph, since) > 0.02


@pytest.mark.parametrize("text", ["", "  ", "?!"])
def test_nothing_to_say(graph, text):
    result = graph.perform(text)
    assert result.error_code == Result.EMPTY_TEXT
    assert "text" in result.error_msg


def test_a_picture_of_nothing(graph):
    result = graph.perform("The ball is round.", PLAIN)
    assert result.error_code == Result.PERCEPTION_FAILED
    assert "no object" in result.error_msg


def test_cancelling_stops_and_returns_to_rest(graph):
    since = len(graph.states)
    handle = graph.send("The ball is round.", ball())
    wait_until_moving(graph)
    handle.cancel_goal_async()
    response = graph.result(handle)
    assert response.result.error_code == Result.CANCELED
    assert at_rest(graph)
    assert fastest(graph, since) <= 1.0


def test_a_newer_goal_takes_over(graph):
    first = graph.send("The ball is round.", ball())
    wait_until_moving(graph)
    second = graph.send("The ball is round.", ball())
    assert graph.result(first).result.error_code == Result.PREEMPTED
    result = graph.result(second).result
    assert (result.error_code, result.error_msg) == (Result.SUCCESS, "")
    assert at_rest(graph)


def test_no_controller_under_that_name(graph):
    node = graph.nodes[BeatGeneratorNode]
    used = node.controller
    node.set_parameters([Parameter("controller_timeout", value=0.3)])
    from imaggen_motion.nodes.controller_client import ControllerClient

    node.controller = ControllerClient(node, "nobody/follow_joint_trajectory")
    try:
        result = graph.perform("The ball is round.", ball())
    finally:
        node.controller = used
    assert result.error_code == Result.CONTROLLER_ABSENT
    assert "nobody/follow_joint_trajectory" in result.error_msg


def test_a_controller_that_rejects(graph):
    node = Node("picky_controller")
    ActionServer(
        node,
        FollowJointTrajectory,
        "picky/follow_joint_trajectory",
        execute_callback=lambda goal: FollowJointTrajectory.Result(),
        goal_callback=lambda _: GoalResponse.REJECT,
    )
    graph.threads.spin(node)
    performer = graph.nodes[BeatGeneratorNode]
    used = performer.controller
    from imaggen_motion.nodes.controller_client import ControllerClient

    performer.controller = ControllerClient(performer, "picky/follow_joint_trajectory")
    try:
        result = graph.perform("The ball is round.", ball())
    finally:
        performer.controller = used
    assert result.error_code == Result.GOAL_REJECTED
    assert "rejected" in result.error_msg
