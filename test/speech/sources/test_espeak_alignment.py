import pytest

from imaggen_speech import SpeechError
from imaggen_speech.sources.espeak_alignment import align
from imaggen_speech.sources.espeak_library import PhonemeEvent, WordEvent
from imaggen_speech.text import tokenize


def test_a_pause_ends_a_word() -> None:
    words = align(
        tokenize("ball, box"),
        [WordEvent(0, 0.0), WordEvent(6, 0.8)],
        [PhonemeEvent("b", 0.0), PhonemeEvent("ˈɔː", 0.1), PhonemeEvent("l", 0.3),
         PhonemeEvent("", 0.5), PhonemeEvent("b", 0.8), PhonemeEvent("ˈɒ", 0.9),
         PhonemeEvent("ks", 1.0), PhonemeEvent("", 1.2)],
        1.4,
        "en",
    )  # fmt: skip
    assert [(word.start_s, word.end_s) for word in words] == [(0.0, 0.5), (0.8, 1.2)]
    assert words[0].accent_s == pytest.approx(0.2)


def test_merged_words_part_at_a_phoneme() -> None:
    phonemes = [PhonemeEvent(s, t) for s, t in zip("ɒnðə", (0.0, 0.1, 0.25, 0.3), strict=True)]
    words = align(tokenize("on the"), [WordEvent(0, 0.0)], phonemes, 0.4, "en")
    assert [word.start_s for word in words] == [0.0, 0.25]


def test_events_without_phonemes_share_time_by_letters() -> None:
    words = align(tokenize("a bcd"), [WordEvent(0, 0.0)], [], 0.8, "en")
    assert words[1].start_s == pytest.approx(0.2)
    assert words[1].accent_s == pytest.approx(0.5)


def test_swallowed_words_keep_their_order() -> None:
    words = align(tokenize("a b c"), [WordEvent(0, 0.5), WordEvent(4, 0.5)], [], 0.5, "en")
    onsets = [word.start_s for word in words]
    assert onsets == sorted(set(onsets))


def test_no_event() -> None:
    with pytest.raises(SpeechError, match="no word of the text"):
        align(tokenize("ball"), [], [], 1.0, "en")
