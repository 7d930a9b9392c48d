import pytest
from hypothesis import given
from hypothesis import strategies as st
from semantics.scenes import circle_scene, make_object, make_scene, pair_scene

from imaggen_perception.scene import Scene
from imaggen_semantics import SemanticsError
from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.lexicon_loading import load_lexicon
from imaggen_semantics.linking import Link, create_linker
from imaggen_semantics.linking.evidence import combine
from imaggen_semantics.reading import read
from imaggen_semantics.words import analyze_words
from imaggen_speech import create_timing_source


def links_of(text: str, scene: Scene) -> tuple[Link, ...]:
    lexicon = load_lexicon("en")
    utterance = create_timing_source("estimate").time_text(text).utterance
    reading = read(analyze_words(utterance, lexicon), lexicon)
    return create_linker("joint", Knowledge(lexicon)).link(reading, scene)


def named_scene() -> Scene:
    """Three things of one shape, told apart by their names alone."""
    return make_scene(
        make_object(id="a", center=(100, 240), label="coffee mug"),
        make_object(id="b", center=(320, 240), label="apple"),
        make_object(id="c", center=(540, 240), label="Alarm clock"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ball rolls.", ["circle"]),
        ("The skyscraper stands here.", ["rectangle"]),
        ("The round one.", ["circle"]),
        ("Not the round one, the tall one.", ["circle", "rectangle"]),
        ("The small thing.", ["circle"]),
        ("The object on the right.", ["rectangle"]),
        ("The ball is round. It is small.", ["circle", "circle"]),
        ("The dog barks.", [None]),
        ("The zorblat.", [None]),
        ("Look at this.", [None]),
        ("It is nice.", [None]),
        ("The idea is round.", [None]),
    ],
)
def test_shapes_and_properties_decide(text: str, expected: list[str | None]) -> None:
    assert [link.object_id for link in links_of(text, pair_scene())] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mug is old.", "a"),
        ("The cup is old.", "a"),
        ("The container is old.", "a"),
        ("The apples are old.", None),
        ("The fruit is old.", "b"),
        ("The clock is old.", "c"),
        ("The car is old.", None),
        ("The zorblat is old.", None),
        ("The one on the left.", "a"),
        ("The middle one.", "b"),
    ],
)
def test_names_and_kinds_decide(text: str, expected: str | None) -> None:
    assert links_of(text, named_scene())[0].object_id == expected


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("The ball is red.", True),
        ("The zorblat is red.", True),
        ("The house is red.", False),
        ("This is a zorblat.", True),
        ("I see a ball.", True),
        ("A zorblat is red.", False),
        ("It is red.", True),
        ("It is round.", True),
        ("The round one.", True),
        ("The square one.", False),
        ("The idea is red.", False),
    ],
)
def test_the_only_object_is_meant_unless_words_say_otherwise(text: str, linked: bool) -> None:
    assert (links_of(text, circle_scene())[0].object_id is not None) == linked


def test_the_name_of_the_only_object_can_contradict() -> None:
    scene = make_scene(make_object(label="cat"))
    assert links_of("The house is old.", scene)[0].object_id is None
    assert links_of("The cat is old.", scene)[0].object_id == "object_1"


def test_a_stated_contradiction_lowers_the_confidence_only() -> None:
    (true,) = links_of("The ball is round.", circle_scene())
    (false,) = links_of("The ball is square.", circle_scene())
    assert false.object_id == "object_1"
    assert false.confidence < true.confidence
    assert [word.lemma for word in false.contradictions] == ["square"]
    assert not true.contradictions


def test_denied_properties_count_as_their_opposite() -> None:
    (link,) = links_of("The ball is not round.", circle_scene())
    assert [word.lemma for word in link.contradictions] == ["round"]
    (link,) = links_of("The ball is not square.", circle_scene())
    assert not link.contradictions


@pytest.mark.parametrize("scene", [circle_scene(), pair_scene(), named_scene(), make_scene()])
def test_reasons_are_sentences(scene: Scene) -> None:
    for text in ("The ball and the zorblat.", "Look at this.", "It is round.", "The idea."):
        for link in links_of(text, scene):
            assert link.reason.endswith(".") and link.reason.count(".") == 1
            assert (link.object_id is None) == (link.confidence == 0.0)


def test_unknown_linker() -> None:
    with pytest.raises(SemanticsError, match="'oracle'; choose one of joint, language_model"):
        create_linker("oracle", Knowledge(load_lexicon("en")))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=6))
def test_combined_evidence_is_a_probability(evidence: list[tuple[float, float]]) -> None:
    assert 0.0 < combine(*evidence) < 1.0
    assert combine(*evidence) == pytest.approx(combine(*evidence, (0.5, 1.0)))
