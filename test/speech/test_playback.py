import numpy as np
import pytest

from imaggen_speech import playback
from imaggen_speech.errors import PlaybackUnavailable
from imaggen_speech.playback import HostSink, SilentSink, scheduled_samples

AUDIO = np.arange(1, 1001, dtype=np.int16)
RATE = 1000


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def pulled(start_s: float, clock: Clock, frames: int, times: int) -> tuple[np.ndarray, list[float]]:
    """What a device gets that asks for `frames` so many times; the clock follows it."""
    started: list[float] = []
    samples = scheduled_samples(AUDIO, RATE, start_s, clock, started.append)
    next(samples)
    got = []
    for _ in range(times):
        try:
            got.append(np.frombuffer(samples.send(frames), "<i2"))
        except StopIteration:
            break
        clock.now += frames / RATE
    return np.concatenate(got) if got else np.zeros(0, np.int16), started


def test_sound_waits_for_its_time() -> None:
    got, started = pulled(0.25, Clock(), 100, 20)
    assert not got[:250].any()
    assert np.array_equal(got[250:1250], AUDIO)
    assert started == [0.25]


def test_late_sound_is_in_step() -> None:
    got, started = pulled(-0.3, Clock(), 64, 30)
    assert got[0] == AUDIO[300]
    assert started == [0.0]


def test_sound_that_is_over_is_not_played() -> None:
    got, started = pulled(-2.0, Clock(), 64, 30)
    assert got.size == 0 and started == []


def test_the_silent_sink_reports_the_start() -> None:
    clock, started = Clock(), []
    sink = SilentSink(clock)
    sink.play(AUDIO, RATE, 0.5, started.append)
    assert sink.playing is AUDIO
    clock.now = 2.0
    sink.play(AUDIO, RATE, 0.5, started.append)
    assert started == [0.5, 2.0]
    sink.stop()
    assert sink.playing is None


class FakeMiniaudio:
    """As much of miniaudio as is used; a device that only remembers."""

    class MiniaudioError(Exception):
        pass

    class SampleFormat:
        SIGNED16 = 2

    class Device:
        def __init__(self, **options: object) -> None:
            self.options, self.closed, self.samples = options, False, None

        def start(self, samples: object) -> None:
            self.samples = samples

        def close(self) -> None:
            self.closed = True

    def __init__(self, fails: bool) -> None:
        self.fails, self.devices = fails, []

    def PlaybackDevice(self, **options: object) -> object:  # noqa: N802
        if self.fails:
            raise self.MiniaudioError("no backend")
        self.devices.append(self.Device(**options))
        return self.devices[-1]


def test_the_host_plays_one_sound_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeMiniaudio(fails=False)
    monkeypatch.setattr(playback, "_import_miniaudio", lambda: fake)
    sink = HostSink(Clock())
    sink.play(AUDIO, RATE, 1.0, lambda _: None)
    sink.play(AUDIO, 2 * RATE, 1.0, lambda _: None)
    probe, first, second = fake.devices
    assert probe.closed and first.closed and not second.closed
    assert second.options["sample_rate"] == 2 * RATE
    sink.stop()
    assert second.closed


def test_a_host_without_a_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playback, "_import_miniaudio", lambda: FakeMiniaudio(fails=True))
    with pytest.raises(PlaybackUnavailable, match="no sound device; connect one"):
        HostSink()


def test_a_device_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeMiniaudio(fails=False)
    monkeypatch.setattr(playback, "_import_miniaudio", lambda: fake)
    sink = HostSink(Clock())
    fake.fails = True
    with pytest.raises(PlaybackUnavailable, match="does not play: no backend"):
        sink.play(AUDIO, RATE, 0.0, lambda _: None)


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "miniaudio", None)
    with pytest.raises(PlaybackUnavailable, match=r"pip install 'imaggen\[playback\]'"):
        HostSink()
