"""Joint linking: all mentions of an utterance against all objects of the scene at once.

Each mention weighs every object (`Evidence`); things that are different things share no object,
stated relations support what they hold of, and a mention without an object that is clearly the
likeliest one stays unlinked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from imaggen_perception.scene import Scene
from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.linking.base import Link, unlinked
from imaggen_semantics.linking.demonstratives import DemonstrativeLinker
from imaggen_semantics.linking.evidence import logit
from imaggen_semantics.linking.found import Found
from imaggen_semantics.linking.holding import holds
from imaggen_semantics.linking.parts import PartLinker
from imaggen_semantics.linking.pronouns import PronounLinker
from imaggen_semantics.linking.sets import SetLinker
from imaggen_semantics.linking.weighing import IMPOSSIBLE, NO_FIT, FloatArray
from imaggen_semantics.mentions import Reading, StatedRelation

MIN_CONFIDENCE = 0.5
"""A link with less is none."""

_NAMED_AGAIN = 1.0  # log odds from which on a noun shares what a word without a name means
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
        self._found = found = Found(knowledge, reading, scene)
        self._knowledge, self._scene = knowledge, scene
        self._reading, self._mentions = reading, reading.mentions
        self._evidence, self._weigher, self._links = found.evidence, found.weigher, found.links
        self._sets, self._pronouns, self._parts = (
            SetLinker(found), PronounLinker(found), PartLinker(found),
        )  # fmt: skip
        self._demonstratives = DemonstrativeLinker(found)
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
                self._links[n] = self._sets.plural(n, logits[n])
        for n in [n for n in logits if n not in self._links and self._is_asked(n)]:
            self._assign({n: logits[n]})
        self._assign({n: row for n, row in logits.items() if n not in self._links})
        self._name_again(logits)
        self._sets.spare(self._links)
        self._link_parts_of_nouns()
        for n in range(len(self._mentions)):
            mention = self._mentions[n]
            continues = mention.kind == "demonstrative" and (
                mention.antecedent is not None or mention.plural
            )
            if n not in self._links and (mention.kind == "pronoun" or continues):
                self._links[n] = self._pronouns.link(n)
        for n, mention in enumerate(self._mentions):
            if mention.kind == "demonstrative" and not self._found.ids(n):
                self._take_from_pronoun(n)
            if mention.kind == "demonstrative" and not self._found.ids(n):
                meant = self._demonstratives.link(n)
                if meant is not None:
                    self._links[n] = meant
        for n, mention in enumerate(self._mentions):
            if mention.parts and not (n in self._links and self._links[n].part):
                self._links[n] = self._parts.link(n, self._links.get(n))
        for n, mention in enumerate(self._mentions):
            if mention.noun_class == "generic" and mention.number and not self._found.ids(n):
                self._links[n] = self._sets.total(n)
        return tuple(
            self._links.get(n) or unlinked(mention, self._found.why_not(mention))
            for n, mention in enumerate(self._mentions)
        )

    def _link_parts_of_nouns(self) -> None:
        """Parts of what is named, before the pronouns that may continue them."""
        for n, mention in enumerate(self._mentions):
            if not mention.parts or mention.owner is None:
                continue
            if self._mentions[mention.owner].kind == "noun" and self._found.ids(mention.owner):
                self._links[n] = self._parts.link(n, self._links.get(n))

    def _take_from_pronoun(self, number: int) -> None:
        """As in "this isn't a hammer, it's a pen": "this" means what "it" does."""
        for other, mention in enumerate(self._mentions):
            if mention.kind == "pronoun" and mention.antecedent == number and other in self._links:
                link = self._links[other]
                if link.object_id is not None:
                    self._links[number] = replace(link, mention=self._mentions[number])
                return

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
            stated |= self._tells_whither(relation)
            named = landmark.noun_class in ("known", "unknown") and landmark.definite
            known = landmark.lemma in settings or landmark.parts or not named
            if stated or known or subject not in logits or landmark.index < start:
                continue
            if row is None or row.max() < NO_FIT:
                logits[subject] -= _ABSENT_LANDMARK

    def _tells_whither(self, relation: StatedRelation) -> bool:
        """Whether a place belongs to a verb: "tuck a bandage in your pocket"."""
        words = self._reading.words
        parse = words[relation.index].parse
        return parse is not None and words[parse.head].category == "verb"

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

    def _name_again(self, logits: Mapping[int, FloatArray]) -> None:
        """As in "the thermometer, the thin white thing": what only describes claims no object."""
        for number, row in logits.items():
            mention = self._mentions[number]
            named = mention.lemma and mention.kind == "noun" and not mention.negated
            if not named or self._found.ids(number) or mention.other or not len(row):
                continue
            column = int(row.argmax())
            seen = self._scene.objects[column].id
            holders = [n for n in self._links if self._found.ids(n) == (seen,)]
            if row[column] < _NAMED_AGAIN or not holders:
                continue
            if any(self._mentions[n].lemma for n in holders):
                continue
            if not any(self._mentions[n].other for n in holders):
                everything = list(range(len(row)))
                self._links[number] = self._decide(number, column, everything, row)

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
        if one.pointer is not None and two.pointer is not None and not two.lemma:
            return False  # "this one is blue and that one is yellow"
        tests = self._knowledge.lexicon.properties
        told = [
            {tests[w.lemma].value for w in m.properties if not w.predicated and not w.negated}
            for m in (one, two)
        ]
        if not two.lemma and two.antecedent is not None and two.kind == "noun":
            # "The green one" is another one than was named, if that was not "the green box".
            again = two.pointer is not None and not two.properties and one.definite  # "this one?"
            same = bool(told[0]) and told[0] == told[1]
            return (again or same) and not (one.negated or two.negated)
        if one.negated != two.negated and not (one.lemma and one.lemma == two.lemma):
            return False
        if two.kind in ("place", "demonstrative") or one.kind in ("place", "demonstrative"):
            return not (one.pointer is not None and two.pointer is not None)
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
            return unlinked(mention, self._found.why_not(mention))
        weights = np.exp(np.clip(row, -30.0, 30.0))  # a name repeated a hundred times overflows
        confidence = float(weights[column] / (1.0 + weights[list(free)].sum()))
        if confidence < MIN_CONFIDENCE:
            several = int((row > 0.0).sum()) > 1
            reason = "Several objects seen fit" if several else "No object seen fits"
            return unlinked(mention, f"{reason} {self._found.quoted(mention)}.")
        seen = self._scene.objects[column]
        if len(self._scene.objects) == 1:
            reason = f"{self._found.quoted(mention)} means the one object seen."
        else:
            count = len(self._scene.objects)
            reason = f"{self._found.quoted(mention)} fits this object best of {count}."
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
            reason = f"The speaker means this by {self._found.quoted(mention)}."
            self._links[number] = Link(
                mention, object_id, 0.95, reason,
                self._evidence.contradictions(mention, self._scene.objects[column]),
                rivals=self._rivals(number, column),
            )  # fmt: skip


def _likely(row: FloatArray) -> FloatArray:
    """Probability of each object, with the chance that it is none of them left over."""
    weights = np.exp(np.clip(row, -30.0, 30.0))
    return np.asarray(weights / (1.0 + weights.sum()))
