"""Reading: from analysed words to mentions, in passes over the sentence.

First the noun phrases are found, then what is said of them (`predication`), what the words deny
(`negation`), to what pronouns and parts belong (`reference`), and how things lie to each other
(`relations`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from imaggen_semantics.analyzed_word import AnalyzedWord
from imaggen_semantics.draft import Draft
from imaggen_semantics.mentions import Reading
from imaggen_semantics.negation import deny
from imaggen_semantics.noun_phrases import PhraseFinder
from imaggen_semantics.predication import predicate
from imaggen_semantics.reference import refer
from imaggen_semantics.relations import find_stated_relations
from imaggen_semantics.vocabulary import Lexicon


def read(words: Sequence[AnalyzedWord], lexicon: Lexicon) -> Reading:
    """All mentions in order of their heads, negated and abstract ones included, and relations."""
    draft = Draft(tuple(words), lexicon)
    PhraseFinder(draft).run()
    predicate(draft)
    deny(draft)
    refer(draft)
    relations = find_stated_relations(draft)
    _settle_landmarks(draft)
    _share_numbers(draft)
    _count_ones(draft)
    return Reading(draft.words, tuple(draft.mentions), relations)


def _settle_landmarks(draft: Draft) -> None:
    """A thing behind a preposition is no landmark where it is what the words are about.

    "My friend asked for the box": the words belong to the verb and say no place; "I thought of the
    box": nothing else is spoken of.
    """
    heads = {mention.index for mention in draft.mentions}
    for number, mention in enumerate(draft.mentions):
        placed = draft.at(mention.start - 1)
        if not mention.landmark or placed is None or placed.category != "preposition":
            continue
        alone = not any(
            other.phrase == mention.phrase and not other.landmark and other.noun_class != "abstract"
            for other in draft.mentions
        )
        verb = draft.at(placed.index - 1, draft.words[mention.index].phrase)
        asked_for = verb is not None and verb.category == "verb" and verb.index not in heads
        if alone or asked_for:
            draft.mentions[number] = replace(mention, landmark=False)


def _share_numbers(draft: Draft) -> None:
    """Count "both the hammer and the bucket" as two of each other."""
    for number, mention in enumerate(draft.mentions[:-1]):
        other = draft.mentions[number + 1]
        joining = draft.at(other.start - 1)
        single = mention.number == 2 and draft.words[max(0, mention.start)].role == "both"
        if single and joining is not None and joining.role == "and":
            draft.mentions[number] = replace(mention, plural=False)
            draft.mentions[number + 1] = replace(other, number=2)


def _count_ones(draft: Draft) -> None:
    """Count "only one ring", and the one of "three cups and one plate"."""
    for number, mention in enumerate(draft.mentions):
        first = draft.words[max(0, mention.start)]
        ahead = draft.words[: mention.index + 1]
        one = [w for w in ahead[max(0, mention.start) :] if w.role == "one"]
        if not one or mention.number is not None or mention.plural or mention.other:
            continue
        counts = any(
            m.number is not None and draft.words[m.index].sentence == first.sentence
            for m in draft.mentions
        )
        only = any(
            w.phrase == first.phrase and draft.lexicon.has("limiting", w.text) for w in ahead
        )
        itself = one[-1].index == mention.index  # "a gray one", "one of them"
        before = draft.at(mention.index - 1)
        limited = before is not None and draft.lexicon.has("limiting", before.text)
        behind = draft.at(mention.index + 1)
        of_those = counts and behind is not None and behind.role == "of"  # "two, one of them black"
        if mention.ordinal is None and (limited or of_those if itself else counts or only):
            draft.mentions[number] = replace(mention, number=1)
