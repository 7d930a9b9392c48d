"""Choice: which linked mention becomes which gesture, and which are dropped and why."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from imaggen_perception.scene import Scene
from imaggen_semantics.candidates import Candidate, CandidateFinder
from imaggen_semantics.config import MatcherConfig
from imaggen_semantics.linking.base import Link
from imaggen_semantics.mentions import Reading
from imaggen_semantics.plan import DroppedGesture, GestureSpec
from imaggen_semantics.quoting import quote
from imaggen_semantics.vocabulary import Lexicon
from imaggen_speech.utterance import Utterance

# Gestures whose worths are this close are equally good: chance, by the seed, gives variety.
_TIE = 0.02
# So many of the alternatives that a gesture beat are told.
_TOLD_ALTERNATIVES = 3
_LEAST_TOLD = 0.2


class GestureChooser:
    """Turns the links of one utterance into its gestures."""

    def __init__(
        self,
        scene: Scene,
        utterance: Utterance,
        reading: Reading,
        lexicon: Lexicon,
        config: MatcherConfig,
    ) -> None:
        """Take what the gestures are about and how to choose them."""
        self._finder = CandidateFinder(scene, utterance, reading, lexicon, config)
        self._utterance, self._config = utterance, config
        self._rng = np.random.default_rng(
            [config.seed, zlib.crc32(utterance.text.encode(errors="replace"))]
        )

    def choose(
        self, links: Sequence[Link]
    ) -> tuple[tuple[GestureSpec, ...], tuple[DroppedGesture, ...]]:
        """Gestures in order of their strokes, and what was considered but dropped."""
        dropped: list[DroppedGesture] = []
        chosen: list[Candidate] = []
        options: dict[int, list[GestureSpec]] = {}
        for number, link in enumerate(links):
            candidates = self._finder.find(links, number)
            best = self._best(candidates, link, dropped)
            if best is not None:
                chosen.append(best)
                options[id(best.gesture)] = self._options(best, candidates)
        chosen = self._one_per_phrase(chosen, dropped)
        ranked = sorted(chosen, key=lambda c: (-c.gesture.score, c.gesture.stroke_start_s))
        gestures = self._spaced([options[id(c.gesture)] for c in ranked], dropped)
        kept = {id(gesture) for gesture in gestures}
        return tuple(gestures), tuple(d for d in dropped if id(d.gesture) not in kept)

    def _options(self, best: Candidate, candidates: Sequence[Candidate]) -> list[GestureSpec]:
        """The chosen gesture, and others worth making where that one leaves no time."""
        others = [
            c.gesture
            for c in candidates
            if c is not best and not _same(c, best) and c.gesture.score >= self._config.threshold
        ]
        return [best.gesture, *sorted(others, key=lambda g: -g.score)]

    def _best(
        self, candidates: Sequence[Candidate], link: Link, dropped: list[DroppedGesture]
    ) -> Candidate | None:
        """The candidate worth most, if it is worth enough; the others are dropped."""
        if not candidates:
            return None
        ranked = sorted(candidates, key=lambda c: -c.gesture.score)
        ties = [c for c in ranked if ranked[0].gesture.score - c.gesture.score <= _TIE]
        best = ties[int(self._rng.integers(len(ties)))] if len(ties) > 1 else ranked[0]
        if link.mention.negated:
            reason = "The words say that this object is not meant."
            dropped.append(DroppedGesture(best.gesture, reason))
            return None
        told = 0
        for other in ranked:
            weak = other.gesture.score < _LEAST_TOLD
            if other is best or weak or told >= _TOLD_ALTERNATIVES or _same(other, best):
                continue
            told += 1
            dropped.append(DroppedGesture(other.gesture, _why_not(other.gesture, best.gesture)))
        threshold = self._config.threshold
        if best.gesture.score < threshold:
            reason = (
                f"It is worth {best.gesture.score:.2f}, less than the {threshold:.2f} that"
                f" expressiveness {self._config.expressiveness:g} asks for."
            )
            dropped.append(DroppedGesture(best.gesture, reason))
            return None
        return best

    def _one_per_phrase(
        self, candidates: Sequence[Candidate], dropped: list[DroppedGesture]
    ) -> list[Candidate]:
        """Keep one gesture per phrase: of what is spoken about, else the one worth most."""
        best: dict[int, Candidate] = {}
        for candidate in sorted(candidates, key=_preference):
            phrase = candidate.mention.phrase
            if phrase in best:
                winner = quote(self._utterance, best[phrase].gesture.affiliate)
                reason = f"Its phrase already has the gesture for {winner}."
                dropped.append(DroppedGesture(candidate.gesture, reason))
            else:
                best[phrase] = candidate
        return list(best.values())

    def _spaced(
        self, ranked: Sequence[Sequence[GestureSpec]], dropped: list[DroppedGesture]
    ) -> list[GestureSpec]:
        """Keep gestures that leave time for each other.

        Args:
            ranked: those worth most first, each with what else may be shown of the same mention.
            dropped: is told which are not kept, and why.
        """
        kept: list[GestureSpec] = []
        for options in ranked:
            reasons = [
                next(filter(None, (self._conflict(option, other) for other in kept)), "")
                for option in options
            ]
            fits = next((o for o, reason in zip(options, reasons, strict=True) if not reason), None)
            if fits is not None:
                kept.append(fits)
            if fits is not options[0]:
                dropped.append(DroppedGesture(options[0], reasons[0]))
        return sorted(kept, key=lambda g: g.stroke_start_s)

    def _conflict(self, gesture: GestureSpec, kept: GestureSpec) -> str:
        """Why `gesture` cannot be made beside `kept`; empty when it can."""
        first, second = sorted((gesture, kept), key=lambda g: g.stroke_start_s)
        gap = second.stroke_start_s - first.stroke_end_s
        needed = self._config.gap_before(second)
        winner = quote(self._utterance, kept.affiliate)
        same = (gesture.object_id, gesture.practice, gesture.part) == (
            kept.object_id, kept.practice, kept.part,
        )  # fmt: skip
        if gap < needed:
            return (
                f"Its stroke leaves less than {needed:.2g} s to the more telling gesture for"
                f" {winner}."
            )
        if same and gap < self._config.repeat_after_s:
            return f"The gesture for {winner} already shows the same of this object."
        return ""


def _preference(candidate: Candidate) -> tuple[bool, float, float]:
    """Sort key: subjects before landmarks, then by worth, then by time."""
    gesture = candidate.gesture
    return candidate.mention.landmark, -gesture.score, gesture.stroke_start_s


def _same(first: Candidate, second: Candidate) -> bool:
    return (first.gesture.practice, first.gesture.property, first.gesture.part) == (
        second.gesture.practice, second.gesture.property, second.gesture.part,
    )  # fmt: skip


def _why_not(other: GestureSpec, chosen: GestureSpec) -> str:
    shown = f"{chosen.practice.capitalize()} its {chosen.property} tells"
    scores = f"({chosen.score:.2f} against {other.score:.2f})"
    if chosen.score - other.score <= _TIE:
        return f"{shown} as much {scores}, and chance decided."
    return f"{shown} more {scores}."
