"""Subjects: what a clause is about, by the parser first and else by the order of words."""

from __future__ import annotations

from collections.abc import Iterator

from imaggen_semantics.draft import Draft

_SUBJECTS = ("nsubj", "nsubjpass")
_PREDICATES = ("acomp", "attr", "oprd", "conj", "ROOT", "relcl", "advcl", "ccomp", "xcomp", "acl",
               "dep", "pcomp", "parataxis", "appos", "aux", "auxpass", "advmod", "prep", "pobj",
               "npadvmod")  # fmt: skip
_PERSONS = frozenset("i you we he she someone somebody anyone anybody everyone everybody".split())
NOBODY = -1
"""The subject of what is said of a person."""
_HAVING = ("has", "have", "had")
_CLIMB = 6  # no predicate is deeper below its clause than this


def subject_of(draft: Draft, index: int) -> int | None:
    """The mention that the clause around the word `index` is about."""
    found = _parsed_subject(draft, index)
    return found if found is not None else _clause_subject(draft, index)


def _parsed_subject(draft: Draft, index: int) -> int | None:
    """The subject that the parser finds, climbing from the word to its clause."""
    here = index
    for _ in range(_CLIMB):
        parse = draft.words[here].parse
        if parse is None:
            return None
        if parse.relation == "amod":
            return _covering(draft, parse.head)
        for child in sorted(_children(draft, here), key=lambda child: abs(child - index)):
            word = draft.words[child]
            if word.parse is not None and word.parse.relation in _SUBJECTS:
                if (
                    word.role in _PERSONS
                    and parse.relation != "relcl"
                    and _is_own(draft, child, index)
                ):
                    return NOBODY
                if word.category in ("relative", "demonstrative") and parse.relation == "relcl":
                    return _covering(draft, parse.head)
                found = _covering(draft, child)
                if found is not None:
                    return found
                if word.category == "aspect":  # "the shape of the ball is round"
                    return _first_behind(draft, child)
        if parse.relation == "relcl":
            return _covering(draft, parse.head)
        if parse.relation not in _PREDICATES or parse.head == here:
            return None
        here = parse.head
        own = _covering(draft, here)
        if own is not None and parse.relation in ("acl", "appos") and here < index:
            return own
    return None


def _is_own(draft: Draft, subject: int, index: int) -> bool:
    """Whether nothing but "am", "are" and degrees part a person from a property: "I am tall"."""
    between = draft.words[subject + 1 : index]
    return subject < index and all(w.has_copula or w.category == "degree" for w in between)


def _children(draft: Draft, head: int) -> Iterator[int]:
    for word in draft.words:
        if word.parse is not None and word.parse.head == head and word.index != head:
            yield word.index


def _covering(draft: Draft, index: int) -> int | None:
    """The mention in whose noun phrase the word stands."""
    for number, mention in enumerate(draft.mentions):
        if mention.start <= index <= mention.index:
            return number
    return None


def _first_behind(draft: Draft, index: int) -> int | None:
    ahead = draft.after(index)
    near = ahead is not None and draft.mentions[ahead].phrase == draft.words[index].phrase
    return ahead if near else None


def _clause_subject(draft: Draft, index: int) -> int | None:
    """The subject by the order of words; needs a copula or verb before the word."""
    word = draft.words[index]
    start = index
    while start > 0 and draft.words[start - 1].phrase == word.phrase:
        start -= 1
    for back in range(index - 1, start - 1, -1):
        if draft.words[back].category == "relative" and draft.before(back) is not None:
            return draft.before(back)  # else it asks: "who made the globe spin?"
    end = index + 1
    while "verbs_last" in draft.lexicon.features and draft.at(end, word.phrase) is not None:
        end += 1  # "dass der Ball rund ist"
    has_copula = draft.copula_between(start, end) or word.category == "verb"
    has_copula |= any(w.role in _HAVING for w in draft.words[start:index])  # "it has the shape of"
    inside = [
        number
        for number, mention in enumerate(draft.mentions)
        if start <= mention.index < index
        and not mention.landmark
        and draft.words[mention.index].category != "article"  # the "its" of "its handle"
    ]
    if inside:
        return inside[0] if has_copula else None
    if draft.copula_between(start, end) or _goes_on(draft, start, index):
        carried = _carried_subject(draft, start)
        return carried if carried is not None else _listed_of(draft, start)
    return None


def _listed_of(draft: Draft, start: int) -> int | None:
    """What a list of properties describes: "look at the ladder: tall, narrow and tilted"."""
    first = start
    while first > 0 and only_describes(draft, draft.words[first - 1].phrase):
        first -= 1
    named = next((n for n, m in enumerate(draft.mentions) if m.index == first - 1), None)
    if named is None or draft.words[first - 1].sentence != draft.words[start].sentence:
        return None
    return named if only_describes(draft, draft.words[start].phrase) else None


def only_describes(draft: Draft, phrase: int) -> bool:
    """Whether a phrase holds properties and nothing that they could be said of."""
    words = [w for w in draft.words if w.phrase == phrase]
    kinds = ("property", "adjective", "conjunction", "degree", "negation")
    return all(w.category in kinds for w in words)


def _goes_on(draft: Draft, start: int, index: int) -> bool:
    """Whether only properties and conjunctions stand between: "..., round and flat"."""
    return all(
        word.category in ("property", "adjective", "conjunction", "degree", "negation", "function")
        for word in draft.words[start:index]
    )


def _carried_subject(draft: Draft, start: int) -> int | None:
    """The subject of the phrases before, in the same sentence, if they had a copula."""
    if start == 0:
        return None
    sentence = draft.words[start].sentence
    if draft.words[start - 1].sentence != sentence:
        return None
    first = start
    while first > 0 and draft.words[first - 1].sentence == sentence:
        first -= 1
    if not draft.copula_between(first, start):
        return None
    own = [n for n, m in enumerate(draft.mentions) if first <= m.index < start and not m.landmark]
    interrupted = [n for n in own if _waits_for_predicate(draft, n, start)]
    return next(iter(interrupted or own), None)


def _waits_for_predicate(draft: Draft, number: int, start: int) -> bool:
    """Whether something only parts a thing from its copula: "the ball, on the other hand, is"."""
    mention = draft.mentions[number]
    alone = [w for w in draft.words if w.phrase == mention.phrase and w.index > mention.index]
    between = [w for w in draft.words[mention.index + 1 : start]]
    return (
        not alone
        and draft.words[start].has_copula
        and all(w.category in ("figurative", "function", "degree") for w in between)
    )
