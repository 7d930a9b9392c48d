"""`imaggen run`: the node graph for people without `ros2 launch`, a process per node."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from imaggen_cli.console import Console
from imaggen_cli.errors import CommandError

# Node name to module, in the order of the chain.
NODES = {
    "perception": "imaggen_perception.nodes.perception_node",
    "speech": "imaggen_speech.nodes.speech_node",
    "semantic_matcher": "imaggen_semantics.nodes.semantic_matcher_node",
    "gesture_synthesis": "imaggen_motion.nodes.gesture_synthesis_node",
    "beat_generator": "imaggen_motion.nodes.beat_generator_node",
}
SIMULATION = "imaggen_simulation.nodes.simulated_robot_node"
STOP_S = 5.0


@dataclass(frozen=True)
class NodeGraph:
    """What to start.

    Attributes:
        robot: to simulate; empty: none.
        controller: FollowJointTrajectory action.
        image_topic: of the camera.
        parameters: ROS parameter file for all nodes.
        namespace: for all nodes.
    """

    robot: str
    controller: str
    image_topic: str
    parameters: Path | None
    namespace: str

    def commands(self) -> dict[str, list[str]]:
        """The command line of each node's process, by node name.

        Raises:
            CommandError: when the parameter file does not exist.
        """
        if self.parameters is not None and not self.parameters.is_file():
            raise CommandError(f"there is no parameter file {self.parameters}")
        common: list[str] = []
        if self.parameters is not None:
            common += ["--params-file", str(self.parameters)]
        if self.namespace:
            common += ["-r", f"__ns:=/{self.namespace.strip('/')}"]
        own = {
            "perception": ["-r", f"image:={self.image_topic}"],
            "beat_generator": ["-p", f"controller:={self.controller}"],
        }
        modules = dict(NODES)
        if self.robot:
            modules["simulated_robot"] = SIMULATION
            own["simulated_robot"] = ["-p", f"robot:={self.robot}"]
        return {
            name: [sys.executable, "-m", module, "--ros-args", *common, *own.get(name, [])]
            for name, module in modules.items()
        }

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
