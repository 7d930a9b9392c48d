"""Parameters of the semantic matcher: what they mean, their ranges, and what is refused."""

from __future__ import annotations

from typing import Any

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor
from rclpy.node import Node

from imaggen_semantics.config import LanguageModelConfig, MatcherConfig
from imaggen_semantics.memory import MemoryConfig
from imaggen_semantics.plan import Viewpoint

VIEWPOINTS: tuple[Viewpoint, ...] = ("speaker", "viewer")


def declare(node: Node) -> None:
    """Declare all parameters.

    Raises:
        rclpy.exceptions.ParameterException: when a given value has another type or is out of range.
    """
    numbers: tuple[tuple[str, float, str, float], ...] = (
        ("scene_timeout", 1.0, "How long an utterance waits for its scene [s].", 60.0),
        ("expressiveness", 0.6, "0: no semantic gestures .. 1: vivid.", 1.0),
        ("lead", 0.15, "A stroke starts this long before its word [s].", 0.2),
        ("memory_half_life", 60.0, "Confidence in what is out of view halves in this time [s].",
         86400.0),
        ("memory_time", 600.0, "Things out of view are forgotten then [s]; 0: at once.", 86400.0),
        ("models_timeout", 0.0, "Wait this long for language models that are being loaded [s];"
         " without them the lexicon answers.", 120.0),
        ("llm_timeout", 2.0, "Wait this long for a language model's answer [s].", 60.0),
    )  # fmt: skip
    for number, value, description, highest in numbers:
        node.declare_parameter(number, value, _described(description, highest))
    node.declare_parameter(
        "seed",
        0,
        ParameterDescriptor(
            description="Of the choice among gestures that are worth the same.",
            integer_range=[IntegerRange(from_value=0, to_value=2**31 - 1, step=1)],
        ),
    )
    for name, default, description in (
        ("viewpoint", "speaker", "Shapes as the speaker sees them, or mirrored for the viewer."),
        ("linker", "joint", "What links words to objects: joint, or language_model."),
        ("llm_endpoint", "", "OpenAI-compatible endpoint (http://.../v1) for language_model."),
        ("llm_model", "", "Name of the endpoint's model."),
        ("llm_key_env", "", "Environment variable with the endpoint's key; empty: none."),
        ("llm_transformers", "", "Instead: a Transformers model (NAME@REVISION or a folder)."),
    ):
        node.declare_parameter(name, default, _described(description))
    node.declare_parameter(
        "embeddings",
        False,
        _described("Also load embeddings (MiniLM) for words that no dictionary lists."),
    )
    node.declare_parameter(
        "languages", ["en"], _described("Languages whose models are loaded at the start.")
    )


def _described(text: str, highest: float | None = None) -> ParameterDescriptor:
    """A descriptor, of numbers from 0 to `highest`."""
    ranges = [FloatingPointRange(from_value=0.0, to_value=highest)] if highest else []
    return ParameterDescriptor(description=text, floating_point_range=ranges)


def matcher_config(value: Any, preparation_s: tuple[tuple[str, float], ...] = ()) -> MatcherConfig:
    """The matcher's configuration.

    Args:
        value: gives a parameter's value by its name.
        preparation_s: what motion needs, see `MatcherConfig`.

    Raises:
        SemanticsError: when a value makes no sense.
    """
    language_model = None
    if value("linker") == "language_model":
        name, _, revision = value("llm_transformers").partition("@")
        language_model = LanguageModelConfig(
            endpoint=value("llm_endpoint"),
            model=value("llm_model"),
            api_key_env=value("llm_key_env"),
            transformers_model=name,
            revision=revision,
            timeout_s=value("llm_timeout"),
        )
    return MatcherConfig(
        viewpoint=value("viewpoint"),
        linker=value("linker"),
        lead_s=value("lead"),
        expressiveness=value("expressiveness"),
        seed=value("seed"),
        preparation_s=preparation_s,
        language_model=language_model,
    )


def memory_config(value: Any) -> MemoryConfig:
    """How long things are remembered.

    Raises:
        SemanticsError: when a value makes no sense.
    """
    return MemoryConfig(
        half_life_s=max(1e-3, value("memory_half_life")), forget_after_s=value("memory_time")
    )
