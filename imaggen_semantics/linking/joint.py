"""Joint linking: all mentions of an utterance against all objects of the scene at once.

Each mention weighs every object (`Evidence`); things that are different things share no object,
stated relations support what they hold of, and a mention without an object that is clearly the
likeliest one stays unlinked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from imaggen_perception.scene import Scene
from imaggen_semantics.distance import remoteness
from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.linking.base import Link, unlinked
from imaggen_semantics.linking.evidence import Evidence, from_logit, logit, part_of
from imaggen_semantics.linking.holding import holds
from imaggen_semantics.linking.weighing import IMPOSSIBLE, NO_FIT, FloatArray, Weigher
from imaggen_semantics.mentions import Mention, Reading

MIN_CONFIDENCE = 0.5
"""A link with less is none."""

_COUNT = 1.6  # log odds
_HOLDS = 0.4  # from here on a relation may be said of two objects
_PLURAL_MEMBER = 0.55
_RELATION_WEIGHT = 0.8
_ABSENT_LANDMARK = 4.0  # "the square in front of the town hall", where no town hall is seen


class JointLinker:
    """Links the mentions of one utterance together."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Take what is known of words."""
        self._knowledge = knowledge

    def link(self, reading: Reading, scene: Scene) -> tuple[Link, ...]:
        """One link per mention, in the same order."""
        if not scene.objects:
            return tuple(unlinked(mention, "No object is seen.") for mention in reading.mentions)
        return _Linking(self._knowledge, reading, scene).run()


