"""An utterance that grows while it is spoken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from imaggen_speech.errors import SpeechError
from imaggen_speech.utterance import Utterance, Word


class GrowingUtterance:
    """Words with times come one by one, or as revisions of what was expected.

    Every state is a frozen `Utterance`. Words that have begun are spoken and stay as they are; the
    tail behind them may change until the utterance is closed.

    Args:
        first: the utterance as far as it is known.
    """

    def __init__(self, first: Utterance) -> None:
        self._state = first
        self._closed = False

    @property
    def state(self) -> Utterance:
        """All words known so far."""
        return self._state

    @property
    def closed(self) -> bool:
        """Whether nothing more will be said."""
        return self._closed

    def append(self, words: Sequence[Word]) -> Utterance:
        """Add words behind the last one.

        Returns:
            The new state.

        Raises:
            SpeechError: when the utterance is closed, or a word begins before the last one.
        """
        return self._become((*self._state.words, *words))

    def revise(self, words: Sequence[Word], now_s: float) -> Utterance:
        """Replace the words that have not begun.

        Args:
            words: the whole utterance as it is expected now. As many of its first words as have
                begun up to `now_s` are ignored: what has begun is kept as it was.
            now_s: time since the start of the utterance [s].

        Returns:
            The new state.

        Raises:
            SpeechError: when the utterance is closed or a word begins before the one it follows.
        """
        begun = tuple(word for word in self._state.words if word.start_s <= now_s)
        return self._become(begun + tuple(words[len(begun) :]))

    def close(self, duration_s: float | None = None) -> Utterance:
        """Say that nothing more comes.

        Args:
            duration_s: of the speech; None: until the last word ends.

        Returns:
            The final state.

        Raises:
            SpeechError: when the duration ends before the last word.
        """
        if duration_s is not None:
            self._state = replace(self._state, duration_s=duration_s)
        self._closed = True
        return self._state

    def _become(self, words: tuple[Word, ...]) -> Utterance:
        if self._closed:
            raise SpeechError("the utterance is closed; start a new one for further words")
        self._state = replace(
            self._state,
            text=_text(self._state, words),
            words=words,
            duration_s=max((word.end_s for word in words), default=0.0),
        )
        return self._state


def _text(before: Utterance, words: tuple[Word, ...]) -> str:
    """The written text: as it was while its words stay the same, with new words behind it."""
    old, new = ([word.text for word in row] for row in (before.words, words))
    if new[: len(old)] == old:
        return " ".join([before.text, *new[len(old) :]])
    return " ".join(new)
