"""What `imaggen run` starts, and with which arguments."""

from __future__ import annotations

import importlib.util

import pytest

from imaggen_cli.graph import NodeGraph
from imaggen_semantics.errors import SemanticsError


def graph(**changes) -> NodeGraph:
    wanted = {"robot": "talos", "controller": "arms/follow", "image_topic": "camera/image"}
    return NodeGraph(**{**wanted, "parameters": None, "namespace": "", **changes})


def test_every_node_of_the_chain_and_the_simulated_robot():
    commands = graph().commands()
    assert len(commands) == 6
    assert all(importlib.util.find_spec(command[2]) for command in commands.values())
    assert "robot:=talos" in commands["simulated_robot"]
    assert "image:=camera/image" in commands["perception"]
    assert "controller:=arms/follow" in commands["beat_generator"]
    assert "simulated_robot" not in graph(robot="").commands()


def test_the_language_reaches_every_node_that_reads_words():
    commands = graph(language="en-GB", live_speech="voices/a/speech").commands()
    for name in ("speech", "beat_generator", "live_speech_adapter"):
        assert "language:=en-GB" in commands[name]
    assert "languages:=[en-GB]" in commands["semantic_matcher"]
    assert not any("language" in word for row in graph().commands().values() for word in row)


def test_adapters_run_where_they_are_wanted():
    commands = graph(tts="my_tts/say", live_speech="voices/a/speech", listen=True).commands()
    assert "action:=my_tts/say" in commands["tts_adapter"]
    assert "playback:=off" in commands["speech"]
    assert "speech:=voices/a/speech" in commands["live_speech_adapter"]
    assert all(importlib.util.find_spec(command[2]) for command in commands.values())
    assert "listen:=true" in commands["speech"]
    assert "listen:=true" not in graph().commands()["speech"]


def test_a_language_without_lexicon_is_refused_at_once():
    with pytest.raises(SemanticsError, match="'xx'"):
        graph(language="xx").commands()
