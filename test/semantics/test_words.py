"""Words on their own: what part each plays, and what recognisers and typists did to them."""

from dataclasses import replace

import pytest
from semantics.sentences import say, told, words_of

from imaggen_semantics.analyzed_word import AnalyzedWord
from imaggen_semantics.lexicon_loading import load_lexicon
from imaggen_semantics.models import LanguageModels
from imaggen_semantics.words import PAUSE_S, analyze_words, breaks_after
from imaggen_speech import Utterance


def word(text: str, index: int, models: LanguageModels | None = None) -> AnalyzedWord:
    return words_of(text, models)[index]


@pytest.mark.parametrize(
    ("text", "categories"),
    [
        ("The round ball is here.", "article property noun copula place"),
        ("This isn't my idea.", "demonstrative copula article abstract"),
        ("Look at both of them.", "looking preposition number preposition pronoun"),
        ("I saw the saw.", "function verb article noun"),
        ("A can can roll.", "article noun function verb"),
        ("The leftmost shape.", "article property generic"),
        ("Its shape is round.", "article aspect copula property"),
        ("One ball is the big one.", "article noun copula article property generic"),
        ("It looks round.", "pronoun copula property"),
        ("Not the second box.", "negation article ordinal noun"),
        ("Turn left, to the left one.", "verb function preposition article property generic"),
    ],
)
def test_categories(text: str, categories: str) -> None:
    assert [w.category for w in words_of(text)] == categories.split()


def test_clitics_are_read_with_their_word() -> None:
    isnt = word("The ball isn’t round.", 2)
    assert (isnt.text, isnt.category, isnt.has_copula, isnt.negates) == ("is", "copula", True, True)
    cant = word("They can't roll.", 1)
    assert (cant.text, cant.has_copula, cant.negates) == ("can", False, True)
    red, handle = word("The ball's red.", 1), word("The ball's handle.", 1)
    assert (red.has_copula, red.owns) == (True, False)
    assert (handle.has_copula, handle.owns) == (False, True)
    assert not word("It is not only round.", 2).negates


@pytest.mark.parametrize(
    ("text", "index", "meant"),
    [
        ("the bawl is blew", 1, "ball"),
        ("the bawl is blew", 3, "blue"),
        ("i see a bare", 3, "bear"),
        ("a round pair", 2, "pear"),
        ("a pair of balls", 1, "pair"),
        ("he blew the whistle", 1, "blew"),
        ("its round", 0, "it"),
        ("its um round", 0, "it"),
        ("its round handle", 0, "its"),
        ("it's handle is round", 0, "its"),
        ("the moons yellow", 1, "moon"),
        ("the yellow moons", 2, "moons"),
        ("the moons yellow light", 1, "moon"),
        ("too balls", 0, "two"),
        ("too round", 0, "too"),
        ("bigger then the box", 1, "than"),
        ("and then the box", 1, "then"),
        ("theres a ball", 0, "there"),
        ("it isnt round", 1, "is"),
    ],
)
def test_what_sounds_alike_is_taken_for_what_fits(text: str, index: int, meant: str) -> None:
    assert word(text, index).text == meant


def test_lost_apostrophes_tell_what_the_word_was() -> None:
    assert word("the cars wheel is round", 1).owns
    assert word("the moons yellow", 1).has_copula
    assert not word("the balls roll", 1).owns


def test_fillers_part_nothing() -> None:
    text = "The um round uh ball is er red."
    assert [w.category for w in words_of(text) if w.text in ("um", "uh", "er")] == [
        "figurative"
    ] * 3
    assert told("The um ball is uh round.")[-1] == told("The ball is round.")[0]


@pytest.mark.parametrize(
    "text",
    ["He hit the nail right on the head.", "It's raining cats and dogs.",
     "Only once in a blue moon.", "That is the tip of the iceberg."],
)  # fmt: skip
def test_idioms_mean_nothing_that_is_seen(text: str, models: LanguageModels) -> None:
    figurative = [w for w in words_of(text, models) if w.category == "figurative"]
    assert len(figurative) >= 2
    assert not any(w.has_copula or w.negates for w in figurative)
    assert not any("[" in mention for mention in told(text, models))


def test_idioms_are_found_by_their_base_forms(models: LanguageModels) -> None:
    for text in ("That rings a bell.", "It rang a bell.", "ring a bell"):
        words = {w.text: w.category for w in words_of(text, models)}
        assert words["bell"] == "figurative"
    assert word("The bell is round.", 1, models).category == "noun"


def test_talk_of_elsewhere_is_remote() -> None:
    words = words_of("Last weekend the box was red.")
    assert [w.text for w in words if w.remote] == ["last", "weekend"]
    assert not any(w.remote for w in words_of("The last box is red."))


def test_relations_span_their_words() -> None:
    words = words_of("The ball to the left of the box.")
    (first,) = [w for w in words if w.relation]
    assert (first.text, first.relation, first.relation_end) == ("to", "left_of", 6)
    assert [w.text for w in words if w.category == "relation"] == ["to", "the", "left", "of"]
    assert {w.category for w in words_of("Rather than the ball.")[:2]} == {"exclusion"}


def test_compounds_are_one_noun() -> None:
    assert word("The watering can is green.", 2).lemma == "watering-can"
    assert word("The can is green.", 1).lemma == "can"


def test_names_of_what_is_seen_are_expected() -> None:
    lexicon = load_lexicon("en")
    plain, expected = (
        analyze_words(say("Give the top a twirl."), lexicon, expected=names)[2]
        for names in (frozenset(), frozenset({"top"}))
    )
    assert (plain.category, expected.category) == ("property", "noun")


def test_phrases_and_sentences_are_numbered() -> None:
    words = words_of("The ball, and the box. It is red but the cup isn't.")
    assert [w.sentence for w in words] == [0] * 5 + [1] * 7
    phrases = [w.phrase for w in words]
    assert phrases == sorted(phrases)
    assert phrases == [0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3]


def test_breaks_come_from_signs_and_from_pauses() -> None:
    text = "Yes, the ball is round. It rolls"
    assert breaks_after(say(text)) == [
        "phrase", "none", "none", "none", "sentence", "none", "sentence",
    ]  # fmt: skip
    heard = replace(say(text), text="")
    assert set(breaks_after(heard)[:-1]) <= {"none", "phrase"}
    assert breaks_after(paused(0.9 * PAUSE_S)) == ["none", "none", "sentence"]
    assert breaks_after(paused(1.1 * PAUSE_S)) == ["none", "phrase", "sentence"]


def paused(pause_s: float) -> Utterance:
    """Three words without signs, with a pause before the last."""
    utterance = say("the ball rolls")
    last = utterance.words[2]
    shift = utterance.words[1].end_s + pause_s - last.start_s
    late = replace(
        last, start_s=last.start_s + shift, end_s=last.end_s + shift, accent_s=last.accent_s + shift
    )
    words = (*utterance.words[:2], late)
    return replace(utterance, words=words, duration_s=late.end_s)
