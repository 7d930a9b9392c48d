import pytest
from semantics.scenes import circle_scene, make_object, make_scene, pair_scene

from imaggen_semantics.agreement import agreement, measure, place
from imaggen_semantics.lexicon_loading import load_lexicon


def fit(word: str, number: int, scene=None) -> float:
    scene = scene or pair_scene()
    return agreement(load_lexicon("en").properties[word], scene.objects[number], scene)


@pytest.mark.parametrize(
    ("word", "circle_agrees", "rectangle_agrees"),
    [
        ("round", True, False), ("angular", False, True), ("rectangular", False, True),
        ("tall", False, True), ("narrow", False, True), ("short", True, False),
        ("small", True, False), ("huge", False, True), ("left", True, False),
        ("right", False, True),
    ],
)  # fmt: skip
def test_words_tell_objects_apart(word: str, circle_agrees: bool, rectangle_agrees: bool) -> None:
    assert (fit(word, 0) > 0.8, fit(word, 0) < 0.25) == (circle_agrees, not circle_agrees)
    assert (fit(word, 1) > 0.8, fit(word, 1) < 0.25) == (rectangle_agrees, not rectangle_agrees)


def test_an_unsure_shape_tells_less() -> None:
    unsure = make_scene(make_object("circle", shape_confidence=0.2))
    assert 0.5 < fit("round", 0, unsure) < fit("round", 0, circle_scene())


def test_size_needs_something_to_compare_with() -> None:
    assert fit("big", 0, circle_scene()) == fit("small", 0, circle_scene()) == 0.5


def test_place_is_relative_among_several_objects() -> None:
    scene = make_scene(
        make_object(id="a", center=(400, 100)), make_object(id="b", center=(600, 100))
    )
    assert [place(seen, scene) for seen in scene.objects] == [(-1.0, 0.0), (1.0, 0.0)]


def test_place_of_a_single_object_is_in_the_picture() -> None:
    scene = make_scene(make_object(center=(480, 120)))
    assert place(scene.objects[0], scene) == pytest.approx((0.5, 0.5))
    assert measure("offside", scene.objects[0], scene) == pytest.approx(0.5)


def test_every_property_word_can_be_tested() -> None:
    for scene in (circle_scene(), pair_scene()):
        for test in load_lexicon("en").properties.values():
            assert all(0.0 <= agreement(test, seen, scene) <= 1.0 for seen in scene.objects)


def test_unknown_measure() -> None:
    with pytest.raises(KeyError):
        measure("colour", circle_scene().objects[0], circle_scene())
