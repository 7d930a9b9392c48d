"""Parameters of the speech node: what they mean, their ranges, and what is refused."""

from __future__ import annotations

from typing import Any

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor
from rclpy.node import Node

from imaggen_speech.errors import SpeechError
from imaggen_speech.sources import MAX_RATE, MIN_RATE, TIMING_SOURCES

PLAYBACK_CHOICES = ("auto", "off")


def declare(node: Node) -> None:
    """Declare all parameters; they are read when the node is configured.

    Raises:
        rclpy.exceptions.ParameterException: when a given value has another type or is out of range.
    """
    names = ", ".join(["auto", *TIMING_SOURCES])
    node.declare_parameter(
        "autostart",
        True,
        _described("Configure and activate at once; false: a lifecycle manager does.", True),
    )
    node.declare_parameter("source", "auto", _described(f"What speaks and times words: {names}."))
    node.declare_parameter(
        "language", "en", _described("BCP 47 tag for requests that name no language.")
    )
    node.declare_parameter(
        "voice_rate",
        1.0,
        _described("Speech rate relative to the normal one.", least=MIN_RATE, most=MAX_RATE),
    )
    # Dynamic: YAML and the command line read off as a bool.
    node.declare_parameter(
        "playback",
        "auto",
        _described("Play on this host: auto (where it has a sound device) or off.", dynamic=True),
    )
    node.declare_parameter(
        "chunk_duration",
        0.1,
        _described("Length of the pieces on the topic audio [s].", least=0.02, most=1.0),
    )
    node.declare_parameter(
        "chunk_lead",
        0.2,
        _described("Pieces are published so long before they are due [s].", least=0.0, most=2.0),
    )
    node.declare_parameter("kept_utterances", 16, _kept())
    node.declare_parameter(
        "listen", False, _described("Recognise what is said on the topic audio_in.")
    )
    node.declare_parameter(
        "phrase_pause",
        0.6,
        _described("Silence that ends a phrase that is listened to [s].", least=0.2, most=3.0),
    )
    node.declare_parameter(
        "recognition_model",
        "",
        _described("Folder of a Whisper model (CTranslate2); empty: the packaged English one."),
    )


def wants_playback(value: Any) -> bool:
    """Whether to play on the host, by the parameter `playback`.

    Raises:
        SpeechError: when the value is none of the choices.
    """
    choice = "off" if value is False else str(value).lower()
    if choice not in PLAYBACK_CHOICES:
        raise SpeechError(f"playback is one of {', '.join(PLAYBACK_CHOICES)}, got {value!r}")
    return choice == "auto"


def _described(
    description: str,
    read_only: bool = False,
    least: float | None = None,
    most: float | None = None,
    dynamic: bool = False,
) -> ParameterDescriptor:
    ranges = [] if least is None else [FloatingPointRange(from_value=least, to_value=most)]
    return ParameterDescriptor(
        description=description,
        read_only=read_only,
        floating_point_range=ranges,
        dynamic_typing=dynamic,
    )


def _kept() -> ParameterDescriptor:
    return ParameterDescriptor(
        description="So many prepared utterances keep their sound until they are spoken.",
        integer_range=[IntegerRange(from_value=1, to_value=256, step=1)],
    )
