"""Noun phrases: which words refer to something, and which words for properties stay loose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from imaggen_semantics.analyzed_word import AnalyzedWord, Category
from imaggen_semantics.draft import Draft
from imaggen_semantics.mentions import Mention, NounClass, PropertyWord
from imaggen_semantics.motion_words import says_motion, says_rest
from imaggen_semantics.rows import CONTENT, head_of, is_all_properties, row

_OPENERS: frozenset[Category] = frozenset({"article", "quantifier", "number", "ordinal", "degree"})
_TIMES_AND_MEASURES = frozenset("until till at by past before after around about since".split())
_ARGUMENTS = frozenset(["nsubj", "nsubjpass", "dobj", "attr"])  # of verbs, in the parser's scheme
_ASIDE = ("over", "around", "about", "along", "in")
_NOUN_CLASSES: dict[Category, NounClass] = {
    "noun": "known",
    "property": "known",
    "unknown": "unknown",
    "generic": "generic",
    "abstract": "abstract",
}


class PhraseFinder:
    """Walks once over the words and notes noun phrases, pronouns and loose property words."""

    def __init__(self, draft: Draft) -> None:
        """Take the draft whose words are read."""
        self._draft = draft
        self._words, self._lexicon = draft.words, draft.lexicon

    def run(self) -> None:
        """Note everything, in order of the heads."""
        index = 0
        while index < len(self._words):
            index = max(index + 1, self._step(index))
        self._draft.mentions.sort(key=lambda mention: mention.index)

    def _step(self, index: int) -> int:
        """Read the word at `index`; the index of the next one to read."""
        word = self._words[index]
        if self._is_at_all(index):
            return index + 1
        if word.category == "looking":
            self._looking(index)
        elif word.category == "pronoun":
            if self._is_ambient(index):
                return index + 1
            self._add(Mention("pronoun", index, word.text, plural=word.role in ("they", "them")))
        elif word.category in ("demonstrative", "relative"):
            return self._demonstrative(index)
        elif word.category == "place":
            self._place(index)
        elif word.category in _OPENERS or word.category in CONTENT:
            return self._noun_phrase(index, pointer=None)
        elif says_motion(self._draft, index) or says_rest(self._draft, index):
            self._draft.loose.append(index)
        return index + 1

    def _is_ambient(self, index: int) -> bool:
        """Whether "it" stands for the weather or the time: "before it gets dark"."""
        word = self._words[index]
        if word.role != "it":
            return False
        clause = [w for w in self._words[index + 1 :] if w.phrase == word.phrase]
        idle = ("copula", "degree", "function", "verb")
        told = next((w for w in clause if w.category not in idle or
                     self._lexicon.has("ambient", w.text)), None)  # fmt: skip
        return told is not None and self._lexicon.has("ambient", told.text)

    def _is_at_all(self, index: int) -> bool:
        previous = self._draft.at(index - 1)
        return self._words[index].role == "all" and previous is not None and previous.role == "at"

    def _looking(self, index: int) -> None:
        """The words ask to look when they begin with it: "look at", "and see", not "I saw"."""
        start = index
        while (before := self._draft.at(start - 1, self._words[index].phrase)) is not None:
            if before.category not in ("function", "conjunction", "negation") or before.role == "i":
                return
            start -= 1
        if index - start <= 1:
            self._draft.lookings.append(index)

    def _demonstrative(self, index: int) -> int:
        """A demonstrative stands alone ("this is ...") or opens a noun phrase ("this box")."""
        word = self._words[index]
        following = self._draft.at(index + 1, word.phrase)
        if word.category == "relative" and word.role != "that":
            return index + 1
        if following is not None and not word.has_copula:
            opens = following.category in CONTENT or following.category in ("number", "ordinal")
            determines = word.role != "that" or (
                word.parse is not None and word.parse.relation == "det"
            )
            if opens or (following.category == "degree" and determines):
                after = self._noun_phrase(index + 1, pointer=index)
                if self._draft.mentions and self._draft.mentions[-1].pointer == index:
                    return after
        beyond = self._draft.at(index + 2, word.phrase)
        adverb = word.tag == "ADV"  # "that big"
        if following is not None and following.category == "property" and not word.has_copula:
            bare = beyond is None or beyond.category in ("conjunction", "preposition", "copula")
            adverb |= bare and not self._lexicon.noun_lemma(following.text)  # "a bag this big"
        if not self._links_clauses(word, following) and not adverb:
            plural = word.role in ("these", "those")
            self._add(Mention("demonstrative", index, word.text, pointer=index, plural=plural))
        return index + 1

    def _links_clauses(self, word: AnalyzedWord, following: AnalyzedWord | None) -> bool:
        """Whether "that" begins a clause ("the ball that rolls", "I think that it rolls")."""
        if word.role != "that":
            return False
        if word.parse is not None and word.parse.relation in _ARGUMENTS:
            above = self._words[word.parse.head].parse
            if above is not None and above.relation not in ("relcl", "acl", "csubj"):
                return False  # "is that a mug?", "you call that a mug"
        previous = self._draft.at(word.index - 1, word.phrase)
        described = previous is not None and previous.category in CONTENT
        return (not word.has_copula or described) and (
            (previous is not None and previous.category in (*CONTENT, "verb"))
            or (following is not None and following.category in ("article", "pronoun"))
            or word.tag == "SCONJ"
        )

    def _place(self, index: int) -> None:
        """A place word points, except for the "there" of "there is a ..."."""
        word = self._words[index]
        following = self._draft.at(index + 1, word.phrase)
        previous = self._draft.at(index - 1, word.phrase)
        exists = word.has_copula or (following is not None and following.has_copula)
        asked = previous is not None and previous.has_copula and following is not None
        if (
            word.role == "there"
            and (exists or asked)
            and not (previous and previous.role == "over")
        ):
            return
        last = self._last_in_phrase(word.phrase)
        if last is not None and self._draft.mentions[last].kind in ("noun", "demonstrative"):
            if self._draft.mentions[last].pointer is None:
                mention = self._draft.mentions[last]
                self._draft.mentions[last] = replace(mention, pointer=index)
            return
        self._add(Mention("place", index, word.text, pointer=index))

    def _noun_phrase(self, start: int, pointer: int | None) -> int:
        """Read a noun phrase that begins at `start`; the index behind it."""
        first, article = start, None
        phrase = self._words[start].phrase
        number = ordinal = None
        other = quantified = False
        word: AnalyzedWord | None = self._words[start]
        while word is not None and (word.category in _OPENERS or word.role == "of"):
            if word.role == "of" and not (quantified or number):
                break
            last = self._words[start - 1]
            counted = word.role == "of" and last.category == "number" and last.role != "both"
            if counted and number and self._opens(start + 1, phrase):
                self._add(self._some_of(first, start - 1, number))
                return start + 1  # "two of the cups"
            if word.category in ("article", "quantifier"):
                article = word
                quantified |= word.category == "quantifier"
            if word.category == "number":
                number = self._lexicon.numbers[word.text]
            if word.text in self._lexicon.numbers:
                number = self._lexicon.numbers[word.text]
            ordinal = self._lexicon.ordinals.get(word.text, ordinal)
            other |= word.text in self._lexicon.grammar.get("others", ())
            start += 1
            word = self._draft.at(start, phrase)
            if self._words[start - 1].has_copula:
                break  # "what's this?"
            if word is not None and word.category == "demonstrative" and start > first:
                pointer, start = start, start + 1
                word = self._draft.at(start, phrase)
        run = row(self._draft, start)
        before = self._draft.at(start - 1, phrase)
        owned = before is not None and before.owns  # "the cup's handle"
        has_article = article is not None or pointer is not None or ordinal is not None or owned
        run = self._without_verb(run)
        head = head_of(run, self._lexicon, has_article=has_article)
        if head is None or (head.category == "aspect" and not ordinal):
            if article is not None and article.role == "its":
                self._add(Mention("pronoun", article.index, "it", start=article.index))
            elif head is None and not run and number and pointer is not None:
                some = self._some_of(pointer, start - 1, number)
                self._add(replace(some, pointer=pointer))  # "those two"
            elif head is None and not run and (quantified or number or ordinal):
                self._elliptical(first, start, number, ordinal, article)
            elif head is None and number and self._counts_alike(run):
                self._add(self._some_alike(first, run, number))
            elif head is None and self._selects(run, article):
                self._add(self._mention(run, run[-1], article, pointer))
                return run[-1].index + 1
            taken = bool(self._draft.mentions) and self._draft.mentions[-1].start == first
            if not taken and not self._names_something_else(run, article):
                self._draft.loose += [word.index for word in run if word.category == "property"]
            return start + len(run)
        if self._is_impersonal(head, run, article):
            return head.index + 1
        sides = [w.index for w in run if self._is_side(w) and w.index < head.index]
        if self._lexicon.has("regions", head.text) and sides and pointer is None:
            self._draft.loose += sides  # "in the upper right corner"
            return head.index + 1
        mention = self._mention(run, head, article, pointer)
        other |= any(w.text in self._lexicon.grammar.get("others", ()) for w in run)
        numbered = [w for w in run if w.text in self._lexicon.numbers and w.index < head.index]
        if numbered:
            number = self._lexicon.numbers[numbered[0].text]
        told = article and self._lexicon.genders.number(article.text, mention.lemma)
        told = None if mention.lemma in self._lexicon.collectives else told
        plural = (head.plural if told is None else told) or (number or 1) > 1
        plural |= article is None and self._lexicon.has("mass", mention.lemma)
        opening = self._draft.at(first - 1, phrase)
        if article is not None and article.role in ("each", "every"):
            plural = True
        if opening is not None and opening.role == "neither" and article is None:
            plural = True  # "neither sock is blue"
        if article is not None and article.role in ("their", "its"):
            self._add(Mention("pronoun", article.index, article.text, start=article.index,
                              plural=article.role == "their"))  # fmt: skip
        self._add(
            replace(
                mention, start=first if pointer is None else min(first, pointer),
                number=number, ordinal=ordinal, other=other, plural=plural,
            )
        )  # fmt: skip
        return head.index + 1

    def _without_verb(self, run: list[AnalyzedWord]) -> list[AnalyzedWord]:
        """The row without an unknown verb that a tagger takes for a noun: "the bucket leaks"."""
        if len(run) < 2 or run[-1].category != "unknown" or not run[-1].text.endswith("s"):
            return run
        clause = [w for w in self._words if w.phrase == run[-1].phrase]
        acts = any(w.has_copula or w.category == "verb" for w in clause)
        having = any(w.role in ("has", "have", "had") for w in clause)
        named = run[-2].category == "noun" and not run[-2].plural
        ends = run[-1] is clause[-1]
        return run[:-1] if named and ends and not (acts or having) else run

    def _is_side(self, word: AnalyzedWord) -> bool:
        return word.category == "property" and (
            self._lexicon.properties[word.lemma].shows == "position"
        )

    def _is_impersonal(
        self, head: AnalyzedWord, run: Sequence[AnalyzedWord], article: AnalyzedWord | None
    ) -> bool:
        """As in "one should always hold it by the stem": people in general."""
        behind = self._draft.at(head.index + 1, head.phrase)
        alone = head.role == "one" and len(run) == 1 and article is None
        return alone and behind is not None and self._lexicon.has("modals", behind.text)

    def _selects(self, run: Sequence[AnalyzedWord], article: AnalyzedWord | None) -> bool:
        """Whether words stand for a thing of several: "the bigger of the two", "the other is"."""
        if not run or article is None or article.text not in self._lexicon.grammar["definite"]:
            return False
        behind = self._draft.at(run[-1].index + 1, run[-1].phrase)
        if run[-1].category == "property" and behind is not None and behind.role == "of":
            return self._lexicon.properties[run[-1].lemma].shows != "color"
        if "adjectives_as_nouns" in self._lexicon.features and run[-1].category == "property":
            return self._lexicon.is_declined(run[-1].text)
        alone = len(run) == 1 and run[0].text in self._lexicon.grammar.get("others", ())
        return alone and (behind is None or behind.has_copula or behind.category == "verb")

    def _names_something_else(
        self, run: Sequence[AnalyzedWord], article: AnalyzedWord | None
    ) -> bool:
        """Whether a property word alone is a noun of another meaning: "our flat is upstairs"."""
        if article is None or len(run) != 1 or run[0].tag != "NOUN":
            return False
        if run[0].category != "property":
            return False
        return self._lexicon.properties[run[0].lemma].shows != "position"

    def _opens(self, index: int, phrase: int) -> bool:
        word = self._draft.at(index, phrase)
        definite = self._lexicon.grammar["definite"]
        return word is not None and (
            word.text in definite or word.category in ("demonstrative", "pronoun", "quantifier")
        )

    @staticmethod
    def _some_of(start: int, index: int, number: int) -> Mention:
        """So many of the things named behind "of"."""
        return Mention(
            "noun", index, "", noun_class="generic", start=start, number=number, plural=number > 1
        )

    def _counts_alike(self, run: Sequence[AnalyzedWord]) -> bool:
        """Whether a numeral and a property stand for things named before: "..., two red and"."""
        if not run or not is_all_properties(run) or not self._draft.mentions:
            return False
        behind = self._draft.at(run[-1].index + 1, run[-1].phrase)
        ends = behind is None or behind.category == "conjunction"
        return ends and self._draft.mentions[-1].plural

    def _some_alike(self, first: int, run: Sequence[AnalyzedWord], number: int) -> Mention:
        words = [w for w in run if w.category == "property"]
        said = tuple(PropertyWord(w.index, w.lemma, negated=False, predicated=False) for w in words)
        return replace(self._some_of(first, run[0].index - 1, number), properties=said)

    def _elliptical(
        self, first: int, end: int, number: int | None, ordinal: int | None,
        article: AnalyzedWord | None,
    ) -> None:  # fmt: skip
        """A numeral or quantifier that stands for its things: "both are red", "the second"."""
        head = self._words[end - 1]
        if article is not None and article.role == "the" and ordinal is None:
            return
        last = self._draft.mentions[-1] if self._draft.mentions else None
        before = self._draft.at(first - 1)
        if number is None and last is not None and last.index == first - 1:
            return  # "these shapes all ..."
        if (
            number is not None
            and before is not None
            and (before.role in _TIMES_AND_MEASURES or before.role in ("is", "was"))
        ):
            return  # "until four", "the square of two is four"
        if head.role == "more" and number is not None and end - first > 1:
            self._add(replace(self._some_of(first, end - 2, number), other=True))
            return  # "there are two more"
        if head.category == "degree":
            return
        following = self._draft.at(end, head.phrase)
        goes_on = (
            following is None
            or following.has_copula
            or following.negates
            or (following.category in ("verb", "function", "relation", "property", "conjunction"))
        )
        if ordinal is None and not goes_on:
            return
        paired = head.role in ("both", "neither", "each")
        if (
            not paired
            and following is not None
            and following.role in ("over", "around", "about", "along", "in")
        ):
            return
        is_pronoun = ordinal is None
        if is_pronoun and head.role not in ("both", "all", "neither", "each") and number is None:
            return
        if head.role == "all" and before is not None and before.has_copula:
            return  # "three beads is all you get"
        self._add(
            Mention(
                "pronoun" if is_pronoun else "noun", head.index, head.text if is_pronoun else "",
                noun_class="none" if is_pronoun else "generic", start=first,
                plural=is_pronoun, number=number, ordinal=ordinal,
            )
        )  # fmt: skip

    def _mention(
        self,
        run: Sequence[AnalyzedWord],
        head: AnalyzedWord,
        article: AnalyzedWord | None,
        pointer: int | None,
    ) -> Mention:
        before = [word for word in run if word.index < head.index]
        if head.category == "property" and not self._lexicon.noun_lemma(head.text):
            before.append(head)  # "the bigger of the two"
        properties = tuple(
            PropertyWord(
                word.index,
                word.lemma,
                negated=False,
                predicated=False,
                extreme=self._lexicon.is_superlative(word.text),
            )
            for word in before
            if word.category == "property" and not self._is_part_of_name(word, head)
        )
        definite = pointer is not None or (
            article is not None and article.text in self._lexicon.grammar["definite"]
        )
        opening = self._draft.at(run[0].index - 1, head.phrase)
        definite |= opening is not None and (
            self._lexicon.has("definite_prepositions", opening.text)
        )
        parts = self._lexicon.part_names(head.text)
        lemma = self._lexicon.noun_lemma(head.text) or head.lemma
        if head.category == "noun":
            lemma = head.lemma  # of two words where it was said in two: "a lap top"
        noun_class = _NOUN_CLASSES[head.category] if head.category in _NOUN_CLASSES else "generic"
        if head.category == "property" and not self._lexicon.noun_lemma(head.text):
            noun_class = "generic"
        return Mention(
            "noun",
            head.index,
            "" if noun_class == "generic" else lemma,
            noun_class=noun_class,
            definite=definite or (bool(before) and before[0].owns),
            pointer=pointer,
            properties=properties,
            modifiers=(
                *(w.text for w in before if w.category in ("noun", "unknown")),
                *filter(None, [self._lexicon.first_part(head.text)]),
            ),
            parts=parts,
        )

    def _is_part_of_name(self, word: AnalyzedWord, head: AnalyzedWord) -> bool:
        """Whether a word that is a noun, too, makes a compound: "ring buffer", "star sign"."""
        other = head.category in ("unknown", "abstract") and word.index == head.index - 1
        compound = word.parse is not None and word.parse.relation in ("compound", "nmod")
        colored = self._lexicon.properties[word.lemma].shows == "color"
        return other and compound and not colored and bool(self._lexicon.noun_lemma(word.text))

    def _add(self, mention: Mention) -> None:
        word = self._words[mention.index]
        start = mention.start if mention.start >= 0 else mention.index
        looked = any(
            look < mention.index and self._words[look].phrase == word.phrase
            for look in self._draft.lookings
        ) and not any(
            other.looked_at and other.phrase == word.phrase for other in self._draft.mentions
        )
        self._draft.mentions.append(
            replace(
                mention, phrase=word.phrase, start=start, looked_at=looked,
                landmark=self._is_landmark(start),
            )
        )  # fmt: skip

    def _is_landmark(self, start: int) -> bool:
        phrase = self._words[start].phrase
        if self._is_second_of_two(start):
            return True
        previous = self._draft.at(start - 1, phrase)
        if previous is None or previous.category not in ("preposition", "relation"):
            return False
        before = self._draft.at(start - 2, phrase)
        # "look at the box", "the shape of the box" are about the box itself.
        if before is not None and before.category in ("looking", "aspect"):
            return False
        if (
            previous.role == "of"
            and before is not None
            and (before.category in ("quantifier", "number", "negation", "generic"))
        ):
            return False  # "none of the boxes"
        of_part = previous.category == "preposition" and previous.role == "of"
        return not (of_part and before is not None and self._lexicon.part_names(before.text))

    def _is_second_of_two(self, start: int) -> bool:
        """Whether a mention is the second one of "between the mug and the spoon"."""
        joining = self._draft.at(start - 1)
        last = self._draft.mentions[-1] if self._draft.mentions else None
        if joining is None or joining.role not in ("and", "or") or last is None:
            return False
        placed = self._draft.at(last.start - 1)
        return last.landmark and last.index == start - 2 and placed is not None and (
            placed.role == "between"
        )  # fmt: skip

    def _last_in_phrase(self, phrase: int) -> int | None:
        mentions = self._draft.mentions
        return len(mentions) - 1 if mentions and mentions[-1].phrase == phrase else None
