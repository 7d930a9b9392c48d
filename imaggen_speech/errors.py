"""Errors of the speech room."""


class SpeechError(ValueError):
    """Text, words or audio that cannot be used; the message says what to do."""


class EmptyTextError(SpeechError):
    """Text without a single word to say."""


class NoSpeechError(SpeechError):
    """Audio in which nobody speaks."""


class AlignmentError(SpeechError):
    """Audio that does not seem to say the text."""


class UnknownLanguageError(SpeechError):
    """A language that the timing source cannot speak."""


class TimingSourceUnavailable(SpeechError):
    """A timing source whose library is not installed; names the extra that installs it."""


class PlaybackUnavailable(SpeechError):
    """No way to play sound on this host; the message says what is missing."""
