"""The speech benchmark: how exactly each timing source times words, and how much is understood."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from imaggen_evaluation.scores import Score, Section
from imaggen_evaluation.speech.sentences import ENGLISH, GERMAN
from imaggen_evaluation.speech.specimens import Specimen, Voice, speak, with_noise
from imaggen_speech.errors import SpeechError
from imaggen_speech.sources.espeak import time_words
from imaggen_speech.sources.espeak_library import load_espeak
from imaggen_speech.sources.estimate import EstimateSource
from imaggen_speech.sources.forced_alignment import ForcedAlignment
from imaggen_speech.sources.recognition import Recognition
from imaggen_speech.text import tokenize
from imaggen_speech.utterance import Word

Progress = Callable[[str], None]
ENGLISH_VOICES = (
    Voice("en-us"), Voice("en-us+f3"), Voice("en-gb"), Voice("en-gb+f2"), Voice("en-us+m3", 0.8),
    Voice("en-us+annie"), Voice("en+f4", 1.25), Voice("en-us", 1.4),
)  # fmt: skip
GERMAN_VOICES = (Voice("de"), Voice("de+f2"), Voice("de", 0.8), Voice("de+m3", 1.2))
NOISE_DB = 20.0
_EXACT_S = 1e-6


@dataclass
class Errors:
    """What a source got wrong: onset errors [s], failures, and the time it took."""

    onsets: list[float] = field(default_factory=list)
    cases: int = 0
    failures: int = 0
    seconds: float = 0.0
    speech_s: float = 0.0

    def add(self, specimen: Specimen, words: Sequence[Word]) -> None:
        """Compare a specimen's words with its known onsets."""
        self.onsets += [words[i].start_s - onset for i, onset in specimen.onsets.items()]

    def percentile_ms(self, share: float) -> float:
        """A percentile of the onset errors' sizes [ms]."""
        return float(np.percentile(np.abs(self.onsets), share)) * 1e3 if self.onsets else np.inf


def run_benchmark(progress: Progress, seed: int = 0) -> list[Section]:
    """All sections.

    Args:
        progress: told what is being measured.
        seed: of the noise.

    Raises:
        TimingSourceUnavailable: when espeak-ng, pocketsphinx or Whisper is not installed.
    """
    rng = np.random.default_rng(seed)
    return [
        _events(progress),
        _alignment(progress, rng),
        _recognition(progress, rng),
        _estimate(progress),
    ]


def _events(progress: Progress) -> Section:
    """The built-in synthesiser against its own events."""
    section = Section("Built-in synthesiser: word starts against its events")
    exact, words, merged = 0, 0, []
    voices = (Voice("en-us"), Voice("en-gb"), Voice("de"))
    for specimen in _specimens(voices, progress, "events"):
        timed = time_words(specimen.tokens, specimen.spoken, specimen.voice.language)
        words += len(specimen.onsets)
        exact += sum(abs(timed[i].start_s - t) < _EXACT_S for i, t in specimen.onsets.items())
        merged += _merged_errors(specimen, timed)
    right = float(np.mean(np.array(merged) < _EXACT_S))
    section.scores += [
        Score("words with an event: exact", exact / words, words, 1.0),
        Score("merged words: split at the right sound", right, len(merged), 0.9),
        Score("merged words: largest error", max(merged) * 1e3, len(merged), 60, "ms", True),
    ]
    return section


def _merged_errors(specimen: Specimen, timed: Sequence[Word]) -> list[float]:
    """Errors [s] of the splits of words that share an event.

    Where the words spoken alone have as many sounds as the event, these tell where it parts.
    """
    events, errors = specimen.spoken.words, []
    sounds = [p.time_s for p in specimen.spoken.phonemes if not p.is_pause]
    heads = [
        (i, e.time_s)
        for e in events
        for i, t in enumerate(specimen.tokens)
        if t.start <= e.position < t.end
    ]
    bounds = [*heads, (len(specimen.tokens), specimen.spoken.duration_s)]
    for (first, start_s), (after, until_s) in zip(bounds, bounds[1:], strict=False):
        counts = [_sounds_alone(t.text, specimen.voice) for t in specimen.tokens[first:after]]
        inside = [s for s in sounds if start_s <= s < until_s]
        if len(counts) > 1 and sum(counts) == len(inside):
            errors += [
                abs(timed[first + k].start_s - inside[sum(counts[:k])])
                for k in range(1, len(counts))
            ]
    return errors


