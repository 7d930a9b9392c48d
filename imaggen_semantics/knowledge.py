"""What is known of words: the lexicon, and WordNet and embeddings where they are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from imaggen_semantics.lexicon_file import Looks
from imaggen_semantics.talk import TalkSense
from imaggen_semantics.vocabulary import Lexicon
from imaggen_semantics.wordnet import WordNet

Relatedness = Literal["same", "kind", "wider", "other", "unknown"]

_CLOSE = 0.62
"""Cosine from which on two unknown words are taken for related (all-MiniLM-L6-v2)."""


class Embedder(Protocol):
    """Turns short texts into directions whose cosine is their likeness."""

    def likeness(self, first: str, second: str) -> float:
        """Cosine of two texts, -1..1."""

    def nearest(self, word: str, among: Sequence[str]) -> tuple[str, float]:
        """The likest of some texts and its cosine."""


@dataclass(frozen=True)
class Knowledge:
    """Answers questions about nouns from the best source that is there.

    Attributes:
        lexicon: of the language; always there.
        wordnet: of English nouns, or None.
        embedder: of English texts, or None.
        talk: tells talk of things at hand from other talk, or None.
    """

    lexicon: Lexicon
    wordnet: WordNet | None = None
    embedder: Embedder | None = None
    talk: TalkSense | None = None

    def kind_of(self, noun: str) -> str:
        """A noun of the lexicon that `noun` is a kind of, itself if listed; else empty."""
        if noun in self.lexicon.nouns:
            return noun
        if self.wordnet is not None:
            for wider in self.wordnet.kinds_of(noun):
                plain = wider.replace("_", "-")
                if plain in self.lexicon.nouns and self.lexicon.typical(plain):
                    return plain
        return ""

    def knows(self, noun: str) -> bool:
        """Whether a noun that the lexicon does not list is a word of the language."""
        if noun in self.lexicon.nouns or self.wordnet is None:
            return False
        return self.wordnet.knows(noun)

    def looks_of(self, noun: str) -> Looks | None:
        """How things called `noun` usually look, or None."""
        own = self.lexicon.looks_of(noun)
        if own is not None:
            return own
        if noun not in self.lexicon.nouns and self.wordnet is not None:
            for wider in self.wordnet.kinds_of(noun):
                looks = self.lexicon.looks.get(wider.replace("_", "-"))
                if looks is not None:
                    return looks
        return None

    def is_abstract(self, noun: str) -> bool:
        """Whether a noun that the lexicon does not list names nothing that could be seen."""
        if noun in self.lexicon.nouns:
            return False
        return self.wordnet is not None and self.wordnet.is_abstract(noun)

    def relate(self, noun: str, label: Sequence[str]) -> Relatedness:
        """How a noun relates to an object's name, given by its words (the head last)."""
        head = self.lexicon.noun_lemma("-".join(label)) or self.lexicon.noun_lemma(label[-1])
        name = head or label[-1]
        if noun in (name, label[-1], "-".join(label), "".join(label)):
            return "same"
        relation = self.lexicon.related(noun, name) if head else "none"
        if relation == "same":
            return "same"
        if relation == "kind":
            return "kind" if self.lexicon.is_kind_of(name, noun) else "wider"
        if self.wordnet is not None and self.wordnet.knows(noun) and self.wordnet.knows(name):
            if self.wordnet.same(noun, name):
                return "same"
            if self.wordnet.is_kind_of(name, noun):
                return "kind"
            if self.wordnet.is_kind_of(noun, name):
                return "wider"
            return "other"
        if self.embedder is not None and not (noun in self.lexicon.nouns and head):
            if self.embedder.likeness(noun, " ".join(label)) >= _CLOSE:
                return "wider"
        return "other" if noun in self.lexicon.nouns and head else "unknown"
