"""The words of an utterance with their part in the grammar, and the phrases they form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from imaggen_semantics.vocabulary import Lexicon
from imaggen_speech.function_words import is_function_word
from imaggen_speech.text import gap_break
from imaggen_speech.utterance import Utterance

Category = Literal[
    "article", "demonstrative", "place", "pronoun", "negation", "copula", "looking",
    "preposition", "conjunction", "generic", "aspect", "property", "noun", "abstract", "verb",
    "adjective", "function", "unknown",
]  # fmt: skip

PAUSE_S = 0.25
"""Silence that parts two phrases where the text has no punctuation [s]."""

# Closed classes in the order in which they claim a word.
_CLOSED: tuple[tuple[str, Category], ...] = (
    ("articles", "article"),
    ("possessives", "article"),
    ("demonstratives", "demonstrative"),
    ("places", "place"),
    ("pronouns", "pronoun"),
    ("negations", "negation"),
    ("copulas", "copula"),
    ("looking", "looking"),
    ("landmark_prepositions", "preposition"),
    ("conjunctions", "conjunction"),
    ("generic", "generic"),
    ("aspects", "aspect"),
)
_CLITIC = re.compile(r"(?<=.)(n't|'s|'re|'ll|'ve|'d|'m|')$")
# Words that name a side only behind an article or preposition: "the left one", "on the right".
_SIDES = frozenset("left right top bottom middle center centre".split())
_BEFORE_SIDES = frozenset("the my your its our this that at on very far".split())


@dataclass(frozen=True)
class AnalyzedWord:
    """One word and its part in the grammar.

    Attributes:
        index: position in the utterance.
        text: lower case, without a clitic ('s, n't).
        category: part in the grammar.
        lemma: form in the lexicon; the text itself when it has none.
        phrase, sentence: which phrase and sentence it stands in, counted from 0.
        has_copula: it is a form of "be" or carries one ("it's").
        negates: it denies what follows ("not", "isn't").
    """

    index: int
    text: str
    category: Category
    lemma: str
    phrase: int
    sentence: int
    has_copula: bool
    negates: bool


def analyze_words(utterance: Utterance, lexicon: Lexicon) -> tuple[AnalyzedWord, ...]:
    """Every word of the utterance with its category and phrase."""
    plain = [word.text.lower().replace("’", "'") for word in utterance.words]
    split = [_split_clitic(text) for text in plain]
    words: list[AnalyzedWord] = []
    for index, (text, clitic) in enumerate(split):
        previous = words[-1] if words else None
        following = split[index + 1][0] if index + 1 < len(split) else ""
        category, lemma = _categorize(text, previous, following, lexicon)
        owns = clitic == "'s" and _names_something(following, lexicon)
        has_copula = category == "copula" or (clitic in ("'s", "'re") and not owns)
        has_copula |= clitic == "n't" and text in lexicon.grammar["copulas"]
        negates = (category == "negation" or clitic == "n't") and following != "only"
        words.append(AnalyzedWord(index, text, category, lemma, 0, 0, has_copula, negates))
    return _number_phrases(words, utterance, lexicon)


def _split_clitic(word: str) -> tuple[str, str]:
    if word == "can't":
        return "can", "n't"
    match = _CLITIC.search(word)
    return (word[: match.start()], match.group()) if match else (word, "")


def _names_something(text: str, lexicon: Lexicon) -> bool:
    """Whether a word behind a possessive would be what is owned."""
    return bool(lexicon.noun_lemma(text)) or text in lexicon.grammar["aspects"]


def _categorize(
    text: str, previous: AnalyzedWord | None, following: str, lexicon: Lexicon
) -> tuple[Category, str]:
    """Category and lemma of a word, from its form and its neighbours."""
    after_article = previous is not None and previous.category == "article"
    noun = lexicon.noun_lemma(text)
    if after_article and noun and not lexicon.property_lemma(text):
        return "noun", noun  # "the watch", "a can", "the saw"
    if text == "one" and _qualifies(following, lexicon):
        return "article", text
    if text.startswith("look") and lexicon.property_lemma(following):
        return "copula", text  # "it looks round"
    if text in lexicon.grammar["looking"]:
        return "looking", text
    for group, category in _CLOSED:
        if text in lexicon.grammar[group]:
            return category, text
    if text in _SIDES and not (previous is not None and previous.text in _BEFORE_SIDES):
        return "function", text
    if is_function_word(text):
        return "function", text
    return _open_class(text, previous, lexicon)


def _qualifies(text: str, lexicon: Lexicon) -> bool:
    return bool(lexicon.noun_lemma(text) or lexicon.property_lemma(text))


def _open_class(text: str, previous: AnalyzedWord | None, lexicon: Lexicon) -> tuple[Category, str]:
    property_lemma, noun = lexicon.property_lemma(text), lexicon.noun_lemma(text)
    if property_lemma:
        return "property", property_lemma
    # Behind "I", "you", "to", "can" a word such as "saw" or "ring" is a verb.
    if noun and not (previous is not None and previous.category in ("function", "pronoun")):
        return "noun", noun
    if lexicon.is_verb(text) or noun:
        return "verb", text
    if lexicon.is_adjective(text):
        return "adjective", text
    if lexicon.is_abstract(text):
        return "abstract", text
    if text.endswith("ly"):
        return "function", text
    return "unknown", text


def _number_phrases(
    words: Sequence[AnalyzedWord], utterance: Utterance, lexicon: Lexicon
) -> tuple[AnalyzedWord, ...]:
    """The same words with their phrase and sentence.

    Phrases end at punctuation, at pauses, and where a conjunction begins a new part with a
    determiner or pronoun ("... and the box").
    """
    opening: set[Category] = {"article", "demonstrative", "place", "pronoun"}
    breaks = _breaks_after(utterance)
    numbered: list[AnalyzedWord] = []
    phrase = sentence = 0
    for index, word in enumerate(words):
        if index and breaks[index - 1] != "none":
            phrase += 1
            sentence += breaks[index - 1] == "sentence"
        elif index and word.category == "conjunction" and index + 1 < len(words):
            follower = words[index + 1]
            if word.text == "but" or follower.category in opening:
                phrase += 1
        numbered.append(replace(word, phrase=phrase, sentence=sentence))
    return tuple(numbered)


def _breaks_after(utterance: Utterance) -> list[str]:
    """What follows each word: "none", "phrase" or "sentence"."""
    text, cursor = utterance.text, 0
    spans: list[tuple[int, int] | None] = []
    for word in utterance.words:
        start = text.find(word.text, cursor)
        if start < 0:  # words that come from a recogniser may differ from the text
            spans.append(None)
            continue
        cursor = start + len(word.text)
        spans.append((start, cursor))
    breaks: list[str] = []
    for index, (word, following) in enumerate(
        zip(utterance.words, utterance.words[1:], strict=False)
    ):
        here, there = spans[index], spans[index + 1]
        found: str = gap_break(text[here[1] : there[0]]) if here and there else "none"
        paused = following.start_s - word.end_s >= PAUSE_S
        breaks.append("phrase" if found == "none" and paused else found)
    return [*breaks, "sentence"]
