"""Evidence: how well one object of the scene fits what a mention says of it.

Every piece is a probability that the mention speaks of the object (0.5: tells nothing);
independent pieces multiply as odds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from imaggen_perception.scene import Scene, SceneObject
from imaggen_semantics.agreement import agreement
from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.mentions import Mention, PropertyWord

CONTRADICTION = 0.25
"""Below this agreement the object contradicts a property word."""

_SAME_LABEL, _KIND_OF_LABEL, _WIDER_LABEL = 0.96, 0.88, 0.75
_OTHER_LABEL, _UNRELATED_LABEL = 0.04, 0.12
# Typical shapes have exceptions: a ball may be seen as a polygon.
_TYPICAL_WEIGHT = 0.75
_USUAL_EXTENT = 0.3
_TYPICAL_UNKNOWN = 0.4
_BODY_PART = 0.04
_OTHER_THING = 0.25
# Log odds from which on looks tell little more: they alone never make sure what a thing is, but
# of two things that both look like it the better one is meant.
_SURE_LOOKS, _BEYOND_SURE = 2.0, 0.15
# The likeliest shape, the second one, how much rarer each further one is, the last, any other.
_FIRST_SHAPE, _NEXT_SHAPES, _RARER, _LAST_SHAPES, _OTHER_SHAPE = 0.93, 0.85, 0.05, 0.7, 0.08
_USUAL_COLOR, _UNUSUAL_COLOR = 0.7, 0.35
_USUAL_PART, _NO_USUAL_PART, _UNUSUAL_PART = 0.75, 0.42, 0.35
# Sizes of things of a kind vary by this [logarithm]; the least and most that a size tells.
_SIZE_SPREAD, _LEAST_SIZE, _USUAL_SIZE = 0.7, -1.0, 0.5
# What is stated ("the box is tall") tells less about which object is meant than what identifies.
_STATED_WEIGHT = 0.5
_HAS_PART = 0.85
_LACKS_PART = 0.3
_AGAINST_NAME = 1.6
_LEAST, _MOST = 0.004, 0.996


def combine(*evidence: tuple[float, float]) -> float:
    """Probability from independent (probability, weight) pairs: the product of weighted odds."""
    return from_logit(sum(logit(probability) * weight for probability, weight in evidence))


def logit(probability: float) -> float:
    """Logarithm of the odds, bounded."""
    bounded = min(max(probability, _LEAST), _MOST)
    return math.log(bounded / (1.0 - bounded))


def from_logit(value: float) -> float:
    """The probability of a logarithm of odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


