"""Errors of the perception room."""


class PerceptionError(ValueError):
    """A picture that cannot be used; the message says what to do."""


class UnreadableImage(PerceptionError):
    """The file or array is missing, empty or not a picture."""


class NoObjectFound(PerceptionError):
    """The picture shows nothing that stands out as an object."""


class SegmenterUnavailable(PerceptionError):
    """A segmentation back end whose library is not installed; names the extra that installs it."""
