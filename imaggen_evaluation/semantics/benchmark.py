"""The semantics benchmark: what words mean, what is worth showing, and how long a plan takes."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from imaggen_evaluation.errors import EvaluationError
from imaggen_evaluation.scores import Score, Section
from imaggen_evaluation.semantics.baselines import best_embeddings
from imaggen_evaluation.semantics.cases import CaseSet, Split, load_cases
from imaggen_evaluation.semantics.guessing import play
from imaggen_evaluation.semantics.understanding import (
    MatcherUnderstander,
    Tally,
    Understander,
    measure,
)
from imaggen_semantics import Matcher
from imaggen_semantics.embedding import MiniLM
from imaggen_semantics.errors import ModelUnavailable
from imaggen_semantics.models import LanguageModels
from imaggen_speech import create_timing_source

Progress = Callable[[str], None]

_LEAST_WORDS, _MOST_WORDS = 13, 17  # of sentences about 15 words long
_ROUNDS = 3


@dataclass(frozen=True)
class SemanticsResult:
    """Figures, and every sentence that was misunderstood, by system."""

    sections: Sequence[Section]
    wrong: dict[str, list[str]]


def run_benchmark(
    language: str, split: Split, riddles: int, seed: int, progress: Progress
) -> SemanticsResult:
    """Measure the matcher and its baselines.

    Args:
        language: whose cases are taken.
        split: which half of them.
        riddles: scenes of the forced choice, which are English; 0: none.
        seed: of these.
        progress: told what is being measured.

    Raises:
        EvaluationError: when there are no cases of the language.
        SemanticsError: when there is no lexicon for it.
    """
    cases = load_cases(language)
    if not cases.cases:
        raise EvaluationError(f"there are no gold cases of the language {language!r}; try en or de")
    progress("loading language models")
    models = LanguageModels(language)
    models.load()
    matcher = Matcher(models=models)
    bare = LanguageModels(language, lexicon_only=True)
    systems: dict[str, Understander] = {
        "the matcher": MatcherUnderstander(matcher, models.lexicon),
        "lexicon only": MatcherUnderstander(Matcher(models=bare), bare.lexicon),
    }
    notes = list(models.missing)
    if language == "en":
        try:
            progress("choosing the embeddings' threshold")
            systems["embeddings only"] = best_embeddings(MiniLM(), cases)
        except ModelUnavailable as error:
            notes.append(str(error))
    sections: list[Section] = []
    wrong: dict[str, list[str]] = {}
    for name, system in systems.items():
        tally = measure(system, cases, split, progress)
        first = not sections
        sections.append(
            Section(
                f"{name.capitalize()}, cases of the {split} half",
                _understanding(tally, bounded=first),
                notes=notes if first else [],
            )
        )
        if first:
            sections.append(_kinds(cases, split, tally))
        wrong[name] = tally.wrong
    if riddles and language == "en":
        sections.append(_guessing(matcher, riddles, seed, progress))
    sections.append(_times(matcher, models, cases, progress))
    return SemanticsResult(sections, wrong)


def _understanding(tally: Tally, *, bounded: bool) -> list[Score]:
    """The figures of one system; baselines have no bounds."""

    def score(
        name: str, right: float, of: int, bound: float | None, at_most: bool = False
    ) -> Score:
        value = right / of if of else 0.0
        return Score(name, value, of, bound if bounded else None, "", at_most)

    linked = len(tally.links) + tally.spurious
    quiet = len(tally.quiet)
    return [
        score("links right", sum(tally.links), linked, 0.95),
        score("properties: precision", tally.said_right, tally.said_found, 0.93),
        score("properties: recall", tally.said_right, tally.said_gold, 0.93),
        score("negation and contrast", sum(tally.negated), len(tally.negated), 0.95),
        score("negation and contrast, whole cases", sum(tally.negated_cases),
              len(tally.negated_cases), None),
        score("false gestures", quiet - sum(tally.quiet), quiet, 0.03, True),
        score("relations: precision", tally.related_right, tally.related_found, None),
        score("relations: recall", tally.related_right, tally.related_gold, None),
        score("sentences without any error", sum(tally.whole), len(tally.whole), None),
    ]  # fmt: skip


def _kinds(cases: CaseSet, split: Split, tally: Tally) -> Section:
    """Sentences without any error by kind of case."""
    whole: dict[str, list[bool]] = defaultdict(list)
    chosen = (case for case in cases.cases if case.split == split)
    for case, right in zip(chosen, tally.whole, strict=True):
        whole[case.kind].append(right)
    return Section(
        "The matcher: sentences without any error, by kind",
        [Score(kind, float(np.mean(rows)), len(rows)) for kind, rows in sorted(whole.items())],
    )


def _guessing(matcher: Matcher, riddles: int, seed: int, progress: Progress) -> Section:
    result = play(matcher, riddles, seed, progress)
    solvable = max(1, result.solvable)
    shown = ", ".join(f"{name} {count}" for name, count in sorted(result.shown.items()))
    return Section(
        "Forced choice: does what is shown tell the referent from what else the words fit?",
        [
            Score("what is shown separates", result.solved / solvable, result.solvable, 0.9),
            Score("a property at random would", result.by_chance / solvable, result.solvable),
        ],
        notes=[f"{result.riddles} riddles, seed {seed}; shown: {shown}"],
    )


def _times(matcher: Matcher, models: LanguageModels, cases: CaseSet, progress: Progress) -> Section:
    """How long plans take once everything is loaded, of sentences that were never seen."""
    progress("plan times")
    voice = create_timing_source("estimate")
    timed = [
        (voice.time_text(case.text, case.language).utterance, cases.scenes[case.scene_name])
        for case in cases.cases
    ]
    chosen = [row for row in timed if _LEAST_WORDS <= len(row[0].words) <= _MOST_WORDS]
    seconds = []
    for _ in range(_ROUNDS):
        if models.knowledge.talk is not None:
            models.knowledge.talk.odds.cache_clear()
        for utterance, scene in chosen:
            begin = time.perf_counter()
            matcher.plan(scene, utterance)
            seconds.append(time.perf_counter() - begin)
    median, late = np.percentile(seconds, [50, 95]) * 1e3
    return Section(
        f"Time from scene and utterance to plan, {_LEAST_WORDS} to {_MOST_WORDS} words",
        [
            Score("median", float(median), len(seconds), 15.0, "ms", True),
            Score("95th percentile", float(late), len(seconds), None, "ms", True),
        ],
    )
