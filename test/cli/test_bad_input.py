"""Bad input ends with one clear sentence and a non-zero exit, and leaves nothing behind."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from imaggen_cli.main import app

TEXT = "The ball is round."


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def one_sentence(result) -> str:
    """The error line; there must be exactly one, and no traceback."""
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    lines = [line for line in result.stderr.splitlines() if line.startswith("imaggen: ")]
    assert len(lines) == 1 and "Traceback" not in result.output
    return lines[0]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out" / "run"


def left_behind(out: Path) -> list[Path]:
    return [p for p in out.parent.rglob("*") if p.is_file()] if out.parent.exists() else []


def test_missing_picture(out):
    result = run("say", TEXT, "--image", "no/such.png", "--out", str(out))
    assert "no/such.png" in one_sentence(result)
    assert not left_behind(out)


def test_unreadable_picture(out, tmp_path):
    path = tmp_path / "letter.png"
    path.write_text("dear picture")
    result = run("say", TEXT, "--image", str(path), "--out", str(out))
    assert "letter.png" in one_sentence(result)
    assert not left_behind(out)


@pytest.mark.parametrize("text", ["", "   ", "?!"])
def test_empty_text(out, text):
    assert "text" in one_sentence(run("say", text, "--out", str(out)))
    assert not left_behind(out)


def test_unknown_robot_names_the_known_ones(out):
    message = one_sentence(run("say", TEXT, "--robot", "marvin", "--out", str(out)))
    assert "marvin" in message and "imaggen_humanoid" in message
    assert not left_behind(out)


def test_urdf_without_arms(out, tmp_path):
    path = tmp_path / "crate.urdf"
    path.write_text("<robot name='crate'><link name='base'/></robot>")
    result = run("say", TEXT, "--robot", str(path), "--out", str(out))
    assert "arm" in one_sentence(result)
    assert not left_behind(out)


def test_out_that_is_a_file(tmp_path):
    path = tmp_path / "file"
    path.write_text("")
    assert "folder" in one_sentence(run("say", TEXT, "--out", str(path)))


def test_unknown_viewpoint(out):
    assert "viewpoint" in one_sentence(run("say", TEXT, "--viewpoint", "above", "--out", str(out)))


def test_errors_are_json_for_programs(out):
    result = run("say", "", "--json", "--out", str(out))
    assert result.exit_code == 1
    assert "text" in json.loads(result.stdout)["error"]


def test_missing_parameter_file():
    assert "nowhere.yaml" in one_sentence(run("run", "--params", "nowhere.yaml"))


def test_robots_lists_the_own_one():
    result = run("robots", "--json")
    rows = {row["name"]: row["status"] for row in json.loads(result.stdout)["robots"]}
    assert result.exit_code == 0
    assert rows["imaggen_humanoid"].startswith("ready")


def test_doctor_finds_what_the_tests_need():
    result = run("doctor", "--json")
    findings = json.loads(result.stdout)["findings"]
    assert result.exit_code == 0
    assert {
        f["name"] for f in findings if not f["found"] and f["importance"] == "essential"
    } == set()


def test_what_is_missing_is_named_with_its_remedy(monkeypatch):
    here = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda n, *rest: None if n == "rapidfuzz" else here(n, *rest)
    )
    findings = {f["name"]: f for f in json.loads(run("doctor", "--json").stdout)["findings"]}
    typing = findings["typing mistakes"]
    assert not typing["found"] and "rapidfuzz" in typing["detail"]
    assert typing["remedy"] == "pip install '.[language]'"
    assert not findings["pictures in"]["remedy"]


def test_unknown_language_and_timing_source(out):
    assert "'xx'" in one_sentence(run("say", TEXT, "--language", "xx", "--out", str(out)))
    assert "'piper'" in one_sentence(run("say", TEXT, "--source", "piper", "--out", str(out)))
    assert not left_behind(out)


@pytest.mark.parametrize("command", ["say", "read", "see", "run", "robots", "doctor"])
def test_help_teaches(command):
    result = run(command, "--help")
    assert result.exit_code == 0 and len(result.output) > 100
