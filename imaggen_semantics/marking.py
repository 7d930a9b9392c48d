"""Marking: words that mean something together, such as figures of speech and relations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from imaggen_semantics.analyzed_word import AnalyzedWord
from imaggen_semantics.vocabulary import Lexicon

_IDIOM_GAP = 2  # other words between two words of an idiom ("thank your lucky stars")
_WHOSE = frozenset("my your his her its our their".split())


@dataclass(frozen=True)
class Written:
    """Words in lower case and what follows each: "none", "phrase" or "sentence"."""

    texts: Sequence[str]
    breaks: Sequence[str]

    def fits(self, phrase: Sequence[str], start: int) -> bool:
        """Whether a phrase stands at `start` without a break in it; `*` in it is any one word."""
        end = start + len(phrase)
        if end > len(self.texts) or any(gap != "none" for gap in self.breaks[start : end - 1]):
            return False
        return all(part in ("*", self.texts[start + i]) for i, part in enumerate(phrase))


def mark_phrases(
    words: Sequence[AnalyzedWord], written: Written, lexicon: Lexicon
) -> list[AnalyzedWord]:
    """Idioms made figurative, "rather than" an exclusion, and words about elsewhere remote."""
    marked = list(words)
    for start in range(len(written.texts)):
        for first in _forms(words[start]):
            for idiom in lexicon.idioms_by_word.get(first, ()):
                for index in _loosely(idiom, words, start):
                    marked[index] = replace(
                        marked[index], category="figurative", has_copula=False, negates=False
                    )
        text = written.texts[start]
        for parts in lexicon.exclusions_by_word.get(text, ()):
            if written.fits(parts, start):
                for index in range(start, start + len(parts)):
                    marked[index] = replace(marked[index], category="exclusion", negates=False)
        for parts in lexicon.negating_by_word.get(text, ()):
            if written.fits(parts, start):
                for index in range(start, start + len(parts)):
                    last = index == start + len(parts) - 1
                    marked[index] = replace(marked[index], category="negation", negates=last)
        for remote in lexicon.remote_by_word.get(text, ()):
            if written.fits(remote, start):
                for index in range(start, start + len(remote)):
                    marked[index] = replace(marked[index], category="figurative", remote=True)
    return marked


def _loosely(idiom: Sequence[str], words: Sequence[AnalyzedWord], start: int) -> range:
    """The words of an idiom whose first word is at `start`, with those between; empty for none."""
    index = start
    gap = _IDIOM_GAP if len(idiom) > 2 else 0  # two words apart mean too many other things
    for part in idiom[1:]:
        reach = range(index + 1, min(len(words), index + 2 + gap))
        last, index = index, next((i for i in reach if _is_form(words[i], part)), -1)
        described = any(w.category == "property" for w in words[last + 1 : max(0, index)])
        if index < 0 or described:
            return range(0)  # "on my blue plate" is no figure of speech
    return range(start, index + 1)


def _forms(word: AnalyzedWord) -> set[str]:
    own = {word.text, word.lemma}
    return own if word.parse is None or "-" in word.text else own | {word.parse.lemma}


def _is_form(word: AnalyzedWord, base: str) -> bool:
    return base in _forms(word) or (base in _WHOSE and word.text in _WHOSE)


def mark_relations(
    words: Sequence[AnalyzedWord], written: Written, lexicon: Lexicon
) -> list[AnalyzedWord]:
    """The words of "to the left of" and its like made a relation.

    A property may be one, too, where a thing is named behind it: "round the handle".
    """
    marked = list(words)
    index = 0
    while index < len(written.texts):
        known = lexicon.relations_by_word.get(written.texts[index], ())
        found = next(((p, name) for p, name in known if written.fits(p, index)), None)
        joins = marked[index].tag == "SCONJ"  # "before it leaks"
        if found is None or joins or marked[index].category == "figurative":
            index += 1
            continue
        phrase, name = found
        governs = written.breaks[index] == "none" and _governs(marked, index)
        if marked[index].category == "property" and not governs:
            if len(phrase) == 1 or marked[index].lemma != marked[index].text:
                index += 1
                continue
        end = index + len(phrase)
        for place in range(index, end):
            marked[place] = replace(marked[place], category="relation")
        marked[index] = replace(marked[index], relation=name, relation_end=end)
        index = end
    return marked


def mark_properties(
    words: Sequence[AnalyzedWord], written: Written, lexicon: Lexicon
) -> list[AnalyzedWord]:
    """The first word of "in the distance" and its like made a property, the others idle."""
    marked = list(words)
    for start, text in enumerate(written.texts):
        for phrase, lemma in lexicon.phrases_by_word.get(text, ()):
            taken = marked[start].category in ("figurative", "property")
            if taken or not written.fits(phrase, start):
                continue
            for index in range(start, start + len(phrase)):
                marked[index] = replace(marked[index], category="function")
            marked[start] = replace(marked[start], category="property", lemma=lemma)
        _mark_likeness(marked, written, start, lexicon)
    return marked


def _mark_likeness(
    marked: list[AnalyzedWord], written: Written, start: int, lexicon: Lexicon
) -> None:
    """The noun of "shaped like a star" or "the shape of a ball" made a property."""
    for phrase in lexicon.likenesses:
        noun = start + len(phrase)
        if not written.fits(phrase, start) or noun >= len(marked):
            continue
        text = written.texts[noun]
        lemma = lexicon.property_lemma(text) or lexicon.property_lemma(f"{text}-shaped")
        typical = lexicon.typical(lexicon.noun_lemma(text))
        if not lemma and not typical:
            return
        for index in range(start, noun):
            marked[index] = replace(marked[index], category="function")
        marked[noun] = replace(marked[noun], category="property", lemma=lemma or typical[0])
        return


def _governs(words: Sequence[AnalyzedWord], index: int) -> bool:
    """Whether a word stands before a noun phrase as a preposition does."""
    before = words[index - 1] if index else None
    if before is not None and before.role in ("how", "what"):
        return False  # "how round the ball is"
    if before is not None and before.category == "conjunction" and index > 1:
        if words[index - 2].category == "property":
            return False  # "red and round this week"
    behind = words[index + 1] if index + 1 < len(words) else None
    return (
        words[index].lemma == words[index].text
        and behind is not None
        and behind.text in ("the", "a", "an", "its", "it", "them", "that", "this", "my", "your")
        and (before is None or not (before.has_copula or before.category in ("degree", "article")))
    )
