import numpy as np
import pytest

from imaggen_speech.accents import emphasised, peak_db, stressed_nucleus
from imaggen_speech.voice_activity import Span

EARLY, LATE = Span(0.0, 0.1), Span(0.2, 0.3)


def levels(early: float, late: float) -> np.ndarray:
    """60 windows of 5 ms: the two vowels at their levels, silence between them [dB]."""
    return np.repeat([early, 0.0, late], 20).astype(float)


def test_the_rule_holds_against_small_differences() -> None:
    assert stressed_nucleus([EARLY, LATE], 0, levels(50, 55)) == EARLY
    assert stressed_nucleus([EARLY, LATE], 1, levels(50, 45)) == LATE


def test_a_much_louder_vowel_bears_the_accent() -> None:
    assert stressed_nucleus([EARLY, LATE], 0, levels(50, 60)) == LATE


def test_words_without_vowels() -> None:
    assert stressed_nucleus([], 0, levels(50, 50)) is None
    assert stressed_nucleus([EARLY], 3, levels(50, 50)) == EARLY


def test_levels_outside_of_the_sound() -> None:
    assert peak_db(Span(5.0, 6.0), levels(50, 50)) == 0.0


def test_a_loud_word_is_the_most_prominent() -> None:
    assert emphasised([0.0, 0.5, 0.0, 1.0], [50, 51, 60, 52]) == (0.0, 0.5, 1.0, 1.0)
    assert emphasised([0.5], [50.0]) == pytest.approx((0.5,))
