"""Analysed words: what is known of a word before phrases are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from imaggen_semantics.parsing import WordParse

Category = Literal[
    "article", "quantifier", "demonstrative", "place", "pronoun", "relative", "negation",
    "exclusion", "copula", "looking", "relation", "preposition", "conjunction", "number", "ordinal",
    "degree", "generic", "aspect", "property", "noun", "abstract", "verb", "adjective", "function",
    "figurative", "unknown",
]  # fmt: skip


@dataclass(frozen=True)
class AnalyzedWord:
    """One word and its part in the grammar.

    Attributes:
        index: position in the utterance.
        text: lower case, without a clitic ('s, n't), spelling mistakes mended.
        role: what it does in the grammar, named by the English word that does it ("of").
        category: part in the grammar.
        lemma: form in the lexicon; the text itself when it has none.
        phrase, sentence: which phrase and sentence it stands in, counted from 0.
        has_copula: it is a form of "be" or carries one ("it's").
        negates: it denies what follows ("not", "isn't").
        owns: it carries a possessive 's.
        plural: it has the form of a plural.
        relation: name of the relation whose words begin here ("to the left of"), else empty.
        relation_end: index behind these words.
        remote: it places the talk elsewhere or at another time.
        capital: it is written with a capital letter.
        parse: what the parser says of it; None without a parser.
    """

    index: int
    text: str
    category: Category
    lemma: str
    role: str = ""
    phrase: int = 0
    sentence: int = 0
    has_copula: bool = False
    negates: bool = False
    owns: bool = False
    plural: bool = False
    relation: str = ""
    relation_end: int = 0
    remote: bool = False
    capital: bool = False
    parse: WordParse | None = None

    @property
    def tag(self) -> str:
        """Universal part of speech, or "" without a parser."""
        return self.parse.tag if self.parse is not None else ""
