"""A node graph in this process, a simulated robot beside it, and a recorder: what `say` runs.

The simulated robot runs in a process of its own, so that planning never holds up its physics.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rclpy
from numpy.typing import NDArray
from rclpy.action import ActionClient
from rclpy.node import Node
from rclpy.qos import qos_profile_sensor_data
from rclpy.signals import SignalHandlerOptions
from sensor_msgs.msg import Image

from imaggen_cli.errors import CommandError
from imaggen_common.nodes.running import NodeThreads
from imaggen_evaluation.nodes.recorder import BagRecorder
from imaggen_interfaces.action import PerformUtterance
from imaggen_interfaces.srv import SynthesizeSpeech
from imaggen_motion.errors import MotionError
from imaggen_motion.nodes.beat_generator_node import BeatGeneratorNode
from imaggen_motion.nodes.controller_client import wait_for
from imaggen_motion.nodes.gesture_synthesis_node import GestureSynthesisNode
from imaggen_perception.nodes.conversions import array_to_image
from imaggen_perception.nodes.perception_node import PerceptionNode
from imaggen_semantics.nodes.semantic_matcher_node import SemanticMatcherNode
from imaggen_speech.nodes.speech_node import SpeechNode

READY_S = 30.0
COMPANY_S = 4.0  # discovery on a busy small computer takes up to half of this
PERFORM_S = 300.0
FRAME = "camera_optical_frame"
Progress = Callable[[str, str], None]


@dataclass(frozen=True)
class Spoken:
    """The audio of an utterance: int16 mono samples and their rate; no samples without a voice."""

    samples: NDArray[np.int16]
    rate_hz: int


class Session:
    """Everything that one `say` needs, started and stopped together.

    Args:
        robot: name or path for the simulated robot; None: use the robot that is already there.
        parameters: ROS parameters for all nodes ("name:=value").
        log: where the simulated robot writes its log.
    """

    def __init__(self, robot: str | None, parameters: list[str], log: Path):
        self._robot, self._log = robot, log
        self._parameters = parameters
        self._simulation: subprocess.Popen[bytes] | None = None
        self._threads = NodeThreads()
        self._recorder: Any = None

    def __enter__(self) -> Session:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        # Many threads take turns in this process; at Python's 5 ms a turn, planning would wait for
        # hundreds of small callbacks.
        sys.setswitchinterval(0.0005)
        if self._robot is not None:
            self._start_simulation(self._robot)
        arguments = [word for p in self._parameters for word in ("-p", p)]
        # Signals stay with the command, which raises KeyboardInterrupt and cleans up.
        rclpy.init(
            args=["--ros-args", "--log-level", "fatal", *arguments],
            signal_handler_options=SignalHandlerOptions.NO,
        )
        self._client_node = Node("imaggen_say")
        self._action = ActionClient(self._client_node, PerformUtterance, "perform_utterance")
        if self._robot is None:
            self._refuse_company()
        self._performer = BeatGeneratorNode()
        self._matcher = SemanticMatcherNode()
        for node in (
            self._client_node,
            PerceptionNode(),
            SpeechNode(),
            self._matcher,
            GestureSynthesisNode(),
            self._performer,
        ):
            self._threads.spin(node)
        self._camera = self._client_node.create_publisher(Image, "image", qos_profile_sensor_data)
        self._speech = self._client_node.create_client(SynthesizeSpeech, "synthesize_speech")

    def record(self, path: Path) -> None:
        """Start recording every topic of the main job."""
        self._recorder = BagRecorder("imaggen_recorder", path)
        self._threads.spin(self._recorder)

    def wait_until_ready(self, progress: Progress) -> None:
        """Wait until robot, nodes and recorder see each other and the language models are loaded.

        Args:
            progress: told what is waited for.

        Raises:
            CommandError: when the robot does not come up.
        """
        deadline = time.monotonic() + READY_S
        pause = threading.Event()
        while True:
            self._check_simulation()
            problem = self._not_ready()
            if not problem:
                break
            if time.monotonic() > deadline or self._robot is None and self._hopeless(deadline):
                raise CommandError(problem)
            pause.wait(0.05)
        self._wait_for_models(progress)

    def perform(
        self, text: str, image: NDArray[np.uint8] | None, progress: Progress
    ) -> PerformUtterance.Result:
        """Perform one utterance and wait for its end.

        Raises:
            CommandError: with the sentence of whichever stage failed.
        """
        goal = PerformUtterance.Goal(text=text)
        if image is not None:
            stamp = self._client_node.get_clock().now().to_msg()
            goal.image = array_to_image(image, stamp, FRAME)
            self._camera.publish(goal.image)
        future = self._action.send_goal_async(
            goal, feedback_callback=lambda m: progress(m.feedback.phase, m.feedback.detail)
        )
        if not wait_for(future, READY_S) or not future.result().accepted:
            raise CommandError("the beat_generator did not accept the goal; look at its log")
        ending = future.result().get_result_async()
        if not wait_for(ending, PERFORM_S, stop=self._simulation_ended):
            self._check_simulation()
            raise CommandError(f"the gesture did not end within {PERFORM_S:.0f} s")
        result = ending.result().result
        if result.error_code != PerformUtterance.Result.SUCCESS:
            raise CommandError(result.error_msg)
        return result

    def speak(self, text: str) -> Spoken:
        """The audio of a text as the speech node synthesizes it (the same every time)."""
        future = self._speech.call_async(SynthesizeSpeech.Request(text=text))
        if not wait_for(future, READY_S):
            raise CommandError("the speech node did not answer")
        response = future.result()
        return Spoken(np.array(response.audio, dtype=np.int16), response.sample_rate)

    def finish_recording(self) -> None:
        """Write the bag to the end."""
        self._recorder.close()
        self._recorder = None

    def close(self) -> None:
        """Stop everything that was started."""
        if self._recorder is not None:
            self._recorder.abort()
        self._threads.close()
        rclpy.try_shutdown()
        if self._simulation is not None:
            self._simulation.send_signal(signal.SIGINT)
            try:
                self._simulation.wait(timeout=5.0)
            except subprocess.TimeoutExpired:
                self._simulation.kill()
                self._simulation.wait()
            self._simulation = None

    def _wait_for_models(self, progress: Progress) -> None:
        """A single utterance is worth the wait: without the models the lexicon alone answers."""
        pause, deadline = threading.Event(), time.monotonic() + READY_S
        if not self._matcher.models_loaded:
            progress("models", "waiting for the language models, which load in the background")
        while not self._matcher.models_loaded:
            if time.monotonic() > deadline:
                progress("models", "they do not get loaded; the lexicon answers alone")
                return
            pause.wait(0.05)

    # -- parts ------------------------------------------------------------------------------

    def _start_simulation(self, robot: str) -> None:
        command = [sys.executable, "-m", "imaggen_simulation.nodes.simulated_robot_node"]
        command += ["--ros-args", "--log-level", "warn", "-p", f"robot:={robot}"]
        with self._log.open("wb") as log:
            self._simulation = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, env=dict(os.environ)
            )

    def _refuse_company(self) -> None:
        """On a live domain another graph's nodes would answer in place of ours, or both would."""
        if self._action.wait_for_server(timeout_sec=COMPANY_S):
            raise CommandError(
                "ImaGGen's nodes already run on this ROS domain; stop them, or send them a goal:"
                " ros2 action send_goal perform_utterance ..."
            )

    def _simulation_ended(self) -> bool:
        return self._simulation is not None and self._simulation.poll() is not None

    def _check_simulation(self) -> None:
        if self._simulation_ended():
            lines = self._log.read_text(errors="replace").strip().splitlines() or ["no output"]
            raise CommandError(f"the simulated robot ended: {lines[-1]}")

    def _not_ready(self) -> str:
        """What is still missing; empty when everything is there."""
        try:
            self._performer.robot.posture()
        except MotionError as error:
            return str(error)
        if not self._action.server_is_ready() or not self._speech.service_is_ready():
            return (
                "the nodes do not find each other over DDS; is multicast on the loopback blocked?"
            )
        if self._recorder is not None and not self._recorder.counts.get("/joint_states"):
            return "the recorder does not hear /joint_states"
        return ""

    @staticmethod
    def _hopeless(deadline: float) -> bool:
        """Whether a robot that should already run has had time enough to be found."""
        return time.monotonic() > deadline - READY_S + 8.0
