"""Words guessed from the text and fitted to the part of a sound in which somebody speaks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from imaggen_speech.audio import check_audio
from imaggen_speech.sources.base import SpokenUtterance
from imaggen_speech.sources.estimate import EstimateSource
from imaggen_speech.voice_activity import voiced_span


class FittedEstimate:
    """What is left when a text cannot be aligned: no library, or a sound unlike the text."""

    name = "fitted estimate"

    def time_audio(
        self, audio: NDArray[np.int16], sample_rate: int, text: str = "", language: str = "en"
    ) -> SpokenUtterance:
        """Stretch the estimate of `text` over the voiced part; see `AudioTimingSource`."""
        check_audio(audio, sample_rate)
        guess = EstimateSource().time_text(text, language).utterance
        voiced = voiced_span(audio, sample_rate)
        scale = (voiced.end_s - voiced.start_s) / guess.duration_s
        words = tuple(
            replace(
                word,
                start_s=voiced.start_s + word.start_s * scale,
                end_s=voiced.start_s + word.end_s * scale,
                accent_s=voiced.start_s + word.accent_s * scale,
            )
            for word in guess.words
        )
        utterance = replace(
            guess,
            words=words,
            duration_s=max(len(audio) / sample_rate, words[-1].end_s),
            timing_source=self.name,
        )
        return SpokenUtterance(utterance, audio, sample_rate)
