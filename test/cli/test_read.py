"""`imaggen read` tells what words mean and what would be shown."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from imaggen_cli.main import app

ROOT = Path(__file__).resolve().parents[2]
TABLE, THREE = ROOT / "config" / "scenes" / "table.yaml", ROOT / "examples" / "three.jpg"


def run(*arguments: str):
    return CliRunner().invoke(app, ["read", *arguments])


def document(*arguments: str):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_links_and_gestures_are_told_with_reasons():
    result = run("Take the red mug, not the plate.", "--scene", str(TABLE))
    assert result.exit_code == 0, result.output
    understood, _, shown = result.stdout.partition("shown\n")
    assert all(words in understood for words in ("mug (object_1)", "not plate (object_2)", "red"))
    assert "of mug (object_1)" in shown and "The words say that this object is not meant." in shown


def test_programs_get_the_same():
    told = document("The mug is left of the plate.", "--scene", str(TABLE))
    assert told["objects"] == {
        "object_1": "red mug", "object_2": "white plate", "object_3": "set square",
    }  # fmt: skip
    assert [link["objects"] for link in told["links"]] == [["object_1"], ["object_2"]]
    assert all(0.5 < link["confidence"] <= 1.0 for link in told["links"])
    (relation,) = told["relations"]
    assert (relation["relation"], relation["negated"]) == ("left_of", False)
    assert told["gestures"] and all(g["reason"].endswith(".") for g in told["gestures"])
    assert all(entry["why"] for entry in told["not_shown"])


def test_german_is_read_too():
    told = document("Die Tasse ist rot.", "--scene", str(TABLE), "--language", "de")
    (link,) = told["links"]
    assert told["objects"][link["objects"][0]] == "red mug"


def test_a_picture_is_looked_at():
    told = document("Take the round one, not the box.", "--image", str(THREE))
    meant, denied = told["links"]
    assert (meant["negated"], denied["negated"]) == (False, True)
    assert meant["objects"] != denied["objects"]
    assert {gesture["object"] for gesture in told["gestures"]} == set(meant["objects"])


def test_known_things_are_named_in_the_picture_too():
    told = document("The mug is red.", "--image", str(THREE), "--scene", str(TABLE))
    (meant,) = told["links"][0]["objects"]
    assert told["objects"][meant] == "red mug"


def test_without_expression_nothing_is_shown():
    told = document("The mug is red.", "--scene", str(TABLE), "--expressiveness", "0")
    assert told["links"] and not told["gestures"]


def test_what_cannot_be_read_ends_with_a_sentence(tmp_path):
    for arguments, hint in (
        (["The mug."], "--image"),
        (["?!", "--scene", str(TABLE)], "text"),
        (["The mug.", "--scene", str(tmp_path / "none.yaml")], "none.yaml"),
        (["The mug.", "--scene", str(TABLE), "--language", "xx"], "xx"),
    ):
        result = run(*arguments)
        assert result.exit_code == 1 and "Traceback" not in result.output
        assert hint in result.stderr.splitlines()[-1]
