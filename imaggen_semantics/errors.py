"""Errors of the semantics room."""


class SemanticsError(ValueError):
    """Words or a configuration that cannot be used; the message says what to do."""


class ModelUnavailable(SemanticsError):
    """A language model that is not installed or does not answer."""


class BadAnswer(SemanticsError):
    """A language model's answer that cannot be used."""
