"""How perception is doing, for `/diagnostics`."""

from __future__ import annotations

from typing import Any

from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue

OK, WARN, ERROR = DiagnosticStatus.OK, DiagnosticStatus.WARN, DiagnosticStatus.ERROR


class Health:
    """Counts frames and keeps what is wrong at the moment, one sentence a subject.

    Attributes:
        seen: pictures that came in, on the topics and by the service.
        analysed: those a scene was made of.
        errors: those that could not be used.
        dropped: those that were too old, or replaced by newer ones.
        latency_ms: of the last one, from coming in to its scene.
        objects: in the last scene.
        back_end: the segmenter that is asked for, and what found the last objects.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.seen = self.analysed = self.errors = self.dropped = self.objects = 0
        self.latency_ms = 0.0
        self.back_end = ""
        self._last_error = ""
        self._problems: dict[str, tuple[Any, str]] = {}

    def problem(self, subject: str, level: Any, sentence: str) -> bool:
        """Note what is wrong with a subject; False when that was known already."""
        if level == ERROR:
            self._last_error = sentence
        is_new = self._problems.get(subject) != (level, sentence)
        self._problems[subject] = (level, sentence)
        return is_new

    def solved(self, *subjects: str) -> None:
        """Nothing is wrong with these any more."""
        for subject in subjects:
            self._problems.pop(subject, None)

    def report(self, stamp: Time) -> DiagnosticArray:
        """The state as a message."""
        level, sentence = max(
            self._problems.values(), key=lambda problem: ord(problem[0]), default=(OK, "")
        )
        if not sentence:
            sentence = f"{self.objects} objects" if self.analysed else "no picture has come yet"
        values = {
            "frames seen": self.seen,
            "frames analysed": self.analysed,
            "frames dropped": self.dropped,
            "frames unusable": self.errors,
            "latency ms": f"{self.latency_ms:.1f}",
            "objects": self.objects,
            "back end": self.back_end,
            "last error": self._last_error,
            **{subject: text for subject, (_, text) in self._problems.items()},
        }
        status = DiagnosticStatus(
            level=level,
            name=self._name,
            message=sentence,
            values=[KeyValue(key=key, value=str(value)) for key, value in values.items()],
        )
        message = DiagnosticArray(status=[status])
        message.header.stamp = stamp
        return message
