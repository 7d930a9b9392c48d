"""Words timed by what a synthesiser reports about them while or after it speaks.

Synthesisers report in many ways: a word as it begins (ROS4HRI, browsers), words with offsets into
the text (Polly's speech marks, Azure's word boundaries, Google's time points), or only mouth shapes
beside them. All become `Mark`s here; `time_marks` fits these to the written text and repairs what
is missing, late, repeated or out of order.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from imaggen_speech.errors import SpeechError
from imaggen_speech.prosody import prominences
from imaggen_speech.sources.estimate import EstimateSource
from imaggen_speech.syllables import stressed_syllable, syllable_count
from imaggen_speech.text import Token, check_language, tokenize
from imaggen_speech.utterance import Utterance, Word

MIN_WORD_S = 0.02
"""A word keeps this length at least [s]."""
MAX_SKIPPED_WORDS = 3
"""A mark found only this many words further on was misheard or repeated, rather than that all the
words between went unreported."""
_TICKS_PER_S = 1e7  # Azure counts in steps of 100 ns


@dataclass(frozen=True)
class Mark:
    """A synthesiser says that a word begins.

    Attributes:
        time_s: when, from the start of the sound.
        word: the word as reported; empty: not said.
        offset: its first character in the text; None: not said.
        end_s: when it ends; None: not said.

    Raises:
        SpeechError: when a time is not a finite number of seconds >= 0.
    """

    time_s: float
    word: str = ""
    offset: int | None = None
    end_s: float | None = None

    def __post_init__(self) -> None:
        times = (self.time_s,) if self.end_s is None else (self.time_s, self.end_s)
        if not all(math.isfinite(time) and time >= 0.0 for time in times):
            raise SpeechError(f"the times of a mark must be seconds >= 0, got {times}")


def time_marks(
    text: str,
    marks: Iterable[Mark],
    language: str = "en",
    duration_s: float | None = None,
    source: str = "reported",
) -> Utterance:
    """Fit reported words to the text.

    Words without a mark share the time between their neighbours as the estimate would divide it;
    before the first and after the last mark they are spaced as estimated.

    Args:
        text: what is said.
        marks: in any order; those that belong to no word are left out.
        language: BCP 47.
        duration_s: of the sound; None: until the last word is estimated to end.
        source: what `Utterance.timing_source` says.

    Raises:
        EmptyTextError: when the text has no word.
        SpeechError: when no mark belongs to a word of the text, or the duration is no time.
    """
    tokens = tokenize(text)
    check_language(language)
    if duration_s is not None and not (math.isfinite(duration_s) and duration_s > 0.0):
        raise SpeechError(f"the duration must be above 0 s, got {duration_s}")
    found = _assign(tokens, sorted(marks, key=lambda mark: mark.time_s))
    if not found:
        raise SpeechError("no reported word is one of the text; report words as they are written")
    guess = EstimateSource().time_text(text, language).utterance.words
    words = _words(tokens, found, guess, duration_s, prominences(tokens, language), language)
    return Utterance(
        text=text,
        words=words,
        duration_s=max(duration_s or 0.0, words[-1].end_s),
        language=language,
        timing_source=source,
    )


def polly_marks(lines: str) -> tuple[list[Mark], float | None]:
    """Marks of AWS Polly: a JSON object a line, of type word, viseme, sentence or ssml.

    Their `start` counts bytes and is left out: words are found by what they are.

    Returns:
        The marks, and the end of the sound [s] where visemes tell it ("sil" at the end).

    Raises:
        SpeechError: when a line is not such an object.
    """
    marks, end_s = [], None
    for number, line in enumerate(lines.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            kind, time_s = entry["type"], float(entry["time"]) / 1000.0
            if kind == "word":
                marks.append(Mark(time_s, str(entry["value"])))
            elif kind == "viseme" and entry["value"] == "sil":
                end_s = time_s
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise SpeechError(
                f"line {number} of the speech marks is no mark; give JSON objects with time, type"
                " and value, one a line"
            ) from error
    return marks, end_s


def boundary_marks(events: Iterable[Mapping[str, Any]]) -> list[Mark]:
    """Marks of word boundaries such as Azure's and Google's.

    Each event has its time as `audio_offset` (steps of 100 ns), `time_seconds` or `timeSeconds`,
    and the word as `text`, `word` or `mark_name`/`markName` (an index into the words of the text is
    not a word: name the marks as the words). `text_offset` and `duration` are used where given.

    Raises:
        SpeechError: when an event has no time.
    """
    marks = []
    for event in events:
        if event.get("boundary_type", "Word") != "Word":
            continue  # punctuation and sentences
        try:
            marks.append(_boundary(event))
        except (KeyError, TypeError, ValueError) as error:
            raise SpeechError(
                f"the word boundary {dict(event)!r} has no usable time; give audio_offset or"
                " time_seconds"
            ) from error
    return marks


def _boundary(event: Mapping[str, Any]) -> Mark:
    word = next(
        (str(event[k]) for k in ("text", "word", "mark_name", "markName") if k in event), ""
    )
    if "audio_offset" in event:
        time_s = float(event["audio_offset"]) / _TICKS_PER_S
    else:
        time_s = float(event["time_seconds" if "time_seconds" in event else "timeSeconds"])
    offset, end_s = event.get("text_offset"), None
    if event.get("duration") is not None:
        end_s = time_s + _duration_s(event["duration"])
    return Mark(time_s, word, None if offset is None else int(offset), end_s)


def _duration_s(duration: Any) -> float:
    """Seconds of a timedelta or of ticks of 100 ns."""
    if isinstance(duration, timedelta):
        return duration.total_seconds()
    return float(duration) / _TICKS_PER_S


def _assign(tokens: Sequence[Token], marks: Sequence[Mark]) -> dict[int, Mark]:
    """The mark of each word that has one, by index; marks in time order, times increasing."""
    ends = [token.end for token in tokens]
    spoken = [_letters(token.text) for token in tokens]
    found: dict[int, Mark] = {}
    expected = 0
    for mark in marks:
        index = _index(mark, tokens, ends, spoken, expected)
        if index is None or any(mark.time_s <= other.time_s for other in found.values()):
            continue  # belongs to no word that is still to come, or repeats one
        found[index] = mark
        expected = index + 1
    return found


def _index(
    mark: Mark,
    tokens: Sequence[Token],
    ends: Sequence[int],
    spoken: Sequence[str],
    expected: int,
) -> int | None:
    """Which word a mark means; None: none of those from `expected` on."""
    if mark.offset is not None:
        index = bisect_right(ends, mark.offset)
        if not expected <= index < len(tokens) or mark.offset < 0:
            return None
        return index if not mark.word or _alike(_letters(mark.word), spoken[index]) else None
    if not mark.word:
        return expected if expected < len(tokens) else None
    letters = _letters(mark.word)
    limit = min(len(tokens), expected + 1 + MAX_SKIPPED_WORDS)
    return next((i for i in range(expected, limit) if _alike(letters, spoken[i])), None)


def _alike(reported: str, written: str) -> bool:
    """Whether a reported word is the written one or its first part ("well" of "well-known")."""
    return reported == written or bool(reported) and written.startswith(reported)


def _letters(word: str) -> str:
    return "".join(c for c in word.casefold() if c.isalnum()) or word.strip()


def _words(
    tokens: Sequence[Token],
    found: Mapping[int, Mark],
    guess: Sequence[Word],
    duration_s: float | None,
    strengths: Sequence[float],
    language: str,
) -> tuple[Word, ...]:
    starts = _starts(found, guess)
    last = guess[-1]
    sound_end = max(duration_s or starts[-1] + last.end_s - last.start_s, starts[-1] + MIN_WORD_S)
    words = []
    for index, token in enumerate(tokens):
        limit = starts[index + 1] if index + 1 < len(tokens) else sound_end
        mark = found.get(index)
        told = mark.end_s if mark is not None else None
        if told is not None and told > starts[index]:
            end = min(told, limit)
        else:
            # A pause that the punctuation asks for is no part of the word.
            usual = (guess[index].end_s - guess[index].start_s) * 1.5
            end = limit if token.break_after == "none" else min(limit, starts[index] + usual)
        start = starts[index]
        place = (stressed_syllable(token.text, language) + 0.5) / syllable_count(
            token.text, language
        )
        accent = min(start + place * (end - start), end)
        words.append(Word(token.text, start, end, accent, strengths[index]))
    return tuple(words)


def _starts(found: Mapping[int, Mark], guess: Sequence[Word]) -> list[float]:
    """When each word begins [s], strictly increasing; guessed between those that are known."""
    known = sorted(found)
    first, last = known[0], known[-1]
    starts = []
    for index, word in enumerate(guess):
        if index in found:
            starts.append(found[index].time_s)
        elif index < first:
            # Back from the first mark, squeezed where there is not so much time before it.
            span = guess[first].start_s - guess[0].start_s
            squeeze = min(1.0, found[first].time_s / span)
            ahead = guess[first].start_s - word.start_s
            starts.append(found[first].time_s - ahead * squeeze)
        elif index > last:
            starts.append(found[last].time_s + word.start_s - guess[last].start_s)
        else:
            before = max(i for i in known if i < index)
            after = min(i for i in known if i > index)
            share = (word.start_s - guess[before].start_s) / (
                guess[after].start_s - guess[before].start_s
            )
            starts.append(
                found[before].time_s + share * (found[after].time_s - found[before].time_s)
            )
    starts[0] = max(starts[0], 0.0)
    for index in range(1, len(starts)):
        starts[index] = max(starts[index], starts[index - 1] + 1e-3)
    return starts
