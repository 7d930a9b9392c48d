"""What "this" and "those" mean when they stand alone."""

import pytest
from semantics.scenes import make_object, make_scene
from semantics.sentences import say

from imaggen_semantics import Matcher
from imaggen_semantics.models import LanguageModels

SCENE = make_scene(
    make_object(id="lantern", center=(100, 240), label="lantern"),
    make_object(id="rattle", center=(300, 240), label="rattle"),
    make_object(id="blanket", center=(500, 240), label="blanket"),
)


@pytest.mark.parametrize(
    ("text", "word", "ids"),
    [
        ("Oh look, a lantern! Does this still work?", "this", ["lantern"]),
        ("I searched for the rattle. Who hid that?", "that", ["rattle"]),
        ("This isn't a blanket, it's a lantern.", "This", ["lantern"]),
        ("These are mine, the rattle and the blanket.", "These", ["blanket", "rattle"]),
        ("The lantern is old. That's right.", "That's", []),
        ("Give me those.", "those", []),
    ],
)
def test_demonstratives(text: str, word: str, ids: list[str], models: LanguageModels) -> None:
    utterance = say(text)
    _, links = Matcher(models=models).link(SCENE, utterance)
    index = [w.text for w in utterance.words].index(word)
    found = [o for li in links if li.mention.index == index for o in li.object_ids]
    assert sorted(found) == ids
