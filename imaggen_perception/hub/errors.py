"""Errors of the hub back ends."""

from __future__ import annotations

from imaggen_perception.errors import SegmenterUnavailable


class HubModelUnavailable(SegmenterUnavailable):
    """A hub model that cannot be used here: its libraries or its weights are missing.

    The message names what is missing and the command that mends it.
    """
