"""`imaggen bench`: measure a room against gold and print the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import cv2
from rich.console import Console as Terminal
from rich.table import Table

from imaggen_cli.console import Console
from imaggen_evaluation.scores import Score, Section


@dataclass(frozen=True)
class BenchRequest:
    """What `imaggen bench perception` was asked for."""

    segmenter: str
    count: int
    seed: int
    sheet: Path | None


def bench_perception(request: BenchRequest, console: Console) -> None:
    """Run the perception benchmark; print its tables and write the worst cases as a picture."""
    from imaggen_evaluation.perception.benchmark import run_benchmark, worst_cases

    terminal = Terminal(stderr=True, quiet=console.silent)
    with terminal.status("starting") as status:
        sections = run_benchmark(request.segmenter, request.count, request.seed, status.update)
    if request.sheet is not None:
        request.sheet.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(request.sheet), worst_cases(sections))
    _print(sections, console)
    if request.sheet is not None:
        console.say(f"worst cases: {request.sheet}")


@dataclass(frozen=True)
class SemanticsRequest:
    """What `imaggen bench semantics` was asked for."""

    language: str
    split: Literal["tune", "test"]
    riddles: int
    seed: int
    wrong: Path | None


def bench_semantics(request: SemanticsRequest, console: Console) -> None:
    """Run the semantics benchmark; print its tables and, if wanted, write what went wrong."""
    from imaggen_evaluation.semantics.benchmark import run_benchmark

    terminal = Terminal(stderr=True, quiet=console.silent)
    with terminal.status("starting") as status:
        result = run_benchmark(
            request.language, request.split, request.riddles, request.seed, status.update
        )
    _print(result.sections, console)
    if request.wrong is not None:
        request.wrong.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{name}: {line}" for name, rows in result.wrong.items() for line in rows]
        request.wrong.write_text("\n".join(lines) + "\n", encoding="utf-8")
        console.say(f"what went wrong: {request.wrong}")


def bench_speech(seed: int, console: Console) -> None:
    """Run the speech benchmark and print its tables."""
    from imaggen_evaluation.speech.benchmark import run_benchmark

    terminal = Terminal(stderr=True, quiet=console.silent)
    with terminal.status("starting") as status:
        sections = run_benchmark(status.update, seed)
    _print(sections, console)


def _print(sections: Sequence[Section], console: Console) -> None:
    """Tables for people, or everything at once for programs."""
    for section in sections:
        if not console.silent:
            Terminal().print(_table(section))
    console.result({s.title: [_row(score) for score in s.scores] for s in sections})


def _table(section: Section) -> Table:
    table = Table(title=section.title, title_justify="left", caption="; ".join(section.notes))
    table.add_column("measure")
    for name in ("figure", "cases", "must hold", ""):
        table.add_column(name, justify="right")
    for score in section.scores:
        sign = "at most" if score.at_most else "at least"
        bound = "" if score.bound is None else f"{sign} {score.bound:g}"
        verdict = {None: "", True: "holds", False: "[red]short[/red]"}[score.holds]
        figure = f"{score.value:.0f} ms" if score.unit else f"{score.value:.3f}"
        table.add_row(score.name, figure, str(score.count), bound, verdict)
    return table


def _row(score: Score) -> dict[str, Any]:
    return {
        "measure": score.name,
        "value": score.value,
        "cases": score.count,
        "bound": score.bound,
        "holds": score.holds,
    }
