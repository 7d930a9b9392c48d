import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rclpy")
pytest.importorskip("imaggen_interfaces.srv")

from builtin_interfaces.msg import Time as TimeMsg
from lifecycle_msgs.msg import State, Transition
from lifecycle_msgs.srv import ChangeState, GetState
from rclpy.duration import Duration
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.time import Time
from speech.nodes.spinning import spin_until, wait_for_answer
from std_srvs.srv import Trigger

from imaggen_interfaces.msg import AudioChunk, Utterance
from imaggen_interfaces.srv import SynthesizeSpeech, TimeSpeech
from imaggen_speech import SpeechError, TimingSourceUnavailable, create_timing_source
from imaggen_speech.errors import NoSpeechError
from imaggen_speech.nodes import speech_node
from imaggen_speech.nodes.conversions import utterance_from_msg
from imaggen_speech.nodes.speech_node import SpeechNode
from imaggen_speech.playback import SilentSink
from imaggen_speech.sources.base import SpokenUtterance

TEXT = "The ball is round."


@dataclass
class Bench:
    """A speech node and somebody who talks with it."""

    node: SpeechNode
    asker: Node
    executor: SingleThreadedExecutor
    heard: dict[str, list[Any]] = field(default_factory=dict)

    def ask(self, kind: type, name: str, request: Any) -> Any:
        client = self.asker.create_client(kind, name)
        spin_until(self.executor, client.service_is_ready)
        return wait_for_answer(self.executor, client.call_async(request))

    def say(self, text: str, **fields: str) -> Any:
        request = SynthesizeSpeech.Request(text=text, **fields)
        return self.ask(SynthesizeSpeech, "synthesize_speech", request)

    def listen(self, kind: type, topic: str) -> list[Any]:
        got: list[Any] = []
        self.asker.create_subscription(kind, topic, got.append, 100)
        spin_until(self.executor, lambda: self.asker.count_publishers(topic) > 0)
        return got

    def talk(self, kind: type, topic: str) -> Any:
        publisher = self.asker.create_publisher(kind, topic, 100)
        spin_until(self.executor, lambda: publisher.get_subscription_count() > 0)
        return publisher

    def until(self, condition: Callable[[], object]) -> None:
        spin_until(self.executor, condition)


@pytest.fixture
def bench(ros: None) -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(**parameters: Any) -> Bench:
        parameters = {"playback": "off", **parameters}
        overrides = [Parameter(name, value=value) for name, value in parameters.items()]
        built = Bench(
            SpeechNode(parameter_overrides=overrides), Node("asker"), SingleThreadedExecutor()
        )
        built.executor.add_node(built.node)
        built.executor.add_node(built.asker)
        made.append(built)
        return built

    yield make
    for built in made:
        built.executor.shutdown()
        built.asker.destroy_node()
        built.node.destroy_node()


@pytest.fixture
def voice() -> None:
    try:
        create_timing_source("espeak")
    except TimingSourceUnavailable as error:
        pytest.skip(str(error))


@pytest.mark.ros
def test_the_service_speaks_and_refuses(bench: Callable[..., Bench]) -> None:
    speech = bench()
    answer, again = speech.say(TEXT), speech.say(TEXT)
    empty, unknown = speech.say(" ... "), speech.say("hello", language="not a language")
    long = speech.say("round " * 400)

    assert answer.error_code == SynthesizeSpeech.Response.SUCCESS
    utterance = utterance_from_msg(answer.utterance)
    assert [word.text for word in utterance.words] == ["The", "ball", "is", "round"]
    assert utterance.id and utterance.id != again.utterance.id
    if utterance.timing_source != "estimate":
        seconds = len(answer.audio) / answer.sample_rate
        assert seconds == pytest.approx(utterance.duration_s, abs=0.02)
    assert empty.error_code == SynthesizeSpeech.Response.EMPTY_TEXT
    assert "give at least one word" in empty.error_msg
    assert unknown.error_code == SynthesizeSpeech.Response.UNKNOWN_LANGUAGE
    assert long.error_code == SynthesizeSpeech.Response.FAILED
    assert "several parts" in long.error_msg


