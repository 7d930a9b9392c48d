"""Words that are reported while they are said, by a synthesiser or by a recogniser."""

from __future__ import annotations

from imaggen_speech.errors import SpeechError
from imaggen_speech.incremental import GrowingUtterance
from imaggen_speech.sources.estimate import EstimateSource
from imaggen_speech.sources.reported import Mark, time_marks
from imaggen_speech.text import tokenize
from imaggen_speech.utterance import Utterance


class ReportedSpeech:
    """A known text whose words a synthesiser reports as they begin.

    Until then they are where the estimate puts them; what has been reported moves the rest.

    Args:
        text: what is said.
        language: BCP 47.

    Raises:
        SpeechError: when the text or the language cannot be used.
    """

    def __init__(self, text: str, language: str = "en") -> None:
        self._text, self._language = text, language
        self._marks: list[Mark] = []
        self._guess = EstimateSource().time_text(text, language).utterance
        self._growing: GrowingUtterance | None = None

    @property
    def state(self) -> Utterance:
        """The utterance as it is expected now."""
        return self._guess if self._growing is None else self._growing.state

    def add(self, word: str, time_s: float) -> Utterance:
        """Take in a word that begins now.

        Args:
            word: as reported; what is no word of the text (a bookmark) changes nothing.
            time_s: since the start of the sound [s].

        Returns:
            The new state.

        Raises:
            SpeechError: when the speech has ended.
        """
        marks = [*self._marks, Mark(max(time_s, 0.0), word)]
        try:
            timed = time_marks(self._text, marks, self._language)
        except SpeechError:
            return self.state  # no word of the text so far
        self._marks = marks
        if self._growing is None:
            self._growing = GrowingUtterance(timed)
            return timed
        # The word itself begins now and may still be moved; those reported before it may not.
        settled_s = max((mark.time_s for mark in marks[:-1]), default=0.0)
        return self._growing.revise(timed.words, settled_s)

    def finish(self, time_s: float) -> Utterance:
        """Take in the end of the sound [s since its start]; nothing changes after it."""
        if self._growing is None:
            self._growing = GrowingUtterance(self._guess)
        return self._growing.close(max(time_s, self._growing.state.words[-1].end_s))


class LiveTranscript:
    """What a recogniser understands of a voice: hypotheses that grow, then the final text.

    Each word is taken to end when it first appears.

    Args:
        language: BCP 47.
    """

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._appeared: list[tuple[str, float]] = []

    def add(self, hypothesis: str, time_s: float) -> None:
        """Take in what has been understood up to a time [s]; words taken back are forgotten."""
        words = _words(hypothesis)
        same = 0
        while (
            same < min(len(words), len(self._appeared))
            and words[same].casefold() == self._appeared[same][0].casefold()
        ):
            same += 1
        self._appeared = self._appeared[:same] + [(word, time_s) for word in words[same:]]

    def finish(self, text: str, time_s: float) -> tuple[Utterance, float]:
        """Take in the final text and begin anew.

        Args:
            text: what was said.
            time_s: when that was known [s, the clock of `add`].

        Returns:
            The utterance, and when it began [s].

        Raises:
            EmptyTextError: when the text has no word.
            SpeechError: when the text or the language cannot be used.
        """
        ends = [appeared_s for _, appeared_s in self._appeared]
        self._appeared = []
        guess = EstimateSource().time_text(text, self._language).utterance
        heard = list(zip(guess.words, ends, strict=False))
        if not heard:
            return guess, time_s - guess.duration_s
        # The words of the first hypothesis end together with it.
        start_s = ends[0] - max(word.end_s for word, end_s in heard if end_s == ends[0])
        marks = [Mark(0.0, guess.words[0].text)]
        offsets = [token.start for token in tokenize(text)]
        for index, (word, end_s) in enumerate(heard):
            # Of words that appear together only the first one's time is known.
            if index and end_s > heard[index - 1][1]:
                begin_s = end_s - start_s - (word.end_s - word.start_s)
                marks.append(Mark(max(begin_s, 0.0), word.text, offsets[index]))
        return time_marks(text, marks, self._language), start_s


def _words(text: str) -> list[str]:
    try:
        return [token.text for token in tokenize(text)]
    except SpeechError:
        return []  # nothing yet
