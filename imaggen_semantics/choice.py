"""Choice: which linked mention becomes which gesture, and which are dropped and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from imaggen_perception.scene import Scene, SceneObject
from imaggen_semantics.config import MatcherConfig
from imaggen_semantics.hands import drawing_hands, near_hand
from imaggen_semantics.linking.base import Link
from imaggen_semantics.mentions import Mention
from imaggen_semantics.plan import DroppedGesture, GestureSpec, Hands
from imaggen_semantics.vocabulary import Lexicon, Shows
from imaggen_speech.utterance import Utterance


@dataclass(frozen=True)
class Candidate:
    """A gesture that could be made for a mention."""

    gesture: GestureSpec
    mention: Mention


class GestureChooser:
    """Turns the links of one utterance into its gestures."""

    def __init__(
        self, scene: Scene, utterance: Utterance, lexicon: Lexicon, config: MatcherConfig
    ) -> None:
        """Take what the gestures are about and how to choose them."""
        self._scene = scene
        self._utterance = utterance
        self._lexicon = lexicon
        self._config = config

    def choose(
        self, links: Sequence[Link]
    ) -> tuple[tuple[GestureSpec, ...], tuple[DroppedGesture, ...]]:
        """Gestures in order of their strokes, and what was considered but dropped."""
        dropped: list[DroppedGesture] = []
        candidates: list[Candidate] = []
        for link in links:
            chosen = self._for_link(link, dropped)
            if chosen is not None:
                candidates.append(chosen)
        candidates = self._one_per_phrase(candidates, dropped)
        gestures = self._spaced([candidate.gesture for candidate in candidates], dropped)
        return tuple(gestures), tuple(dropped)

    def _for_link(self, link: Link, dropped: list[DroppedGesture]) -> Candidate | None:
        """The gesture for one link; alternatives go to `dropped`."""
        if link.object_id is None:
            return None
        mention, seen = link.mention, self._scene.object(link.object_id)
        several = len(self._scene.objects) > 1
        drawing, pointing = self._drawing(link, seen), self._pointing(link, seen)
        points = pointing is not None and (
            several or (mention.looked_at and not self._said(mention, "outline"))
        )
        chosen, other = (pointing, drawing) if points else (drawing, pointing)
        if mention.negated:
            rejected = chosen or other
            if rejected is not None:
                reason = "The words say that this object is not meant."
                dropped.append(DroppedGesture(rejected, reason))
            return None
        if other is not None:
            dropped.append(DroppedGesture(other, _why_not(other, chosen, several)))
        return Candidate(chosen, mention) if chosen is not None else None

    def _drawing(self, link: Link, seen: SceneObject) -> GestureSpec | None:
        """Draw the outline with the noun and the property words that it shows."""
        mention = link.mention
        affiliate = self._said(mention, "outline")
        if mention.kind == "noun":
            affiliate = self._near(mention.index, [mention.index, *affiliate])
        if not affiliate:
            return None
        against = " and ".join(
            f'"{"not " * word.negated}{self._utterance.words[word.index].text}"'
            for word in link.contradictions
            if self._lexicon.properties[word.lemma].shows == "outline"
        )
        if against:
            reason = (
                f"{against} contradicts {_name(seen)}, so what is seen is drawn, with less"
                " confidence."
            )
        else:
            speaks = "speak" if len(affiliate) > 1 else "speaks"
            reason = f"{self._quote(affiliate)} {speaks} of {_name(seen)}, so its outline is drawn."
        return self._gesture(link, affiliate, drawing_hands(seen), reason)

    def _pointing(self, link: Link, seen: SceneObject) -> GestureSpec | None:
        """Point when a demonstrative, a place word or the request to look asks for it."""
        mention = link.mention
        pointing = self._said(mention, "position")
        if mention.pointer is not None:
            pointing.append(mention.pointer)
        if not pointing and not mention.looked_at:
            return None
        anchor = min([*pointing, mention.index])
        heads = [mention.index] if mention.kind in ("noun", "demonstrative", "place") else []
        affiliate = self._near(anchor, [*pointing, *heads])
        if not affiliate:
            return None
        if pointing:
            tell = "tells" if len(set(pointing)) == 1 else "tell"
            reason = f"{self._quote(pointing)} {tell} where to find {_name(seen)}"
        else:
            reason = f"The words ask to look at {_name(seen)}"
        return self._gesture(
            link, affiliate, near_hand(seen), f"{reason}, so the hand points at it.", points=True
        )

    def _gesture(
        self,
        link: Link,
        affiliate: Sequence[int],
        hands: Hands,
        reason: str,
        points: bool = False,
    ) -> GestureSpec:
        assert link.object_id is not None
        shortest_s = self._config.pointing_s if points else self._config.drawing_s
        start, end = self._stroke(affiliate, shortest_s)
        return GestureSpec(
            phrase="deictic" if points else "iconic",
            practice="indexing" if points else "drawing",
            hands=hands,
            object_id=link.object_id,
            property="position" if points else "outline",
            affiliate=tuple(affiliate),
            stroke_start_s=start,
            stroke_end_s=end,
            confidence=link.confidence,
            reason=reason,
        )

    def _said(self, mention: Mention, shows: Shows) -> list[int]:
        """Indices of the mention's property words that are about one property of the object."""
        return [
            word.index
            for word in mention.properties
            if not word.negated and self._lexicon.properties[word.lemma].shows == shows
        ]

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

    def _stroke(self, affiliate: Sequence[int], shortest_s: float) -> tuple[float, float]:
        """Stroke window [s]: from a little before the first word to the last word's end."""
        words = self._utterance.words
        onset = words[affiliate[0]].start_s
        return onset - self._config.lead_s, max(onset + shortest_s, words[affiliate[-1]].end_s)

    def _quote(self, indices: Sequence[int]) -> str:
        quoted = [f'"{self._utterance.words[index].text}"' for index in sorted(set(indices))]
        return " and ".join(quoted)

    def _one_per_phrase(
        self, candidates: Sequence[Candidate], dropped: list[DroppedGesture]
    ) -> list[Candidate]:
        """Keep one gesture per phrase: of what is spoken about, else the most confident."""
        best: dict[int, Candidate] = {}
        for candidate in sorted(candidates, key=_preference):
            phrase = candidate.mention.phrase
            if phrase in best:
                winner = self._quote(best[phrase].gesture.affiliate)
                reason = f"Its phrase already has the gesture for {winner}."
                dropped.append(DroppedGesture(candidate.gesture, reason))
            else:
                best[phrase] = candidate
        return list(best.values())

    def _spaced(
        self, gestures: Sequence[GestureSpec], dropped: list[DroppedGesture]
    ) -> list[GestureSpec]:
        """Keep gestures that leave time for each other, the most confident ones first."""
        kept: list[GestureSpec] = []
        for gesture in sorted(gestures, key=lambda g: (-g.confidence, g.stroke_start_s)):
            reason = next(filter(None, (self._conflict(gesture, other) for other in kept)), "")
            if reason:
                dropped.append(DroppedGesture(gesture, reason))
            else:
                kept.append(gesture)
        return sorted(kept, key=lambda g: g.stroke_start_s)

    def _conflict(self, gesture: GestureSpec, kept: GestureSpec) -> str:
        """Why `gesture` cannot be made beside `kept`; empty when it can."""
        gap = max(
            gesture.stroke_start_s - kept.stroke_end_s, kept.stroke_start_s - gesture.stroke_end_s
        )
        winner = self._quote(kept.affiliate)
        same = (gesture.object_id, gesture.practice) == (kept.object_id, kept.practice)
        if gap < self._config.min_gap_s:
            return (
                f"Its stroke leaves less than {self._config.min_gap_s:g} s to the more confident"
                f" gesture for {winner}."
            )
        if same and gap < self._config.repeat_after_s:
            return f"The gesture for {winner} already shows the same of this object."
        return ""


def _preference(candidate: Candidate) -> tuple[bool, float, float]:
    """Sort key: subjects before landmarks, then by confidence, then by time."""
    gesture = candidate.gesture
    return candidate.mention.landmark, -gesture.confidence, gesture.stroke_start_s


def _why_not(other: GestureSpec, chosen: GestureSpec | None, several: bool) -> str:
    if other.practice == "drawing":
        if several:
            return "Several objects are seen and the words pick one out, so pointing tells more."
        return "The words ask to look and say nothing of its shape, so pointing tells more."
    if chosen is None:
        return "Only one object is seen, so there is nothing to tell apart by pointing."
    return "Only one object is seen, so drawing its shape tells more than pointing."


def _name(seen: SceneObject) -> str:
    """How people would call an object of the scene."""
    if seen.label:
        return f"the {seen.label} ({seen.id})"
    family = seen.shape.family
    return f"the {family if family != 'irregular' else 'object'} that is seen ({seen.id})"
