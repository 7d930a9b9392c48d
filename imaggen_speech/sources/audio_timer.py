"""Recorded speech timed by the best means there are, which the result names."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imaggen_speech.errors import AlignmentError, TimingSourceUnavailable
from imaggen_speech.sources.base import SpokenUtterance
from imaggen_speech.sources.fitted_estimate import FittedEstimate
from imaggen_speech.sources.forced_alignment import ForcedAlignment
from imaggen_speech.sources.recognition import Recognition


class AudioTimer:
    """Known text is aligned, or estimated where it cannot be; unknown text is recognised.

    Libraries and models are loaded when first needed, or by `load`.

    Threading: calls may come from any thread.

    Args:
        model: folder of a Whisper model; empty: the packaged one.
    """

    name = "auto"

    def __init__(self, model: str = "") -> None:
        self._model = model

    def load(self) -> None:
        """Load everything that recognition needs; the models stay in the process.

        Raises:
            TimingSourceUnavailable: when a library or model is missing.
            SpeechError: when the model cannot be used.
        """
        Recognition(self._model)

    def time_audio(
        self, audio: NDArray[np.int16], sample_rate: int, text: str = "", language: str = "en"
    ) -> SpokenUtterance:
        """Time the words that `audio` says; see `AudioTimingSource`.

        With a text, `Utterance.timing_source` is "alignment", or "fitted estimate" where aligning
        is not possible. Without, it is "alignment" or "recognition".
        """
        if not text:
            return Recognition(self._model).time_audio(audio, sample_rate, "", language)
        try:
            return ForcedAlignment().time_audio(audio, sample_rate, text, language)
        except (AlignmentError, TimingSourceUnavailable):
            return FittedEstimate().time_audio(audio, sample_rate, text, language)
