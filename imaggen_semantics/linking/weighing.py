"""Weighing: how much speaks for each object of the scene being what one mention means.

Log odds add up: the noun, every property, the parts, how the mention is introduced, and whether the
talk is of what is here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imaggen_perception.scene import Scene, SceneObject
from imaggen_semantics.agreement import place
from imaggen_semantics.distance import distance
from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.linking.evidence import Evidence, logit
from imaggen_semantics.mentions import Mention, PropertyWord, Reading

FloatArray = NDArray[np.float64]

IMPOSSIBLE = -12.0
NO_FIT = -1.5
"""Log odds below which a name fits nothing."""

_DEFINITE, _PRESENTED, _PLACE, _LANDMARK, _INDEFINITE = 0.9, 0.6, 0.4, -0.3, -1.4
_BARE = -2.5  # "stars are far away", "buy bread" speak of the kind
_SETTING = -1.5  # what things stand on or in need not be seen
# Log odds of other talk from which on it counts, how much, and the most that it tells.
_TALK_FROM, _OTHER_TALK, _MOST_OTHER = -1.0, 2.0, 6.0
_SURE_LOOKS, _SURE_LOOKS_SPREAD = 0.88, 0.15
_SEEN_ALL_THE_SAME, _PERHAPS_SEEN, _DESCRIBED, _NAMED_IN_TALK = 0.2, 0.7, 0.4, 0.6
_FITS = 0.7  # from here on an object is as a property word says
_OUT_OF_VIEW = 0.5  # what is no longer seen is less likely spoken of
_ANAPHOR_WEIGHT = 0.6
_ALIKE = 0.7  # things this near in log odds are counted together


class Weigher:
    """Weighs the mentions of one utterance against the objects of one scene, one at a time."""

    def __init__(self, knowledge: Knowledge, reading: Reading, scene: Scene) -> None:
        """Take what is known of words, what is said, and what is seen."""
        self._knowledge, self._scene = knowledge, scene
        self._reading, self._mentions = reading, reading.mentions
        self._evidence = Evidence(knowledge, scene)
        self._has_labels = any(seen.label for seen in scene.objects)
        self._other_talk = _other_talk(knowledge, reading)

    def refers_by_itself(self, mention: Mention) -> bool:
        """Whether a mention is weighed, rather than found by what it continues or belongs to."""
        if mention.kind == "pronoun" or not self._may_be_seen(mention):
            return False
        if mention.kind == "demonstrative" and not mention.properties:
            return len(self._scene.objects) == 1 or mention.looked_at
        if mention.parts and mention.owner is not None:
            return False
        if mention.noun_class == "unknown":
            if self._knowledge.is_abstract(mention.lemma) and not any(
                self._is_named(mention, o) for o in self._scene.objects
            ):
                return False
            in_passing = mention.landmark or not (mention.definite or mention.presented)
            labels = {label for o in self._scene.objects for label in o.label.lower().split()}
            looks = self._knowledge.looks_of(mention.lemma) is not None
            return not in_passing or bool(labels) or looks
        return True

    def _may_be_seen(self, mention: Mention) -> bool:
        """Whether it names a thing; an abstract noun does where an object bears its name."""
        if mention.noun_class != "abstract":
            return True
        return any(mention.lemma in o.label.lower().split() for o in self._scene.objects)

    def weigh(self, number: int) -> FloatArray:
        """Log odds of every object for the mention at this position."""
        mention = self._mentions[number]
        noun = self.noun_of(number)
        owned = [m for m in self._mentions if m.parts and m.owner == number]
        row = np.zeros(len(self._scene.objects))
        for column, seen in enumerate(self._scene.objects):
            weight = _ANAPHOR_WEIGHT if noun is not mention else 1.0
            row[column] = weight * logit(self._evidence.noun(noun, seen))
            for word, (fit, share) in zip(
                self.tested(mention), self._evidence.properties(mention, seen), strict=True
            ):
                # What is counted is told by its own words: not by the side from which, nor by what
                # is said of it.
                counted = mention.ordinal is not None
                skipped = counted and (word.predicated or self._is_side(word))
                row[column] += 0.0 if skipped else share * logit(fit)
            for part in owned:
                row[column] += logit(self._evidence.parts(part.parts, seen, part.negated))
        away = distance(self._reading, number, self._knowledge)
        row += self._prior(mention) - away.otherwise
        if self._is_setting(mention):
            row += [_SETTING * self._unlike(noun, o) for o in self._scene.objects]
        if mention.pointer is None:
            row -= [self._other_talk * self._doubtful(mention, o) for o in self._scene.objects]
        row -= [away.elsewhere * self._out_of_sight(mention, o) for o in self._scene.objects]
        row -= [
            _OUT_OF_VIEW + min(3.0, o.age_s / 90.0) if o.age_s else 0.0 for o in self._scene.objects
        ]
        if mention.ordinal is not None:
            row = self._ordinal(mention, row)
        return row

    def _out_of_sight(self, mention: Mention, seen: SceneObject) -> float:
        """Share that talk of elsewhere has: little where "the statue" is seen and known as one."""
        definite = self._reading.words[max(0, mention.start)].text == "the"
        if self._is_named(mention, seen):
            return _SEEN_ALL_THE_SAME if definite else _PERHAPS_SEEN
        told = [w for w in mention.properties if not w.predicated and not w.negated]
        fits = bool(told) and all(self._evidence.fit(w, seen) > _FITS for w in told)
        return _DESCRIBED if definite and fits and not seen.label else 1.0

    def _doubtful(self, mention: Mention, seen: SceneObject) -> float:
        """Share that talk of another kind has."""
        definite = self._reading.words[max(0, mention.start)].text == "the"
        return _NAMED_IN_TALK if definite and self._is_named(mention, seen) else 1.0

    @staticmethod
    def _is_named(mention: Mention, seen: SceneObject) -> bool:
        """Whether an object is called by its very name."""
        return mention.lemma != "" and mention.lemma in seen.label.lower().split()[-1:]

    def tested(self, mention: Mention) -> list[PropertyWord]:
        """The property words that an object can be tested for."""
        tests = self._knowledge.lexicon.properties
        return [w for w in mention.properties if tests[w.lemma].shows != "motion"]

    def _is_side(self, word: PropertyWord) -> bool:
        return self._knowledge.lexicon.properties[word.lemma].shows == "position"

    def noun_of(self, number: int) -> Mention:
        """The mention whose noun counts: of "one", that of its antecedent."""
        mention = self._mentions[number]
        if mention.noun_class == "generic" and mention.antecedent is not None:
            return self._mentions[mention.antecedent]
        return mention

    def _prior(self, mention: Mention) -> float:
        if mention.kind == "place":
            return _PLACE if mention.properties else 0.0
        if mention.landmark:
            return _LANDMARK
        if mention.definite and mention.kind != "demonstrative":
            return _DEFINITE
        if mention.presented:
            return _PRESENTED
        if mention.noun_class == "generic" or mention.kind != "noun":
            return 0.0
        if mention.number is None and not mention.properties and self._is_bare(mention):
            return _BARE
        words = self._reading.words[: mention.start]
        wanted = self._knowledge.lexicon.grammar.get("choosing", ())
        asked = any(w.phrase == mention.phrase and w.text in wanted for w in words)
        related = any(
            self._mentions.index(mention) in (r.subject, *r.objects)
            for r in self._reading.relations
        )
        verbs = any(
            w.phrase == mention.phrase and w.category in ("verb", "copula")
            for w in self._reading.words
        )
        fragment = not verbs and len(self._scene.objects) > 0
        return 0.0 if asked or related or fragment else _INDEFINITE

    def _is_setting(self, mention: Mention) -> bool:
        """Whether it names where things are, which need not be seen."""
        setting = self._knowledge.lexicon.has("settings", mention.lemma)
        return setting and mention.landmark and not self._has_labels

    def _unlike(self, noun: Mention, seen: SceneObject) -> float:
        """How little an object looks like what a noun names: 0 .. 1."""
        fit = self._evidence.noun(noun, seen)
        return float(np.clip((_SURE_LOOKS - fit) / _SURE_LOOKS_SPREAD, 0.0, 1.0))

    def _is_bare(self, mention: Mention) -> bool:
        """Whether a noun stands without any article, as the kind: "buy bread", "stars are far"."""
        if mention.pointer is not None or self._opens_with_article(mention):
            return False
        before = self._reading.words[mention.start - 1] if mention.start > 0 else None
        bought = before is not None and before.category == "verb"
        return mention.plural or bought

    def _opens_with_article(self, mention: Mention) -> bool:
        """Whether anything but nouns stands before the head ("stars", "Hollywood stars")."""
        words = self._reading.words[mention.start : mention.index]
        return any(w.text not in mention.modifiers for w in words)

    def _ordinal(self, mention: Mention, row: FloatArray) -> FloatArray:
        """As in "The second box from the left": count what fits, from that side."""
        best = float(row.max())
        if best < NO_FIT:
            return np.full(len(row), IMPOSSIBLE)
        fits = [i for i in range(len(row)) if row[i] > best - _ALIKE]
        tests = self._knowledge.lexicon.properties
        sides = {tests[w.lemma].value for w in mention.properties}
        if mention.counted_from:
            sides = {tests[mention.counted_from].value}
        vertical = bool(sides & {"top", "bottom"})
        places = [place(seen, self._scene)[1 if vertical else 0] for seen in self._scene.objects]
        fits.sort(key=lambda i: places[i], reverse=bool(sides & {"right", "top"}))
        wanted = mention.ordinal or 1
        index = wanted - 1 if wanted > 0 else len(fits) - 1
        if not 0 <= index < len(fits):
            return np.full(len(row), IMPOSSIBLE)
        chosen = np.full(len(row), -3.0)
        chosen[fits[index]] = max(row[fits[index]], 0.0) + 2.0
        return chosen


def _other_talk(knowledge: Knowledge, reading: Reading) -> float:
    """What the whole sentence tells against talk of what is seen [log odds]."""
    if knowledge.talk is None or not reading.text:
        return 0.0
    return max(
        0.0, min(_MOST_OTHER, _OTHER_TALK * (_TALK_FROM - knowledge.talk.odds(reading.text)))
    )
