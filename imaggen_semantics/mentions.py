"""Mentions: the places in an utterance that speak about things one could see.

A mention is a noun phrase ("the flat one"), a demonstrative ("this"), a place word ("here", "on
the left") or a pronoun ("it"), together with the property words said of it, before it ("the round
ball") or as its predicate ("the ball is round").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from imaggen_semantics.vocabulary import Lexicon
from imaggen_semantics.words import AnalyzedWord, Category

MentionKind = Literal["noun", "demonstrative", "place", "pronoun"]
NounClass = Literal["known", "unknown", "generic", "abstract", "none"]

_CONTENT: frozenset[Category] = frozenset(
    {"property", "adjective", "unknown", "noun", "abstract", "generic", "aspect"}
)
_NOMINAL: frozenset[Category] = frozenset({"noun", "abstract", "generic", "aspect"})
_NOUN_CLASSES: dict[Category, NounClass] = {
    "noun": "known",
    "property": "known",
    "unknown": "unknown",
    "generic": "generic",
    "abstract": "abstract",
}


@dataclass(frozen=True)
class PropertyWord:
    """A property word said of a mention.

    Attributes:
        index: word index.
        lemma: property word of the lexicon.
        negated: it is denied ("not round").
        predicated: it is stated ("the ball is round") rather than used to identify.
    """

    index: int
    lemma: str
    negated: bool
    predicated: bool


@dataclass(frozen=True)
class Mention:
    """One reference to something.

    Attributes:
        kind: what refers.
        index: word index of the head.
        lemma: noun of the lexicon, or the head as written.
        noun_class: how well the noun is known; "none" without a noun.
        definite: the listener can know which one is meant ("the", "this").
        pointer: word index of a demonstrative or place word that belongs to it.
        properties: in order of their words.
        negated: what is not meant ("not the round one").
        landmark: it only tells where something else is ("on the table").
        looked_at: the speaker asks to look at it.
        presented: the speaker introduces it ("this is a ...", "there is a ...").
        phrase: index of its phrase.
    """

    kind: MentionKind
    index: int
    lemma: str
    noun_class: NounClass = "none"
    definite: bool = True
    pointer: int | None = None
    properties: tuple[PropertyWord, ...] = ()
    negated: bool = False
    landmark: bool = False
    looked_at: bool = False
    presented: bool = False
    phrase: int = 0


def find_mentions(words: Sequence[AnalyzedWord], lexicon: Lexicon) -> tuple[Mention, ...]:
    """All mentions in order of their heads, negated and abstract ones included."""
    finder = _MentionFinder(words, lexicon)
    return finder.run()


class _MentionFinder:
    """Walks once over the words and keeps what the current phrase has shown so far."""

    def __init__(self, words: Sequence[AnalyzedWord], lexicon: Lexicon) -> None:
        self._words = words
        self._lexicon = lexicon
        self._mentions: list[Mention] = []
        self._waiting: list[PropertyWord] = []  # before the mention they belong to
        self._phrase = self._sentence = -1
        self._phrase_start = 0
        self._carried_subject: int | None = None  # subject and copula of the phrase before
        self._copula_index: int | None = None
        self._negated = self._presented = self._looking = False

    def run(self) -> tuple[Mention, ...]:
        index = 0
        while index < len(self._words):
            word = self._words[index]
            if word.phrase != self._phrase:
                self._enter_phrase(word)
            index = self._step(index)
            self._negated |= word.negates
            if word.has_copula:
                self._copula_index = word.index
        self._leave_phrase()
        return tuple(sorted(self._mentions, key=lambda mention: mention.index))

    def _enter_phrase(self, word: AnalyzedWord) -> None:
        self._leave_phrase()
        subject = self._subject()
        keeps = word.sentence == self._sentence and self._copula_index is not None
        self._carried_subject = subject if keeps else None
        self._phrase, self._sentence = word.phrase, word.sentence
        self._phrase_start = word.index
        self._copula_index = None
        self._negated = self._presented = self._looking = False

    def _leave_phrase(self) -> None:
        """A place word that found no noun refers by itself."""
        for waiting in self._waiting:
            if self._lexicon.properties[waiting.lemma].shows == "position":
                self._add(Mention("place", waiting.index, waiting.lemma, properties=(waiting,)))
        self._waiting = []

    def _step(self, index: int) -> int:
        """Read the word at `index`; the index of the next one to read."""
        word = self._words[index]
        if word.category == "looking":
            first = all(
                w.category in ("function", "conjunction", "negation") and w.text != "i"
                for w in self._words[self._phrase_start : index]
            )
            self._looking, self._presented = first and index - self._phrase_start <= 1, True
        elif word.category == "pronoun":
            self._add(Mention("pronoun", index, word.text))
        elif word.category == "demonstrative":
            return self._demonstrative(index)
        elif word.category == "place":
            self._place(index)
        elif word.category == "article":
            return self._noun_phrase(index + 1, article=word, pointer=None)
        elif word.category in _CONTENT:
            return self._noun_phrase(index, article=None, pointer=None)
        return index + 1

    def _demonstrative(self, index: int) -> int:
        """A demonstrative stands alone ("this is ...") or opens a noun phrase ("this box")."""
        word, following = self._words[index], self._at(index + 1)
        if following is not None and following.category in _CONTENT and not word.has_copula:
            after = self._noun_phrase(index + 1, article=word, pointer=index)
            if self._mentions and self._mentions[-1].pointer == index:
                return after
        previous = self._at(index - 1)
        links_clauses = (
            word.text == "that"
            and not word.has_copula
            and (
                (previous is not None and previous.category in _CONTENT)
                or (following is not None and following.category in ("article", "pronoun"))
            )
        )
        if not links_clauses:
            self._presented = True
            self._add(Mention("demonstrative", index, word.text, pointer=index))
        return index + 1

    def _place(self, index: int) -> None:
        """A place word points, except for the "there" of "there is a ..."."""
        word, following = self._words[index], self._at(index + 1)
        self._presented = True
        exists = word.has_copula or (following is not None and following.has_copula)
        previous = self._at(index - 1)
        if word.text == "there" and exists and not (previous and previous.text == "over"):
            return
        last = self._last_in_phrase()
        if last is not None and self._mentions[last].kind in ("noun", "demonstrative"):
            if self._mentions[last].pointer is None:
                self._mentions[last] = replace(self._mentions[last], pointer=index)
            return
        self._add(Mention("place", index, word.text, pointer=index))

    def _noun_phrase(self, start: int, article: AnalyzedWord | None, pointer: int | None) -> int:
        """Read a noun phrase whose content begins at `start`; the index behind it."""
        run = self._run(start)
        head = _head(run, self._lexicon, has_article=article is not None)
        if head is None or head.category == "aspect":
            if article is not None and article.text == "its":
                self._add(Mention("pronoun", article.index, "it"))
            for word in run:
                self._loose_property(word)
            return start + max(len(run), 1 if not run and article is None else 0)
        before = [word for word in run if word.index < head.index and word.category == "property"]
        properties = tuple(
            PropertyWord(word.index, word.lemma, negated=False, predicated=False) for word in before
        )
        definite = article is not None and (
            article.text in self._lexicon.grammar["definite"] or pointer is not None
        )
        lemma = self._lexicon.noun_lemma(head.text) or head.lemma
        self._add_noun(
            Mention(
                "noun",
                head.index,
                "" if head.category == "generic" else lemma,
                noun_class=_NOUN_CLASSES[head.category],
                definite=definite,
                pointer=pointer,
                properties=properties,
                landmark=self._is_landmark(start - (article is not None)),
            )
        )
        return head.index + 1

    def _add_noun(self, mention: Mention) -> None:
        """Add a noun mention; "this is a ball" and "on the left is a box" become one with it."""
        last = self._last_in_phrase()
        pointing = (
            last is not None
            and self._mentions[last].kind in ("demonstrative", "place")
            and self._copula_since(self._mentions[last].index)
        )
        if last is not None and pointing and not self._negated and not mention.landmark:
            subject = self._mentions.pop(last)
            mention = replace(
                mention,
                pointer=subject.pointer,
                properties=subject.properties + mention.properties,
                looked_at=subject.looked_at,
            )
        if not mention.landmark:
            waiting = tuple(replace(word, predicated=True) for word in self._waiting)
            mention = replace(mention, properties=waiting + mention.properties)
            self._waiting = []
        self._add(mention)

    def _loose_property(self, word: AnalyzedWord) -> None:
        """Attach a property word outside a noun phrase to what it is said of."""
        if word.category != "property":
            return
        following = self._at(word.index + 1)
        shows = self._lexicon.properties[word.lemma].shows
        if shows == "position" and following is not None and following.text == "of":
            return  # "left of the box" places the ball, it does not name a side of the picture
        is_position = shows == "position"
        target = self._last_in_phrase() if is_position else self._subject()
        if target is None and self._last_in_phrase() is None:
            target = self._carried_subject
        elif not is_position and self._copula_index is None:
            target = None
        if target is None:
            self._waiting.append(PropertyWord(word.index, word.lemma, self._negated, True))
            return
        mention = self._mentions[target]
        said = PropertyWord(
            word.index,
            word.lemma,
            negated=self._negated and not mention.negated,
            predicated=not is_position or self._copula_since(mention.index),
        )
        self._mentions[target] = replace(mention, properties=(*mention.properties, said))

    def _add(self, mention: Mention) -> None:
        self._mentions.append(
            replace(
                mention,
                negated=self._negated,
                looked_at=mention.looked_at or (self._looking and not mention.landmark),
                presented=self._presented or self._follows_pronoun(),
                phrase=self._phrase,
            )
        )
        self._looking = False

    def _follows_pronoun(self) -> bool:
        """Whether this is what a pronoun is said to be ("it is a ball")."""
        last = self._last_in_phrase()
        return last is not None and self._mentions[last].kind == "pronoun"

    def _is_landmark(self, start: int) -> bool:
        previous = self._at(start - 1)
        if previous is None or previous.category != "preposition":
            return False
        before = self._at(start - 2)
        # "look at the box", "the shape of the box" are about the box itself.
        return before is None or before.category not in ("looking", "aspect")

    def _subject(self) -> int | None:
        """The first mention of the phrase that does not only locate something."""
        for number, mention in enumerate(self._mentions):
            if mention.phrase == self._phrase and not mention.landmark:
                return number
        return None

    def _last_in_phrase(self) -> int | None:
        if self._mentions and self._mentions[-1].phrase == self._phrase:
            return len(self._mentions) - 1
        return None

    def _copula_since(self, index: int) -> bool:
        return self._copula_index is not None and self._copula_index >= index

    def _at(self, index: int) -> AnalyzedWord | None:
        """The word at `index` if it stands in the current phrase."""
        if 0 <= index < len(self._words) and self._words[index].phrase == self._phrase:
            return self._words[index]
        return None

    def _run(self, start: int) -> list[AnalyzedWord]:
        """Content words in a row from `start`, within the phrase."""
        run: list[AnalyzedWord] = []
        word = self._at(start)
        while word is not None and word.category in _CONTENT:
            run.append(word)
            word = self._at(word.index + 1)
        return run


def _head(run: Sequence[AnalyzedWord], lexicon: Lexicon, has_article: bool) -> AnalyzedWord | None:
    """The noun that a row of content words is about, or None."""
    head: AnalyzedWord | None = None
    for word in run:
        if word.category not in _NOMINAL:
            if head is not None:
                break  # behind the noun begins the predicate
            continue
        if head is None or word.category != "aspect":
            head = word
        if word.category == "generic":
            break
    if head is not None or not run or not has_article:
        return head
    shapes = [w for w in run if w.category == "property" and lexicon.noun_lemma(w.text)]
    if shapes and shapes[-1] is run[-1]:
        return shapes[-1]  # "the square"
    return _unknown_head(run)


def _unknown_head(run: Sequence[AnalyzedWord]) -> AnalyzedWord | None:
    """The noun among unknown words: the last one, unless it looks like the verb of another.

    Only behind an article: elsewhere an unknown word is as likely a verb or an adjective.
    """
    unknown = [word for word in run if word.category == "unknown"]
    if not unknown or run[-1].category != "unknown":
        return None
    last = unknown[-1]
    if len(unknown) > 1 and last.text.endswith(("s", "ed", "ing")):
        return unknown[-2]
    return last
