"""Text of any kind gives a plan or a clear error, and nothing in it is ever carried out."""

import builtins
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from semantics.scenes import circle_scene, make_scene, pair_scene

from imaggen_semantics import Matcher, SemanticsError
from imaggen_semantics.matcher import MAX_LETTERS, MAX_WORDS
from imaggen_semantics.models import LanguageModels
from imaggen_speech import Utterance, Word


def spoken(words: Sequence[str]) -> Utterance:
    """Words as a topic may bring them, however odd they are."""
    timed = tuple(
        Word(text, 0.3 * i, 0.3 * i + 0.25, 0.3 * i + 0.1, 0.5) for i, text in enumerate(words)
    )
    return Utterance(" ".join(words), timed, 0.3 * len(words))


HARMLESS: list[list[str]] = [
    ["?!", "...", "—"],
    ["🙂", "👩‍👩‍👧", "🏳️‍🌈"] * 20,
    ["\u200b", "\u202e", "\ufeff", "\x00", "\x07"],
    ["'; DROP TABLE scene; --"],
    ["{0.__class__.__mro__}", "%s%s%n", "${HOME}"],
    ["$(touch pwned)", "`reboot`", "../../etc/passwd", "file:///etc/passwd"],
    ["!!python/object/apply:os.system", "[id]"],
    ["玉は丸い", "μπάλα", "мяч", "الكرة"],
    ["''''s's's", "n't", "'"],
    ["a" * MAX_LETTERS],
    ["-" * 500],
    ["the-" * 1000],
    [""],
]


@pytest.mark.parametrize("words", HARMLESS, ids=lambda words: ascii(words[0])[:24])
def test_hostile_text_shows_nothing(words: list[str], models: LanguageModels) -> None:
    assert Matcher(models=models).plan(pair_scene(), spoken(words)).gestures == ()


@pytest.mark.parametrize(
    "words",
    [["ball"] * (MAX_WORDS + 1), ["a" * (MAX_LETTERS + 1)], ["ball"] * 50_000, ["a" * 100_000]],
    ids=["a word", "a letter", "50000 words", "100000 letters"],
)
def test_what_is_too_long_is_refused(words: list[str], bare_models: LanguageModels) -> None:
    with pytest.raises(SemanticsError, match="say it in several parts"):
        Matcher(models=bare_models).plan(pair_scene(), spoken(words))


@pytest.mark.parametrize("word", ["it", "not", "ball", "the", "both", "of", "and", "left"])
def test_endless_repetition_is_planned(word: str, models: LanguageModels) -> None:
    plan = Matcher(models=models).plan(pair_scene(), spoken([word] * MAX_WORDS))
    assert len(plan.gestures) <= 1


PATTERNS = ["it", "the ball", "its handle", "the ball is left of the box", "bigger than the box",
            "the ball and", "not", "round", "thank your lucky"]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_twice_the_words_take_hardly_more_than_twice_the_work(
    pattern: str, bare_models: LanguageModels
) -> None:
    """Work is counted in calls, which no other load changes; four times would be quadratic."""
    matcher, scene = Matcher(models=bare_models), pair_scene()
    words = pattern.split() * 240
    calls = [count_calls(lambda n=n: matcher.plan(scene, spoken(words[:n]))) for n in (120, 240)]
    assert calls[1] < 4.0 * calls[0]


def count_calls(run: Callable[[], object]) -> int:
    count = 0

    def note(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


ODD = ["giz\x1b[31mmo", "ball\u202e", "ball\x00", "\u200bball", "ball\ud800", "ball" * 99]


@pytest.mark.parametrize("word", ODD, ids=ascii)
def test_reasons_are_fit_to_print(word: str, models: LanguageModels) -> None:
    scene = make_scene(replace(circle_scene().objects[0], label=word, label_confidence=0.1))
    plan = Matcher(models=models).plan(scene, spoken(["Look", "at", "this", word, "here"]))
    gestures = [*plan.gestures, *(dropped.gesture for dropped in plan.dropped)]
    for reason in [*(g.reason for g in gestures), *(d.reason for d in plan.dropped)]:
        assert reason.isprintable() and len(reason) < 300


PIECES = st.one_of(
    st.text(st.characters(codec=None), max_size=12),
    st.sampled_from(["the", "ball", "round", "not", "its", "handle", "two", "left", "of", "than",
                     "is", "and", "but", "which", "one", "both", "there", "I", "mean", "no"]),
)  # fmt: skip


@given(words=st.lists(PIECES, min_size=1, max_size=30))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_give_a_plan(words: list[str], models: LanguageModels) -> None:
    for scene in (pair_scene(), make_scene()):
        plan = Matcher(models=models).plan(scene, spoken(words))
        assert all(0 <= i < len(words) for g in plan.gestures for i in g.affiliate)


def test_nothing_of_the_text_is_opened_or_run(
    bare_models: LanguageModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the text reached the system")

    scene, matcher = pair_scene(), Matcher(models=bare_models)
    for owner, name in ((builtins, "open"), (os, "system"), (subprocess, "Popen"),
                        (builtins, "eval"), (builtins, "exec")):  # fmt: skip
        monkeypatch.setattr(owner, name, refuse)
    for words in HARMLESS:
        matcher.plan(scene, spoken(words))
