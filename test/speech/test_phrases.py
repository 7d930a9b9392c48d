import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from imaggen_speech.phrases import LONGEST_S, Phrase, PhraseDetector

RATE = 16000


def stream(*parts: tuple[float, float]) -> np.ndarray:
    """Noise bursts: (length [s], amplitude) each."""
    rng = np.random.default_rng(3)
    return np.concatenate([rng.normal(0, a, round(s * RATE)) for s, a in parts]).astype(np.int16)


def detect(audio: np.ndarray, sizes: list[int]) -> list[Phrase]:
    detector, found, at = PhraseDetector(0.6, RATE), [], 0
    for index in range(10**6):
        if at >= len(audio):
            return found
        size = sizes[index % len(sizes)]
        found += detector.add(audio[at : at + size], 100.0 + at / RATE)
        at += size
    raise AssertionError("the stream does not end")


TWO = stream((1.0, 20), (0.8, 3000), (0.3, 20), (0.5, 3000), (1.0, 20), (0.6, 3000), (1.0, 20))


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=4))
def test_phrases_do_not_depend_on_how_the_sound_is_cut(sizes: list[int]) -> None:
    sizes = [max(size, 200) for size in sizes]
    found, whole = detect(TWO, sizes), detect(TWO, [len(TWO)])
    assert [len(p.audio) for p in found] == [len(p.audio) for p in whole]
    assert np.allclose([p.start_s for p in found], [p.start_s for p in whole], atol=1e-6)


def test_a_phrase_keeps_short_pauses_and_the_sound_before_it() -> None:
    first, second = detect(TWO, [1600])
    assert abs(first.start_s - 100.7) < 0.05 and abs(second.start_s - 103.3) < 0.05
    assert 2.4 < len(first.audio) / RATE < 2.7
    assert np.array_equal(
        first.audio, TWO[round((first.start_s - 100) * RATE) :][: len(first.audio)]
    )


def test_clicks_and_steady_noise_are_no_phrases() -> None:
    assert detect(stream((2.0, 20), (0.05, 9000), (2.0, 20)), [1600]) == []
    assert detect(stream((6.0, 900)), [1600]) == []


def test_endless_sound_is_cut() -> None:
    phrases = detect(stream((1.0, 20), *[(0.5, 4000), (0.1, 20)] * 70), [16000])
    assert len(phrases) >= 1
    assert all(len(p.audio) / RATE <= LONGEST_S + 0.1 for p in phrases)
