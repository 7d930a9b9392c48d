"""Linking by lexicon: labels, kinds of things, their typical shapes and property words.

Every piece of evidence is a probability that the mention speaks of the object (0.5: tells nothing);
independent pieces multiply as odds.
"""

from __future__ import annotations

from collections.abc import Sequence

from imaggen_perception.scene import Scene, SceneObject
from imaggen_semantics.agreement import agreement
from imaggen_semantics.linking.base import Link
from imaggen_semantics.mentions import Mention, PropertyWord
from imaggen_semantics.vocabulary import Lexicon

MIN_CONFIDENCE = 0.5
"""A link with less is none."""
MIN_MARGIN = 0.12
"""An object must be this much more likely than the next one."""
CONTRADICTION = 0.25
"""Below this agreement the object contradicts a property word."""

_SAME_LABEL, _KIND_OF_LABEL, _OTHER_LABEL, _UNRELATED_LABEL = 0.95, 0.85, 0.06, 0.15
# Typical shapes have exceptions: a ball may be seen as a polygon.
_TYPICAL_WEIGHT = 0.6
# What is stated ("the box is tall") tells less about which object is meant than what identifies.
_STATED_WEIGHT = 0.5


class LexicalLinker:
    """Links mentions to objects by what the lexicon knows of their words."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Take the lexicon of the utterance's language."""
        self._lexicon = lexicon

    def link(self, mentions: Sequence[Mention], scene: Scene) -> tuple[Link, ...]:
        """Link each mention; a pronoun continues the last object that was linked."""
        links: list[Link] = []
        for mention in mentions:
            if not scene.objects:
                links.append(_unlinked(mention, "No object is seen."))
            elif mention.noun_class == "abstract":
                links.append(
                    _unlinked(mention, f'"{mention.lemma}" names nothing that could be seen.')
                )
            elif mention.noun_class == "unknown" and _in_passing(mention):
                links.append(_unlinked(mention, f'"{mention.lemma}" is not in the lexicon.'))
            elif mention.kind == "pronoun":
                links.append(self._link_pronoun(mention, links, scene))
            elif len(scene.objects) == 1:
                links.append(self._link_to_only(mention, scene))
            else:
                links.append(self._link_to_best(mention, scene))
        return tuple(links)

    def _link_pronoun(self, mention: Mention, links: Sequence[Link], scene: Scene) -> Link:
        for link in reversed(links):
            if link.object_id is not None and not link.mention.negated:
                seen = scene.object(link.object_id)
                reason = f'"{mention.lemma}" continues what was said before.'
                return self._linked(mention, seen, scene, link.confidence, reason)
        if not links and len(scene.objects) == 1 and mention.properties:
            reason = f'"{mention.lemma}" can only mean the one object seen.'
            return self._linked(mention, scene.objects[0], scene, 0.7, reason)
        return _unlinked(mention, f'Nothing was said before that "{mention.lemma}" could mean.')

    def _link_to_only(self, mention: Mention, scene: Scene) -> Link:
        """In a scene of one object the words speak of it unless they say otherwise."""
        seen = scene.objects[0]
        likely = combine((_prior(mention), 1.0), (self._noun_evidence(mention, seen, scene), 1.0))
        # Without a noun of its own ("the flat one") the property words must do.
        identifying = mention.noun_class in ("generic", "none")
        decisive = likely
        if identifying:
            decisive = combine((likely, 1.0), *self._property_evidence(mention, seen, scene))
        if decisive < MIN_CONFIDENCE:
            return _unlinked(mention, f"The one object seen does not fit {_quoted(mention)}.")
        reason = f"{_quoted(mention)} means the one object seen."
        return self._linked(mention, seen, scene, likely, reason)

    def _link_to_best(self, mention: Mention, scene: Scene) -> Link:
        ranked = sorted(
            (
                (
                    combine(
                        (self._noun_evidence(mention, seen, scene), 1.0),
                        *self._property_evidence(mention, seen, scene),
                    ),
                    seen,
                )
                for seen in scene.objects
            ),
            key=lambda pair: -pair[0],
        )
        (best, seen), (second, _) = ranked[0], ranked[1]
        if best < MIN_CONFIDENCE:
            return _unlinked(mention, f"No object seen fits {_quoted(mention)}.")
        if best - second < MIN_MARGIN:
            return _unlinked(mention, f"Several objects seen fit {_quoted(mention)}.")
        reason = f"{_quoted(mention)} fits this object best of {len(ranked)}."
        return Link(mention, seen.id, best, reason, self._contradictions(mention, seen, scene))

    def _linked(
        self, mention: Mention, seen: SceneObject, scene: Scene, likely: float, reason: str
    ) -> Link:
        """A link whose confidence also weighs what is said of the object's properties."""
        said = [
            (evidence, _STATED_WEIGHT)
            for evidence, _ in self._property_evidence(mention, seen, scene)
        ]
        confidence = combine((likely, 1.0), *said)
        return Link(
            mention, seen.id, confidence, reason, self._contradictions(mention, seen, scene)
        )

    def _noun_evidence(self, mention: Mention, seen: SceneObject, scene: Scene) -> float:
        if mention.noun_class not in ("known", "unknown"):
            return 0.5
        typical = self._lexicon.typical(mention.lemma)
        fits = [agreement(self._lexicon.properties[word], seen, scene) for word in typical]
        shape = 0.5 + _TYPICAL_WEIGHT * (sum(fits) / len(fits) - 0.5) if fits else 0.5
        if not seen.label:
            return shape
        named = 0.5 + (self._label_evidence(mention, seen.label) - 0.5) * seen.label_confidence
        return combine((named, 1.0), (shape, 1.0 - seen.label_confidence))

    def _label_evidence(self, mention: Mention, label: str) -> float:
        """What an object's name says about a noun; of a compound name the last word counts."""
        words = label.lower().replace("_", " ").split()
        name = self._lexicon.noun_lemma("-".join(words)) or self._lexicon.noun_lemma(words[-1])
        if mention.lemma in (label.lower(), words[-1]):
            return _SAME_LABEL
        relation = self._lexicon.related(mention.lemma, name) if name else "none"
        if relation == "none":
            both_known = bool(name) and mention.noun_class == "known"
            return _OTHER_LABEL if both_known else _UNRELATED_LABEL
        return _SAME_LABEL if relation == "same" else _KIND_OF_LABEL

    def _property_evidence(
        self, mention: Mention, seen: SceneObject, scene: Scene
    ) -> list[tuple[float, float]]:
        """(evidence, weight) of each property word."""
        return [
            (self._fit(word, seen, scene), _STATED_WEIGHT if word.predicated else 1.0)
            for word in mention.properties
        ]

    def _contradictions(
        self, mention: Mention, seen: SceneObject, scene: Scene
    ) -> tuple[PropertyWord, ...]:
        return tuple(
            word for word in mention.properties if self._fit(word, seen, scene) < CONTRADICTION
        )

    def _fit(self, word: PropertyWord, seen: SceneObject, scene: Scene) -> float:
        fit = agreement(self._lexicon.properties[word.lemma], seen, scene)
        return 1.0 - fit if word.negated else fit


def combine(*evidence: tuple[float, float]) -> float:
    """Probability from independent (probability, weight) pairs: the product of weighted odds."""
    odds = 1.0
    for probability, weight in evidence:
        bounded = min(max(probability, 0.03), 0.97)
        odds *= (bounded / (1.0 - bounded)) ** weight
    return odds / (1.0 + odds)


def _prior(mention: Mention) -> float:
    """How likely words mean the one object seen, before it is known what it looks like."""
    if mention.kind == "place":
        return 0.6
    if mention.landmark:
        return 0.4  # "on the table" may be said of a table outside the picture
    if mention.definite:
        return 0.8
    if mention.presented:
        return 0.65
    return 0.5


def _in_passing(mention: Mention) -> bool:
    """Whether words only touch on a thing: "after a pause", but not "this is a gizmo"."""
    return mention.landmark or not (mention.definite or mention.presented)


def _quoted(mention: Mention) -> str:
    words = [word.lemma for word in mention.properties if not word.predicated]
    if mention.kind != "place" or not words:
        words.append(mention.lemma or "one")
    return f'"{" ".join(words)}"'


def _unlinked(mention: Mention, reason: str) -> Link:
    return Link(mention, None, 0.0, reason)
