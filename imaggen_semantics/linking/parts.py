"""Parts: to what the handle, the legs or the lid that are spoken of belong."""

from __future__ import annotations

from dataclasses import replace

from imaggen_semantics.distance import distance
from imaggen_semantics.linking.base import Link, unlinked
from imaggen_semantics.linking.evidence import part_of
from imaggen_semantics.linking.found import Found
from imaggen_semantics.mentions import Mention

_SOMEBODYS = ("my", "your", "his", "her", "our", "their")


class PartLinker:
    """Links words for parts once their owners are linked."""

    def __init__(self, found: Found) -> None:
        """Take what is known of one utterance in one scene."""
        self._found = found
        self._scene, self._reading, self._mentions = found.scene, found.reading, found.mentions
        self._knowledge, self._evidence = found.knowledge, found.evidence
        self._weigher, self._links = found.weigher, found.links

    def link(self, number: int, own: Link | None) -> Link:
        """A part of its owner, or of the one thing that has such a part."""
        mention = self._mentions[number]
        owner = self._reading.words[max(0, mention.start)].role
        body = "body_part" in self._knowledge.lexicon.kind_names(mention.lemma)
        if mention.owner is None and body and owner in _SOMEBODYS:
            return unlinked(mention, f'"{mention.lemma}" is a part of somebody.')
        if own is not None and own.object_id is not None and self._is_named(mention, own):
            return own
        candidates: list[str] = []
        if mention.owner is not None:
            candidates = list(self._found.ids(mention.owner))
            shared = self._parts_of_all(mention) if mention.plural or len(candidates) > 1 else None
            if shared is not None:
                return shared
            if not candidates and self._mentions[mention.owner].kind == "noun":
                return unlinked(mention, f'The owner of "{mention.lemma}" is not seen.')
        if mention.owner is None and mention.plural and (own is None or own.object_id is None):
            everywhere = self._counted_parts(mention)
            if everywhere is not None:
                return everywhere
        if not candidates and distance(self._reading, number, self._knowledge).total < 1.0:
            earlier = [o for n in range(number - 1, -1, -1) for o in self._found.ids(n)]
            having = [o.id for o in self._scene.objects if part_of(o, mention.parts)]
            having = [o for o in having if self._fits_modifier(mention, o)] or having
            candidates = [o for o in earlier if o in having] or (having if len(having) == 1 else [])
        for object_id in candidates:
            seen = self._scene.object(object_id)
            part = part_of(seen, mention.parts)
            if part:
                reason = f'"{mention.lemma}" is a part of this object.'
                return Link(mention, object_id, 0.8, reason, part=part)
        if own is not None and own.object_id is not None and mention.owner is None:
            return own
        return unlinked(mention, f'No object seen has the part "{mention.lemma}".')

    def _fits_modifier(self, mention: Mention, object_id: str) -> bool:
        """Whether an object is what a noun before the part names: "the table legs"."""
        seen = self._scene.object(object_id)
        return any(
            self._evidence.noun(replace(mention, lemma=noun, noun_class="known"), seen) > 0.5
            for noun in mention.modifiers
        )

    def _parts_of_all(self, mention: Mention) -> Link | None:
        """As in "the car and the bus have wheels": the part of several owners."""
        owners = [o for n in self._joined_with(mention.owner or 0) for o in self._found.ids(n)]
        having = [o for o in owners if part_of(self._scene.object(o), mention.parts)]
        if len(having) < 2:
            return None
        part = part_of(self._scene.object(having[0]), mention.parts)
        reason = f'"{mention.lemma}" are parts of {len(having)} objects.'
        return Link(mention, having[0], 0.8, reason, part=part, others=tuple(having[1:]))

    def _counted_parts(self, mention: Mention) -> Link | None:
        """As in "three handles in all": the parts of everything that has some."""
        having = [o.id for o in self._scene.objects if part_of(o, mention.parts)]
        if len(having) < 2 or mention.number != len(having):
            return None
        part = part_of(self._scene.object(having[0]), mention.parts)
        reason = f'"{mention.lemma}" are parts of {len(having)} objects.'
        return Link(mention, having[0], 0.7, reason, part=part, others=tuple(having[1:]))

    def _joined_with(self, number: int) -> list[int]:
        """The mentions of a list ("the car and the bus") that a mention belongs to."""
        group = [number]
        while group[0] > 0 and self._are_joined(group[0] - 1):
            group.insert(0, group[0] - 1)
        while group[-1] + 1 < len(self._mentions) and self._are_joined(group[-1]):
            group.append(group[-1] + 1)
        return group

    def _are_joined(self, number: int) -> bool:
        """Whether only "and" stands between a mention and the next one."""
        first, second = self._mentions[number], self._mentions[number + 1]
        between = self._reading.words[first.index + 1 : second.start]
        return bool(between) and all(w.category == "conjunction" for w in between)

    def _is_named(self, mention: Mention, link: Link) -> bool:
        """Whether a word for a part is the name of the object that it fits."""
        seen = self._scene.object(link.object_id or "")
        return mention.owner is None and mention.lemma in seen.label.lower().split()
