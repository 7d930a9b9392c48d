"""Timing sources: back ends that give every word of a text its time, one a module."""

from __future__ import annotations

from collections.abc import Callable

from imaggen_speech.errors import SpeechError, TimingSourceUnavailable
from imaggen_speech.sources.base import SpokenUtterance, TimingSource

__all__ = ["TIMING_SOURCES", "SpokenUtterance", "TimingSource", "create_timing_source"]

MIN_RATE, MAX_RATE = 0.5, 2.0
"""Slowest and fastest speech, relative to a voice's normal rate."""


def _espeak(rate: float) -> TimingSource:
    from imaggen_speech.sources.espeak import EspeakSource

    return EspeakSource(rate=rate)


def _estimate(rate: float) -> TimingSource:
    from imaggen_speech.sources.estimate import EstimateSource

    return EstimateSource(rate=rate)


TIMING_SOURCES: dict[str, Callable[[float], TimingSource]] = {
    "espeak": _espeak,
    "estimate": _estimate,
}
"""Factories by name; each takes the speech rate relative to the voice's normal one."""


def create_timing_source(name: str = "auto", *, rate: float = 1.0) -> TimingSource:
    """The timing source called `name`.

    Args:
        name: one of `TIMING_SOURCES`, or "auto": espeak where its library is installed, else the
            estimate.
        rate: speech rate relative to the voice's normal one, `MIN_RATE` .. `MAX_RATE`.

    Raises:
        SpeechError: when there is no such source or the rate is out of bounds.
        TimingSourceUnavailable: when the source's library is not installed.
    """
    if not MIN_RATE <= rate <= MAX_RATE:
        raise SpeechError(f"the speech rate must be {MIN_RATE} .. {MAX_RATE}, got {rate}")
    if name == "auto":
        try:
            return _espeak(rate)
        except TimingSourceUnavailable:
            return _estimate(rate)
    if name not in TIMING_SOURCES:
        known = ", ".join(["auto", *sorted(TIMING_SOURCES)])
        raise SpeechError(f"there is no timing source {name!r}; choose one of {known}")
    return TIMING_SOURCES[name](rate)
