import pytest

from imaggen_speech import SpeechError
from imaggen_speech.errors import EmptyTextError
from imaggen_speech.sources.live import LiveTranscript, ReportedSpeech

TEXT = "The ball is round, and it rolls."


def test_reports_move_what_is_still_to_come() -> None:
    speech = ReportedSpeech(TEXT)
    expected = speech.state
    assert expected.timing_source == "estimate"
    speech.add("The", 0.4)
    state = speech.add("ball", 0.9)
    assert [word.start_s for word in state.words[:2]] == [0.4, 0.9]
    assert all(b.start_s > a.start_s for a, b in zip(expected.words, state.words, strict=True))
    assert state.timing_source == "reported"


def test_what_was_reported_stays() -> None:
    speech = ReportedSpeech(TEXT)
    for index, word in enumerate("The ball is round and it rolls".split()):
        before = speech.state
        state = speech.add(word, 0.3 * index)
        assert state.words[: index - 1] == before.words[: max(index - 1, 0)] or index < 2
    assert [word.start_s for word in state.words] == pytest.approx([0.3 * i for i in range(7)])
    assert speech.finish(2.5).duration_s == 2.5
    with pytest.raises(SpeechError, match="closed"):
        speech.add("rolls", 2.6)


def test_bookmarks_change_nothing() -> None:
    speech = ReportedSpeech(TEXT)
    assert speech.add('{"gesture": "wave"}', 0.1) is speech.state
    assert speech.finish(0.1).duration_s > 1.0


def test_an_unknown_word_says_nothing_about_the_text() -> None:
    with pytest.raises(EmptyTextError):
        ReportedSpeech("?")


def test_words_end_when_they_appear() -> None:
    transcript = LiveTranscript()
    transcript.add("the", 10.4)
    transcript.add("the wall", 10.8)
    transcript.add("the ball is", 11.2)
    transcript.add("the ball is round", 11.9)
    utterance, start_s = transcript.finish("The ball is round.", 12.5)
    assert 9.9 < start_s < 10.4
    assert [word.text for word in utterance.words] == ["The", "ball", "is", "round"]
    assert start_s + utterance.words[0].start_s == pytest.approx(start_s)
    assert start_s + utterance.words[3].start_s == pytest.approx(11.5, abs=0.15)
    assert utterance.timing_source == "reported"


def test_a_final_text_alone_has_just_ended() -> None:
    utterance, start_s = LiveTranscript().finish("The ball is round.", 20.0)
    assert start_s == pytest.approx(20.0 - utterance.duration_s)
    assert utterance.timing_source == "estimate"


def test_the_next_phrase_begins_anew() -> None:
    transcript = LiveTranscript()
    transcript.add("hello", 1.0)
    transcript.finish("hello", 1.2)
    _, start_s = transcript.finish("the ball", 9.0)
    assert start_s > 8.0


@pytest.mark.parametrize("text", ["", "...", "x" * 3000])
def test_text_that_cannot_be_used(text: str) -> None:
    transcript = LiveTranscript()
    transcript.add(text, 1.0)
    with pytest.raises(SpeechError):
        transcript.finish(text, 2.0)
