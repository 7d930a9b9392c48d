"""How well words are understood: links, properties, negation and false gestures against gold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from imaggen_evaluation.semantics.cases import VALUES, Case, CaseSet, Statement
from imaggen_perception.scene import Scene
from imaggen_semantics import GesturePlan, Matcher
from imaggen_semantics.linking import Link
from imaggen_semantics.mentions import Reading
from imaggen_semantics.vocabulary import Lexicon
from imaggen_speech import create_timing_source
from imaggen_speech.utterance import Utterance

NEGATED_KINDS = ("negation", "contrast")
QUIET_KINDS = ("abstract", "unrelated")


@dataclass(frozen=True)
class Understanding:
    """What a system makes of one sentence.

    Attributes:
        links: word index to what it means (object ids or `id.part`; empty: nothing), and whether
            it is said not to be meant.
        says: properties that are said of things of the scene.
        relations: (subject, relation, objects...) that are stated.
        gestures: whether a gesture about the scene would be made.
    """

    links: dict[int, tuple[frozenset[str], bool]]
    says: frozenset[Statement]
    relations: frozenset[tuple[str, ...]]
    gestures: bool


class Understander(Protocol):
    """A system under test."""

    def understand(self, scene: Scene, utterance: Utterance) -> Understanding:
        """What the words of `utterance` mean in `scene`."""


class MatcherUnderstander:
    """The project's matcher, with the models it was made with."""

    def __init__(self, matcher: Matcher, lexicon: Lexicon) -> None:
        """Take the matcher and its lexicon."""
        self._matcher, self._lexicon = matcher, lexicon

    def understand(self, scene: Scene, utterance: Utterance) -> Understanding:
        """See `Understander`."""
        reading, links = self._matcher.link(scene, utterance)
        plan = self._matcher.plan(scene, utterance)
        found = {
            link.mention.index: (frozenset(_targets(link)), link.mention.negated) for link in links
        }
        for link in links:
            pointer = link.mention.pointer
            if pointer is not None and pointer < link.mention.start:
                found[pointer] = found[link.mention.index]  # "this is a ball"
        return Understanding(
            found,
            frozenset(self._statements(links)),
            frozenset(_relations(reading, links)),
            _shows_scene(plan),
        )

    def _statements(self, links: Iterable[Link]) -> Iterable[Statement]:
        for link in links:
            targets = _targets(link)
            for target in targets:
                for word in link.mention.properties:
                    value = self._lexicon.properties[word.lemma].value
                    if value not in VALUES:
                        continue  # the gold has no word for it
                    yield Statement(target, value, word.negated)
                count = link.mention.number
                if count is not None and (not link.part or count == len(targets)):
                    yield Statement(target, f"number:{link.mention.number}")


def _targets(link: Link) -> list[str]:
    if link.part:
        return [f"{object_id}.{link.part}" for object_id in link.object_ids]
    return list(link.object_ids)


def _relations(reading: Reading, links: Sequence[Link]) -> Iterable[tuple[str, ...]]:
    for relation in reading.relations:
        subjects = _targets(links[relation.subject])
        objects = [_targets(links[number]) for number in relation.objects]
        if relation.negated or not subjects or not all(objects):
            continue
        flat = [target for group in objects for target in group]
        for subject in subjects:
            if relation.name in ("between", "in_row_with"):
                yield (subject, relation.name, *flat)
            else:
                for target in flat:
                    yield (subject, relation.name, target)


def _shows_scene(plan: GesturePlan) -> bool:
    return bool(plan.gestures)


@dataclass
class Tally:
    """Counts of one split."""

    links: list[bool] = field(default_factory=list)
    spurious: int = 0
    negated: list[bool] = field(default_factory=list)
    negated_cases: list[bool] = field(default_factory=list)
    said_right: int = 0
    said_found: int = 0
    said_gold: int = 0
    related_right: int = 0
    related_found: int = 0
    related_gold: int = 0
    quiet: list[bool] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, case: Case, found: Understanding) -> None:
        """Compare one case."""
        errors: list[str] = []
        polarity: list[bool] = []
        gold_words = {link.word for link in case.links}
        for link in case.links:
            targets, negated = found.links.get(link.word, (frozenset(), link.negated))
            right = targets == link.targets
            self.links.append(right)
            agrees = right and (negated == link.negated or not link.targets)
            polarity.append(agrees)
            if not agrees:
                errors.append(
                    f"{link.word}: {_shown(targets, negated)}"
                    f" should be {_shown(link.targets, link.negated)}"
                )
        extra = {w: t for w, (t, _) in found.links.items() if w not in gold_words and t}
        self.spurious += len(extra)
        errors += [
            f"{word}: {_shown(targets)} should be no link" for word, targets in extra.items()
        ]
        hit = found.says & case.says
        self.said_right += len(hit)
        self.said_found += len(found.says)
        self.said_gold += len(case.says)
        errors += [f"missed {_statement(s)}" for s in sorted(case.says - hit, key=_statement)]
        errors += [f"invented {_statement(s)}" for s in sorted(found.says - hit, key=_statement)]
        related = found.relations & case.relations
        self.related_right += len(related)
        self.related_found += len(found.relations)
        self.related_gold += len(case.relations)
        if case.kind in NEGATED_KINDS:
            stated = [s in found.says for s in case.says]
            flipped = [Statement(s.of, s.value, not s.denied) in found.says for s in case.says]
            said = [ok and not flip for ok, flip in zip(stated, flipped, strict=True)]
            self.negated += polarity + said
            self.negated_cases.append(all(polarity + said))
        if case.kind in QUIET_KINDS or not case.gestures:
            self.quiet.append(not found.gestures)
            if found.gestures:
                errors.append("a gesture where there should be none")
        self.whole.append(not errors)
        if errors:
            self.wrong.append(
                f"[{case.kind}] {case.text} ({case.scene_name}): " + "; ".join(errors)
            )

    @property
    def link_accuracy(self) -> float:
        """Right links among the gold ones and the invented ones."""
        return sum(self.links) / max(1, len(self.links) + self.spurious)


def _shown(targets: Iterable[str], negated: bool = False) -> str:
    return ("not " if negated else "") + (" + ".join(sorted(targets)) or "none")


def _statement(statement: Statement) -> str:
    return f"{statement.of} is {'not ' if statement.denied else ''}{statement.value}"


def measure(
    understander: Understander, cases: CaseSet, split: str,
    progress: Callable[[str], None] = lambda _: None,
) -> Tally:  # fmt: skip
    """Compare a system with one half of the gold."""
    voice = create_timing_source("estimate")
    tally = Tally()
    chosen = [case for case in cases.cases if case.split == split]
    for index, case in enumerate(chosen):
        progress(f"sentences {index + 1} / {len(chosen)}")
        utterance = voice.time_text(case.text, case.language).utterance
        tally.add(case, understander.understand(cases.scenes[case.scene_name], utterance))
    return tally
