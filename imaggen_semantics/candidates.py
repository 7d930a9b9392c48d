"""Candidates: what could be shown of a linked mention, and what each gesture would be worth.

A gesture is worth most when it carries what speech leaves out: a property that sets the object
apart from those that the words fit as well. Next comes pointing that the words ask for, then
emphasis of a property that is said, and last a picture of what is merely named. The worths are
0..1 and only their order and their distance from the threshold of the configuration matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from imaggen_perception.scene import Scene, SceneObject
from imaggen_semantics.config import MatcherConfig
from imaggen_semantics.hands import drawing_hands, near_hand, sizing_hands
from imaggen_semantics.lexicon_file import Shows
from imaggen_semantics.linking.base import Link
from imaggen_semantics.mentions import Mention, PropertyWord, Reading, StatedRelation
from imaggen_semantics.plan import GestureSpec, Hands, Phrase, Practice
from imaggen_semantics.quoting import printable, quote
from imaggen_semantics.showing import set_apart, telling_part
from imaggen_semantics.vocabulary import Lexicon
from imaggen_speech.utterance import Utterance

# Worths before the link's confidence is weighed in.
_POINTED_AT, _LOOKED_AT, _PLACED = 0.85, 0.8, 0.7
_ONLY_LOOKED_AT, _ONLY_POINTED_AT = 0.5, 0.3
_EMPHASIS, _ACCENT = 0.5, 0.1
_NAMED, _UNEXPECTED = 0.45, 0.1
_RELATION, _OPEN_RELATION, _COUNT, _PART, _GRASP = 0.57, 0.65, 0.6, 0.5, 0.5
_AGAINST_WORDS = 0.05
# Words that fit nothing else leave little to tell apart.
_UNAMBIGUOUS_SHARE = 0.45
_LEAST_RIVAL = 0.05
# Pointing tells less of a thing than its looks do, as long as these set it apart as well.
_POSITION_SHARE = 0.9
# How much of the outline a noun with known looks tells already.
_NOUN_TELLS = 0.35
_MOST_COUNTED = 5
_TALL = 1.3

# Relations that leave the side open, which a gesture can tell.
_OPEN = frozenset(["beside", "between", "in_row_with", "around"])
_SPATIAL = _OPEN | frozenset(
    ["left_of", "right_of", "above", "below", "on", "under", "in_front_of", "behind", "inside"]
)
_SHAPED = frozenset(["ellipse", "trapezoid", "irregular", "U", "elongated"])

_ICONIC: Mapping[str, tuple[Practice, tuple[Practice, ...]]] = {
    "outline": ("drawing", ()),
    "extent": ("sizing", ("shaping", "drawing")),
    "size": ("sizing", ("drawing",)),
    "orientation": ("posturing", ("drawing",)),
    "part": ("drawing", ()),
}
"""Practice and fallbacks of each property that hands can depict."""


@dataclass(frozen=True)
class Candidate:
    """A gesture that could be made for a mention; its score is its worth."""

    gesture: GestureSpec
    mention: Mention


class CandidateFinder:
    """Finds the candidates of one utterance's links."""

    def __init__(
        self,
        scene: Scene,
        utterance: Utterance,
        reading: Reading,
        lexicon: Lexicon,
        config: MatcherConfig,
    ) -> None:
        """Take what the gestures are about."""
        self._scene, self._utterance, self._reading = scene, utterance, reading
        self._lexicon, self._config = lexicon, config

    def find(self, links: Sequence[Link], number: int) -> list[Candidate]:
        """All candidates of the link of mention `number`, in no order."""
        link = links[number]
        if link.object_id is None:
            return []
        seen = self._scene.object(link.object_id)
        found = [
            *self._pointing(link, seen),
            *self._emphasis(link, seen),
            *self._complement(link, seen),
            *self._picture(link, seen),
            *self._counting(link),
            *self._placing(links, number),
            *self._grasping(link, seen),
        ]
        return [Candidate(gesture, link.mention) for gesture in found]

    # -- kinds of gestures ------------------------------------------------------------------

    def _pointing(self, link: Link, seen: SceneObject) -> Iterator[GestureSpec]:
        """Point when a demonstrative, a place word or the request to look asks for it."""
        mention = link.mention
        sides = self._said(mention, "position")
        pointers = [*sides, *([mention.pointer] if mention.pointer is not None else [])]
        if not (pointers or mention.looked_at) or not _in_view(seen):
            return
        several = len(self._scene.objects) > 1
        if mention.pointer is not None or sides:
            worth = _POINTED_AT if mention.pointer is not None else _PLACED
            worth = worth if several else _ONLY_POINTED_AT
            tell = "tells" if len(set(pointers)) == 1 else "tell"
            reason = f"{self._quote(pointers)} {tell} where to find {name_of(seen)}"
        if mention.looked_at:
            looked = _LOOKED_AT if several else _ONLY_LOOKED_AT
            if not pointers or looked > worth:
                worth, reason = looked, f"The words ask to look at {name_of(seen)}"
        anchor = min([*pointers, mention.index])
        heads = [mention.index] if mention.kind in ("noun", "demonstrative", "place") else []
        affiliate = self._near(anchor, [*pointers, *heads])
        if affiliate:
            yield self._gesture(
                link, "deictic", "indexing", "position", affiliate, near_hand(seen), worth,
                f"{reason}, so the hand points at it.",
            )  # fmt: skip

    def _emphasis(self, link: Link, seen: SceneObject) -> Iterator[GestureSpec]:
        """Show what is said, where the object agrees; what is said of a part is not said of it."""
        mention = link.mention
        if link.part:
            return
        for shows in ("outline", "extent", "size", "orientation"):
            said = self._said(mention, shows)
            if not said:
                continue
            against = [
                word for word in link.contradictions
                if self._lexicon.properties[word.lemma].shows == shows
            ]  # fmt: skip
            if against and shows != "outline":
                continue
            words = [mention.index, *said] if mention.kind == "noun" else said
            affiliate = self._near(said[0] if not mention.lemma else mention.index, words)
            affiliate = affiliate or said
            accent = max(self._utterance.words[index].prominence for index in said)
            worth = _EMPHASIS + _ACCENT * accent - (0.1 if against else 0.0)
            value = self._value(mention, said[0])
            yield self._iconic(
                link, seen, shows, affiliate, worth, self._said_reason(link, seen, shows, against),
                value=value,
            )  # fmt: skip

    def _complement(self, link: Link, seen: SceneObject) -> Iterator[GestureSpec]:
        """Show what the words leave out and what sets the object apart."""
        mention = link.mention
        if mention.kind == "pronoun" or mention.landmark or link.part:
            return
        rivals = self._rivals(link)
        ambiguity = _ambiguity(link)
        share = _UNAMBIGUOUS_SHARE + (1.0 - _UNAMBIGUOUS_SHARE) * ambiguity
        alike = 1 + sum(fit > 0.5 for _, fit in link.rivals)
        against = {self._lexicon.properties[word.lemma].shows for word in link.contradictions}
        affiliate = self._near(mention.index, self._named(mention))
        for shows, apart in set_apart(seen, rivals, self._scene).items():
            if shows in against:
                continue  # hands that show the opposite of the words mislead
            told = self._told(mention, shows) * (1.0 - ambiguity)
            worth = share * apart * (1.0 - told)
            reason = (
                f"{self._quote(affiliate)} fits {alike} objects"
                if alike > 1
                else f"{self._quote(affiliate)} leaves its {shows} open"
            ) + f"; its {shows} sets {name_of(seen)} apart ({apart:.2f})"
            if shows == "position":
                if _in_view(seen) and mention.definite:
                    yield self._gesture(
                        link, "deictic", "indexing", shows, affiliate, near_hand(seen),
                        worth * _POSITION_SHARE, f"{reason}, so the hand points at it.",
                    )  # fmt: skip
                continue
            part = telling_part(seen, [other for other, _ in rivals]) if shows == "part" else ""
            if worth > 0.0 and (shows != "part" or part):
                value = _extent_of(seen) if shows == "extent" else part
                yield self._iconic(
                    link, seen, shows, affiliate, worth, f"{reason}, so it is shown.",
                    value=value, part=part,
                )  # fmt: skip

    def _picture(self, link: Link, seen: SceneObject) -> Iterator[GestureSpec]:
        """Draw what is named, the part if a part is."""
        mention = link.mention
        if mention.kind != "noun":
            return
        affiliate = self._near(mention.index, self._named(mention))
        if link.part:
            said = self._said(mention, "outline")
            affiliate = self._near(mention.index, [*affiliate, *said])
            reason = (
                f"{self._quote(affiliate)} speaks of a part of {name_of(seen)}, so it is drawn."
            )
            yield self._iconic(link, seen, "part", affiliate, _PART, reason, value=link.part,
                               part=link.part)  # fmt: skip
            return
        looks = self._lexicon.looks.get(mention.lemma)
        expected = looks is not None and seen.shape.family in looks.shapes[:1]
        worth = _NAMED + (0.0 if expected else _UNEXPECTED)
        if link.rivals:
            # A picture that fits the others as well leads a listener astray.
            apart = set_apart(seen, self._rivals(link), self._scene)["outline"]
            worth *= 1.0 - _ambiguity(link) * (1.0 - apart)
        reason = f"{self._quote(affiliate)} names {name_of(seen)}, so its outline is drawn."
        if any(self._lexicon.properties[w.lemma].shows == "outline" for w in link.contradictions):
            worth -= _AGAINST_WORDS
            reason = self._said_reason(link, seen, "outline", link.contradictions)
        yield self._iconic(link, seen, "outline", affiliate, worth, reason)

    def _counting(self, link: Link) -> Iterator[GestureSpec]:
        """Show a number of things with the fingers."""
        mention = link.mention
        number = mention.number or 1
        if not 2 <= number <= _MOST_COUNTED or len(link.object_ids) < 2:
            return
        words = self._lexicon.numbers
        span = range(mention.start, mention.index + 1)
        said = [i for i in span if words.get(self._reading.words[i].text) == number]
        if said:
            reason = f"{self._quote(said)} counts {len(link.object_ids)} of the objects seen."
            yield self._gesture(
                link, "iconic", "counting", "number", said, "either", _COUNT, reason,
                value=str(number), related=link.object_ids[1:],
            )  # fmt: skip

    def _placing(self, links: Sequence[Link], number: int) -> Iterator[GestureSpec]:
        """Set one thing down where it is, beside another."""
        for relation in self._reading.relations:
            others = [links[n].object_id for n in relation.objects]
            related = tuple(other for other in others if other is not None)
            if relation.subject != number or relation.negated or len(related) < len(others):
                continue
            if relation.name not in _SPATIAL or links[number].object_id in related:
                continue
            worth = _OPEN_RELATION if relation.name in _OPEN else _RELATION
            words = self._relation_words(relation)
            seen = self._scene.object(links[number].object_id or "")
            tell = "tell" if len(words) > 1 else "tells"
            reason = f"{self._quote(words)} {tell} how {name_of(seen)} lies, so it is placed there."
            yield self._gesture(
                links[number], "iconic", "placing", "relation", words, near_hand(seen), worth,
                reason, value=relation.name, related=related, fallback=("indexing", "drawing"),
            )  # fmt: skip

    def _grasping(self, link: Link, seen: SceneObject) -> Iterator[GestureSpec]:
        """Show the grip that the words speak of: "hold it by its handle"."""
        mention = link.mention
        verbs = [
            word.index
            for word in self._reading.words[: mention.start]
            if word.phrase == mention.phrase
            and word.text in self._lexicon.grammar.get("grasping", ())
        ]
        if not verbs or mention.landmark and not link.part:
            return
        words = sorted({verbs[-1], mention.index})
        reason = f"{self._quote(words)} speak of gripping {name_of(seen)}."
        yield self._gesture(
            link, "iconic", "grasping", "part" if link.part else "size", words, near_hand(seen),
            _GRASP, reason, value=link.part, part=link.part, fallback=("drawing",),
        )  # fmt: skip

    def _rivals(self, link: Link) -> list[tuple[SceneObject, float]]:
        return [(self._scene.object(o), max(_LEAST_RIVAL, fit)) for o, fit in link.rivals]

    # -- what is said -----------------------------------------------------------------------

    def _said(self, mention: Mention, shows: Shows | str) -> list[int]:
        """Indices of the mention's affirmed words about one property of the object."""
        return [
            word.index
            for word in mention.properties
            if not word.negated and self._lexicon.properties[word.lemma].shows == shows
        ]

    def _told(self, mention: Mention, shows: str) -> float:
        """How much of a property the words tell already, 0..1."""
        if self._said(mention, shows):
            return 1.0
        if shows in ("outline", "extent") and mention.noun_class == "known" and mention.lemma:
            known = mention.lemma in self._lexicon.looks or self._lexicon.typical(mention.lemma)
            return _NOUN_TELLS if known else 0.0
        return 0.0

    def _value(self, mention: Mention, index: int) -> str:
        word = next(w for w in mention.properties if w.index == index)
        test = self._lexicon.properties[word.lemma]
        return test.direction or test.value

    def _named(self, mention: Mention) -> list[int]:
        """The noun phrase's own words that name the thing."""
        return [mention.index]

    def _said_reason(
        self, link: Link, seen: SceneObject, shows: str, against: Sequence[PropertyWord]
    ) -> str:
        if against:
            quoted = " and ".join(
                f'"{"not " * word.negated}{printable(self._utterance.words[word.index].text)}"'
                for word in against
            )
            return (
                f"{quoted} contradicts {name_of(seen)}, so what is seen is drawn, with less"
                " confidence."
            )
        said = self._said(link.mention, shows)
        speaks = "speak" if len(said) > 1 else "speaks"
        return f"{self._quote(said)} {speaks} of the {shows} of {name_of(seen)}, so it is shown."

    def _relation_words(self, relation: StatedRelation) -> list[int]:
        first = self._reading.words[relation.index]
        return list(range(relation.index, max(first.relation_end, relation.index + 1)))

    # -- making gestures --------------------------------------------------------------------

    def _iconic(
        self, link: Link, seen: SceneObject, shows: str, affiliate: Sequence[int], worth: float,
        reason: str, value: str = "", part: str = "",
    ) -> GestureSpec:  # fmt: skip
        practice, fallback = _ICONIC[shows]
        hands = drawing_hands(seen)
        if shows in ("extent", "size"):
            hands = sizing_hands(seen, value)
        elif shows == "orientation" or part:
            hands = near_hand(seen)
        elif hands == "both" and seen.shape.family in _SHAPED and seen.form.tallness >= _TALL:
            practice, fallback = "shaping", ("drawing",)
        return self._gesture(
            link, "iconic", practice, shows, affiliate, hands, worth, reason,
            value=value, part=part, fallback=fallback,
        )  # fmt: skip

    def _gesture(
        self, link: Link, phrase: Phrase, practice: Practice, shows: str, affiliate: Sequence[int],
        hands: Hands, worth: float, reason: str, *, value: str = "", part: str = "",
        related: tuple[str, ...] = (), fallback: tuple[Practice, ...] = (),
    ) -> GestureSpec:  # fmt: skip
        assert link.object_id is not None
        shortest_s = self._config.drawing_s if phrase == "iconic" else self._config.pointing_s
        words = self._utterance.words
        onset = words[affiliate[0]].start_s
        return GestureSpec(
            phrase=phrase,
            practice=practice,
            hands=hands,
            object_id=link.object_id,
            property=shows,
            affiliate=tuple(affiliate),
            stroke_start_s=onset - self._config.lead_s,
            stroke_end_s=max(onset + shortest_s, words[affiliate[-1]].end_s),
            confidence=link.confidence,
            reason=reason,
            value=value,
            part=part,
            related=related,
            fallback=fallback,
            score=worth * (0.5 + 0.5 * link.confidence),
        )

    def _near(self, anchor: int, indices: Sequence[int]) -> list[int]:
        """Ascending indices of the words that begin within the affiliate's span of the anchor."""
        words, span = self._utterance.words, self._config.affiliate_span_s
        return sorted(
            {
                index
                for index in indices
                if abs(words[index].start_s - words[anchor].start_s) <= span
            }
        )

    def _quote(self, indices: Sequence[int]) -> str:
        return quote(self._utterance, indices)


def _ambiguity(link: Link) -> float:
    """How well the words fit the likeliest object that is not meant, 0..1."""
    return max((fit for _, fit in link.rivals), default=0.0)


def name_of(seen: SceneObject) -> str:
    """How people would call an object of the scene."""
    if seen.label:
        return f"the {printable(seen.label)} ({seen.id})"
    name = {"irregular": "object", "elongated": "elongated object"}.get(
        seen.shape.family, seen.shape.family
    )
    return f"the {name} that is seen ({seen.id})"


def _in_view(seen: SceneObject) -> bool:
    return seen.age_s <= 0.0


def _extent_of(seen: SceneObject) -> str:
    width, height = seen.outline.extent
    return "height" if height >= width else "width"
