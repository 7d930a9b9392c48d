"""Sound on the host's loudspeaker at a given time."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable, Generator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from imaggen_speech.errors import PlaybackUnavailable

Clock = Callable[[], float]
Started = Callable[[float], None]
_BUFFER_MS = 40  # what a device asks for now is heard so much later


class SoundSink(Protocol):
    """Where sound is played; one at a time, a new one stops the one before."""

    def play(
        self, audio: NDArray[np.int16], sample_rate: int, start_s: float, started: Started
    ) -> None:
        """Play at a time of the sink's clock; returns at once.

        Args:
            audio: (n,) mono samples, full scale 32767.
            sample_rate: samples per second [Hz].
            start_s: when the first sample is due [s]; past: what is late is skipped, so that the
                rest stays in step.
            started: told the time at which the first sample really goes out [s].
        """

    def stop(self) -> None:
        """Be silent at once."""


class SilentSink:
    """Plays nothing; remembers what it was asked for.

    Args:
        clock: the time now [s].
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self.playing: NDArray[np.int16] | None = None

    def play(
        self, audio: NDArray[np.int16], sample_rate: int, start_s: float, started: Started
    ) -> None:
        """Take note of the sound; see `SoundSink`."""
        self.playing = audio
        started(max(start_s, self._clock()))

    def stop(self) -> None:
        """Forget the sound."""
        self.playing = None


class HostSink:
    """The host's loudspeaker, by miniaudio.

    Threading: `play` and `stop` may be called from any thread; the device calls back from its own.

    Args:
        clock: the time now [s].

    Raises:
        PlaybackUnavailable: when miniaudio is not installed or the host has no device.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._miniaudio = _import_miniaudio()
        self._lock = threading.Lock()
        self._device: Any = None
        try:
            self._open(22050).close()
        except self._miniaudio.MiniaudioError as error:
            raise PlaybackUnavailable(
                "this host has no sound device; connect one, or set playback to off"
            ) from error

    def play(
        self, audio: NDArray[np.int16], sample_rate: int, start_s: float, started: Started
    ) -> None:
        """Open the device and play; see `SoundSink`.

        Raises:
            PlaybackUnavailable: when the device cannot be opened any more.
        """
        self.stop()
        samples = scheduled_samples(
            audio, sample_rate, start_s, lambda: self._clock() + _BUFFER_MS / 1e3, started
        )
        next(samples)
        with self._lock:
            try:
                self._device = self._open(sample_rate)
                self._device.start(samples)
            except self._miniaudio.MiniaudioError as error:
                raise PlaybackUnavailable(
                    f"the sound device does not play: {error}; check it, or set playback to off"
                ) from error

    def stop(self) -> None:
        """Close the device, and with it all that it has buffered."""
        with self._lock:
            if self._device is not None:
                self._device.close()
                self._device = None

    def _open(self, sample_rate: int) -> Any:
        return self._miniaudio.PlaybackDevice(
            output_format=self._miniaudio.SampleFormat.SIGNED16,
            nchannels=1,
            sample_rate=sample_rate,
            buffersize_msec=_BUFFER_MS,
        )


def scheduled_samples(
    audio: NDArray[np.int16],
    sample_rate: int,
    start_s: float,
    clock: Clock,
    started: Started,
) -> Generator[bytes, int, None]:
    """Frames for a device that asks for so many at a time: silence, then the sound in step.

    Frames before `start_s` are silent, and a sound that begins late loses what is already over. The
    first `next` only primes the generator.

    Args:
        audio: (n,) mono samples.
        sample_rate: samples per second [Hz].
        start_s: when the first sample is due [s].
        clock: when what is asked for now will be heard [s].
        started: told the time of the first sample that is not skipped [s].

    Yields:
        Little-endian int16 frames, as many as were asked for.
    """
    wanted = yield b""
    position = round((clock() - start_s) * sample_rate)
    begun = False
    while position < len(audio):
        block = np.zeros(wanted, np.int16)
        first, after = max(position, 0), min(position + wanted, len(audio))
        if first < after:
            block[first - position : after - position] = audio[first:after]
            if not begun:
                started(start_s + first / sample_rate)
                begun = True
        position += wanted
        wanted = yield block.astype("<i2").tobytes()


_IGNORE = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int)(
    lambda *_: None
)
"""Takes a message of ALSA and leaves it; lives as long as the library that may call it."""


def _hush_alsa() -> None:
    """Keep ALSA from printing dozens of lines on hosts without a sound card."""
    try:
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_IGNORE)
    except (OSError, AttributeError):
        pass  # another system, another way to sound


def _import_miniaudio() -> Any:
    try:
        import miniaudio

        _hush_alsa()
    except ImportError as error:
        raise PlaybackUnavailable(
            "sound is played by miniaudio, which is not installed; install it with"
            " pip install 'imaggen[playback]', or set playback to off"
        ) from error
    return miniaudio
