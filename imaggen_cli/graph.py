"""`imaggen run`: the node graph for people without `ros2 launch`, a process per node."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from imaggen_cli.console import Console
from imaggen_cli.errors import CommandError
from imaggen_semantics.lexicon_loading import load_lexicon

# Node name to module, in the order of the chain.
NODES = {
    "perception": "imaggen_perception.nodes.perception_node",
    "speech": "imaggen_speech.nodes.speech_node",
    "semantic_matcher": "imaggen_semantics.nodes.semantic_matcher_node",
    "gesture_synthesis": "imaggen_motion.nodes.gesture_synthesis_node",
    "beat_generator": "imaggen_motion.nodes.beat_generator_node",
}
SIMULATION = "imaggen_simulation.nodes.simulated_robot_node"
TTS_ADAPTER = "imaggen_speech.nodes.tts_adapter"
LIVE_SPEECH_ADAPTER = "imaggen_speech.nodes.live_speech_adapter"
# A node that is still loading its language models ends when the one at hand is loaded.
STOP_S = 20.0


@dataclass(frozen=True)
class NodeGraph:
    """What to start.

    Attributes:
        robot: to simulate; empty: none.
        controller: FollowJointTrajectory action.
        image_topic: of the camera.
        parameters: ROS parameter file for all nodes.
        namespace: for all nodes.
        language: of what is said, BCP 47; empty: as the parameter file says, else English.
        listen: recognise what is said on the topic `audio_in`.
        tts: action of the robot's own voice (tts_msgs/TTS); empty: none.
        live_speech: topic of a voice that is listened to (hri_msgs/LiveSpeech); empty: none.
    """

    robot: str
    controller: str
    image_topic: str
    parameters: Path | None
    namespace: str
    language: str = ""
    listen: bool = False
    tts: str = ""
    live_speech: str = ""

    def commands(self) -> dict[str, list[str]]:
        """The command line of each node's process, by node name.

        Raises:
            CommandError: when the parameter file does not exist.
            SemanticsError: when there is no lexicon for the language.
        """
        if self.parameters is not None and not self.parameters.is_file():
            raise CommandError(f"there is no parameter file {self.parameters}")
        if self.language:
            load_lexicon(self.language)
        common: list[str] = []
        if self.parameters is not None:
            common += ["--params-file", str(self.parameters)]
        if self.namespace:
            common += ["-r", f"__ns:=/{self.namespace.strip('/')}"]
        modules, own = self._modules(), self._own_arguments()
        return {
            name: [sys.executable, "-m", module, "--ros-args", *common, *own[name]]
            for name, module in modules.items()
        }

    def _modules(self) -> dict[str, str]:
        """The module of every node, by node name."""
        modules = dict(NODES)
        if self.tts:
            modules["tts_adapter"] = TTS_ADAPTER
        if self.live_speech:
            modules["live_speech_adapter"] = LIVE_SPEECH_ADAPTER
        if self.robot:
            modules["simulated_robot"] = SIMULATION
        return modules

    def _own_arguments(self) -> dict[str, list[str]]:
        """ROS arguments of single nodes, by node name."""
        own: dict[str, list[str]] = defaultdict(list)
        own["perception"] += ["-r", f"image:={self.image_topic}"]
        own["beat_generator"] += ["-p", f"controller:={self.controller}"]
        own["simulated_robot"] += ["-p", f"robot:={self.robot}"]
        own["tts_adapter"] += ["-p", f"action:={self.tts}"]
        if self.tts:  # one voice is enough
            own["speech"] += ["-p", "playback:=off"]
        own["live_speech_adapter"] += ["-r", f"speech:={self.live_speech}"]
        if self.listen:
            own["speech"] += ["-p", "listen:=true"]
        if self.language:
            for name in ("speech", "live_speech_adapter", "beat_generator"):
                own[name] += ["-p", f"language:={self.language}"]
            own["semantic_matcher"] += ["-p", f"languages:=[{self.language}]"]
        return own

    def run(self, console: Console) -> None:
        """Run until Ctrl-C or until a node ends by itself.

        Raises:
            CommandError: when a node ended with an error.
        """
        commands = self.commands()
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        processes = {}
        try:
            for name, command in commands.items():
                # A session of its own, so that Ctrl-C reaches the nodes once, through us.
                processes[name] = subprocess.Popen(command, start_new_session=True)
                console.stage(name, f"started, process {processes[name].pid}")
            while not stop.wait(0.2):
                for name, process in processes.items():
                    if process.poll() is not None:
                        raise CommandError(f"the node {name} ended with code {process.returncode}")
        finally:
            self._stop(processes)

    @staticmethod
    def _stop(processes: dict[str, subprocess.Popen[bytes]]) -> None:
        running = [p for p in processes.values() if p.poll() is None]
        for process in running:
            process.send_signal(signal.SIGINT)
        for process in running:
            try:
                process.wait(timeout=STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
