"""The espeak-ng library through ctypes: text to samples and events.

Declarations follow espeak-ng's `speak_lib.h` (version 1.52). The library keeps its state in global
variables, so that a process initialises it once and calls it under a lock.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from imaggen_speech.errors import SpeechError, TimingSourceUnavailable, UnknownLanguageError

_AUDIO_OUTPUT_SYNCHRONOUS = 2  # samples go to the callback, within the call
_PHONEME_EVENTS = 0x0001
_PHONEMES_IN_IPA = 0x0002
_DO_NOT_EXIT = 0x8000
_POSITION_CHARACTER = 1
_CHARS_UTF8 = 1
_PARAMETER_RATE = 1
_EVENT_WORD, _EVENT_PHONEME = 1, 7
_BUFFER_MS = 1000
NORMAL_WORDS_PER_MINUTE = 175


class _EventId(ctypes.Union):
    _fields_: ClassVar = [
        ("number", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("string", ctypes.c_char * 8),
    ]


class _Event(ctypes.Structure):
    _fields_: ClassVar = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    ]


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True)
class WordEvent:
    """A word begins: character index into the text, and time [s]."""

    position: int
    time_s: float


@dataclass(frozen=True)
class PhonemeEvent:
    """A phoneme begins: its IPA symbols (empty: a pause), and time [s]."""

    symbols: str
    time_s: float

    @property
    def is_pause(self) -> bool:
        """Whether nothing sounds."""
        return not self.symbols


@dataclass(frozen=True)
class Synthesis:
    """What the library spoke: (n,) mono samples, their rate [Hz] and the events in time order."""

    audio: NDArray[np.int16]
    sample_rate: int
    words: tuple[WordEvent, ...]
    phonemes: tuple[PhonemeEvent, ...]

    @property
    def duration_s(self) -> float:
        """Length of the sound [s]."""
        return len(self.audio) / self.sample_rate


class EspeakLibrary:
    """One loaded and initialised libespeak-ng; get it from `load_espeak`."""

    def __init__(self, library: Any, data_path: str | None) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._samples: list[bytes] = []
        self._events: list[tuple[int, int, int, bytes]] = []
        self._sample_rate = int(
            library.espeak_Initialize(
                _AUDIO_OUTPUT_SYNCHRONOUS,
                _BUFFER_MS,
                data_path.encode() if data_path else None,
                _PHONEME_EVENTS | _PHONEMES_IN_IPA | _DO_NOT_EXIT,
            )
        )
        if self._sample_rate <= 0:
            raise TimingSourceUnavailable(
                "espeak-ng is installed but found no voices; reinstall it, for instance with"
                " pip install 'imaggen[speech]'"
            )
        # The library calls this for as long as it lives: the reference must live as long.
        self._callback = _Callback(self._receive)
        library.espeak_SetSynthCallback(self._callback)

    def _receive(self, samples: Any, count: int, events: Any) -> int:
        """Collect one buffer of sound and its events; 0 tells the library to go on."""
        if samples and count > 0:
            self._samples.append(ctypes.string_at(samples, 2 * count))
        index = 0
        while events[index].type:
            event = events[index]
            if event.type in (_EVENT_WORD, _EVENT_PHONEME):
                symbols = event.id.string if event.type == _EVENT_PHONEME else b""
                self._events.append((event.type, event.sample, event.text_position, symbols))
            index += 1
        return 0

    def synthesize(self, text: str, language: str, rate: float = 1.0) -> Synthesis:
        """Speak `text` into memory.

        Args:
            text: without NUL characters.
            language: BCP 47; the closest voice of its primary language is taken. A voice variant of
                the library may follow, as in "en-us+f3".
            rate: relative to `NORMAL_WORDS_PER_MINUTE`.

        Raises:
            UnknownLanguageError: when there is no voice for the language.
            SpeechError: when the library reports an error.
        """
        data = text.encode()
        with self._lock:
            self._samples, self._events = [], []
            self._select_voice(language)
            self._library.espeak_SetParameter(
                _PARAMETER_RATE, round(NORMAL_WORDS_PER_MINUTE * rate), 0
            )
            status = self._library.espeak_Synth(
                data, len(data) + 1, 0, _POSITION_CHARACTER, 0, _CHARS_UTF8, None, None
            )
            self._library.espeak_Synchronize()
            samples, events = b"".join(self._samples), sorted(self._events, key=lambda e: e[1])
        if status != 0 or not samples:
            raise SpeechError(f"espeak-ng could not speak the text {text!r}; rephrase it")
        return Synthesis(
            np.frombuffer(samples, dtype=np.int16),
            self._sample_rate,
            # The library counts characters from 1.
            tuple(
                WordEvent(max(0, position - 1), sample / self._sample_rate)
                for kind, sample, position, _ in events
                if kind == _EVENT_WORD
            ),
            tuple(
                PhonemeEvent(symbols.decode(errors="ignore"), sample / self._sample_rate)
                for kind, sample, _, symbols in events
                if kind == _EVENT_PHONEME
            ),
        )

    def _select_voice(self, language: str) -> None:
        tag = language.lower()
        for name in (tag, tag.split("-")[0]):
            if self._library.espeak_SetVoiceByName(name.encode()) == 0:
                return
        raise UnknownLanguageError(
            f"espeak-ng has no voice for the language {language!r}; use another one, such as 'en'"
        )


def _find_library() -> tuple[str, str | None]:
    """Path or name of the library, and its data's folder where it is not the system's."""
    try:
        import espeakng_loader
    except ImportError:
        return ctypes.util.find_library("espeak-ng") or "libespeak-ng.so.1", None
    return str(espeakng_loader.get_library_path()), str(espeakng_loader.get_data_path())


@lru_cache(maxsize=1)
def _load() -> EspeakLibrary:
    name, data_path = _find_library()
    try:
        library = ctypes.CDLL(name)
    except OSError as error:
        raise TimingSourceUnavailable(
            "espeak-ng is not installed; install it with pip install 'imaggen[speech]'"
            " (or apt install libespeak-ng1)"
        ) from error
    return EspeakLibrary(library, data_path)


_load_lock = threading.Lock()


def load_espeak() -> EspeakLibrary:
    """The process's espeak-ng, loaded and initialised on the first call.

    Raises:
        TimingSourceUnavailable: when it is not installed or has no voices.
    """
    with _load_lock:
        return _load()
