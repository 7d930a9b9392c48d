from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaggen_speech import SpeechError
from imaggen_speech.errors import EmptyTextError
from imaggen_speech.sources.reported import Mark, boundary_marks, polly_marks, time_marks

TEXT = "The ball is round, and the box is tall."
ONSETS = (0.0, 0.1, 0.5, 0.7, 1.4, 1.6, 1.7, 2.1, 2.3)
WORDS = "The ball is round and the box is tall".split()
MARKS = [Mark(t, w) for t, w in zip(ONSETS, WORDS, strict=True)]


def starts(marks: list[Mark], text: str = TEXT) -> list[float]:
    return [word.start_s for word in time_marks(text, marks, duration_s=2.8).words]


def test_reported_times_are_kept() -> None:
    utterance = time_marks(TEXT, MARKS, duration_s=2.8)
    assert [word.start_s for word in utterance.words] == list(ONSETS)
    assert (utterance.timing_source, utterance.duration_s) == ("reported", 2.8)
    assert utterance.words[1].end_s == 0.5
    assert utterance.words[3].end_s < 1.4, "the comma is a pause"
    assert utterance.words[8].end_s <= 2.8


def test_order_and_repetitions_do_not_matter() -> None:
    assert starts([*reversed(MARKS), Mark(0.45, "ball"), Mark(2.5, "tall")]) == list(ONSETS)


def test_marks_of_no_word_are_left_out() -> None:
    extra = [Mark(0.05, '{"name": "smile"}'), Mark(0.6, "zebra"), Mark(9.0, "the")]
    assert starts([*MARKS, *extra]) == list(ONSETS)


def test_missing_words_are_put_between_their_neighbours() -> None:
    found = starts([mark for mark in MARKS if mark.word not in ("is", "box")])
    assert found[1] == 0.1 and found[3] == 0.7 and 0.1 < found[2] < 0.7
    assert all(a < b for a, b in pairwise(found))


def test_missing_ends_of_the_text() -> None:
    middle = starts(MARKS[3:6])
    assert middle[3:6] == [0.7, 1.4, 1.6]
    assert 0.0 <= middle[0] < 0.7 and 1.6 < middle[8]


def test_offsets_tell_repeated_words_apart() -> None:
    marks = [Mark(0.2, "the", offset=0), Mark(1.6, "the", offset=23)]
    found = starts(marks)
    assert (found[0], found[5]) == (0.2, 1.6)


def test_marks_without_words_are_counted() -> None:
    assert starts([Mark(t) for t in ONSETS]) == list(ONSETS)


def test_the_first_part_of_a_word_counts() -> None:
    words = time_marks("a well-known box", [Mark(0.1, "a"), Mark(0.3, "well"), Mark(0.5, "known"),
                                            Mark(0.9, "box")]).words  # fmt: skip
    assert [word.start_s for word in words] == [0.1, 0.3, 0.9]


def test_nothing_reported() -> None:
    with pytest.raises(SpeechError, match="report words as they are written"):
        time_marks(TEXT, [Mark(0.1, "zebra")])
    with pytest.raises(EmptyTextError):
        time_marks("...", MARKS)
    with pytest.raises(SpeechError, match="duration must be above 0"):
        time_marks(TEXT, MARKS, duration_s=float("nan"))


@pytest.mark.parametrize("time", [-0.1, float("nan"), float("inf")])
def test_times_that_are_none(time: float) -> None:
    with pytest.raises(SpeechError, match="seconds >= 0"):
        Mark(time, "ball")


def test_polly() -> None:
    lines = """
    {"time":6,"type":"word","start":0,"end":3,"value":"The"}
    {"time":6,"type":"viseme","value":"T"}
    {"time":120,"type":"word","start":4,"end":8,"value":"ball"}
    {"time":900,"type":"viseme","value":"sil"}
    """
    marks, end_s = polly_marks(lines)
    assert marks == [Mark(0.006, "The"), Mark(0.12, "ball")] and end_s == 0.9


@pytest.mark.parametrize(
    "line",
    ["{", "[]", '{"time": "x", "type": "word"}', "[" * 5000,
     '{"time": -1, "type": "word", "value": "a"}'],
)  # fmt: skip
def test_what_is_no_polly_mark(line: str) -> None:
    with pytest.raises(SpeechError):
        polly_marks(line)


def test_boundaries() -> None:
    azure = {"audio_offset": 5_000_000, "text": "ball", "text_offset": 4, "boundary_type": "Word",
             "duration": timedelta(milliseconds=300)}  # fmt: skip
    ticks = {**azure, "duration": 3_000_000}
    google = {"timeSeconds": 0.5, "markName": "ball"}
    comma = {"audio_offset": 9_000_000, "text": ",", "boundary_type": "Punctuation"}
    marks = boundary_marks([azure, ticks, google, comma])
    assert marks[0] == marks[1] == Mark(0.5, "ball", 4, 0.8)
    assert marks[2:] == [Mark(0.5, "ball")]
    with pytest.raises(SpeechError, match="no usable time"):
        boundary_marks([{"text": "ball"}])


MARK = st.builds(
    Mark,
    st.floats(0.0, 100.0),
    st.one_of(st.sampled_from(WORDS), st.text(max_size=8)),
    st.one_of(st.none(), st.integers(-5, 60)),
    st.one_of(st.none(), st.floats(0.0, 100.0)),
)


@given(st.lists(MARK, max_size=20), st.one_of(st.none(), st.floats(0.01, 50.0)))
def test_any_report_gives_words_in_order_or_an_error(
    marks: list[Mark], duration_s: float | None
) -> None:
    try:
        utterance = time_marks(TEXT, marks, duration_s=duration_s)
    except SpeechError as error:
        assert "report words" in str(error)
        return
    assert [word.text for word in utterance.words] == WORDS
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in pairwise(utterance.words))
