"""Errors of the semantics room."""


class SemanticsError(ValueError):
    """A scene, utterance or lexicon that cannot be used; the message says what to do."""
