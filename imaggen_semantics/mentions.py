"""Mentions: the places in an utterance that speak about things one could see.

A mention is a noun phrase ("the flat one"), a demonstrative ("this"), a place word ("here", "on
the left") or a pronoun ("it"), together with the property words said of it, before it ("the round
ball") or as its predicate ("the ball is round").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from imaggen_semantics.analyzed_word import AnalyzedWord

MentionKind = Literal["noun", "demonstrative", "place", "pronoun"]
NounClass = Literal["known", "unknown", "generic", "abstract", "none"]


@dataclass(frozen=True)
class PropertyWord:
    """A property word said of a mention.

    Attributes:
        index: word index.
        lemma: property word of the lexicon.
        negated: it is denied ("not round").
        predicated: it is stated ("the ball is round") rather than used to identify.
        extreme: it compares with all others ("the biggest one").
    """

    index: int
    lemma: str
    negated: bool
    predicated: bool
    extreme: bool = False


@dataclass(frozen=True)
class Mention:
    """One reference to something.

    Other mentions are given by their position in `Reading.mentions`.

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
        start: word index at which its noun phrase begins; -1 while it is being read.
        modifiers: nouns before the head ("coffee" of "coffee cup").
        plural: it speaks of several things.
        number: how many, where the words say so.
        ordinal: the how-manieth (1 is the first, -1 the last), where the words say so.
        counted_from: word of the side from which it is counted ("the second from the left").
        other: another one than was spoken of ("the other one").
        parts: names of perception for the part that it names, the best one first.
        owner: the mention whose part it is ("its handle").
        antecedent: the mention that a pronoun continues, or whose noun a "one" stands for.
        same_as: the mention that it is stated to be ("the round thing is a ball").
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
    start: int = -1
    modifiers: tuple[str, ...] = ()
    plural: bool = False
    number: int | None = None
    ordinal: int | None = None
    counted_from: str = ""
    other: bool = False
    parts: tuple[str, ...] = ()
    owner: int | None = None
    antecedent: int | None = None
    same_as: int | None = None


@dataclass(frozen=True)
class StatedRelation:
    """How the words say that one mention lies or compares to others.

    Attributes:
        subject: position in `Reading.mentions`.
        name: of `Relation.relation`, or a comparison ("taller_than").
        objects: positions in `Reading.mentions`.
        negated: it is denied.
        index: word index of its first word.
    """

    subject: int
    name: str
    objects: tuple[int, ...]
    negated: bool
    index: int


@dataclass(frozen=True)
class Reading:
    """An utterance read: its words, what they mention, and how that lies to each other.

    Attributes:
        meant: (word index, object id) of what the speaker is known to mean.
        text: the words, typing mistakes mended, as one text.
    """

    words: tuple[AnalyzedWord, ...]
    mentions: tuple[Mention, ...]
    relations: tuple[StatedRelation, ...] = ()
    meant: tuple[tuple[int, str], ...] = ()
    text: str = ""
