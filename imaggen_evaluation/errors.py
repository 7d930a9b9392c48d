"""Errors of the evaluation room."""


class EvaluationError(ValueError):
    """Something that cannot be measured; the message says why and what to do."""


class BagError(EvaluationError):
    """A bag that cannot be written or read, or that lacks a topic."""
