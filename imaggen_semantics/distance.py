"""Distance of the talk: whether words speak of what is here and now, or of something elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from imaggen_semantics.analyzed_word import AnalyzedWord
from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.mentions import Mention, Reading

REMOTE, ABSENT, FIGURATIVE, OF_ABSTRACT = 8.0, 3.5, 2.5, 6.5
"""What speaks against a thing of the scene being meant, in log odds: words about another time or
place; people who are not here; abstract company; a thing "of" something abstract."""

_HERE_WORDS = ("here", "this", "these", "look", "see")
_PLACE_PREPOSITIONS = ("in", "from", "at", "near", "to")
_PERSONS = ("he", "she", "you", "i", "we")
_PAST = ("was", "were", "been", "be", "seemed", "looked", "appeared")
_OURS = ("my", "our", "his", "her", "their")
_THEIRS = ("his", "her")
_OTHERS = ("he", "she")
_STARTING_ANEW = ("so", "but", "now")


@dataclass(frozen=True)
class Distance:
    """How much speaks against a mention meaning something that is seen [log odds].

    Attributes:
        elsewhere: the talk is of another time or place; what is named by its very name may be
            seen all the same ("last week a boy climbed onto the statue").
        otherwise: the talk is of somebody else's things, or no thing is meant at all.
    """

    elsewhere: float = 0.0
    otherwise: float = 0.0

    @property
    def total(self) -> float:
        """Everything together."""
        return self.elsewhere + self.otherwise


def distance(reading: Reading, number: int, knowledge: Knowledge) -> Distance:
    """How much speaks against a mention meaning something that is seen.

    Args:
        reading: of the whole utterance.
        number: position of the mention in it.
        knowledge: of the language's words.
    """
    mention = reading.mentions[number]
    if _stands_for_idiom(reading, mention):
        return Distance(otherwise=REMOTE)
    if mention.pointer is not None or mention.looked_at:
        return Distance()
    away = 0.0
    owner = reading.words[mention.start - 1] if mention.start > 0 else None
    if owner is not None and owner.owns and owner.text in knowledge.lexicon.absent:
        away += ABSENT  # "my brother's car"
    elif any(
        (word.owns or word.plural) and word.text in knowledge.lexicon.absent
        for word in reading.words[max(0, mention.start) : mention.index]
    ):
        away += ABSENT + 2.0  # "the neighbours' car"
    words = _stretch(reading.words, mention.index)
    if _said_of_a_person(reading, mention):
        return Distance(otherwise=away + REMOTE)  # "she's the star of the show"
    if any(w.role in _HERE_WORDS and not w.remote for w in words):
        return Distance(otherwise=away)
    if not mention.definite and any(w.role in _OTHERS for w in words):
        away += FIGURATIVE  # "he has a big heart"
    gone = any(word.remote and word.role == "used" for word in words)
    if gone and mention.landmark and mention.definite:
        return Distance(otherwise=away)  # "there used to be a jug next to the brown bottle"
    others = [w for w in words if not mention.start <= w.index <= mention.index]
    elsewhere = 0.0
    first = reading.words[max(0, mention.start)]
    somebodys = first.role in _THEIRS or not mention.definite
    absent = [w for w in others if w.text in knowledge.lexicon.absent]
    kin = any(w.index and reading.words[w.index - 1].role in _OURS for w in absent)
    if absent and (somebodys or kin):
        elsewhere += ABSENT
    away += _abstract_company(reading, mention, knowledge)
    if _abstract_talk(reading, mention, knowledge):
        away += FIGURATIVE
    if not _says_how_it_is(reading, mention):
        remote = any(word.remote for word in words) or _names_a_place(reading, words)
        elsewhere += REMOTE if remote else 0.0
    return Distance(elsewhere, away)


def _says_how_it_is(reading: Reading, mention: Mention) -> bool:
    """Whether a clause of the mention's own is of now: "the box is red; I made it last year"."""
    words = [w for w in reading.words if w.phrase == mention.phrase]
    now = any(w.has_copula and w.role not in _PAST for w in words)
    away = any(w.remote for w in words) or _names_a_place(reading, words)
    return mention.definite and now and not away


