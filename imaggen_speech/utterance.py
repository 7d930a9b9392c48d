"""What is said: words with times, in seconds from the start of the utterance."""

from __future__ import annotations

from dataclasses import dataclass

from imaggen_speech.errors import SpeechError


@dataclass(frozen=True)
class Word:
    """One spoken word.

    Attributes:
        text: as written, without punctuation.
        start_s, end_s: onset and offset.
        accent_s: middle of its stressed syllable.
        prominence: 0 (unaccented) .. 1 (strongest pitch accent).
    """

    text: str
    start_s: float
    end_s: float
    accent_s: float
    prominence: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.start_s < self.end_s:
            raise SpeechError(
                f"word {self.text!r} must start at or after 0 s and before it ends,"
                f" got {self.start_s:.3f}..{self.end_s:.3f} s"
            )
        if not self.start_s <= self.accent_s <= self.end_s:
            raise SpeechError(f"the accent of {self.text!r} must lie within the word")


@dataclass(frozen=True)
class Utterance:
    """A sentence with the time of every word.

    Attributes:
        text: as written.
        words: in order of onset.
        duration_s: of the speech, at least the last word's end.
        language: BCP 47.
        timing_source: which timing source gave the times.
        id: unique per utterance; empty until a node gives one.
        referents: (word index, object id) of what the speaker means by words that could mean
            several things, where a dialogue system knows.
    """

    text: str
    words: tuple[Word, ...]
    duration_s: float
    language: str = "en"
    timing_source: str = "estimate"
    id: str = ""
    referents: tuple[tuple[int, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.words:
            raise SpeechError("an utterance needs at least one word; give some text to say")
        onsets = [word.start_s for word in self.words]
        if onsets != sorted(onsets):
            raise SpeechError("words must be given in the order of their onsets")
        if self.duration_s < self.words[-1].end_s - 1e-6:
            raise SpeechError("an utterance cannot end before its last word")
