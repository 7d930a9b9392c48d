"""Errors of the speech room."""


class SpeechError(ValueError):
    """Text, words or audio that cannot be used; the message says what to do."""


class TimingSourceUnavailable(SpeechError):
    """A timing source whose library is not installed; names the extra that installs it."""
