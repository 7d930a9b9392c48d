"""Demonstratives that stand alone: what "this" or "those" mean beside what else is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from imaggen_semantics.linking.base import Link
from imaggen_semantics.linking.found import Found
from imaggen_semantics.mentions import Mention


class DemonstrativeLinker:
    """Links demonstratives once everything else is linked."""

    def __init__(self, found: Found) -> None:
        """Take what is known of one utterance in one scene."""
        self._found = found
        self._reading, self._mentions, self._links = found.reading, found.mentions, found.links
        self._lexicon = found.knowledge.lexicon

    def link(self, number: int) -> Link | None:
        """What a demonstrative without a thing of its own means, or None.

        What is named at once behind it counts first ("these are mine, the rattle and the
        blanket"; "could I have those? The scissors, I mean"), else what was named before it
        ("a lantern! Does this still work?").
        """
        mention = self._mentions[number]
        if self._is_about_the_matter(mention):
            return None
        for other in (*self._named_behind(number), *self._named_before(number)):
            ids = list(self._found.ids(other))
            if not mention.plural and len(ids) != 1:
                continue
            if mention.plural:
                ids = self._together(other, number)
                if len(ids) < 2 and not self._is_pair(other):
                    continue
            link = self._links[other]
            reason = f'"{mention.lemma}" means what is named beside it.'
            return replace(
                link, mention=mention, object_id=ids[0], others=tuple(ids[1:]), reason=reason,
                contradictions=(), part=link.part if len(ids) == 1 else "",
            )  # fmt: skip
        return None

    def _is_about_the_matter(self, mention: Mention) -> bool:
        """Whether nothing one could see is meant: "that's right", "this is why"."""
        words = self._reading.words
        here = words[mention.index]
        behind = [w for w in words[mention.index + 1 :] if w.phrase == here.phrase]
        if any(w.category == "figurative" and not w.remote for w in behind):
            return True
        if here.has_copula or (behind and behind[0].has_copula):
            rest = behind if here.has_copula else behind[1:]
            said = next((w for w in rest if w.category not in ("degree", "negation")), None)
            return said is None or said.category in ("adjective", "abstract") or (
                said.category == "function" and self._lexicon.has("remarks", said.text)
            )  # fmt: skip
        return False

    def _named_behind(self, number: int) -> Iterator[int]:
        """Things that the words go on to name: in the next phrases, up to the next sentence."""
        words, mention = self._reading.words, self._mentions[number]
        sentence = words[mention.index].sentence
        for other in range(number + 1, len(self._mentions)):
            named = self._mentions[other]
            apart = words[named.index].sentence - sentence
            if apart > 1 or named.kind != "noun" or named.negated or named.landmark:
                continue
            phrase = [w for w in words if w.phrase == named.phrase]
            states = any(w.has_copula or w.category == "verb" for w in phrase)
            opens = named.start <= phrase[0].index + 1
            if apart == 0 and named.pointer is not None and self._is_corrected(number):
                yield other
                continue
            called = apart == 0 and named.phrase == mention.phrase and self._is_called(named)
            if called or (opens and not states and named.phrase > mention.phrase):
                yield other

    def _is_corrected(self, number: int) -> bool:
        """Whether the words tell what it is not: "that's not a star, that's a cross"."""
        return any(m.negated and m.same_as == number for m in self._mentions)

    def _is_called(self, named: Mention) -> bool:
        """Whether a noun says what it is: "this is what I call a pumpkin"."""
        before = self._reading.words[: named.start]
        verb = before[-1] if before else None
        bases = self._lexicon.verb_forms.bases(verb.text) if verb is not None else []
        return "call" in bases

    def _named_before(self, number: int) -> Iterator[int]:
        """Things that were named, the last one first; of this sentence only other clauses' ones."""
        words, mention = self._reading.words, self._mentions[number]
        sentence = words[mention.index].sentence
        for other in range(number - 1, -1, -1):
            named = self._mentions[other]
            apart = sentence - words[named.index].sentence
            if apart > 1 or named.negated or named.kind == "place":
                continue
            if apart == 1 or (named.phrase != mention.phrase and not named.landmark):
                yield other

    def _together(self, number: int, demonstrative: int) -> list[str]:
        """The things of a list that a mention begins or ends."""
        first = self._mentions[number]
        words = self._reading.words
        ids = list(self._found.ids(number))
        behind = number > demonstrative
        step = 1 if behind else -1
        other = number + step
        while 0 <= other < len(self._mentions) and other != demonstrative:
            one, two = sorted((self._mentions[other - step], self._mentions[other]),
                              key=lambda m: m.index)  # fmt: skip
            between = words[one.index + 1 : two.start]
            same = words[two.index].sentence == words[first.index].sentence
            if not same or any(w.category != "conjunction" for w in between):
                break
            ids += [o for o in self._found.ids(other) if o not in ids]
            other += step
        return ids

    def _is_pair(self, number: int) -> bool:
        """Whether a plural names one thing ("the scissors")."""
        text = self._reading.words[self._mentions[number].index].text
        return self._lexicon.has("pairs", text) or self._lexicon.has("plural_nouns", text)