def _sounds_alone(word: str, voice: Voice) -> int:
    phonemes = load_espeak().synthesize(word, voice.name).phonemes
    return sum(not phoneme.is_pause for phoneme in phonemes)


def _alignment(progress: Progress, rng: np.random.Generator) -> Section:
    """Forced alignment against the synthesiser's events."""
    section = Section("Forced alignment: word starts against the synthesiser's events")
    aligner = ForcedAlignment()
    clean = _align(aligner, _specimens(ENGLISH_VOICES, progress, "alignment"))
    noisy = _align(aligner, _specimens(ENGLISH_VOICES[:2], progress, "noise"), rng)
    german = _align(aligner, _specimens(GERMAN_VOICES, progress, "German"))
    section.scores += [
        *_onset_scores("English, 8 voices", clean, 15.0, 60.0),
        *_onset_scores(f"English, {NOISE_DB:.0f} dB noise", noisy, 15.0, 60.0),
        *_onset_scores("German, by English phones", german, 15.0, 60.0),
        Score("time for a second of speech", clean.seconds / clean.speech_s * 1e3, clean.cases,
              None, "ms"),
    ]  # fmt: skip
    section.scores.append(_refused_texts(aligner, progress))
    return section


def _align(
    aligner: ForcedAlignment,
    specimens: Iterable[Specimen],
    rng: np.random.Generator | None = None,
) -> Errors:
    errors = Errors()
    for specimen in specimens:
        spoken = specimen.spoken
        audio = spoken.audio if rng is None else with_noise(spoken.audio, NOISE_DB, rng)
        errors.cases += 1
        errors.speech_s += spoken.duration_s
        begin = time.perf_counter()
        try:
            timed = aligner.time_audio(
                audio, spoken.sample_rate, specimen.text, specimen.voice.language
            )
            errors.add(specimen, timed.utterance.words)
        except SpeechError:
            errors.failures += 1
        errors.seconds += time.perf_counter() - begin
    return errors


def _refused_texts(aligner: ForcedAlignment, progress: Progress) -> Score:
    """How many sentences are refused when the sound says another one."""
    progress("wrong texts")
    refused = 0
    for index, text in enumerate(ENGLISH):
        spoken = speak(text, ENGLISH_VOICES[index % len(ENGLISH_VOICES)]).spoken
        wrong = ENGLISH[(index + 37) % len(ENGLISH)]
        try:
            aligner.time_audio(spoken.audio, spoken.sample_rate, wrong)
        except SpeechError:
            refused += 1
    return Score("wrong texts that are refused", refused / len(ENGLISH), len(ENGLISH), 0.9)


