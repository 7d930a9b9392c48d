"""Rows of content words, and the noun that each row is about."""

from __future__ import annotations

from collections.abc import Sequence

from imaggen_semantics.analyzed_word import AnalyzedWord, Category
from imaggen_semantics.draft import Draft
from imaggen_semantics.vocabulary import Lexicon

CONTENT: frozenset[Category] = frozenset(
    {"property", "adjective", "unknown", "noun", "abstract", "generic", "aspect"}
)
NOMINAL: frozenset[Category] = frozenset({"noun", "abstract", "generic", "aspect"})


def row(draft: Draft, start: int) -> list[AnalyzedWord]:
    """Content words in a row from `start`, with what may stand between properties."""
    run: list[AnalyzedWord] = []
    word = draft.at(start)
    phrase = word.phrase if word is not None else -1
    index = start
    while (word := draft.at(index)) is not None:
        if word.phrase != phrase and not _continues(draft, run, word):
            break
        phrase = word.phrase
        if word.category in CONTENT or word.category in ("number", "ordinal"):
            run.append(word)
            if word.owns:
                break
        elif not (run and _joins(draft, word, run)) and word.category != "degree":
            break
        index += 1
    while run and run[-1].category in ("number", "ordinal"):
        run.pop()
    return run


def _continues(draft: Draft, run: Sequence[AnalyzedWord], word: AnalyzedWord) -> bool:
    """Whether a comma only parts two properties of one thing: "a round, flat box"."""
    if not run or run[-1].category not in ("property", "adjective"):
        return False
    if any(w.category in NOMINAL for w in run) or word.category not in (
        "property",
        "adjective",
    ):
        return False
    if word.sentence != run[-1].sentence:
        return False
    following = draft.at(word.index + 1)
    return following is not None and following.category in NOMINAL | {"property", "adjective"}


def _joins(draft: Draft, word: AnalyzedWord, run: Sequence[AnalyzedWord]) -> bool:
    """Whether "and" or "but" joins two properties before one noun: "big and red box"."""
    if word.category != "conjunction" or run[-1].category not in ("property", "adjective"):
        return False
    following = draft.at(word.index + 1, word.phrase)
    behind = draft.at(word.index + 2, word.phrase)
    return (
        following is not None
        and following.category in ("property", "adjective")
        and behind is not None
        and behind.category in NOMINAL
    )


def head_of(
    run: Sequence[AnalyzedWord], lexicon: Lexicon, has_article: bool
) -> AnalyzedWord | None:
    """The noun that a row of content words is about, or None."""
    head: AnalyzedWord | None = None
    for word in run:
        if word.category not in NOMINAL:
            if head is not None and not (word.category == "unknown" and word.tag == "NOUN"):
                break  # behind the noun begins the predicate
            if head is None or word.category != "unknown":
                continue
            if head.category == "noun" and head.plural and not word.plural:
                break  # "my new boots pinch"
        if head is None or word.category != "aspect":
            head = word
        if word.category == "generic" or word.owns:
            break
    if head is not None or not run or not has_article:
        return head or _tagged_head(run)
    shapes = [
        w
        for w in run
        if w.category == "property"
        and lexicon.noun_lemma(w.text)
        and lexicon.properties[w.lemma].shows != "position"
    ]
    if shapes and (shapes[-1] is run[-1] or is_all_properties(run)):
        return shapes[-1]  # "the square", "the square blue" of "... and the square blue"
    return _unknown_head(run)


def is_all_properties(run: Sequence[AnalyzedWord]) -> bool:
    """Whether a row only describes: "two red and ..."."""
    return all(word.category in ("property", "adjective") for word in run)


def _tagged_head(run: Sequence[AnalyzedWord]) -> AnalyzedWord | None:
    """The last unknown word that the parser takes for a noun."""
    nouns = [w for w in run if w.category == "unknown" and w.tag in ("NOUN", "PROPN")]
    return nouns[-1] if nouns else None


def _unknown_head(run: Sequence[AnalyzedWord]) -> AnalyzedWord | None:
    """The noun among unknown words: the last one, unless it looks like the verb of another.

    Only behind an article: elsewhere an unknown word is as likely a verb or an adjective.
    """
    unknown = [word for word in run if word.category == "unknown"]
    if not unknown or run[-1].category != "unknown":
        return None
    last = unknown[-1]
    if len(unknown) > 1 and not last.tag and last.text.endswith(("s", "ed", "ing")):
        return unknown[-2]
    return last
