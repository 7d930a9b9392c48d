"""Sides: to what a word such as "left" belongs, and when it tells a direction."""

from __future__ import annotations

from imaggen_semantics.analyzed_word import AnalyzedWord
from imaggen_semantics.draft import Draft


def is_direction(draft: Draft, index: int) -> bool:
    """Whether a side tells where something leads: "it leans to the right", "turn it left"."""
    before = draft.words[max(0, index - 8) : index]
    toward = index > 1 and draft.words[index - 1].role == "the" and (
        draft.words[index - 2].role in ("to", "toward", "towards")
    )  # fmt: skip
    if draft.words[index - 1].role == "to":
        return True  # "nach links"
    leads = any(
        w.category == "verb" and draft.lexicon.moves(w.text)
        or w.category == "property" and shows(draft, w) in ("orientation", "motion")
        or draft.lexicon.has("leading", w.text)
        for w in before
    )  # fmt: skip
    return leads and (toward or draft.words[index - 1].role != "the")


def shades(draft: Draft, index: int) -> bool:
    """Whether a side only tells where another property holds: "oben spitz"."""
    behind = draft.at(index + 1, draft.words[index].phrase)
    uninflected = "adjectives_as_nouns" in draft.lexicon.features
    return uninflected and behind is not None and behind.category == "property" and (
        shows(draft, behind) != "position" and not draft.lexicon.is_declined(behind.text)
    )  # fmt: skip


def only_places(draft: Draft, word: AnalyzedWord) -> bool:
    """Whether a phrase names a side and nothing that lies there: "at the bottom, ..."."""
    kinds = ("property", "preposition", "article", "function", "degree", "conjunction", "relation",
             "unknown")  # fmt: skip
    return all(w.category in kinds for w in draft.words if w.phrase == word.phrase)


def follows(draft: Draft, number: int, word: AnalyzedWord) -> bool:
    """Whether a phrase of nothing but places ends a sentence, right behind a named thing."""
    mention = draft.mentions[number]
    last = draft.words[-1] if draft.words[-1].sentence == word.sentence else None
    return (
        mention.kind == "noun"
        and mention.phrase == word.phrase - 1
        and only_places(draft, word)
        and last is not None
        and (last.phrase == word.phrase or _goes_on_to_say(draft, word))
    )


def _goes_on_to_say(draft: Draft, word: AnalyzedWord) -> bool:
    """Whether the next phrase begins with the verb of a thing before: "..., top left, is"."""
    behind = next((w for w in draft.words[word.index :] if w.phrase != word.phrase), None)
    return behind is not None and (behind.has_copula or behind.category == "verb")


def shows(draft: Draft, word: AnalyzedWord) -> str:
    """Which property a word tells; verbs tell motion."""
    return draft.lexicon.properties[word.lemma].shows if word.category == "property" else "motion"


def placed(draft: Draft, index: int) -> int | None:
    """What a side belongs to: the nearest mention before it that is no landmark itself."""
    phrase = draft.words[index].phrase
    before = [n for n, m in enumerate(draft.mentions) if m.phrase == phrase and m.index < index]
    own = [n for n in before if not draft.mentions[n].landmark or _is_compared(draft, n)]
    governed = _governed(draft, index)
    if governed in before:
        return governed
    return own[-1] if own else (before[-1] if before else None)


def _governed(draft: Draft, index: int) -> int | None:
    """What the parser takes a side for a part of: "put your finger on the letter in the middle"."""
    parse = draft.words[index].parse
    above = draft.words[parse.head].parse if parse is not None else None
    if parse is None or above is None or parse.relation != "pobj" or above.relation != "prep":
        return None
    return next((n for n, m in enumerate(draft.mentions) if m.index == above.head), None)


def _is_compared(draft: Draft, number: int) -> bool:
    """Whether a mention stands behind "than", so that what follows belongs to it."""
    before = draft.at(draft.mentions[number].start - 1)
    return before is not None and before.role == "than"
