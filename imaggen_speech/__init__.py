"""What is said: text to words with times, accents and audio."""

from imaggen_speech.audio import write_wav
from imaggen_speech.errors import (
    EmptyTextError,
    SpeechError,
    TimingSourceUnavailable,
    UnknownLanguageError,
)
from imaggen_speech.sources import SpokenUtterance, TimingSource, create_timing_source
from imaggen_speech.utterance import Utterance, Word

__all__ = [
    "EmptyTextError",
    "SpeechError",
    "SpokenUtterance",
    "TimingSource",
    "TimingSourceUnavailable",
    "UnknownLanguageError",
    "Utterance",
    "Word",
    "create_timing_source",
    "write_wav",
]