@pytest.mark.ros
def test_a_scheduled_utterance_is_heard_in_step(bench: Callable[..., Bench], voice: None) -> None:
    speech = bench(chunk_duration=0.05)
    chunks = speech.listen(AudioChunk, "audio")
    utterances = speech.talk(Utterance, "utterance")
    answer = speech.say(TEXT)
    message = answer.utterance
    message.id += "/a run"
    utterances.publish(message)  # prepared only
    start = speech.node.get_clock().now() + Duration(seconds=0.3)
    message.start = start.to_msg()
    utterances.publish(message)
    speech.until(lambda: sum(len(c.samples) for c in chunks) == len(answer.audio))

    assert np.concatenate([c.samples for c in chunks]).tolist() == list(answer.audio)
    assert {c.utterance_id for c in chunks} == {message.id}
    due = [(Time.from_msg(c.header.stamp).nanoseconds - start.nanoseconds) * 1e-9 for c in chunks]
    assert due == pytest.approx([0.05 * k for k in range(len(chunks))], abs=0.001)


@pytest.mark.ros
def test_stop_ends_the_sound(
    bench: Callable[..., Bench], voice: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = SilentSink()
    monkeypatch.setattr(speech_node, "HostSink", lambda clock: sink)
    speech = bench(playback="auto")
    chunks = speech.listen(AudioChunk, "audio")
    utterances = speech.talk(Utterance, "utterance")
    answer = speech.say("The ball is round, and it rolls over the table. " * 5)
    answer.utterance.start = speech.node.get_clock().now().to_msg()
    utterances.publish(answer.utterance)
    speech.until(lambda: chunks)
    assert sink.playing is not None and len(sink.playing) == len(answer.audio)

    stopped = speech.ask(Trigger, "stop_speech", Trigger.Request())
    assert (stopped.success, stopped.message) == (True, "stopped")
    assert sink.playing is None
    speech.until(lambda: len(chunks[-1].samples) == 0)
    assert sum(len(c.samples) for c in chunks) < len(answer.audio)
    again = speech.ask(Trigger, "stop_speech", Trigger.Request())
    assert again.message == "nothing was being said"


@pytest.mark.ros
def test_only_the_newest_utterances_keep_their_sound(
    bench: Callable[..., Bench], voice: None
) -> None:
    speech = bench(kept_utterances=1)
    chunks = speech.listen(AudioChunk, "audio")
    utterances = speech.talk(Utterance, "utterance")
    old, new = speech.say("one").utterance, speech.say("two").utterance
    for message in (old, new):
        message.start = speech.node.get_clock().now().to_msg()
        utterances.publish(message)
    speech.until(lambda: chunks)
    assert {c.utterance_id for c in chunks} == {new.id}


@pytest.mark.ros
def test_recorded_speech_is_timed(bench: Callable[..., Bench], voice: None) -> None:
    pytest.importorskip("pocketsphinx")
    speech = bench()
    sound = speech.say(TEXT)

    def time(**fields: Any) -> Any:
        request = TimeSpeech.Request(sample_rate=sound.sample_rate, audio=sound.audio, text=TEXT)
        for name, value in fields.items():
            setattr(request, name, value)
        return speech.ask(TimeSpeech, "time_speech", request)

    answer = time()
    assert answer.error_code == TimeSpeech.Response.SUCCESS
    assert answer.utterance.timing_source == "alignment"
    for a, b in zip(answer.utterance.words, sound.utterance.words, strict=True):
        assert a.start == pytest.approx(b.start, abs=0.06)

    silence = time(audio=array.array("h", bytes(32000)))
    assert silence.error_code == TimeSpeech.Response.NO_SPEECH
    assert time(language="xx").error_code == TimeSpeech.Response.UNKNOWN_LANGUAGE
    assert time(sample_rate=3).error_code == TimeSpeech.Response.FAILED
    assert time(audio=array.array("h")).error_code == TimeSpeech.Response.FAILED


class FakeTimer:
    """Understands whatever is loud; once asked to load, is loaded."""

    def __init__(self, model: str = "") -> None:
        self.model = model

    def load(self) -> None:
        if self.model == "absent":
            raise TimingSourceUnavailable("install it")

    def time_audio(
        self, audio: np.ndarray, sample_rate: int, text: str = "", language: str = "en"
    ) -> SpokenUtterance:
        if self.model == "deaf":
            raise NoSpeechError("nothing")
        said = create_timing_source("estimate").time_text("hello there", language).utterance
        return SpokenUtterance(said, audio, sample_rate)


@pytest.mark.ros
def test_what_is_said_to_it_is_heard(
    bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech_node, "AudioTimer", FakeTimer)
    speech = bench(listen=True, language="en-GB")
    heard = speech.listen(Utterance, "heard")
    microphone = speech.talk(AudioChunk, "audio_in")
    rng = np.random.default_rng(0)
    loud = np.concatenate([np.full(50, 10.0), np.full(60, 3000.0), np.full(60, 10.0)])
    for index, level in enumerate(loud):
        chunk = AudioChunk(sample_rate=16000)
        chunk.header.stamp = Time(nanoseconds=int(7e9 + index * 2e7)).to_msg()
        chunk.samples = array.array("h", rng.normal(0, level, 320).astype(np.int16).tobytes())
        microphone.publish(chunk)
        speech.executor.spin_once(timeout_sec=0.0)  # as a microphone sends: one after the other
    speech.until(lambda: heard)
    assert (heard[0].text, heard[0].language) == ("hello there", "en-GB")
    assert Time.from_msg(heard[0].start).nanoseconds == pytest.approx(7.7e9, abs=5e7)
    assert heard[0].id


@pytest.mark.ros
def test_a_manager_may_start_it(bench: Callable[..., Bench]) -> None:
    speech = bench(autostart=False)

    def change(transition: int) -> None:
        request = ChangeState.Request(transition=Transition(id=transition))
        assert speech.ask(ChangeState, "speech/change_state", request).success

    def state() -> int:
        return speech.ask(GetState, "speech/get_state", GetState.Request()).current_state.id

    assert state() == State.PRIMARY_STATE_UNCONFIGURED
    change(Transition.TRANSITION_CONFIGURE)
    refused = speech.say(TEXT)
    assert refused.error_code == SynthesizeSpeech.Response.FAILED
    assert "activate it" in refused.error_msg
    change(Transition.TRANSITION_ACTIVATE)
    assert speech.say(TEXT).error_code == SynthesizeSpeech.Response.SUCCESS
    change(Transition.TRANSITION_DEACTIVATE)
    assert speech.say(TEXT).error_code == SynthesizeSpeech.Response.FAILED
    change(Transition.TRANSITION_CLEANUP)
    change(Transition.TRANSITION_CONFIGURE)
    change(Transition.TRANSITION_ACTIVATE)
    assert speech.say(TEXT).error_code == SynthesizeSpeech.Response.SUCCESS
    assert state() == State.PRIMARY_STATE_ACTIVE


@pytest.mark.ros
def test_parameters(bench: Callable[..., Bench]) -> None:
    node = bench(source="estimate").node
    assert node.get_parameter("source").value == "estimate"
    for name in node.get_parameters_by_prefix("") or ("source", "voice_rate", "listen"):
        assert name == "use_sim_time" or node.describe_parameter(name).description
    with pytest.raises(SpeechError, match="choose one of"):
        bench(source="parrot")
    with pytest.raises(SpeechError, match="playback is one of auto, off"):
        bench(playback="loud")
    assert TimeMsg() == Utterance().start
