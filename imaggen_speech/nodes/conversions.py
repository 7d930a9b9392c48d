"""Utterances as messages and back."""

from __future__ import annotations

from builtin_interfaces.msg import Time

from imaggen_interfaces.msg import Utterance as UtteranceMsg
from imaggen_interfaces.msg import WordTiming
from imaggen_speech.errors import SpeechError
from imaggen_speech.utterance import Utterance, Word


def utterance_to_msg(
    utterance: Utterance,
    *,
    start: Time | None = None,
    scene_stamp: Time | None = None,
    partial: bool = False,
) -> UtteranceMsg:
    """The message of an utterance.

    Args:
        utterance: times in seconds from its start.
        start: when speech starts; None: not yet scheduled.
        scene_stamp: the scene it speaks about; None: the newest one.
        partial: more words will follow.
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
        partial=partial,
        referent_words=[word for word, _ in utterance.referents],
        referent_ids=[object_id for _, object_id in utterance.referents],
    )


def utterance_from_msg(message: UtteranceMsg) -> Utterance:
    """The utterance in a message; its start and scene stamp stay with the message.

    Raises:
        SpeechError: when the message has no words, or its times or referents are inconsistent.
    """
    if len(message.referent_words) != len(message.referent_ids):
        raise SpeechError("referent_words and referent_ids must have the same length")
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
        referents=tuple(zip(message.referent_words, message.referent_ids, strict=True)),
    )
