"""Words that say that something moves, or that it does not."""

from __future__ import annotations

from collections.abc import Sequence

from imaggen_semantics.draft import Draft
from imaggen_semantics.vocabulary import Lexicon

_WHITHER = frozenset("off away down up over out round around anywhere nowhere back forth".split())


def says_motion(draft: Draft, index: int) -> bool:
    """Whether a verb says that something moves: "it rolls", "off it goes"."""
    word = draft.words[index]
    bases = draft.lexicon.verb_forms.bases(word.text)
    if _is_idle(draft, index, bases):
        return False
    if draft.lexicon.moves(word.text):
        return word.category == "verb"
    if not any(draft.lexicon.has("going", base) for base in bases):
        return False
    near = [draft.at(index + step, word.phrase) for step in (-2, 1)]
    return any(w is not None and w.role in _WHITHER for w in near)


def _is_idle(draft: Draft, index: int, bases: Sequence[str]) -> bool:
    """Whether words behind a verb make it one of no motion: "turn it off", "fall apart"."""
    word = draft.words[index]
    behind = draft.words[index + 1 : index + 5]
    near = {w.text for w in behind if w.phrase == word.phrase}
    return any(
        phrase[0] in bases and near.issuperset(phrase[1:]) for phrase in draft.lexicon.no_motion
    )


def says_rest(draft: Draft, index: int) -> bool:
    """Whether the word says that nothing moves: "it stayed put", "it came to rest"."""
    word, before = draft.words[index], draft.at(index - 1)
    while before is not None and before.category in ("function", "degree", "article"):
        before = draft.at(before.index - 1)
    if before is not None and word.role == "where" and _stays(draft.lexicon, before.text):
        return True  # "it stays where it is"
    if _has_ceased(draft, index):
        return True
    if not draft.lexicon.has("resting", word.text) or before is None:
        return False
    if before.role == "to":
        before = draft.at(before.index - 1)
    behind = draft.at(index + 1, word.phrase)
    stays = before is not None and (before.has_copula or _stays(draft.lexicon, before.text))
    if word.role == "still" and behind is not None and behind.category == "relation":
        return False  # "it is still on the table"
    return stays and (behind is None or behind.category in ("conjunction", "relation"))


def _has_ceased(draft: Draft, index: int) -> bool:
    """Whether the word ends a clause such as "the van has stopped"."""
    word, before = draft.words[index], draft.at(index - 1, draft.words[index].phrase)
    behind = draft.at(index + 1, word.phrase)
    if word.category != "verb" or before is None or word.text.endswith("ing"):
        return False
    ends = behind is None or behind.category in ("conjunction", "relation")
    subject = before.category in ("noun", "generic", "pronoun") or before.role in (
        "has",
        "have",
    )
    return ends and subject and draft.lexicon.ceases(word.text)


def _stays(lexicon: Lexicon, verb: str) -> bool:
    bases = lexicon.verb_forms.bases(verb)
    return any(lexicon.has("staying", base) for base in bases)
