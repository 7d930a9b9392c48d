"""What every timing source offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from imaggen_speech.utterance import Utterance


@dataclass(frozen=True)
class SpokenUtterance:
    """An utterance and, where a voice spoke it, its sound.

    Attributes:
        utterance: the words with their times.
        audio: (n,) mono samples, full scale 32767, read-only; None when times are estimated.
        sample_rate: samples per second [Hz]; 0 without audio.
    """

    utterance: Utterance
    audio: NDArray[np.int16] | None = None
    sample_rate: int = 0

    def __post_init__(self) -> None:
        if self.audio is not None:
            audio = np.array(self.audio, dtype=np.int16)
            audio.setflags(write=False)
            object.__setattr__(self, "audio", audio)


class TimingSource(Protocol):
    """Gives every word of a text its time."""

    @property
    def name(self) -> str:
        """What `Utterance.timing_source` says."""

    def time_text(self, text: str, language: str = "en") -> SpokenUtterance:
        """Time the words of `text`.

        Args:
            text: a sentence or a few, at most `text.MAX_TEXT_LENGTH` characters.
            language: BCP 47.

        Raises:
            EmptyTextError: when there is no word to say.
            UnknownLanguageError: when the source cannot speak the language.
            SpeechError: when the text is too long or cannot be spoken.
        """


class AudioTimingSource(Protocol):
    """Gives every word of recorded speech its time."""

    @property
    def name(self) -> str:
        """What `Utterance.timing_source` says where nothing had to be guessed."""

    def time_audio(
        self, audio: NDArray[np.int16], sample_rate: int, text: str = "", language: str = "en"
    ) -> SpokenUtterance:
        """Time the words that `audio` says.

        Args:
            audio: (n,) mono samples, full scale 32767, at most `audio.MAX_AUDIO_S` long.
            sample_rate: samples per second [Hz].
            text: what is said, at most `text.MAX_TEXT_LENGTH` characters; empty: not known.
            language: BCP 47.

        Raises:
            EmptyTextError: when the text has no word and the source needs one.
            NoSpeechError: when nobody speaks.
            AlignmentError: when the audio does not seem to say the text.
            UnknownLanguageError: when the source does not know the language.
            TimingSourceUnavailable: when a library or model is missing.
            SpeechError: when text or audio is out of bounds.
        """
