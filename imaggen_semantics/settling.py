"""Settling: words whose part in the grammar the neighbours or a capital letter decide.

In German "der" is an article before a noun, else a relative or a pronoun, and only nouns are
written with a capital letter. The lexicon's features tell which of this a language does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from imaggen_semantics.vocabulary import CLASSES, Lexicon
from imaggen_speech.function_words import is_function_word

if TYPE_CHECKING:
    from imaggen_semantics.analyzed_word import Category

_CLOSED = (*CLASSES, "times", "fillers", "figures", "paired", "anaphors")
_PERSONS = frozenset("i you we he she".split())


@dataclass(frozen=True)
class Spelling:
    """How an utterance is written.

    Attributes:
        texts: words in lower case.
        capitals: which begin with a capital letter.
        breaks: what follows each word: "none", "phrase" or "sentence".
        lexicon: of the language.
    """

    texts: Sequence[str]
    capitals: Sequence[bool]
    breaks: Sequence[str]
    lexicon: Lexicon

    def text(self, index: int) -> str:
        """The word at `index`, or "" beyond the ends."""
        return self.texts[index] if 0 <= index < len(self.texts) else ""

    def opens_sentence(self, index: int) -> bool:
        """Whether a sentence begins with the word, which has a capital letter for that."""
        return index == 0 or self.breaks[index - 1] == "sentence"

    def opens_phrase(self, index: int) -> bool:
        """Whether a phrase begins with the word."""
        return index == 0 or self.breaks[index - 1] != "none"

    def ends_phrase(self, index: int) -> bool:
        """Whether a phrase ends with the word."""
        return index + 1 >= len(self.texts) or self.breaks[index] != "none"

    def tells(self, index: int) -> bool:
        """Whether the first letter tells if the word is a noun."""
        spelled = "capital_nouns" in self.lexicon.features and any(self.capitals)
        return spelled and not self.opens_sentence(index)

    def addresses(self, index: int) -> bool:
        """Whether a capital letter makes it a word for who is spoken to ("Sie")."""
        polite = self.lexicon.has("polite", self.text(index))
        return polite and self.tells(index) and self.capitals[index]


def settle(
    index: int, spelling: Spelling, earlier: Sequence[Category]
) -> tuple[Category, str] | None:
    """Category and lemma of a word, where its neighbours or its spelling decide; else None.

    Args:
        index: of the word.
        spelling: of the utterance.
        earlier: categories of the words before.
    """
    lexicon, text = spelling.lexicon, spelling.texts[index]
    if not lexicon.features:
        return None
    opens = _opens_noun_phrase(index + 1, spelling)
    if spelling.addresses(index) and not opens:
        return "function", text
    if lexicon.has("paired", text):
        paired = any(lexicon.role(t) == "neither" for t in spelling.texts[:index])
        return ("negation" if paired else "function"), text
    if lexicon.has("seeming", text) and _phrase_end(index, spelling) in lexicon.grammar.get(
        "seeming_ends", ()
    ):
        return "copula", text
    if lexicon.has("articles", text) or lexicon.has("possessives", text):
        return None if opens else _standing(index, spelling, earlier)
    if spelling.tells(index):
        return _by_letter(index, spelling)
    return _by_position(index, spelling)


def _phrase_end(index: int, spelling: Spelling) -> str:
    """The last word of the phrase."""
    while not spelling.ends_phrase(index):
        index += 1
    return spelling.texts[index]


def _opens_noun_phrase(index: int, spelling: Spelling) -> bool:
    """Whether the words from `index` on can stand between an article and its noun."""
    lexicon, text = spelling.lexicon, spelling.text(index)
    if not text or spelling.opens_phrase(index) or spelling.addresses(index):
        return False
    if text in lexicon.numbers or text in lexicon.ordinals or lexicon.has("others", text):
        return True
    if lexicon.has("articles", text):
        return lexicon.role(text) == "one"  # "die eine"
    if spelling.tells(index) and spelling.capitals[index]:
        return True
    if lexicon.property_lemma(text) or lexicon.is_adjective(text):
        return lexicon.is_declined(text) or _opens_noun_phrase(index + 1, spelling)
    if lexicon.has("degrees", text):
        return _opens_noun_phrase(index + 1, spelling)
    if is_closed(text, lexicon):
        return lexicon.has("generic", text) or lexicon.has("aspects", text)
    if spelling.tells(index):
        return lexicon.is_declined(text) and _opens_noun_phrase(index + 1, spelling)
    return not lexicon.is_verb(text)


def _standing(
    index: int, spelling: Spelling, earlier: Sequence[Category]
) -> tuple[Category, str] | None:
    """An article without a noun: "sein" as a verb, "der" as a relative or pronoun."""
    lexicon, text = spelling.lexicon, spelling.texts[index]
    if lexicon.has("copulas", text):
        return "copula", text
    named = any(category in ("noun", "unknown", "generic") for category in earlier)
    if lexicon.has("standing", text):
        if named and _is_relative(index, spelling, earlier):
            return "relative", text
        following, behind = spelling.text(index + 1), spelling.text(index + 2)
        presents = lexicon.has("copulas", following) and lexicon.has("articles", behind)
        return ("pronoun" if named and not presents else "demonstrative"), text
    if lexicon.has("pronouns", text):
        return "pronoun", text
    if lexicon.has("degrees", spelling.text(index + 1)):
        return "degree", text  # "ein bisschen zu dünn"
    if lexicon.role(text) == "one" and not spelling.ends_phrase(index):
        return "generic", text
    return "function", text


def _is_relative(index: int, spelling: Spelling, earlier: Sequence[Category]) -> bool:
    """Whether a word begins a clause that ends with its verb: "der Ball, der rot ist"."""
    lexicon = spelling.lexicon
    start = index - 1 if index and earlier[index - 1] in ("preposition", "relation") else index
    if start == 0 or spelling.breaks[start - 1] != "phrase":
        return False
    following = spelling.text(index + 1)
    verb = lexicon.has("copulas", following) or lexicon.is_verb(following)
    finite = verb or lexicon.moves(following) or lexicon.role(following) in ("has", "have")
    return not finite or spelling.ends_phrase(index + 1)


def _by_letter(index: int, spelling: Spelling) -> tuple[Category, str] | None:
    """A word inside of a sentence: with a capital letter it is a noun, else it is none."""
    lexicon, text = spelling.lexicon, spelling.texts[index]
    if is_closed(text, lexicon):
        return None
    if spelling.capitals[index]:
        return _noun(text, lexicon)
    found = lexicon.property_lemma(text)
    if found:
        return "property", found
    if lexicon.is_verb(text) or lexicon.moves(text):
        return "verb", text
    opens = _opens_noun_phrase(index + 1, spelling)
    if lexicon.is_adjective(text) or (opens and lexicon.is_declined(text)):
        return "adjective", text
    return "function", text


def _noun(text: str, lexicon: Lexicon) -> tuple[Category, str]:
    """What a word is that can only be a noun."""
    found = lexicon.noun_lemma(text)
    if found:
        return "noun", found
    if lexicon.part_names(text):
        return "noun", text
    if lexicon.is_abstract(text):
        return "abstract", text
    found = lexicon.property_lemma(text)
    return ("property", found) if found else ("unknown", text)


def _by_position(index: int, spelling: Spelling) -> tuple[Category, str] | None:
    """A verb that begins a sentence: "Rolle den Ball", "Siehst du ..."."""
    lexicon, text = spelling.lexicon, spelling.texts[index]
    if is_closed(text, lexicon) or not spelling.opens_sentence(index):
        return None
    following = spelling.text(index + 1)
    asks = lexicon.role(following) in _PERSONS or spelling.addresses(index + 1)
    verb = lexicon.is_verb(text) or lexicon.moves(text)
    goes_on = is_closed(following, lexicon) and not lexicon.has("copulas", following)
    return ("verb", text) if asks or (verb and goes_on) else None


def is_closed(text: str, lexicon: Lexicon) -> bool:
    """Whether a word has its part in the grammar wherever it stands."""
    return (
        any(lexicon.has(group, text) for group in _CLOSED)
        or text in lexicon.numbers
        or text in lexicon.ordinals
        or is_function_word(text, lexicon.language)
    )