class Evidence:
    """Weighs mentions against the objects of one scene."""

    def __init__(self, knowledge: Knowledge, scene: Scene) -> None:
        """Take what is known of words, and the scene."""
        self._knowledge, self._lexicon = knowledge, knowledge.lexicon
        self._scene = scene

    def noun(self, mention: Mention, seen: SceneObject) -> float:
        """What the noun tells: by the object's label, else by the noun's usual looks."""
        if mention.noun_class not in ("known", "unknown") or not mention.lemma:
            return 0.5
        looks = self._looks(mention, seen)
        if not seen.label:
            return looks
        named = 0.5 + (self._label(mention, seen.label) - 0.5) * seen.label_confidence
        # A name that is another thing's outweighs a property or two that happen to fit.
        weight = _AGAINST_NAME if named < 0.5 else 1.0
        return combine((named, weight), (looks, 0.3 + 0.7 * (1.0 - seen.label_confidence)))

    def properties(self, mention: Mention, seen: SceneObject) -> list[tuple[float, float]]:
        """(evidence, weight) of each property word."""
        return [
            (self.fit(word, seen), _STATED_WEIGHT if word.predicated else 1.0)
            for word in mention.properties
            if self._lexicon.properties[word.lemma].shows != "motion"
        ]

    def fit(self, word: PropertyWord, seen: SceneObject) -> float:
        """How well an object agrees with a property word, denied ones turned round."""
        fit = agreement(self._lexicon.properties[word.lemma], seen, self._scene)
        return 1.0 - fit if word.negated else fit

    def parts(self, names: Sequence[str], seen: SceneObject, negated: bool) -> float:
        """What "with a handle", or "without a handle", tells."""
        has = bool(part_of(seen, names))
        return _HAS_PART if has != negated else _LACKS_PART

    def contradictions(self, mention: Mention, seen: SceneObject) -> tuple[PropertyWord, ...]:
        """The property words that the object contradicts."""
        return tuple(w for w in mention.properties if self.fit(w, seen) < CONTRADICTION)

    def _looks(self, mention: Mention, seen: SceneObject) -> float:
        """How well an object looks like what the noun names."""
        if mention.lemma in self._lexicon.absent or (
            "body_part" in self._lexicon.kind_names(mention.lemma)
        ):
            return _BODY_PART  # a person, or somebody's own
        looks = self._knowledge.looks_of(mention.lemma)
        told: list[float] = []
        if looks is not None and looks.shapes:
            told.append(_shape_fit(looks.shapes, seen))
        kind = self._knowledge.kind_of(mention.lemma)
        tests = [self._lexicon.properties[word] for word in self._lexicon.typical(kind)]
        extents = [agreement(t, seen, self._scene) for t in tests if t.shows == "extent"]
        if not told:
            told += [agreement(test, seen, self._scene) for test in tests]
            extents = []
        value = _TYPICAL_WEIGHT * sum(map(logit, told)) / math.sqrt(max(1, len(told)))
        if looks is not None and looks.colors and seen.color.name:
            value += logit(_USUAL_COLOR if seen.color.name in looks.colors else _UNUSUAL_COLOR)
        if looks is not None and looks.parts:
            own = sum(bool(part_of(seen, [name])) for name in looks.parts) / len(looks.parts)
            value += logit(_NO_USUAL_PART + (_USUAL_PART - _NO_USUAL_PART) * own)
        elif looks is not None and seen.parts:
            value += logit(_UNUSUAL_PART)
        value += _USUAL_EXTENT * sum(map(logit, extents)) / math.sqrt(max(1, len(extents)))
        value += self._size(mention.lemma, seen)
        if not told and looks is None:
            if self._knowledge.knows(mention.lemma):
                return _OTHER_THING  # a thing with a name of its own, whose looks are not known
            return _TYPICAL_UNKNOWN if mention.noun_class == "unknown" else 0.5
        beyond = max(0.0, value - _SURE_LOOKS)
        return from_logit(value - beyond + _BEYOND_SURE * beyond)

    def _size(self, noun: str, seen: SceneObject) -> float:
        """What an object's size tells [log odds]; toys and pictures are smaller than things."""
        extent_m = seen.outline.scale_m
        usual_m = self._lexicon.sizes.get(noun)
        if extent_m is None or usual_m is None:
            return 0.0
        ratio = min((math.log(extent_m / usual) for usual in usual_m), key=abs)
        unlikely = (ratio / _SIZE_SPREAD) ** 2 / 2
        return max(_LEAST_SIZE, _USUAL_SIZE - unlikely)

    def _label(self, mention: Mention, label: str) -> float:
        """What an object's name says about a noun; of a compound name the last word counts."""
        words = label.lower().replace("_", " ").replace("-", " ").split()
        said = [*mention.modifiers, mention.lemma]
        if said == words or mention.lemma == " ".join(words):
            return 0.5 + (_SAME_LABEL - 0.5) * 1.04  # the very same words
        modifiers, others = set(mention.modifiers), set(words[:-1])
        clash = bool(modifiers and others and not modifiers & others)
        relation = self._knowledge.relate(mention.lemma, words)
        value = {
            "same": _SAME_LABEL, "kind": _KIND_OF_LABEL, "wider": _WIDER_LABEL,
            "other": _OTHER_LABEL, "unknown": _UNRELATED_LABEL,
        }[relation]  # fmt: skip
        if modifiers & set(words) and relation in ("other", "unknown"):
            return 0.5
        return value * 0.8 if clash else value


def _shape_fit(shapes: Sequence[str], seen: SceneObject) -> float:
    """Agreement of an object's shape with the usual ones."""
    family = seen.shape.family
    fit = _OTHER_SHAPE
    if family in shapes:
        place = shapes.index(family)
        fit = _FIRST_SHAPE if place == 0 else max(_LAST_SHAPES, _NEXT_SHAPES - _RARER * (place - 1))
    elif family == "irregular":
        fit = 0.3  # any shape may look irregular from some side
    return 0.5 + (fit - 0.5) * seen.shape.confidence


def part_of(seen: SceneObject, names: Sequence[str]) -> str:
    """The name of the object's part that fits one of `names` first; empty when it has none."""
    own = {part.name for part in seen.parts} | {hole.name for hole in seen.holes}
    if seen.holes:
        own.add("hole")
    return next((name for name in names if name in own), "")
