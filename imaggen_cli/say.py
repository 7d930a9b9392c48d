"""`imaggen say`: perform one sentence about one picture, record it, and show what happened."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imaggen_cli.console import Console
from imaggen_cli.errors import CommandError

if TYPE_CHECKING:
    from imaggen_cli.nodes.session import Spoken

RESULTS = ("gesture.mcap", "plan.yaml", "summary.json", "filmstrip.png", "gesture.mp4")
# Feedback phases of the action that get a line of their own.
_STAGES = {
    "perceiving": "see",
    "preparing_speech": "speak",
    "planning": "plan",
    "synthesizing": "synthesize",
    "preparation": "perform",
    "performing": "perform",
}


@dataclass(frozen=True)
class SayRequest:
    """What was asked for on the command line; see `imaggen say --help`."""

    text: str
    image: Path | None
    robot: str
    out: Path
    live: bool
    controller: str
    viewpoint: str
    language: str
    expressiveness: float
    seed: int
    source: str
    voice_rate: float
    pictures: bool


def perform(request: SayRequest, console: Console) -> None:
    """Check the input, perform, and write the results; all of them or none.

    Raises:
        CommandError, PerceptionError, MotionError: one sentence about what is wrong.
    """
    image = _checked_input(request)
    with _results_folder(request.out) as folder:
        spoken, planning_s = _record(request, image, folder, console)
        summary = _describe(request, folder, spoken, planning_s, console)
    console.stage("done")
    for name in summary["files"]:
        console.say(str(request.out / name))
    console.result(summary)


def _checked_input(request: SayRequest) -> Any:
    """The picture; everything that can be refused is refused before anything is started."""
    from imaggen_motion.robot_files import model_of, resolve_robot
    from imaggen_perception import load_image
    from imaggen_semantics.lexicon_loading import load_lexicon
    from imaggen_speech import create_timing_source

    if not any(character.isalnum() for character in request.text):
        raise CommandError("there is no text to say; give a sentence, such as 'The ball is round.'")
    if request.viewpoint not in ("speaker", "viewer"):
        raise CommandError(f"--viewpoint is speaker or viewer, not {request.viewpoint!r}")
    load_lexicon(request.language)
    # Also what the voice cannot say, such as a language it does not know.
    create_timing_source(request.source, rate=request.voice_rate).time_text(
        request.text, request.language
    )
    if request.out.exists() and not request.out.is_dir():
        raise CommandError(f"{request.out} is a file; give a folder for --out")
    if request.out.is_dir() and not os.access(request.out, os.W_OK):
        raise CommandError(f"{request.out} cannot be written to; give another folder for --out")
    image = load_image(request.image) if request.image is not None else None
    if not request.live:
        model_of(resolve_robot(request.robot).urdf_xml)
    return image


def _record(
    request: SayRequest, image: Any, folder: Path, console: Console
) -> tuple[Spoken, float]:
    """Run the nodes, perform the utterance, and write the bag.

    Returns:
        The audio, and the time from the goal to the trajectory being sent [s].
    """
    from imaggen_cli.nodes.domain import PrivateDomain

    domain = PrivateDomain()
    if not request.live:
        domain.claim()
    console.stage("start", "robot on this ROS domain" if request.live else request.robot)
    try:
        # Imported late: rclpy reads the domain from the environment, and bad input needs no ROS.
        from imaggen_cli.nodes.session import Session
        from imaggen_semantics.models import language_models
        from imaggen_speech.function_words import primary_language

        robot = None if request.live else request.robot
        told: set[str] = set()

        def progress(phase: str, detail: str) -> None:
            stage = _STAGES.get(phase)
            if stage and stage not in told:
                told.add(stage)
                console.stage(stage, detail)

        with (
            tempfile.TemporaryDirectory() as logs,
            Session(robot, _parameters(request), Path(logs) / "robot.log") as session,
        ):
            session.record(folder / "gesture.mcap")
            session.wait_until_ready(console.stage)
            for missing in language_models(primary_language(request.language)).missing:
                console.stage("without", missing)
            console.stage("ready", "nodes and robot are up")
            result = session.perform(request.text, image, progress)
            spoken = session.speak(request.text)
            session.finish_recording()
        return spoken, float(result.planning_time)
    finally:
        domain.release()


def _parameters(request: SayRequest) -> list[str]:
    """For all nodes; each takes what it declares."""
    return [
        f"controller:={request.controller}",
        f"viewpoint:={request.viewpoint}",
        f"language:={request.language}",
        f"languages:=[{request.language}]",
        f"expressiveness:={request.expressiveness:.3f}",
        f"seed:={request.seed}",
        f"source:={request.source}",
        f"voice_rate:={request.voice_rate:.3f}",
    ]


def _describe(
    request: SayRequest, folder: Path, spoken: Spoken, planning_s: float, console: Console
) -> dict[str, Any]:
    """Everything that is told of a run is read back from its bag."""
    from imaggen_cli.pictures import write_pictures
    from imaggen_cli.plan_file import plan_document, write_plan
    from imaggen_cli.summary import summarize
    from imaggen_evaluation import read_bag

    bag = read_bag(folder / "gesture.mcap")
    plan, motion = bag.last("/gesture_plan"), bag.last("/gesture_trajectory")
    utterance = bag.last("/utterance")
    console.stage("record", f"{len(bag.messages('/joint_states'))} joint states")
    write_plan(folder / "plan.yaml", plan_document(plan, utterance, motion))
    summary = {**summarize(bag, request), "planning_time_s": round(planning_s, 3)}
    files = ["gesture.mcap", "plan.yaml", "summary.json"]
    summary["pictures"] = "not asked for"
    if request.pictures:
        console.stage("pictures", "filmstrip and video")
        written, missing = write_pictures(bag, spoken, folder)
        files += written
        summary["pictures"] = missing or "written"
        if missing:
            console.stage("pictures", missing)
    summary["files"] = files
    (folder / "summary.json").write_text(
        json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return summary


def _move(partial: Path, out: Path) -> None:
    """Put the results in place; what an earlier run left of the same names goes."""
    out.mkdir(exist_ok=True)
    for name in RESULTS:
        (out / name).unlink(missing_ok=True)
    for path in sorted(partial.iterdir()):
        os.replace(path, out / path.name)


@contextmanager
def _results_folder(out: Path) -> Iterator[Path]:
    """A folder beside `out` that takes its place only when everything in it is complete."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise CommandError(f"cannot write to {out}: {error.strerror}") from error
    try:
        yield partial
        _move(partial, out)
    except OSError as error:
        raise CommandError(f"cannot write to {out}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
