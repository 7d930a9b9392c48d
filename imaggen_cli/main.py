"""The `imaggen` command."""

from __future__ import annotations

import signal
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from imaggen_cli.console import Console
from imaggen_cli.errors import CommandError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Co-speech gestures for humanoid robots: a picture and a sentence move a robot.",
)

bench_app = typer.Typer(no_args_is_help=True, help="Measure a room against gold.")
app.add_typer(bench_app, name="bench")


class Split(str, Enum):
    """Halves of the gold."""

    TUNE = "tune"
    TEST = "test"


Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as JSON on stdout.")]


@app.command()
def say(
    text: Annotated[str, typer.Argument(help="What the robot says, one sentence or a few.")],
    image: Annotated[
        Path | None,
        typer.Option(
            "--image", "-i", help="The picture it sees (PNG, JPEG, ...; alpha is a mask)."
        ),
    ] = None,
    robot: Annotated[
        str, typer.Option(help="Name (see `imaggen robots`) or path of a .urdf or .xacro file.")
    ] = "imaggen_humanoid",
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for what is written.")] = Path(
        "out"
    ),
    live: Annotated[
        bool,
        typer.Option(
            "--live",
            help="Use the robot that runs on this ROS domain instead of a simulated one.",
        ),
    ] = False,
    controller: Annotated[
        str, typer.Option(help="FollowJointTrajectory action of the robot's controller.")
    ] = "joint_trajectory_controller/follow_joint_trajectory",
    viewpoint: Annotated[
        str, typer.Option(help="Draw as the *speaker* sees it, or mirrored for the *viewer*.")
    ] = "speaker",
    language: Annotated[str, typer.Option(help="Of the text, BCP 47: en, en-GB, de, ...")] = "en",
    expressiveness: Annotated[
        float, typer.Option(help="0: beats only .. 1: a gesture wherever one fits.", min=0, max=1)
    ] = 0.6,
    seed: Annotated[int, typer.Option(help="Of choices among equals and of beats.", min=0)] = 0,
    source: Annotated[
        str,
        typer.Option(help="What speaks and times words: espeak, estimate (silent), auto."),
    ] = "auto",
    voice_rate: Annotated[
        float, typer.Option(help="Speed of speech, relative to normal.", min=0.5, max=2.0)
    ] = 1.0,
    pictures: Annotated[
        bool, typer.Option(help="Write filmstrip.png and gesture.mp4 (needs OpenGL).")
    ] = True,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Perform a sentence about a picture on the simulated robot, and record it.

    Writes into the folder: `gesture.mcap` (bag), `plan.yaml` (what was chosen and why),
    `filmstrip.png`, `gesture.mp4` and `summary.json`.

    Example: `imaggen say "The saucer is round." --image examples/coffee.jpg --out out/demo`
    """
    from imaggen_cli.say import SayRequest, perform

    console = Console(quiet, as_json)
    request = SayRequest(
        text, image, robot, out, live, controller, viewpoint, language, expressiveness, seed,
        source, voice_rate, pictures,
    )  # fmt: skip
    _guarded(console, lambda: perform(request, console))


@app.command()
def see(
    image: Annotated[Path, typer.Argument(help="Picture (PNG, JPEG, ...; alpha is a mask).")],
    words: Annotated[
        str, typer.Option(help="What to look for, separated by commas (hub back ends, labels).")
    ] = "",
    segmenter: Annotated[
        str, typer.Option(help="auto, u2netp, classical; from hubs: grounded, owl, sam3.")
    ] = "auto",
    depth_model: Annotated[
        str, typer.Option(help="Guess depth by this hub model (NAME@REVISION or a folder).")
    ] = "",
    label_model: Annotated[
        str, typer.Option(help="Choose labels among the words by this hub model.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Picture file for what was seen.")
    ] = Path("out/seen.png"),
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Say what perception sees in a picture, and draw it there.

    Example: `imaggen see examples/coffee.jpg --out out/seen.png`
    """
    from imaggen_cli.see import SeeRequest
    from imaggen_cli.see import see as look

    console = Console(quiet, as_json)
    wanted = tuple(word.strip() for word in words.split(",") if word.strip())
    request = SeeRequest(image, wanted, segmenter, depth_model, label_model, out)
    _guarded(console, lambda: look(request, console))


@app.command()
def run(
    robot: Annotated[
        str, typer.Option(help="Robot to simulate (name or URDF path); empty: a real one runs.")
    ] = "imaggen_humanoid",
    controller: Annotated[
        str, typer.Option(help="FollowJointTrajectory action of the robot's controller.")
    ] = "joint_trajectory_controller/follow_joint_trajectory",
    image_topic: Annotated[str, typer.Option(help="Camera topic.")] = "image",
    parameters: Annotated[
        Path | None, typer.Option("--params", help="ROS parameter file for all nodes.")
    ] = None,
    namespace: Annotated[str, typer.Option(help="Namespace for all nodes.")] = "",
    language: Annotated[
        str, typer.Option(help="Of what is said, BCP 47; empty: by --params, else English.")
    ] = "",
    listen: Annotated[
        bool, typer.Option("--listen", help="Recognise what is said on the topic audio_in.")
    ] = False,
    tts: Annotated[
        str, typer.Option(help="Action of the robot's own voice (tts_msgs/TTS); empty: none.")
    ] = "",
    live_speech: Annotated[
        str, typer.Option(help="Topic of a voice to hear (hri_msgs/LiveSpeech); empty: none.")
    ] = "",
) -> None:
    """Start the node graph, each node in its own process, until Ctrl-C.

    On a ROS installation use `ros2 launch imaggen imaggen.launch.py` instead.
    """
    from imaggen_cli.graph import NodeGraph

    console = Console()
    graph = NodeGraph(
        robot, controller, image_topic, parameters, namespace, language, listen, tts, live_speech
    )
    _guarded(console, lambda: graph.run(console))


