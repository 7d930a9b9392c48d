"""Words timed by aligning a text with the sound in which it is spoken."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from imaggen_speech.accents import emphasised, peak_db, stressed_nucleus
from imaggen_speech.audio import check_audio, levels_db, resample
from imaggen_speech.errors import AlignmentError
from imaggen_speech.phones import STOPS, VOWELS
from imaggen_speech.prosody import prominences
from imaggen_speech.sources.base import SpokenUtterance
from imaggen_speech.sources.pronunciation import Pronouncer, Pronunciation
from imaggen_speech.sources.sphinx import SAMPLE_RATE, AlignedPhone, load_aligner
from imaggen_speech.text import Token, check_language, tokenize
from imaggen_speech.utterance import Utterance, Word
from imaggen_speech.voice_activity import Span, quiet_spans, voiced_span

CLOSURE_S = 0.06
"""A stop (p, t, k, b, d, g) begins with so much silence while the mouth is closed, and a weak
fricative (th, f) with as much that is hardly louder [s]."""
_QUIET_ONSETS = STOPS | {"F", "TH"}
FADE_S = 0.05
"""How long before a pause a word that comes after it may seem to begin [s]."""
MIN_WORD_S = 0.03
"""A word keeps this length at least when it is moved out of a pause [s]."""
FLOOR_DB = 30.0
"""How far below the speech the noise is that is added before the alignment [dB]."""
MIN_FIT = -52.0
"""Mean score a frame below which the sound says something else: the right texts of the benchmark
reach -48 at least, 19 of 20 wrong ones stay below -55."""


class ForcedAlignment:
    """Times of words from their text and their sound.

    English words are said by a dictionary, all else by espeak-ng. The acoustic model is one of
    English; other languages are aligned by the nearest English sounds.

    Threading: calls may come from any thread; one is served at a time.

    Raises:
        TimingSourceUnavailable: when pocketsphinx is not installed.
    """

    name = "alignment"

    def __init__(self) -> None:
        self._aligner = load_aligner()

    def time_audio(
        self, audio: NDArray[np.int16], sample_rate: int, text: str = "", language: str = "en"
    ) -> SpokenUtterance:
        """Find the words of `text` in `audio`.

        Args:
            audio: (n,) mono samples, full scale 32767.
            sample_rate: samples per second [Hz].
            text: what is said, at most `text.MAX_TEXT_LENGTH` characters.
            language: BCP 47.

        Raises:
            EmptyTextError: when the text has no word.
            NoSpeechError: when the audio is silent.
            AlignmentError: when the audio does not seem to say the text.
            UnknownLanguageError: when the language's words cannot be pronounced.
            SpeechError: when text or audio is out of bounds.
        """
        tokens = tokenize(text)
        check_language(language)
        check_audio(audio, sample_rate)
        voiced_span(audio, sample_rate)
        pronouncer = Pronouncer(language, self._aligner.look_up)
        said = [pronouncer.pronounce(token.text) for token in tokens]
        heard = resample(audio, sample_rate, SAMPLE_RATE)
        phones = self._aligner.align([word.variants for word in said], _with_floor(heard))
        _check_fit(phones)
        words = _time_words(tokens, said, phones, heard, language)
        utterance = Utterance(
            text=text,
            words=words,
            duration_s=max(len(audio) / sample_rate, words[-1].end_s),
            language=language,
            timing_source=self.name,
        )
        return SpokenUtterance(utterance, audio, sample_rate)


def _with_floor(audio: NDArray[np.int16]) -> NDArray[np.int16]:
    """The sound with a soft steady noise, the same for the same length.

    The model was trained on microphones; digital silence is unlike anything it has heard.
    """
    loud = audio[np.abs(audio.astype(np.int32)) > np.abs(audio.astype(np.int32)).max() * 0.01]
    power = float(np.mean(loud.astype(np.float64) ** 2)) if loud.size else 0.0
    noise = np.random.default_rng(0).normal(0.0, 1.0, len(audio))
    floor = noise * np.sqrt(power * 10.0 ** (-FLOOR_DB / 10.0))
    return np.asarray(np.clip(np.rint(audio + floor), -32768, 32767), np.int16)


def _check_fit(words: Sequence[Sequence[AlignedPhone]]) -> None:
    """Refuse an alignment that fits badly.

    Raises:
        AlignmentError: when the sound is unlike the text.
    """
    phones = [phone for word in words for phone in word]
    durations = [phone.end_s - phone.start_s for phone in phones]
    fit = float(np.average([phone.score for phone in phones], weights=durations))
    if fit < MIN_FIT:
        raise AlignmentError(
            "the audio does not seem to say the text; give the text that is spoken, or none to have"
            " it recognised"
        )


def _time_words(
    tokens: Sequence[Token],
    said: Sequence[Pronunciation],
    phones: Sequence[Sequence[AlignedPhone]],
    heard: NDArray[np.int16],
    language: str,
) -> tuple[Word, ...]:
    """The words with the times of their phones, pauses left out."""
    pauses = quiet_spans(heard, SAMPLE_RATE)
    levels = levels_db(heard, SAMPLE_RATE)
    spans = _without_pauses(phones, pauses)
    accents, peaks = [], []
    for span, word, row in zip(spans, said, phones, strict=True):
        vowels = [Span(p.start_s, p.end_s) for p in row if p.name in VOWELS]
        nucleus = stressed_nucleus(vowels, word.stressed_vowel, levels) or span
        middle = (nucleus.start_s + nucleus.end_s) / 2
        accents.append(min(max(middle, span.start_s), span.end_s))
        peaks.append(peak_db(nucleus, levels))
    strengths = emphasised(prominences(tokens, language), peaks)
    return tuple(
        Word(token.text, span.start_s, span.end_s, accent, strength)
        for token, span, accent, strength in zip(tokens, spans, accents, strengths, strict=True)
    )


def _without_pauses(words: Sequence[Sequence[AlignedPhone]], pauses: Sequence[Span]) -> list[Span]:
    """When each word sounds: those that reach into a pause begin after it, or end before it.

    The acoustic model lets a weak first sound (the, and, how) begin as early as it likes.
    """
    spans = []
    for phones in words:
        start, end = phones[0].start_s, phones[-1].end_s
        closure = CLOSURE_S if phones[0].name in _QUIET_ONSETS else 0.0
        for pause in pauses:
            after = max(pause.start_s, pause.end_s - closure)
            reaches_in = start - FADE_S <= pause.start_s < max(phones[0].end_s, start + FADE_S)
            if (reaches_in or pause.start_s <= start) and start < after < end - MIN_WORD_S:
                start = after
            if pause.start_s < end <= pause.end_s and pause.start_s - MIN_WORD_S > start:
                end = pause.start_s
        spans.append(Span(start, end))
    return spans
