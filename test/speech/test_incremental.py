import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaggen_speech import SpeechError, Utterance, Word
from imaggen_speech.incremental import GrowingUtterance


def word(text: str, start: float, length: float = 0.2) -> Word:
    return Word(text, start, start + length, start + length / 2, 0.5)


def started() -> GrowingUtterance:
    return GrowingUtterance(Utterance("The ball,", (word("The", 0.0), word("ball", 0.3)), 0.5))


def test_words_are_appended_behind_the_text() -> None:
    growing = started()
    before = growing.state
    after = growing.append([word("rolls", 0.6)])
    assert (after.text, after.duration_s) == ("The ball, rolls", pytest.approx(0.8))
    assert len(before.words) == 2 and growing.state is after


def test_words_that_have_begun_stay() -> None:
    growing = started()
    state = growing.revise([word("A", 0.1), word("cube", 0.4), word("rolls", 0.9)], now_s=0.1)
    assert [w.text for w in state.words] == ["The", "cube", "rolls"]
    assert state.words[0] == word("The", 0.0)
    assert state.text == "The cube rolls"


def test_the_same_words_at_other_times_keep_the_text() -> None:
    state = started().revise([word("The", 0.0), word("ball", 0.9)], now_s=0.0)
    assert state.text == "The ball,"
    assert state.words[1].start_s == 0.9


def test_a_closed_utterance_is_final() -> None:
    growing = started()
    assert not growing.closed
    assert growing.close(1.5).duration_s == 1.5
    assert growing.closed
    with pytest.raises(SpeechError, match="closed; start a new one"):
        growing.append([word("more", 2.0)])


def test_words_must_follow_each_other() -> None:
    with pytest.raises(SpeechError, match="order of their onsets"):
        started().append([word("early", 0.1)])
    with pytest.raises(SpeechError, match="before its last word"):
        started().close(0.4)


@given(st.lists(st.tuples(st.floats(0.0, 3.0), st.lists(st.floats(0.0, 3.0), max_size=6)),
                max_size=5))  # fmt: skip
def test_no_revision_changes_what_has_begun(
    revisions: list[tuple[float, list[float]]],
) -> None:
    growing, now = started(), 0.0
    for step, starts in revisions:
        now = max(now, step)
        begun = [w for w in growing.state.words if w.start_s <= now]
        try:
            growing.revise([word("new", start) for start in sorted(starts)], now)
        except SpeechError:
            pass
        assert list(growing.state.words[: len(begun)]) == begun
