"""Gaps and results: properties whose subject is left out or acted on.

As in "the ball is red and the box blue", "it made the pan black".
"""

from __future__ import annotations

from itertools import zip_longest

from imaggen_semantics.draft import Draft
from imaggen_semantics.mentions import Mention
from imaggen_semantics.sides import shows

_BEFORE_RESULTS = ("article", "noun", "pronoun", "degree", "unknown", "generic", "adjective")
_DESCRIBING = ("property", "adjective", "conjunction", "degree")
_BETWEEN = ("function", *_DESCRIBING)
_NOMINAL = ("noun", "unknown", "generic", "abstract", "property", "adjective")


def shown_so(draft: Draft, index: int) -> int | None:
    """What is "this big": "a handbag this big and this red"."""
    showing = draft.at(index - 1)
    if showing is None or showing.role not in ("this", "that") or showing.has_copula:
        return None
    return draft.before(showing.index)


def becomes(draft: Draft, index: int) -> bool:
    """Whether a verb says what something becomes: "it has turned black"."""
    word = draft.words[index]
    bases = draft.lexicon.verb_forms.bases(word.text)
    if word.category != "verb" or not any(draft.lexicon.has("becoming", b) for b in bases):
        return False
    behind = [w for w in draft.words[index + 1 :] if w.phrase == word.phrase]
    for said, follower in zip_longest(behind, behind[1:]):
        describes = follower is not None and follower.category in _NOMINAL
        if said.category == "property" and shows(draft, said) != "position" and not describes:
            return True
        if said.category not in (*_BEFORE_RESULTS, "property") and said.role not in ("of", "as"):
            return False
    return False


def made_so(draft: Draft, index: int) -> int | None:
    """The object of "years have turned the pan black"."""
    last = draft.before(index)
    if last is None:
        return None
    between = draft.words[draft.mentions[last].index + 1 : index]
    idle = ("article", "degree", "function", "adjective")
    if any(w.category not in idle and w.role != "as" for w in between):
        return None
    while last is not None:
        before = draft.at(draft.mentions[last].start - 1, draft.words[index].phrase)
        if before is not None and before.role == "of":  # "the roof of the house"
            last = draft.before(before.index)
            continue
        return last if before is not None and becomes(draft, before.index) else None
    return None


def moved(draft: Draft, index: int) -> int | None:
    """What a verb of motion moves: its object in "please spin the ball", "he pushed the box"."""
    word = draft.words[index]
    if word.category != "verb":
        return None
    ahead = draft.after(index + 1)
    if ahead is None or draft.mentions[ahead].start != index + 1:
        return None
    mention = draft.mentions[ahead]
    forbidden = any(w.negates and w.phrase == word.phrase for w in draft.words[:index])
    fits = mention.phrase == word.phrase and mention.kind != "place" and mention.definite
    fits &= not forbidden  # "don't push the bowl" does not say that it stands still
    return ahead if fits else None


def gapped_subject(draft: Draft, index: int) -> int | None:
    """The new subject of "the ball is red and the box blue", where "is" is left out."""
    word = draft.words[index]
    number = draft.before(index)
    if number is None or word.category != "property":
        return None
    mention = draft.mentions[number]
    before = draft.at(mention.start - 1)
    joined = before is not None and before.category == "conjunction"
    if _is_gapped(draft, mention, index):
        return number
    behind = draft.at(index + 1, word.phrase)
    ends = behind is None or behind.category == "conjunction"
    if mention.index == index - 1 and mention.kind == "pronoun" and mention.plural and ends:
        # "Three blocks, all of them square", but "one of them black"
        some = number and draft.mentions[number - 1].index == mention.index - 2
        return number - 1 if some and before is not None and before.role == "of" else number
    if mention.index == index - 1 and mention.noun_class == "generic" and ends:
        return number  # "... and the last one blue"
    if mention.index != index - 1 or not joined or before is None:
        return None
    return number if ends and draft.copula_between(0, before.index) else None


def _is_gapped(draft: Draft, mention: Mention, index: int) -> bool:
    """As in "The near one is blue, the one in the distance green": a clause without its "is"."""
    phrase = [w for w in draft.words if w.phrase == mention.phrase]
    last = draft.at(phrase[0].index - 1)
    if last is None or last.sentence != phrase[0].sentence or mention.start > phrase[0].index + 1:
        return False
    stated = [w for w in draft.words if w.phrase == last.phrase]
    between = draft.words[mention.index + 1 : index]
    return (
        any(w.has_copula for w in stated)
        and not any(w.has_copula or w.category == "verb" for w in phrase)
        and all(w.category in _DESCRIBING for w in draft.words[index : phrase[-1].index + 1])
        and mention.definite
        and shows(draft, draft.words[index]) != "position"
        and all(w.category in _BETWEEN or shows(draft, w) == "position" for w in between)
    )
