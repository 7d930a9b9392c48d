"""Disfluencies: sounds of hesitation and repeated words, which mean nothing.

What is left is read as if it had been said at once; afterwards everything is told by the indices of
the words as they were said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from imaggen_semantics.analyzed_word import AnalyzedWord
from imaggen_semantics.linking import Link
from imaggen_semantics.mentions import Mention, PropertyWord, Reading
from imaggen_semantics.plan import DroppedGesture, GestureSpec
from imaggen_semantics.vocabulary import Lexicon
from imaggen_speech.function_words import is_function_word
from imaggen_speech.utterance import Utterance


@dataclass(frozen=True)
class FluentSpeech:
    """An utterance without disfluencies.

    Attributes:
        said: the utterance as it was said.
        places: index in it of each word that is left.
    """

    said: Utterance
    places: tuple[int, ...]

    @cached_property
    def utterance(self) -> Utterance:
        """The words that are left, with their times."""
        if len(self.places) == len(self.said.words):
            return self.said
        index = {place: number for number, place in enumerate(self.places)}
        return replace(
            self.said,
            words=tuple(self.said.words[place] for place in self.places),
            referents=tuple((index[w], o) for w, o in self.said.referents if w in index),
        )

    @cached_property
    def joined(self) -> Utterance:
        """The same, where a hesitation makes no pause: words last until the next one is tried."""
        words = list(self.utterance.words)
        for number, (place, following) in enumerate(
            zip(self.places, self.places[1:], strict=False)
        ):
            if following > place + 1:
                end_s = max(words[number].end_s, self.said.words[following - 1].end_s)
                words[number] = replace(words[number], end_s=end_s)
        return replace(self.utterance, words=tuple(words))

    def restore_reading(self, reading: Reading) -> Reading:
        """A reading of what is left, by the indices of what was said."""
        if len(self.places) == len(self.said.words):
            return reading
        words = {self.places[word.index]: self._word(word) for word in reading.words}
        return replace(
            reading,
            words=tuple(
                words.get(i) or self._sound(i, reading.words[0])
                for i in range(len(self.said.words))
            ),
            mentions=tuple(self._mention(mention) for mention in reading.mentions),
            relations=tuple(replace(r, index=self.places[r.index]) for r in reading.relations),
            meant=self.said.referents,
        )

    def restore_link(self, link: Link) -> Link:
        """A link, by the indices of what was said."""
        return replace(
            link,
            mention=self._mention(link.mention),
            contradictions=tuple(self._property(word) for word in link.contradictions),
        )

    def restore_gesture(self, gesture: GestureSpec) -> GestureSpec:
        """A gesture, by the indices of what was said."""
        return replace(gesture, affiliate=tuple(self.places[i] for i in gesture.affiliate))

    def restore_dropped(self, dropped: DroppedGesture) -> DroppedGesture:
        """A gesture that is not made, by the indices of what was said."""
        return replace(dropped, gesture=self.restore_gesture(dropped.gesture))

    def _sound(self, index: int, like: AnalyzedWord) -> AnalyzedWord:
        """A word that means nothing; in the phrase of another one."""
        return replace(
            like, index=index, text=self.said.words[index].text.lower(), category="figurative",
            lemma="", has_copula=False, negates=False, owns=False, plural=False, relation="",
            relation_end=0, remote=False, parse=None,
        )  # fmt: skip

    def _word(self, word: AnalyzedWord) -> AnalyzedWord:
        ends = (*self.places, len(self.said.words))
        parse = word.parse and replace(word.parse, head=self.places[word.parse.head])
        return replace(
            word, index=self.places[word.index], relation_end=ends[word.relation_end], parse=parse
        )

    def _mention(self, mention: Mention) -> Mention:
        pointer = mention.pointer
        return replace(
            mention,
            index=self.places[mention.index],
            start=self.places[mention.start],
            pointer=None if pointer is None else self.places[pointer],
            properties=tuple(self._property(word) for word in mention.properties),
        )

    def _property(self, word: PropertyWord) -> PropertyWord:
        return replace(word, index=self.places[word.index])


def without_disfluencies(utterance: Utterance, lexicon: Lexicon) -> FluentSpeech:
    """What is left of an utterance without "um" and "the the"; all of it when nothing is.

    Args:
        utterance: what is said.
        lexicon: of its language; its class `hesitations` tells the sounds.
    """
    kept: list[int] = []
    last = ""
    for index, word in enumerate(utterance.words):
        text = word.text.lower()
        again = text == last and is_function_word(text, utterance.language)
        said_twice = lexicon.has("doubled", text) or lexicon.has("pronouns", text)
        repeated = again and not said_twice
        if not (repeated or lexicon.has("hesitations", text)):
            kept.append(index)
            last = text
    return FluentSpeech(utterance, tuple(kept) or tuple(range(len(utterance.words))))
