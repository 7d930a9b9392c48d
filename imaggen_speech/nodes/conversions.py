"""Utterances as messages and back."""

from __future__ import annotations

from builtin_interfaces.msg import Time

from imaggen_interfaces.msg import Utterance as UtteranceMsg
from imaggen_interfaces.msg import WordTiming
from imaggen_speech.utterance import Utterance, Word


def utterance_to_msg(
    utterance: Utterance, *, start: Time | None = None, scene_stamp: Time | None = None
) -> UtteranceMsg:
    """The message of an utterance.

    Args:
        utterance: times in seconds from its start.
        start: when speech starts; None: not yet scheduled.
        scene_stamp: the scene it speaks about; None: the newest one.
    """
    return UtteranceMsg(
        id=utterance.id,
        text=utterance.text,
        language=utterance.language,
        words=[
            WordTiming(
                word=word.text,
                start=word.start_s,
                end=word.end_s,
                accent=word.accent_s,
                prominence=word.prominence,
            )
            for word in utterance.words
        ],
        duration=utterance.duration_s,
        timing_source=utterance.timing_source,
        start=start or Time(),
        scene_stamp=scene_stamp or Time(),
    )


def utterance_from_msg(message: UtteranceMsg) -> Utterance:
    """The utterance in a message; its start and scene stamp stay with the message.

    Raises:
        SpeechError: when the message has no words or its times are inconsistent.
    """
    return Utterance(
        text=message.text,
        words=tuple(
            Word(word.word, word.start, word.end, word.accent, word.prominence)
            for word in message.words
        ),
        duration_s=message.duration,
        language=message.language or "en",
        timing_source=message.timing_source,
        id=message.id,
    )
