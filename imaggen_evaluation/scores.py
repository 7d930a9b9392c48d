"""One measured figure with its bound, and the pictures that were worst."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Score:
    """A figure of the benchmark.

    Attributes:
        name: what was measured.
        value: the figure.
        count: on how many cases.
        bound: what it has to reach; None where it is only reported.
        unit: "" for shares 0..1, or "ms".
        at_most: whether the bound is an upper one (times) instead of a lower one.
    """

    name: str
    value: float
    count: int
    bound: float | None = None
    unit: str = ""
    at_most: bool = False

    @property
    def holds(self) -> bool | None:
        """Whether the bound is kept; None without a bound."""
        if self.bound is None:
            return None
        return self.value <= self.bound if self.at_most else self.value >= self.bound


@dataclass(frozen=True)
class Case:
    """One case that went wrong, worst cases first by `badness`."""

    badness: float
    title: str
    picture: NDArray[np.uint8]


@dataclass
class Section:
    """Figures and worst cases of one part of the benchmark."""

    title: str
    scores: list[Score] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