def _stands_for_idiom(reading: Reading, mention: Mention) -> bool:
    """As in "That's the pot calling the kettle black": nothing is meant by "that"."""
    if mention.lemma and mention.kind != "demonstrative":
        return False
    words = [w for w in reading.words if w.phrase == mention.phrase]
    return mention.kind == "demonstrative" and any(
        w.category == "figurative" and w.lemma and not w.remote for w in words
    )


def _said_of_a_person(reading: Reading, mention: Mention) -> bool:
    """Whether a noun tells what somebody is: "he's a square"."""
    copula = reading.words[mention.start - 1] if mention.start > 0 else None
    if copula is None or not copula.has_copula:
        return False
    if copula.category != "copula":
        return copula.role in _PERSONS
    return mention.start > 1 and reading.words[mention.start - 2].role in _PERSONS


def _stretch(words: Sequence[AnalyzedWord], index: int) -> Sequence[AnalyzedWord]:
    """The words around `index` in its sentence, up to where "so", "but" or "now" begin anew."""
    start, end = index, index + 1
    while start > 0 and not _begins_stretch(words, start):
        start -= 1
    while end < len(words) and not _begins_stretch(words, end):
        end += 1
    return words[start:end]


def _begins_stretch(words: Sequence[AnalyzedWord], index: int) -> bool:
    word, before = words[index], words[index - 1]
    anew = word.role in _STARTING_ANEW and word.phrase != before.phrase
    return anew or word.sentence != before.sentence


def _names_a_place(reading: Reading, words: Sequence[AnalyzedWord]) -> bool:
    """As in "In Brighton": a proper name behind a preposition."""
    for word in words:
        if word.index == 0 or word.tag != "PROPN" or not word.capital:
            continue
        before = reading.words[word.index - 1]
        if before.role in _PLACE_PREPOSITIONS and word.category == "unknown":
            return True
    return False


def _abstract_talk(reading: Reading, mention: Mention, knowledge: Knowledge) -> bool:
    """Whether a "one" or "thing" follows nothing but abstract nouns."""
    if mention.noun_class != "generic":
        return False
    others = [m for m in reading.mentions if m is not mention and m.index < mention.index]
    return bool(others) and all(
        m.noun_class == "abstract" or (m.noun_class == "unknown" and knowledge.is_abstract(m.lemma))
        for m in others
    )


def _abstract_company(reading: Reading, mention: Mention, knowledge: Knowledge) -> float:
    """How much an abstract noun beside the mention speaks against it [log odds].

    "A nail in the coffin of our friendship", "the key to a good compromise".
    """
    if any(w.category == "abstract" for w in reading.words[mention.start : mention.index]):
        return FIGURATIVE  # "the career ladder"
    for other in reading.mentions:
        if knowledge.lexicon.has("materials", reading.words[other.index].text):
            continue  # "three balls of snow"
        abstract = other.noun_class == "abstract" or (
            other.noun_class == "unknown" and knowledge.is_abstract(other.lemma)
        )
        if not abstract or other.phrase != mention.phrase:
            continue
        between = reading.words[
            min(mention.index, other.index) + 1 : max(mention.index, other.index)
        ]
        if len(between) <= 3 and other.index > mention.index and not mention.parts:
            if between and between[0].role in ("of", "to"):
                return OF_ABSTRACT
        if any(w.role in ("of", "between", "for") for w in between) and len(between) <= 3:
            return FIGURATIVE
        if mention.same_as is not None and reading.mentions[mention.same_as] is other:
            return FIGURATIVE
        subject = other.index < mention.index and any(
            w.has_copula or w.category == "verb" for w in between
        )
        if subject and not mention.definite and not mention.properties:
            return FIGURATIVE
    return 0.0
