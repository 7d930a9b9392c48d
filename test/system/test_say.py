"""The main job as a user runs it: `imaggen say` in a process of its own, judged by its bag."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

from imaggen_evaluation import executed_path, read_bag
from imaggen_evaluation.executed import seconds
from imaggen_motion.robot_files import model_of

pytestmark = [pytest.mark.system, pytest.mark.ros, pytest.mark.timeout(180)]

TOPICS = (
    "/robot_description",
    "/image",
    "/scene",
    "/utterance",
    "/gesture_plan",
    "/joint_trajectory",
    "/joint_states",
    "/tf",
    "/tf_static",
    "/markers",
)
TIPS = {"left": "left_index_tip", "right": "right_index_tip"}


def say(text: str, image: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "imaggen_cli.main", "say", text, "--image", str(image)]
    return subprocess.run(
        [*command, "--out", str(out), *options], capture_output=True, text=True, check=False
    )


def on_plain_ground(path: Path, draw) -> Path:
    """A picture of one thing on light ground with a little noise."""
    rng = np.random.default_rng(0)
    image = np.full((480, 640, 3), (225, 228, 230), np.uint8)
    draw(image)
    noise = rng.normal(0, 3, image.shape)
    cv2.imwrite(str(path), np.clip(image + noise, 0, 255).astype(np.uint8))
    return path


@pytest.fixture(scope="module")
def ball(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("ball")
    image = on_plain_ground(
        folder / "ball.png", lambda i: cv2.circle(i, (330, 240), 130, (40, 60, 200), -1)
    )
    return folder / "out", say("The ball is round.", image, folder / "out", "--json")


@pytest.fixture(scope="module")
def box(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("box")
    image = on_plain_ground(
        folder / "box.png",
        lambda i: cv2.rectangle(i, (270, 60), (370, 420), (60, 110, 60), -1),
    )
    return folder / "out", say("The box is tall.", image, folder / "out", "--no-pictures")


def strokes(bag):
    """Executed fingertip path (n, 3) of every stroke, and the words' times."""
    motion, utterance = bag.last("/gesture_trajectory"), bag.last("/utterance")
    start = seconds(utterance.start)
    paths = [
        executed_path(bag, TIPS[p.hands], start + p.start, start + p.end)
        for p in motion.phases
        if p.phase == "stroke"
    ]
    return paths, utterance, start


def test_everything_is_written(ball):
    out, run = ball
    assert run.returncode == 0, run.stderr
    names = {path.name for path in out.iterdir()}
    assert {"gesture.mcap", "plan.yaml", "summary.json"} <= names
    summary = json.loads(run.stdout)
    if summary["pictures"] == "written":
        assert {"filmstrip.png", "gesture.mp4"} <= names
    assert not [path for path in out.parent.iterdir() if path.name.startswith(".out")]


def test_the_plan_is_for_people(ball):
    plan = yaml.safe_load((ball[0] / "plan.yaml").read_text())
    (thing,) = plan["objects"]
    (gesture,) = plan["gestures"]
    assert (thing["shape"], thing["color"]) == ("circle", "red")
    assert (gesture["practice"], gesture["object"]) == ("drawing", thing["id"])
    assert gesture["shows"] == "outline round" and '"round"' in gesture["reason"]
    others = [entry["worth"] for entry in plan["not_performed"]]
    assert all(gesture["worth"] >= worth for worth in others)


def test_the_bag_holds_every_topic(ball):
    bag = read_bag(ball[0] / "gesture.mcap")
    assert set(TOPICS) <= set(bag.topics)
    states = [seconds(message.value.header.stamp) for message in bag.messages("/joint_states")]
    assert (len(states) - 1) / (states[-1] - states[0]) >= 100.0


def test_a_ball_is_drawn_as_a_closed_round_path(ball):
    bag = read_bag(ball[0] / "gesture.mcap")
    paths, utterance, start = strokes(bag)
    points = np.vstack([path.points for path in paths])
    width, height = np.ptp(points[:, 1]), np.ptp(points[:, 2])
    assert width > 0.15 and width / height == pytest.approx(1.0, abs=0.08)
    middle = (points.max(axis=0) + points.min(axis=0)) / 2
    radius = np.linalg.norm((points - middle)[:, 1:], axis=1)
    assert radius.std() / radius.mean() < 0.04
    # Closed: seen from the middle, no gap in the directions is wider than ten degrees.
    angles = np.sort(np.arctan2(points[:, 2] - middle[2], points[:, 1] - middle[1]))
    gaps = np.diff(np.append(angles, angles[0] + 2 * np.pi))
    assert np.degrees(gaps.max()) < 10.0
    # While it is spoken of: the drawing is under way at both words.
    moving = (min(p.time[0] for p in paths) - start, max(p.time[-1] for p in paths) - start)
    for word in utterance.words:
        if word.word.lower() in ("ball", "round"):
            assert moving[0] < word.start and moving[1] > word.end


def test_a_tall_box_is_drawn_tall_and_narrow(box):
    out, run = box
    assert run.returncode == 0, run.stderr
    paths, _, _ = strokes(read_bag(out / "gesture.mcap"))
    points = np.vstack([path.points for path in paths])
    assert np.ptp(points[:, 1]) / np.ptp(points[:, 2]) == pytest.approx(100 / 360, rel=0.12)


def test_the_commanded_stroke_leads_its_word_by_at_most_200_ms(ball, box):
    # On what was sent: what a busy machine's simulated robot makes of it is in summary.json.
    for out, _ in (ball, box):
        bag = read_bag(out / "gesture.mcap")
        plan, motion = bag.last("/gesture_plan"), bag.last("/gesture_trajectory")
        sent, utterance = bag.last("/joint_trajectory"), bag.last("/utterance")
        robot = model_of(bag.last("/robot_description").data)
        begin = seconds(sent.header.stamp) - seconds(utterance.start)
        time = begin + np.array([seconds(point.time_from_start) for point in sent.points])
        names = list(sent.joint_names)
        for stroke in (p for p in motion.phases if p.phase == "stroke"):
            arm = robot.arm(stroke.hands, "index")
            columns = [names.index(name) for name in arm.joint_names]
            inside = (time > stroke.start - 0.04) & (time < stroke.end)
            q = np.array([list(point.positions) for point in sent.points])[inside][:, columns]
            tip = np.array([arm.tip_pose(posture)[0] for posture in q])
            speed = np.linalg.norm(np.gradient(tip, time[inside], axis=0), axis=1)
            onset = time[inside][np.argmax(speed > 0.05 * speed.max())]
            word = utterance.words[plan.gestures[stroke.gesture].affiliate[0]]
            assert 0.0 <= word.start - onset <= 0.2


def test_the_executed_path_is_the_planned_one(ball, box):
    for out, _ in (ball, box):
        summary = json.loads((out / "summary.json").read_text())
        assert summary["gestures"]
        for gesture in summary["gestures"]:
            assert gesture["largest_miss_of_target_path_mm"] < 10.0


def test_a_picture_without_an_object_ends_with_a_sentence(tmp_path):
    image = on_plain_ground(tmp_path / "empty.png", lambda i: None)
    run = say("The ball is round.", image, tmp_path / "out")
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].startswith("imaggen: ")
    assert "object" in run.stderr.splitlines()[-1]
    assert [path.name for path in tmp_path.iterdir()] == ["empty.png"]
