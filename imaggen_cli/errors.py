"""Errors that end a command with one sentence and a non-zero exit."""


class CommandError(Exception):
    """What went wrong and what to do about it, in one sentence."""