@app.command()
def read(
    text: Annotated[str, typer.Argument(help="What is said, one sentence or a few.")],
    image: Annotated[
        Path | None, typer.Option("--image", "-i", help="The picture it is about.")
    ] = None,
    scene: Annotated[
        Path | None, typer.Option(help="Or known shapes (YAML, as config/scenes/table.yaml).")
    ] = None,
    language: Annotated[str, typer.Option(help="Of the text, BCP 47: en, en-GB, de, ...")] = "en",
    expressiveness: Annotated[
        float, typer.Option(help="0: beats only .. 1: a gesture wherever one fits.", min=0, max=1)
    ] = 0.6,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Say what words mean in a picture, and what would be shown and why; nothing moves.

    Example: `imaggen read "Take the round one, not the box." --image examples/three.jpg`
    """
    from imaggen_cli.read import ReadRequest
    from imaggen_cli.read import read as understand

    console = Console(quiet, as_json)
    request = ReadRequest(text, image, scene, language, expressiveness)
    _guarded(console, lambda: understand(request, console))


@app.command()
def robots(as_json: AsJson = False) -> None:
    """List the robots that `--robot` knows, and whether they can be used here."""
    from imaggen_cli.robots import robot_rows

    console = Console(as_json=as_json)
    rows = robot_rows()
    for row in rows:
        console.say(f"{row['name']:<20} {row['status']}")
    console.say("...or give --robot the path of any humanoid's .urdf or .xacro file.")
    console.result({"robots": rows})


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Say what is installed, what is missing, and the one command that mends it."""
    from imaggen_cli.doctor import ESSENTIAL, examine

    console = Console(as_json=as_json)
    findings = examine()
    for finding in findings:
        mark = "ok     " if finding.found else "MISSING"
        console.say(f"{mark}  {finding.name:<34} {finding.detail}")
        if finding.remedy:
            console.say(f"         mend with: {finding.remedy}")
    console.result({"findings": [vars(finding) for finding in findings]})
    if any(not f.found and f.importance == ESSENTIAL for f in findings):
        raise typer.Exit(1)


@bench_app.command("perception")
def bench_perception(
    segmenter: Annotated[str, typer.Option(help="Segmentation back end.")] = "auto",
    count: Annotated[
        int, typer.Option(help="Compositions a background, drawn shapes a family.", min=4)
    ] = 100,
    seed: Annotated[int, typer.Option(help="Of the compositions and shapes.", min=0)] = 2026,
    sheet: Annotated[Path | None, typer.Option(help="Picture file for the worst cases.")] = Path(
        "out/perception_worst.png"
    ),
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Measure masks, shapes, symmetry, parts and speed against gold.

    Fetches two public picture sets the first time (about 180 MB, with npm and apt-get) and keeps
    them in the user's cache. Takes about five minutes on two cores; use `--count 12` for a look.
    """
    from imaggen_cli.bench import BenchRequest
    from imaggen_cli.bench import bench_perception as measure

    console = Console(quiet, as_json)
    request = BenchRequest(segmenter, count, seed, sheet)
    _guarded(console, lambda: measure(request, console))


@bench_app.command("semantics")
def bench_semantics(
    language: Annotated[str, typer.Option(help="Whose cases: en or de.")] = "en",
    split: Annotated[Split, typer.Option(help="Which half of the cases.")] = Split.TEST,
    riddles: Annotated[
        int, typer.Option(help="Scenes of the forced choice; 0: leave it out.", min=0)
    ] = 600,
    seed: Annotated[int, typer.Option(help="Of these scenes.", min=0)] = 2026,
    wrong: Annotated[
        Path | None,
        typer.Option(help="Write every misunderstood sentence here; meant for `--split tune`."),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Measure links, properties, negation, false gestures, and whether what is shown tells.

    The matcher stands beside the lexicon alone and embeddings alone. Half of the hand-written cases
    is for tuning; figures are those of the other half. Takes about a minute.
    """
    from imaggen_cli.bench import SemanticsRequest
    from imaggen_cli.bench import bench_semantics as measure

    console = Console(quiet, as_json)
    request = SemanticsRequest(language, split.value, riddles, seed, wrong)
    _guarded(console, lambda: measure(request, console))


@bench_app.command("speech")
def bench_speech(
    seed: Annotated[int, typer.Option(help="Of the noise.", min=0)] = 2026,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Measure how exactly every timing source times words, and what recognition understands.

    Synthetic voices whose word starts are known speak 100 sentences. Takes about five minutes.
    """
    from imaggen_cli.bench import bench_speech as measure

    console = Console(quiet, as_json)
    _guarded(console, lambda: measure(seed, console))


def _guarded(console: Console, work: object) -> None:
    """Run a command's work; expected failures become one sentence and exit code 1."""
    from imaggen_evaluation.errors import EvaluationError
    from imaggen_motion.errors import MotionError
    from imaggen_perception.errors import PerceptionError
    from imaggen_semantics.errors import SemanticsError
    from imaggen_speech.errors import SpeechError

    expected = (
        CommandError, PerceptionError, SpeechError, SemanticsError, MotionError, EvaluationError,
    )  # fmt: skip
    assert callable(work)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # end as tidily as by Ctrl-C
    try:
        work()
    except expected as error:
        console.error(str(error))
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        console.error("stopped")
        raise typer.Exit(130) from None


def main() -> None:
    """Entry point of the `imaggen` command."""
    app()


if __name__ == "__main__":
    main()