def _recognition(progress: Progress, rng: np.random.Generator) -> Section:
    """Recognition of synthetic voices, which Whisper knows less well than people's."""
    section = Section("Recognition (Whisper tiny) and alignment, nothing but sound given")
    recogniser = Recognition()
    edits = words = invented = 0
    errors = Errors()
    for specimen in _specimens(ENGLISH_VOICES[:2], progress, "recognition", step=3):
        spoken = specimen.spoken
        errors.cases += 1
        errors.speech_s += spoken.duration_s
        words += len(specimen.tokens)
        begin = time.perf_counter()
        try:
            heard = recogniser.time_audio(spoken.audio, spoken.sample_rate).utterance
        except SpeechError:
            errors.failures += 1
            edits += len(specimen.tokens)
            continue
        finally:
            errors.seconds += time.perf_counter() - begin
        matches, distance = _compare(specimen.text, heard.text)
        edits += distance
        errors.onsets += [
            heard.words[j].start_s - specimen.onsets[i] for i, j in matches if i in specimen.onsets
        ]
    for scale in (30.0, 300.0, 3000.0):
        for _ in range(4):
            noise = (rng.normal(0.0, scale, 48000)).clip(-32768, 32767).astype(np.int16)
            try:
                recogniser.time_audio(noise, 16000)
                invented += 1
            except SpeechError:
                pass
    section.scores += [
        Score("word error rate", edits / words, words, None, "", True),
        *_onset_scores("words understood", errors, 15.0, 60.0, failing=False),
        Score("sentences not understood", float(errors.failures), errors.cases),
        Score("speech heard in noise", float(invented), 12, 0.0, "", True),
        Score("time for a second of speech", errors.seconds / errors.speech_s * 1e3, errors.cases,
              None, "ms"),
    ]  # fmt: skip
    return section


def _compare(said: str, heard: str) -> tuple[list[tuple[int, int]], int]:
    """Pairs of equal words of two texts, by index, and the least number of edits between them."""
    a, b = (_plain_words(text) for text in (said, heard))
    cost = np.zeros((len(a) + 1, len(b) + 1), np.int64)
    cost[:, 0], cost[0] = np.arange(len(a) + 1), np.arange(len(b) + 1)
    for i, left in enumerate(a, start=1):
        for j, right in enumerate(b, start=1):
            step = cost[i - 1, j - 1] + (left != right)
            cost[i, j] = min(step, cost[i - 1, j] + 1, cost[i, j - 1] + 1)
    pairs, i, j = [], len(a), len(b)
    while i and j:
        if a[i - 1] == b[j - 1] and cost[i, j] == cost[i - 1, j - 1]:
            pairs.append((i - 1, j - 1))
        if cost[i, j] == cost[i - 1, j - 1] + (a[i - 1] != b[j - 1]):
            i, j = i - 1, j - 1
        elif cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
    return pairs, int(cost[-1, -1])


def _plain_words(text: str) -> list[str]:
    return ["".join(c for c in t.text.lower() if c.isalnum()) or t.text for t in tokenize(text)]


def _estimate(progress: Progress) -> Section:
    """The estimate from text alone, against the normal voices."""
    section = Section("Estimate from text alone: word starts against the synthesiser's events")
    for name, voice in (("English", Voice("en-us")), ("German", Voice("de"))):
        errors = Errors()
        for specimen in _specimens((voice,), progress, "estimate"):
            errors.cases += 1
            timed = EstimateSource().time_text(specimen.text, voice.language).utterance
            errors.add(specimen, timed.words)
        section.scores += _onset_scores(name, errors, None, None, failing=False)
    return section


def _onset_scores(
    name: str,
    errors: Errors,
    median_ms: float | None,
    high_ms: float | None,
    failing: bool = True,
) -> list[Score]:
    count = len(errors.onsets)
    scores = [
        Score(f"{name}: median", errors.percentile_ms(50), count, median_ms, "ms", True),
        Score(f"{name}: 95th percentile", errors.percentile_ms(95), count, high_ms, "ms", True),
    ]
    if failing:
        failures = Score(f"{name}: failures", float(errors.failures), errors.cases, 0.0, "", True)
        scores.append(failures)
    return scores


def _specimens(
    voices: Sequence[Voice], progress: Progress, what: str, step: int = 1
) -> Iterable[Specimen]:
    """The sentences of the voices' languages, each spoken by half of several voices."""
    for index, voice in enumerate(voices):
        progress(f"{what}: {voice.name} at rate {voice.rate:g} ({index + 1} / {len(voices)})")
        sentences = GERMAN if voice.language == "de" else ENGLISH
        offset, stride = (index % 2, 2) if len(voices) > 2 and sentences is ENGLISH else (0, 1)
        for text in sentences[offset :: stride * step]:
            yield speak(text, voice)