class _Linking:
    """The linking of one utterance in one scene."""

    def __init__(self, knowledge: Knowledge, reading: Reading, scene: Scene) -> None:
        self._knowledge, self._scene = knowledge, scene
        self._reading, self._mentions = reading, reading.mentions
        self._evidence = Evidence(knowledge, scene)
        self._weigher = Weigher(knowledge, reading, scene)
        self._links: dict[int, Link] = {}
        self._rows: dict[int, FloatArray] = {}
        self._meant = dict(reading.meant)

    def run(self) -> tuple[Link, ...]:
        rows = [n for n, m in enumerate(self._mentions) if self._weigher.refers_by_itself(m)]
        logits = {n: self._weigher.weigh(n) for n in rows}
        self._rows = {n: row.copy() for n, row in logits.items()}
        self._share_same(logits)
        self._miss_landmarks(logits)
        self._relate(logits)
        self._take_meant(logits)
        for n, mention in enumerate(self._mentions):
            if mention.plural and n in logits and n not in self._links:
                self._links[n] = self._plural(n, logits[n])
        for n in [n for n in logits if n not in self._links and self._is_asked(n)]:
            self._assign({n: logits[n]})
        self._assign({n: row for n, row in logits.items() if n not in self._links})
        for n in range(len(self._mentions)):
            if n not in self._links and self._mentions[n].kind == "pronoun":
                self._links[n] = self._pronoun(n)
        for n, mention in enumerate(self._mentions):
            if mention.parts:
                self._links[n] = self._part(n, self._links.get(n))
        for n, mention in enumerate(self._mentions):
            if mention.noun_class == "generic" and mention.number and not self._ids(n):
                self._links[n] = self._total(n)
        return tuple(
            self._links.get(n) or unlinked(mention, self._why_not(mention))
            for n, mention in enumerate(self._mentions)
        )

    # -- what mentions tell of each other ----------------------------------------------------

    def _share_same(self, logits: Mapping[int, FloatArray]) -> None:
        """As in "The round thing is a ball": both mean what fits both."""
        for number, mention in enumerate(self._mentions):
            same = mention.same_as
            if number in logits and same is not None and same in logits:
                other = logits[same]
                both = logits[number] + other
                logits[number][:] = both
                other[:] = both

    def _miss_landmarks(self, logits: Mapping[int, FloatArray]) -> None:
        """What is told from others by a landmark that is not seen is rather not seen either."""
        settings = self._knowledge.lexicon.grammar.get("settings", frozenset())
        for relation in self._reading.relations:
            subject, landmark = relation.subject, self._mentions[relation.objects[0]]
            start = self._mentions[subject].index
            stated = any(
                w.has_copula or w.category == "verb"
                for w in self._reading.words[start : landmark.start]
            )
            row = logits.get(relation.objects[0])
            named = landmark.noun_class in ("known", "unknown") and landmark.definite
            known = landmark.lemma in settings or landmark.parts or not named
            if stated or known or subject not in logits or landmark.index < start:
                continue
            if row is None or row.max() < NO_FIT:
                logits[subject] -= _ABSENT_LANDMARK

    def _relate(self, logits: Mapping[int, FloatArray]) -> None:
        """What is said to lie left of the box is rather one that lies left of what the box is."""
        objects = self._scene.objects
        for relation in self._reading.relations:
            others = [n for n in relation.objects if n in logits]
            if relation.negated or relation.subject not in logits or not others:
                continue
            subject = logits[relation.subject]
            for other in others:
                table = np.array(
                    [[holds(self._scene, a, relation.name, b) for b in objects] for a in objects]
                )
                known = _likely(logits[other])
                support, sure = table @ known, known.sum()
                gain = _RELATION_WEIGHT * sure
                back = table.T @ _likely(subject)
                subject += gain * np.array([logit(0.1 + 0.8 * min(1.0, s)) for s in support])
                sure = _likely(subject).sum()
                logits[other][:] += (
                    _RELATION_WEIGHT
                    * sure
                    * np.array([logit(0.4 + 0.5 * min(1.0, s)) for s in back])
                )

    # -- assigning --------------------------------------------------------------------------

    def _assign(self, logits: Mapping[int, FloatArray]) -> None:
        """Give every thing spoken of an object of its own, or none."""
        groups = self._groups(list(logits))
        if not groups:
            return
        objects = len(self._scene.objects)
        rows = [self._group_row(group, logits) for group in groups]
        costs = np.full((len(rows), objects + len(rows)), 0.0)
        for index, row in enumerate(rows):
            costs[index, :objects] = -row
        taken_rows, columns = linear_sum_assignment(costs)
        chosen = {int(r): int(c) for r, c in zip(taken_rows, columns, strict=True)}
        spoken_for = {c for c in chosen.values() if c < objects}
        for index, group in enumerate(groups):
            column = chosen[index]
            free = [c for c in range(objects) if c == column or c not in spoken_for]
            for number in group:
                self._links[number] = self._decide(number, column, free, rows[index])

    def _is_asked(self, number: int) -> bool:
        """Whether the words ask which one it is, so that others may name the same."""
        first = self._reading.words[max(0, self._mentions[number].start)]
        return self._knowledge.lexicon.has("asking", first.text)

    def _groups(self, numbers: Sequence[int]) -> list[list[int]]:
        """Mentions that may mean one thing together, the first one first."""
        groups: list[list[int]] = []
        for number in numbers:
            home = next((g for g in groups if self._may_share(g[0], number)), None)
            if home is None:
                groups.append([number])
            else:
                home.append(number)
        return groups

    def _may_share(self, first: int, second: int) -> bool:
        one, two = self._mentions[first], self._mentions[second]
        if two.same_as == first or one.same_as == second:
            return True
        if two.other or one.ordinal != two.ordinal:
            return False
        if not two.lemma and two.antecedent is not None and two.kind == "noun":
            return False  # "the green one" is another one than was named
        if one.negated != two.negated and not (one.lemma and one.lemma == two.lemma):
            return False
        if two.kind in ("place", "demonstrative") or one.kind in ("place", "demonstrative"):
            return not (one.pointer is not None and two.pointer is not None)
        tests = self._knowledge.lexicon.properties
        told = [
            {tests[w.lemma].value for w in m.properties if not w.predicated and not w.negated}
            for m in (one, two)
        ]
        compatible = not told[1] or told[0] == told[1] or one.phrase != two.phrase and not told[0]
        same_noun = one.lemma == two.lemma or not two.lemma
        return bool(same_noun and compatible and two.definite and one.modifiers == two.modifiers)

    def _group_row(self, group: Sequence[int], logits: Mapping[int, FloatArray]) -> FloatArray:
        row = np.sum([logits[number] for number in group], axis=0)
        first = self._mentions[group[0]]
        if first.other:
            earlier = {
                object_id
                for number, link in self._links.items()
                if number < group[0]
                for object_id in link.object_ids
            }
            for column, seen in enumerate(self._scene.objects):
                row[column] += IMPOSSIBLE if seen.id in earlier else 0.0
        return np.asarray(row)

    def _decide(self, number: int, column: int, free: Sequence[int], row: FloatArray) -> Link:
        mention = self._mentions[number]
        if column >= len(self._scene.objects):
            return unlinked(mention, self._why_not(mention))
        weights = np.exp(row[list(free)])
        confidence = float(np.exp(row[column]) / (1.0 + weights.sum()))
        if confidence < MIN_CONFIDENCE:
            several = int((row > 0.0).sum()) > 1
            reason = "Several objects seen fit" if several else "No object seen fits"
            return unlinked(mention, f"{reason} {self._quoted(mention)}.")
        seen = self._scene.objects[column]
        if len(self._scene.objects) == 1:
            reason = f"{self._quoted(mention)} means the one object seen."
        else:
            count = len(self._scene.objects)
            reason = f"{self._quoted(mention)} fits this object best of {count}."
        against = self._evidence.contradictions(mention, seen)
        return Link(
            mention, seen.id, confidence, reason, against, rivals=self._rivals(number, column)
        )

    def _rivals(self, number: int, column: int) -> tuple[tuple[str, float], ...]:
        """How well the words alone fit the other objects, beside the one that is meant."""
        row = self._rows[number]
        return tuple(
            (seen.id, float(np.exp(min(0.0, row[i] - row[column]))))
            for i, seen in enumerate(self._scene.objects)
            if i != column
        )

    # -- sets, pronouns, parts --------------------------------------------------------------

    def _take_meant(self, logits: Mapping[int, FloatArray]) -> None:
        """What the speaker says that a word means counts, whatever the words fit."""
        for number, mention in enumerate(self._mentions):
            object_id = next(
                (o for w, o in self._meant.items() if mention.start <= w <= mention.index), None
            )
            column = next((i for i, o in enumerate(self._scene.objects) if o.id == object_id), None)
            if column is None or object_id is None:
                continue
            row = logits.get(number, np.zeros(len(self._scene.objects)))
            self._rows.setdefault(number, row.copy())
            self._links[number] = Link(
                mention, object_id, 0.95, f"The speaker means this by {self._quoted(mention)}.",
                self._evidence.contradictions(mention, self._scene.objects[column]),
                rivals=self._rivals(number, column),
            )  # fmt: skip

    def _plural(self, number: int, row: FloatArray) -> Link:
        """As in "The balls", "two boxes": everything that fits, or so many."""
        mention = self._mentions[number]
        row = row + self._counted(mention, row)
        order = [int(i) for i in np.argsort(-row)]
        members = [i for i in order if from_logit(row[i]) >= _PLURAL_MEMBER]
        if not self._tells(number):
            members = []
        if mention.number == len(order) and mention.definite and not mention.properties:
            members = order  # "all four signs" of four things
        if len(members) == 1 and not self._may_be_one(mention, members[0]):
            members = []
        if mention.number is not None and len(members) > mention.number:
            members = members[: mention.number]
        return self._set_link(mention, members, [from_logit(row[i]) for i in members])

    def _total(self, number: int) -> Link:
        """As in "two dice and a domino make three pieces": everything named, or seen."""
        mention = self._mentions[number]
        named = [o for n in range(number) for o in self._ids(n)]
        groups = (list(dict.fromkeys(named)), [seen.id for seen in self._scene.objects])
        counted = next((ids for ids in groups if len(ids) == mention.number), None)
        if counted is None or mention.number == 1 or mention.other:
            return unlinked(mention, self._why_not(mention))
        reason = f"{self._quoted(mention)} means {len(counted)} of the objects seen."
        return Link(mention, counted[0], 0.7, reason, others=tuple(counted[1:]))

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
        return any(self._evidence.noun(noun, seen) > 0.55 for seen in self._scene.objects)

    def _may_be_one(self, mention: Mention, column: int) -> bool:
        """Whether a plural can name a single thing ("the scissors")."""
        label = self._scene.objects[column].label.lower()
        word = self._reading.words[mention.index].text
        return word in label.split() or word in self._knowledge.lexicon.grammar.get("pairs", ())

    def _set_link(self, mention: Mention, members: Sequence[int], chances: Sequence[float]) -> Link:
        if not members:
            return unlinked(mention, self._why_not(mention))
        ids = [self._scene.objects[i].id for i in members]
        reason = f"{self._quoted(mention)} means {len(ids)} of the objects seen."
        return Link(mention, ids[0], float(min(chances)), reason, others=tuple(ids[1:]))

    def _pronoun(self, number: int) -> Link:
        mention = self._mentions[number]
        for candidate in self._antecedents(number):
            link = self._links.get(candidate)
            if link is None or link.object_id is None:
                if candidate == mention.antecedent and self._is_somewhere_else(candidate):
                    break
                continue
            ids = [o for n in self._listed(candidate, mention) for o in self._ids(n)]
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
        found = self._without_antecedent(number)
        if found is not None:
            return found
        everything = list(range(len(self._scene.objects)))
        if mention.plural and (
            len(everything) == (mention.number or 0) or self._means_everything(number)
        ):
            return self._set_link(mention, everything, [0.7])
        if (
            len(everything) == 1
            and not self._links
            and (mention.properties or self._is_handled(mention))
        ):
            seen = self._scene.objects[0]
            reason = f'"{mention.lemma}" can only mean the one object seen.'
            against = self._evidence.contradictions(mention, seen)
            return Link(mention, seen.id, 0.7, reason, against)
        return unlinked(mention, f'Nothing was said before that "{mention.lemma}" could mean.')

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
            others = {o for n in relation.objects for o in self._ids(n)}
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
        first = self._mentions[number].antecedent
        rest = [n for n in range(number - 1, -1, -1) if n != first]
        return ([first] if first is not None else []) + [
            n for n in rest if not self._mentions[n].negated
        ]

    def _contradicted(self, mention: Mention, object_id: str, number: int) -> bool:
        """Whether what is said of a pronoun rather fits another antecedent."""
        seen = self._scene.object(object_id)
        tested = self._weigher.tested(mention)
        if not tested or min(self._evidence.fit(w, seen) for w in tested) >= 0.2:
            return False
        for other in self._antecedents(number):
            for candidate in self._ids(other):
                rival = self._scene.object(candidate)
                if candidate != object_id and min(
                    self._evidence.fit(w, rival) for w in tested
                ) > 0.6:  # fmt: skip
                    return True
        return False

    def _ids(self, number: int) -> tuple[str, ...]:
        link = self._links.get(number)
        return link.object_ids if link is not None else ()

    def _listed(self, number: int, pronoun: Mention) -> list[int]:
        """A mention, and those that a plural pronoun continues together with it."""
        if not pronoun.plural:
            return [number]
        words = self._reading.words
        sentence = words[self._mentions[number].index].sentence
        return [
            n
            for n, m in enumerate(self._mentions)
            if words[m.index].sentence == sentence
            and m.index < pronoun.index
            and not m.negated
            and not m.parts
        ]

    def _part(self, number: int, own: Link | None) -> Link:
        """A part of its owner, or of the one thing that has such a part."""
        mention = self._mentions[number]
        if own is not None and own.object_id is not None and self._is_named(mention, own):
            return own
        candidates: list[str] = []
        if mention.owner is not None:
            candidates = list(self._ids(mention.owner))
            shared = self._parts_of_all(mention) if mention.plural or len(candidates) > 1 else None
            if shared is not None:
                return shared
            if not candidates and self._mentions[mention.owner].kind == "noun":
                return unlinked(mention, f'The owner of "{mention.lemma}" is not seen.')
        if mention.owner is None and mention.plural and (own is None or own.object_id is None):
            everywhere = self._counted_parts(mention)
            if everywhere is not None:
                return everywhere
        if not candidates and remoteness(self._reading, number, self._knowledge) < 1.0:
            earlier = [o for n in range(number - 1, -1, -1) for o in self._ids(n)]
            having = [o.id for o in self._scene.objects if part_of(o, mention.parts)]
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

    def _parts_of_all(self, mention: Mention) -> Link | None:
        """As in "the car and the bus have wheels": the part of several owners."""
        owners = [o for n in self._joined_with(mention.owner or 0) for o in self._ids(n)]
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

    # -- reasons ----------------------------------------------------------------------------

    def _why_not(self, mention: Mention) -> str:
        if mention.noun_class == "abstract" or self._knowledge.is_abstract(mention.lemma):
            return f'"{mention.lemma}" names nothing that could be seen.'
        if mention.noun_class == "unknown":
            return f'"{mention.lemma}" is not known and fits nothing that is seen.'
        return f"No object seen fits {self._quoted(mention)}."

    def _quoted(self, mention: Mention) -> str:
        words = [word.lemma for word in mention.properties if not word.predicated]
        if mention.kind != "place" or not words:
            words.append(mention.lemma or "one")
        return f'"{" ".join(words)}"'


def _likely(row: FloatArray) -> FloatArray:
    """Probability of each object, with the chance that it is none of them left over."""
    weights = np.exp(np.clip(row, -30.0, 30.0))
    return np.asarray(weights / (1.0 + weights.sum()))
