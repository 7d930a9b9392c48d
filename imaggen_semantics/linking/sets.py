"""Sets: mentions that mean several objects at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from imaggen_semantics.linking.base import Link, unlinked
from imaggen_semantics.linking.evidence import from_logit, logit
from imaggen_semantics.linking.found import Found
from imaggen_semantics.linking.weighing import FloatArray
from imaggen_semantics.mentions import Mention

_PLURAL_MEMBER = 0.55
_LIKE_THE_BEST, _LIKE_THE_BEST_KNOWN = (
    1.5,
    1.0,
)  # what fits much worse than the best is not counted with it [log odds]
_COUNT = 1.6  # what speaks for a count that is right [log odds]


class SetLinker:
    """Links plurals and totals."""

    def __init__(self, found: Found) -> None:
        """Take what is known of one utterance in one scene."""
        self._found = found
        self._scene, self._reading, self._mentions = found.scene, found.reading, found.mentions
        self._knowledge, self._evidence = found.knowledge, found.evidence
        self._weigher, self._links = found.weigher, found.links

    def plural(self, number: int, row: FloatArray) -> Link:
        """As in "The balls", "two boxes": everything that fits, or so many."""
        mention = self._mentions[number]
        row = row + self._counted(mention, row)
        order = [int(i) for i in np.argsort(-row)]
        members = [i for i in order if from_logit(row[i]) >= _PLURAL_MEMBER]
        if members and (not mention.definite or mention.noun_class == "known"):
            reach = _LIKE_THE_BEST_KNOWN if mention.definite else _LIKE_THE_BEST
            members = [i for i in members if row[i] > row[members[0]] - reach]
        if not self._tells(number):
            members = []
        if mention.number == len(order) and mention.definite and not mention.properties:
            members = order  # "all four signs" of four things
        if len(members) == 1 and not self._may_be_one(mention, members[0]):
            members = []
        if mention.number is not None and len(members) > mention.number:
            members = members[: mention.number]
        return self.link_set(mention, members, [from_logit(row[i]) for i in members])

    def total(self, number: int) -> Link:
        """As in "two dice and a domino make three pieces": everything named, or seen."""
        mention = self._mentions[number]
        named = [o for n in range(number) for o in self._found.ids(n)]
        groups = (list(dict.fromkeys(named)), [seen.id for seen in self._scene.objects])
        counted = next((ids for ids in groups if len(ids) == mention.number), None)
        if counted is None or mention.number == 1 or mention.other:
            return unlinked(mention, self._found.why_not(mention))
        reason = f"{self._found.quoted(mention)} means {len(counted)} of the objects seen."
        return Link(mention, counted[0], 0.7, reason, others=tuple(counted[1:]))

    def spare(self, links: dict[int, Link]) -> None:
        """Take out of plurals what bears another name: "unlike the posts, the bar is level"."""
        for number, link in list(links.items()):
            mention = link.mention
            told = mention.lemma or mention.other
            if not mention.plural or not told or len(link.object_ids) < 3:
                continue
            others = {
                o
                for n, other in links.items()
                if self._is_another(mention, self._mentions[n]) and other.confidence > 0.6
                for o in other.object_ids
            }
            kept = [o for o in link.object_ids if o not in others]
            if mention.other:
                kept = [o for o in kept if o not in self._earlier(number, links)]
            if 2 <= len(kept) < len(link.object_ids):
                links[number] = replace(link, object_id=kept[0], others=tuple(kept[1:]))

    @staticmethod
    def _earlier(number: int, links: Mapping[int, Link]) -> set[str]:
        """The single things named before: "that one is taken; the other ones are free"."""
        return {
            o for n, link in links.items() if n < number and not link.others
            for o in link.object_ids
        }  # fmt: skip

    def _is_another(self, plural: Mention, other: Mention) -> bool:
        """Whether another mention names a thing that is none of a plural's kind."""
        if other.plural or not other.lemma or other.kind != "noun" or other.noun_class != "known":
            return False
        return self._knowledge.relate(plural.lemma, [other.lemma]) in ("other", "unknown")

    def _counted(self, mention: Mention, row: FloatArray) -> float:
        """What speaks for a count that is right, as of "three apples" where three are seen."""
        fits = int((row + _COUNT > logit(_PLURAL_MEMBER)).sum())
        return _COUNT if mention.number == fits and not mention.definite else 0.0

    def _tells(self, number: int) -> bool:
        """Whether a plural's own words fit something, beyond that somebody speaks."""
        mention = self._mentions[number]
        if mention.noun_class == "generic":
            return mention.definite or bool(mention.properties) or mention.number is not None
        noun = self._weigher.noun_of(number)
        least = 0.49 if mention.properties and mention.noun_class == "known" else 0.55
        return any(self._evidence.noun(noun, seen) > least for seen in self._scene.objects)

    def _may_be_one(self, mention: Mention, column: int) -> bool:
        """Whether a plural can name a single thing ("the scissors")."""
        label = self._scene.objects[column].label.lower()
        word = self._reading.words[mention.index].text
        if self._knowledge.lexicon.has("mass", mention.lemma):
            return True
        return word in label.split() or word in self._knowledge.lexicon.grammar.get("pairs", ())

    def link_set(self, mention: Mention, members: Sequence[int], chances: Sequence[float]) -> Link:
        """A link to the objects in these columns; none without any."""
        if not members:
            return unlinked(mention, self._found.why_not(mention))
        ids = [self._scene.objects[i].id for i in members]
        reason = f"{self._found.quoted(mention)} means {len(ids)} of the objects seen."
        return Link(mention, ids[0], float(min(chances)), reason, others=tuple(ids[1:]))
