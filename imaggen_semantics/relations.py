"""Relations: how the words say that things lie or compare to each other."""

from __future__ import annotations

from dataclasses import replace

from imaggen_semantics.analyzed_word import AnalyzedWord
from imaggen_semantics.draft import Draft
from imaggen_semantics.mentions import StatedRelation


def find_stated_relations(draft: Draft) -> tuple[StatedRelation, ...]:
    """All relations between mentions, in the order of their words.

    A compared property ("bigger than") is a relation and no property of its own.
    """
    found = []
    for word in draft.words:
        relation = None
        if word.relation:
            relation = _spatial(draft, word)
        elif word.role == "than" or draft.lexicon.has("comparing", word.text):
            relation = _comparison(draft, word)
        elif word.role == "as" and _role(draft, word.index - 2) == "as":
            relation = _likened(draft, word)
        if relation is not None:
            found.append(relation)
    _drop_likened(draft)
    return tuple(found)


def _spatial(draft: Draft, word: AnalyzedWord) -> StatedRelation | None:
    first = draft.after(word.relation_end)
    if first is not None and _is_own_part(draft, word, first):
        return None  # "hold the cup by its handle"
    if first is None or draft.mentions[first].start > word.relation_end:
        return None
    objects = [first]
    if word.relation == "between" and not draft.mentions[first].plural:
        second = draft.after(draft.mentions[first].index + 1)
        if second is not None:
            objects.append(second)
    subject = _subject(draft, word, objects)
    if subject is None:
        return None
    negated = any(
        w.negates and w.phrase == word.phrase and w.role != "no" for w in draft.words[: word.index]
    )
    return StatedRelation(subject, word.relation, tuple(objects), negated, word.index)


def _is_own_part(draft: Draft, word: AnalyzedWord, number: int) -> bool:
    mention = draft.mentions[number]
    behind = draft.mentions[number + 1] if number + 1 < len(draft.mentions) else mention
    return word.relation == "beside" and bool(mention.parts or behind.owner == number)


def _subject(draft: Draft, word: AnalyzedWord, objects: list[int]) -> int | None:
    """What lies there: the nearest mention before that is no landmark, else the next one behind."""
    introduced = _introduced(draft, draft.mentions[objects[-1]].index)
    if introduced is not None:
        return introduced
    before = [
        number
        for number, mention in enumerate(draft.mentions)
        if mention.index < word.index
        and draft.words[mention.index].sentence == word.sentence
        and number not in objects
    ]
    if before and draft.mentions[before[-1]].index == word.index - 1:
        return before[-1]  # "with a red one above it"
    inside = [number for number in before if draft.mentions[number].phrase == word.phrase]
    for group in (inside, before):
        own = [number for number in group if not draft.mentions[number].landmark]
        if own:
            return own[-1] if group is inside else own[0]
    behind = [
        number
        for number, mention in enumerate(draft.mentions)
        if mention.index > draft.mentions[objects[-1]].index
        and mention.phrase in (word.phrase, draft.mentions[objects[-1]].phrase)
        and not mention.landmark
    ]
    return behind[0] if behind else None


def _likened(draft: Draft, second: AnalyzedWord) -> StatedRelation | None:
    """As in "twice as tall as the jar", "not as tall as the jar"."""
    target = draft.after(second.index + 1)
    for number, mention in enumerate(draft.mentions):
        for said in mention.properties:
            name = draft.lexicon.comparatives.get(draft.lexicon.properties[said.lemma].value)
            if said.index != second.index - 1 or name is None or target in (None, number):
                continue
            before = _role(draft, second.index - 3)
            if said.negated or before == "half":
                return StatedRelation(target or 0, name, (number,), False, said.index)
            if draft.lexicon.has("multiplying", before):
                return StatedRelation(number, name, (target or 0,), False, said.index)
    return None


def _compares_with(than: AnalyzedWord, index: int) -> bool:
    """Whether a property word belongs to "than" behind it or "compared with" beside it."""
    return than.role != "than" or index < than.index <= index + 2


def _introduced(draft: Draft, index: int) -> int | None:
    """What is behind "on the bed there's ..."."""
    there = draft.at(index + 1)
    if there is None or there.role != "there":
        return None
    exists = there.has_copula or draft.copula_between(there.index, there.index + 2)
    return draft.after(there.index + 1) if exists else None


def _comparison(draft: Draft, than: AnalyzedWord) -> StatedRelation | None:
    """As in "The ball is bigger than the box": of the property word before "than"."""
    target = draft.after(than.index + 1)
    for number, mention in enumerate(draft.mentions):
        for said in mention.properties:
            word = draft.words[said.index]
            compares = draft.lexicon.is_comparative(word.text) or (
                _role(draft, said.index - 1) in ("more", "less")
            )
            if not (
                compares and word.sentence == than.sentence and _compares_with(than, said.index)
            ):
                continue
            properties = tuple(p for p in mention.properties if p is not said)
            draft.mentions[number] = replace(mention, properties=properties)
            name = draft.lexicon.comparatives.get(draft.lexicon.properties[said.lemma].value)
            if target is None or name is None or target == number:
                return None
            if _role(draft, said.index - 1) == "less":  # "less tall": the other one is taller
                number, target = target, number
            return StatedRelation(number, name, (target,), said.negated, said.index)
    return None


def _drop_likened(draft: Draft) -> None:
    """As in "Twice as wide as the ball" does not say that anything is wide."""
    for number, mention in enumerate(draft.mentions):
        kept = tuple(said for said in mention.properties if not _is_likened(draft, said.index))
        draft.mentions[number] = replace(mention, properties=kept)


def _is_likened(draft: Draft, index: int) -> bool:
    """Whether a property is one of "as big as the ball", not of "as tiny as can be"."""
    if _role(draft, index - 1) != "as" or _role(draft, index + 1) != "as":
        return False
    other = draft.after(index + 2)
    return other is not None and draft.mentions[other].start == index + 2


def _role(draft: Draft, index: int) -> str:
    word = draft.at(index)
    return word.role if word is not None else ""
