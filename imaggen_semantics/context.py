"""Context: words that sound or look like what must have been meant, mended by their neighbours."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from imaggen_semantics.settling import is_closed
from imaggen_semantics.sounds import Sounds
from imaggen_semantics.vocabulary import Lexicon

_CLITIC = re.compile(r"(?<=.)(n't|'s|'re|'ll|'ve|'d|'m|')$")


def is_meant(text: str, lexicon: Lexicon) -> bool:
    """Whether a word that no list of words has may be meant as it is."""
    return text in lexicon.homophones or lexicon.has("interjections", text)


def mend_context(split: Sequence[tuple[str, str]], lexicon: Lexicon) -> list[tuple[str, str]]:
    """Words that sound like what must have been meant: "a pair" (pear), "its round" (it's)."""
    grammar = lexicon.grammar
    opening = grammar["articles"] | grammar["possessives"] | grammar["demonstratives"]
    mended = list(split)
    fillers = grammar.get("fillers", frozenset())
    for index, (text, clitic) in enumerate(mended):
        before = mended[index - 1][0] if index else ""
        rest = [word for word, _ in mended[index + 1 :] if word not in fillers]
        behind, follower, third = [*rest, "", "", ""][:3]
        nominal = before in opening or bool(lexicon.property_lemma(before))
        nominal |= before in lexicon.numbers or before in lexicon.ordinals
        other = lexicon.homophones.get(text, "")
        saying = grammar["copulas"] | grammar["degrees"] | grammar["negations"]
        said_of = before in saying or _has_copula(mended, index)
        fits = nominal or (said_of and lexicon.property_lemma(other) != "")
        if other and fits and behind != "of" and not _means_itself(text, other, lexicon):
            mended[index] = (other, clitic)
        elif text == "its" and behind in grammar["degrees"] and _describes(follower, lexicon):
            if not (lexicon.noun_lemma(third) or lexicon.part_names(third)):
                mended[index] = ("it", "'s")  # "its very round"
        elif text == "its" and _describes(behind, lexicon):
            governed = before in grammar["landmark_prepositions"]  # "by its long neck"
            governed &= before not in grammar["subordinators"]  # "before its dark"
            if not (governed or lexicon.noun_lemma(follower) or lexicon.part_names(follower)):
                mended[index] = ("it", "'s")
        elif text == "it" and clitic == "'s" and lexicon.part_names(behind):
            if follower in grammar["copulas"] or follower in ("has", "have"):
                mended[index] = ("its", "")
        elif not clitic and _lost_apostrophe(mended, index, behind, follower, lexicon):
            mended[index] = (text[:-1], "'s")
        elif text == "theirs" and behind in opening:
            mended[index] = ("there", "'s")
        elif index == 0 and text in ("wear", "ware") and behind in grammar["copulas"]:
            mended[index] = ("where", clitic)
        elif index == 0 and text == "wears" and behind in opening:
            mended[index] = ("where", "'s")
        elif text == "wood" and behind == "you":
            mended[index] = ("would", clitic)
        elif text == "eye" and lexicon.has("modals", before):
            mended[index] = ("i", clitic)
        elif text == "weight" and before == "no":
            mended[index] = ("wait", clitic)
        elif text == "its" and (behind in opening or lexicon.has("emphatic", behind)):
            mended[index] = ("it", "'s")
        elif text == "their" and (behind in grammar["copulas"] or _ends_place(behind, lexicon)):
            mended[index] = ("there", clitic)
        elif text == "too" and (
            lexicon.is_plural(behind)
            or (lexicon.property_lemma(behind) and lexicon.is_plural(follower))
        ):
            mended[index] = ("two", clitic)
        elif text == "for" and lexicon.is_plural(behind) and lexicon.has("counted", before):
            mended[index] = ("four", clitic)
        elif text == "to" and lexicon.is_plural(behind) and before in grammar["copulas"]:
            mended[index] = ("two", clitic)
        elif text == "too" and (behind in grammar["articles"] or behind in grammar["pronouns"]):
            mended[index] = ("to", clitic)
        elif text == "to" and lexicon.property_lemma(behind) and lexicon.has("emphatic", before):
            mended[index] = ("too", clitic)
        elif text == "then" and lexicon.property_lemma(before) and before.endswith("er"):
            mended[index] = ("than", clitic)
    return mended


def mend_heard(
    split: Sequence[tuple[str, str]], lexicon: Lexicon, sounds: Sounds, expected: Collection[str]
) -> list[tuple[str, str]]:
    """Words that make no sense where a thing is named, and sound like one that is seen.

    As in "the tall latter" (ladder). A word that names a thing is left as it is: who says "bowl"
    may well mean a bowl that is not seen, rather than the ball that is.

    Args:
        split: words and their clitics.
        lexicon: of the language.
        sounds: of the language.
        expected: names, colors and parts of what is seen; names may have several words.
    """
    single = [word for name in expected for word in name.split()]
    grammar = lexicon.grammar
    opening = grammar["articles"] | grammar["possessives"] | grammar["demonstratives"]
    mended = list(split)
    for index, (text, clitic) in enumerate(mended):
        before = mended[index - 1][0] if index else ""
        behind = mended[index + 1][0] if index + 1 < len(mended) else ""
        described = bool(lexicon.property_lemma(before))
        begins = before in opening and not is_closed(text, lexicon)
        pairs = [n.split()[-1] for n in expected if n.split()[:-1][-1:] == [before]]
        qualifies = not clitic and is_nominal(behind, lexicon)
        named = text in single or any(b in single for b in lexicon.noun_forms.bases(text))
        if not text.isalpha() or named or is_nominal(text, lexicon) or qualifies:
            continue
        if pairs or described or begins:
            other = sounds.heard_as(text, pairs or single)
            mended[index] = (other or text, clitic)
    return mended


def _describes(text: str, lexicon: Lexicon) -> bool:
    """Whether a word, or what it sounds like, is a property."""
    return bool(
        lexicon.property_lemma(text)
        or lexicon.property_lemma(lexicon.homophones.get(text, ""))
        or lexicon.is_adjective(text)
    )


def _ends_place(behind: str, lexicon: Lexicon) -> bool:
    """Whether what follows "there" in a sentence begins: a preposition, a conjunction, nothing."""
    grammar = lexicon.grammar
    return not behind or behind in grammar["landmark_prepositions"] | grammar["conjunctions"]


def _lost_apostrophe(
    split: Sequence[tuple[str, str]], index: int, behind: str, follower: str, lexicon: Lexicon
) -> bool:
    """Whether a plural must be a singular with 's: "the cars wheel", "the moons yellow"."""
    text = split[index][0]
    if not (text.endswith("s") and lexicon.noun_lemma(text) == text[:-1] != ""):
        return False
    if lexicon.part_names(behind):
        return True
    grammar = lexicon.grammar
    opens = index == 0 or split[index - 1][0] in grammar["articles"]
    alone = index < 2 or split[index - 2][0] in grammar["conjunctions"]
    ends = not (is_nominal(follower, lexicon) or lexicon.is_adjective(follower))
    return bool(opens and alone and ends and lexicon.property_lemma(behind))


def _means_itself(text: str, other: str, lexicon: Lexicon) -> bool:
    """Whether a word with a homophone is as good a noun or property as the other one."""
    return is_nominal(text, lexicon) or not is_nominal(other, lexicon)


def is_nominal(text: str, lexicon: Lexicon) -> bool:
    """Whether a word names or describes something."""
    return bool(
        lexicon.noun_lemma(text)
        or lexicon.property_lemma(text)
        or lexicon.part_names(text)
        or lexicon.has("generic", text)
    )


def _has_copula(split: Sequence[tuple[str, str]], index: int) -> bool:
    """Whether the word before `index` ends with a short form of "be"."""
    return index > 0 and split[index - 1][1] in ("'s", "'re", "'m")


def split_clitic(word: str) -> tuple[str, str]:
    """A word and the clitic that ends it, or ""."""
    if word in ("can't", "won't"):
        return {"can't": "can", "won't": "will"}[word], "n't"
    match = _CLITIC.search(word)
    return (word[: match.start()], match.group()) if match else (word, "")
