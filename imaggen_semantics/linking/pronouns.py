"""Pronouns: what they continue, or what else they can only mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from imaggen_semantics.linking.base import Link, unlinked
from imaggen_semantics.linking.evidence import part_of
from imaggen_semantics.linking.found import Found
from imaggen_semantics.linking.holding import holds
from imaggen_semantics.linking.sets import SetLinker
from imaggen_semantics.mentions import Mention, StatedRelation

_CLEARLY = 0.2
_HOLDS = 0.4  # from here on a relation may be said of two objects


class PronounLinker:
    """Links pronouns once the nouns are linked."""

    def __init__(self, found: Found) -> None:
        """Take what is known of one utterance in one scene."""
        self._found, self._sets = found, SetLinker(found)
        self._scene, self._reading, self._mentions = found.scene, found.reading, found.mentions
        self._knowledge, self._evidence = found.knowledge, found.evidence
        self._weigher, self._links = found.weigher, found.links

    def link(self, number: int) -> Link:
        """What a pronoun continues, or what else it can only mean."""
        mention = self._mentions[number]
        if any(m.same_as == number and self._is_cleft(number, n)
               for n, m in enumerate(self._mentions)):  # fmt: skip
            return unlinked(mention, f'"{mention.lemma}" only lifts out what is named behind it.')
        for candidate in self._antecedents(number):
            link = self._links.get(candidate)
            if link is None or link.object_id is None:
                if candidate == mention.antecedent and self._is_somewhere_else(candidate):
                    break
                continue
            ids = [o for n in self._listed(candidate, mention) for o in self._found.ids(n)]
            ids = list(dict.fromkeys([*link.object_ids, *ids])) if mention.plural else [ids[0]]
            ids = self._so_many(mention, ids)
            if not mention.plural and self._contradicted(mention, ids[0], number):
                continue
            seen = self._scene.object(ids[0])
            return Link(
                mention, ids[0], link.confidence,
                f'"{mention.lemma}" continues what was said before.',
                self._evidence.contradictions(mention, seen), others=tuple(ids[1:]),
            )  # fmt: skip
        found = (
            self._listed_later(number) or self._equated(number) or self._without_antecedent(number)
        )
        if found is not None:
            return found
        everything = list(range(len(self._scene.objects)))
        if mention.plural and (
            len(everything) == (mention.number or 0) or self._means_everything(number)
        ):
            return self._sets.link_set(mention, everything, [0.7])
        if (
            len(everything) == 1
            and not any(link.object_ids for link in self._links.values())
            and (mention.properties or self._is_handled(mention))
        ):
            seen = self._scene.objects[0]
            reason = f'"{mention.lemma}" can only mean the one object seen.'
            against = self._evidence.contradictions(mention, seen)
            return Link(mention, seen.id, 0.7, reason, against)
        return unlinked(mention, f'Nothing was said before that "{mention.lemma}" could mean.')

    def _equated(self, number: int) -> Link | None:
        """What "it" is said to be, where nothing was named before: "it's a big orange ball"."""
        mention = self._mentions[number]
        pronoun = self._knowledge.lexicon.has("pronouns", mention.lemma)
        named = mention.antecedent is not None and (
            self._mentions[mention.antecedent].kind != "demonstrative"
            or bool(self._found.ids(mention.antecedent))
        )
        if named or not pronoun:
            return None
        for other in range(number + 1, len(self._mentions)):
            link = self._links.get(other)
            if self._mentions[other].same_as != number or link is None or link.object_id is None:
                continue
            if self._mentions[other].negated or mention.plural != self._mentions[other].plural:
                continue
            reason = f'"{mention.lemma}" is said to be this.'
            return replace(link, mention=mention, reason=reason, contradictions=())
        return None

    def _listed_later(self, number: int) -> Link | None:
        """The things of a list behind: "these belong together: the racket and the ball"."""
        mention = self._mentions[number]
        if (
            not mention.plural
            or mention.antecedent is not None
            or number + 2 >= len(self._mentions)
        ):
            return None
        words = self._reading.words
        last = max(m.phrase for m in self._mentions)
        listed = [
            n
            for n, m in enumerate(self._mentions)
            if n > number
            and m.kind == "noun"
            and m.phrase >= last - 1
            and m.phrase > mention.phrase
        ]
        between = words[self._mentions[listed[0]].start : words[-1].index + 1] if listed else ()
        acts = any(w.category == "verb" or w.has_copula for w in between)
        joined = any(w.role == "and" for w in between)
        ids = [o for n in listed for o in self._found.ids(n)]
        if acts or not joined or len(listed) < 2 or len(set(ids)) < 2:
            return None
        reason = f'"{mention.lemma}" means the things named behind it.'
        return Link(mention, ids[0], 0.8, reason, others=tuple(dict.fromkeys(ids[1:])))

    def _is_cleft(self, number: int, other: int) -> bool:
        """Whether "it" only lifts a part out: "it's the tube that has to go out"."""
        noun = self._mentions[other]
        behind = [w for w in self._reading.words[noun.index + 1 :] if w.phrase == noun.phrase]
        clause = bool(behind) and behind[0].role in ("that", "who", "which", "i", "you", "we")
        return noun.definite and (
            clause or any(w.category == "verb" or w.has_copula for w in behind)
        )

    def _is_handled(self, mention: Mention) -> bool:
        """Whether something is done with it: "bounce it off the floor"."""
        before = self._reading.words[mention.index - 1] if mention.index > 0 else None
        lexicon = self._knowledge.lexicon
        return before is not None and (
            lexicon.moves(before.text) or lexicon.has("choosing", before.text)
        )

    def _so_many(self, mention: Mention, ids: list[str]) -> list[str]:
        """Of things that a numeral counts ("two are lying") those that fit what is said."""
        words = self._weigher.tested(mention)
        if mention.number is None or mention.number >= len(ids) or not words:
            return ids
        fits = {o: sum(self._evidence.fit(w, self._scene.object(o)) for w in words) for o in ids}
        chosen = sorted(ids, key=lambda o: -fits[o])[: mention.number]
        return [o for o in ids if o in chosen]

    def _means_everything(self, number: int) -> bool:
        """Whether a plural pronoun with nothing before it stands for all that is seen."""
        mention = self._mentions[number]
        words = [w.text for w in self._reading.words if w.phrase == mention.phrase]
        counting = self._knowledge.lexicon.grammar.get("counting", frozenset())
        named = any(m.kind == "noun" for m in self._mentions)
        both = "both" in words and len(self._scene.objects) != 2
        if named or both or mention.lemma not in self._knowledge.lexicon.grammar["pronouns"]:
            return False
        return any(word in counting for word in words)

    def _without_antecedent(self, number: int) -> Link | None:
        """What only one thing can be: by its part ("grab it by the handle") or where it lies."""
        mention = self._mentions[number]
        if mention.plural or any(m.kind == "noun" and not m.landmark and not m.parts
                                 for m in self._mentions[:number]):  # fmt: skip
            return None
        objects = self._scene.objects
        fits = [seen.id for seen in objects]
        told = False
        for later in self._mentions[number + 1 :]:
            if later.parts and later.owner in (None, number) and later.phrase == mention.phrase:
                fits = [o for o in fits if part_of(self._scene.object(o), later.parts)]
                told = True
        for relation in self._reading.relations:
            others = {o for n in relation.objects for o in self._found.ids(n)}
            if relation.subject == number and others and not relation.negated:
                fits = [o for o in fits if self._lies(o, relation.name, others)]
                told = True
        for word in self._weigher.tested(mention):
            fits = [o for o in fits if self._evidence.fit(word, self._scene.object(o)) > 0.6]
            told = True
        if not told or len(fits) != 1:
            return None
        seen = self._scene.object(fits[0])
        reason = f'What is said of "{mention.lemma}" fits this object only.'
        return Link(mention, seen.id, 0.7, reason, self._evidence.contradictions(mention, seen))

    def _lies(self, object_id: str, relation: str, others: Iterable[str]) -> bool:
        seen = self._scene.object(object_id)
        return all(
            holds(self._scene, seen, relation, self._scene.object(other)) > _HOLDS
            for other in others
        )

    def _is_somewhere_else(self, number: int) -> bool:
        """Whether a thing was named that is not seen, so that "it" means that."""
        mention = self._mentions[number]
        named = mention.kind == "noun" and mention.noun_class in ("known", "unknown")
        return named and not mention.landmark and not mention.parts

    def _antecedents(self, number: int) -> Iterable[int]:
        """The antecedent first, then earlier mentions, the latest first."""
        first = self._lying_so(number)
        if first is None:
            first = self._mentions[number].antecedent
        rest = [n for n in range(number - 1, -1, -1) if n != first]
        return ([first] if first is not None else []) + [
            n for n in rest if not self._mentions[n].negated
        ]

    def _lying_so(self, number: int) -> int | None:
        """The one antecedent for which holds what is said of places: "... and a tree behind it"."""
        stated = [r for r in self._reading.relations if number in r.objects and not r.negated]
        if not stated or self._mentions[number].plural:
            return None
        relation = stated[0]
        subjects = self._found.ids(relation.subject)
        fits = [
            n
            for n in range(number - 1, -1, -1)
            if n != relation.subject and self._found.ids(n) and not self._mentions[n].negated
            and len(self._found.ids(n)) == 1
        ]  # fmt: skip
        sure = {n: min((self._holds(s, relation.name, n) for s in subjects), default=0.0)
                for n in fits}  # fmt: skip
        best = max(sure, key=lambda n: sure[n], default=None)
        if best is None or sure[best] <= _HOLDS:
            return None
        near = [n for n in fits if sure[n] > sure[best] - _CLEARLY]
        if len({self._found.ids(n) for n in near}) == 1:
            return best
        landmarks = [n for n in near if self._mentions[n].landmark]
        return landmarks[0] if landmarks and not self._is_stated(relation) else None

    def _holds(self, subject: str, relation: str, number: int) -> float:
        """How surely a relation holds between an object and what a mention means."""
        objects = [self._scene.object(o) for o in self._found.ids(number)]
        return min(holds(self._scene, self._scene.object(subject), relation, o) for o in objects)

    def _is_stated(self, relation: StatedRelation) -> bool:
        """Whether a clause of its own tells a relation, unlike "... and a tree behind it"."""
        words = self._reading.words[self._mentions[relation.subject].index : relation.index]
        return any(w.has_copula or w.category == "verb" for w in words)

    def _contradicted(self, mention: Mention, object_id: str, number: int) -> bool:
        """Whether what is said of a pronoun rather fits another antecedent."""
        seen = self._scene.object(object_id)
        tested = self._weigher.tested(mention)
        if not tested or min(self._evidence.fit(w, seen) for w in tested) >= 0.2:
            return False
        for other in self._antecedents(number):
            for candidate in self._found.ids(other):
                rival = self._scene.object(candidate)
                if candidate != object_id and min(
                    self._evidence.fit(w, rival) for w in tested
                ) > 0.6:  # fmt: skip
                    return True
        return False

    def _listed(self, number: int, pronoun: Mention) -> list[int]:
        """A mention, and those that a plural pronoun continues together with it."""
        if not pronoun.plural:
            return [number]
        words = self._reading.words
        sentence = words[self._mentions[number].index].sentence
        named = self._mentions[number]
        if len(self._found.ids(number)) > 1 and named.plural and named.lemma:
            return [number]  # "that cross and those two triangles where they are"
        return [
            n
            for n, m in enumerate(self._mentions)
            if words[m.index].sentence == sentence
            and m.index < pronoun.index
            and not m.negated
            and not m.parts
        ]
