"""`imaggen see` tells and draws what perception finds."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
from typer.testing import CliRunner

from imaggen_cli.main import app

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def run(*arguments: str):
    return CliRunner().invoke(app, ["see", *arguments])


def test_a_picture_is_told_and_drawn(tmp_path):
    out = tmp_path / "deep" / "seen.png"
    result = run(str(EXAMPLES / "ball.jpg"), "--out", str(out))
    assert result.exit_code == 0, result.output
    assert "circle" in result.stdout and "symmetry" in result.stdout
    drawn, source = cv2.imread(str(out)), cv2.imread(str(EXAMPLES / "ball.jpg"))
    assert drawn.shape[0] % source.shape[0] == 0


def test_programs_get_the_scene_as_json(tmp_path):
    result = run(str(EXAMPLES / "three.jpg"), "--json", "--out", str(tmp_path / "seen.jpg"))
    document = json.loads(result.stdout)
    assert len(document["objects"]) == 3
    assert all(len(entry["outline"]) > 50 for entry in document["objects"])
    assert any(relation[1] == "left_of" for relation in document["relations"])


def test_a_picture_without_objects_is_no_error(tmp_path):
    blank = tmp_path / "blank.png"
    cv2.imwrite(str(blank), np.full((240, 320, 3), 180, np.uint8))
    result = run(str(blank), "--out", str(tmp_path / "seen.png"))
    assert result.exit_code == 0 and "Nothing stands out" in result.stdout


def test_a_file_that_cannot_be_written_is_told_before_the_work(tmp_path):
    result = run(str(EXAMPLES / "ball.jpg"), "--out", str(tmp_path / "seen.xyz"))
    assert result.exit_code == 1 and ".png or .jpg" in result.stderr
    assert not list(tmp_path.iterdir())
