"""A reading in the making, which the passes of `reading` complete."""

from __future__ import annotations

from dataclasses import dataclass, field

from imaggen_semantics.analyzed_word import AnalyzedWord, Category
from imaggen_semantics.mentions import Mention
from imaggen_semantics.vocabulary import Lexicon


@dataclass
class Draft:
    """A reading in the making; the passes change its mentions in place.

    Attributes:
        loose: indices of property words that no noun phrase holds.
        lookings: indices of words that ask to look.
    """

    words: tuple[AnalyzedWord, ...]
    lexicon: Lexicon
    mentions: list[Mention] = field(default_factory=list)
    loose: list[int] = field(default_factory=list)
    lookings: list[int] = field(default_factory=list)

    def at(self, index: int, phrase: int | None = None) -> AnalyzedWord | None:
        """The word at `index`, if it stands in `phrase` where one is given."""
        if not 0 <= index < len(self.words):
            return None
        word = self.words[index]
        return word if phrase is None or word.phrase == phrase else None

    def before(self, index: int) -> int | None:
        """The last mention whose head stands before the word `index`, in the same sentence."""
        sentence = self.words[index].sentence
        for number in range(len(self.mentions) - 1, -1, -1):
            head = self.mentions[number].index
            if head < index and self.words[head].sentence == sentence:
                return number
        return None

    def after(self, index: int) -> int | None:
        """The first mention that begins at or behind the word `index`, in the same sentence."""
        if index >= len(self.words):
            return None
        sentence = self.words[index].sentence
        for number, mention in enumerate(self.mentions):
            if mention.start >= index and self.words[mention.index].sentence == sentence:
                return number
        return None

    def any_between(self, start: int, end: int, *categories: Category) -> bool:
        """Whether a word of these categories stands in `start` .. `end`, exclusive."""
        return any(word.category in categories for word in self.words[start:end])

    def copula_between(self, start: int, end: int) -> bool:
        """Whether a form of "be" stands in `start` .. `end`, exclusive."""
        return any(word.has_copula for word in self.words[max(0, start) : end])
