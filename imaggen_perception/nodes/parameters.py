"""Parameters of the perception node: what they mean, their ranges, and what is refused."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from rcl_interfaces.msg import FloatingPointRange, ParameterDescriptor, SetParametersResult
from rclpy.node import Node
from rclpy.parameter import Parameter

from imaggen_perception.analysis import analyze_image
from imaggen_perception.errors import PerceptionError, SegmenterUnavailable
from imaggen_perception.hub import DepthAnything, HubModel, Labeler
from imaggen_perception.known_scene import KnownScene
from imaggen_perception.nodes.images import cv_bridge
from imaggen_perception.scene_file import load_scene_file

BRIDGE_CHOICES = ("auto", "true", "false")


def declare(node: Node) -> None:
    """Declare all parameters.

    Raises:
        rclpy.exceptions.ParameterException: when a given value has another type or is out of range.
    """
    node.declare_parameter(
        "segmenter", "auto", _described("Back end by name: auto, u2netp, classical, ...")
    )
    node.declare_parameter(
        "rate_hz", 5.0, _described("At most so many frames are analysed a second; 0: no limit.", 60)
    )
    node.declare_parameter(
        "max_age_s", 0.0, _described("Frames with an older stamp are dropped [s]; 0: none.", 60)
    )
    node.declare_parameter(
        "use_depth", False, _described("Subscribe depth, for positions in metres.", read_only=True)
    )
    node.declare_parameter(
        "sync_slop_s", 0.05, _described("How far picture and depth may be apart [s].", 1)
    )
    node.declare_parameter("tracking", True, _described("Objects keep their ids over the frames."))
    node.declare_parameter(
        "depth_model", "", _described("Guess depth by this hub model (NAME@REVISION); empty: no.")
    )
    node.declare_parameter(
        "label_model",
        "",
        _described("Label objects by the requested words with this hub model; empty: no."),
    )
    node.declare_parameter("scene_file", "", _described("YAML file of known shapes; empty: none."))
    node.declare_parameter(
        "debug", True, _described("Publish scene/debug_image when somebody subscribes it.")
    )
    # Dynamic: YAML and the command line read true as a bool.
    node.declare_parameter(
        "use_cv_bridge",
        "auto",
        _described("Decode pictures by cv_bridge: auto, true or false.", dynamic_typing=True),
    )


def _described(text: str, highest: float | None = None, **fields: Any) -> ParameterDescriptor:
    """A descriptor, of numbers from 0 to `highest`."""
    ranges = [FloatingPointRange(from_value=0.0, to_value=float(highest))] if highest else []
    return ParameterDescriptor(description=text, floating_point_range=ranges, **fields)


def wants_cv_bridge(value: Any) -> bool:
    """Whether cv_bridge decodes pictures, by the parameter `use_cv_bridge`.

    Raises:
        PerceptionError: when the value is none of the choices, or cv_bridge is asked for and not
            installed.
    """
    choice = str(value).lower()
    if choice not in BRIDGE_CHOICES:
        raise PerceptionError(f"use_cv_bridge is one of {', '.join(BRIDGE_CHOICES)}, got {value!r}")
    if choice == "true" and cv_bridge() is None:
        raise PerceptionError(
            "use_cv_bridge is true, but cv_bridge is not installed; install ros-<distro>-cv-bridge"
            " or set it to auto"
        )
    return choice != "false" and cv_bridge() is not None


@functools.lru_cache(maxsize=1)
def known_scene(path: str) -> KnownScene | None:
    """The scene file, None for no path; the last one stays in memory.

    Raises:
        PerceptionError: when it cannot be used.
    """
    return load_scene_file(path) if path else None


@functools.lru_cache(maxsize=1)
def depth_estimator(model: str) -> DepthAnything | None:
    """The hub model that guesses depth; None for no name.

    Raises:
        PerceptionError: when it cannot be had.
    """
    return DepthAnything(_hub_model("depth_model", model)) if model else None


@functools.lru_cache(maxsize=1)
def labeler(model: str) -> Labeler | None:
    """The hub model that labels objects; None for no name.

    Raises:
        PerceptionError: when it cannot be had.
    """
    return Labeler(_hub_model("label_model", model)) if model else None


def _hub_model(parameter: str, text: str) -> HubModel:
    try:
        return HubModel.parse(text)
    except ValueError as error:
        raise PerceptionError(f"{parameter}: {error}") from error


def warm_up(segmenter: str) -> None:
    """Load a back end's model and touch all code now, so that the first picture does not wait.

    Raises:
        PerceptionError: when there is none of that name.
        SegmenterUnavailable: when its library or weights are missing.
    """
    picture = np.full((480, 640, 3), 230, np.uint8)
    picture[140:340, 220:420] = (40, 60, 200)
    analyze_image(picture, segmenter=segmenter)


_CHECKS: dict[str, Callable[[Any], object]] = {
    "segmenter": warm_up,
    "depth_model": depth_estimator,
    "label_model": labeler,
    "scene_file": known_scene,
    "use_cv_bridge": wants_cv_bridge,
}


def check(parameters: list[Parameter]) -> SetParametersResult:
    """Refuse values that could not be used, with the reason; for the on-set callback."""
    for parameter in parameters:
        if parameter.name not in _CHECKS:
            continue
        # A change of file on disk is taken up when the parameter is set again.
        if parameter.name == "scene_file":
            known_scene.cache_clear()
        try:
            _CHECKS[parameter.name](parameter.value)
        except PerceptionError as error:
            return SetParametersResult(successful=False, reason=str(error))
    return SetParametersResult(successful=True)


def check_at_start(node: Node) -> SegmenterUnavailable | None:
    """Check the values a node was started with.

    Returns:
        Why the back end cannot be used; it may become so, and requests are told.

    Raises:
        PerceptionError: when a value cannot be used.
    """
    for name in ("scene_file", "use_cv_bridge", "depth_model", "label_model"):
        _CHECKS[name](node.get_parameter(name).value)
    try:
        warm_up(node.get_parameter("segmenter").value)
    except SegmenterUnavailable as error:
        return error
    return None
