"""Which frame is analysed next: the newest one, with the depth of its moment, at a bounded rate."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

# A stamp that is older than the last one by more than this is a clock that started again (a bag
# that is played once more) [s]; by less, a frame that was overtaken.
_RESTART_S = 1.0
# Depth frames that are remembered, enough for half a second of 30 Hz.
_DEPTHS = 16


@dataclass(frozen=True)
class Frame:
    """A picture on its way.

    Attributes:
        message: Image or CompressedImage.
        stamp_s: of the picture [s]; 0: it has none.
        arrived_s: when it came in, steady clock [s].
        depth: the depth message of its moment, if there is one.
    """

    message: Any
    stamp_s: float
    arrived_s: float
    depth: Any = None


class FrameQueue:
    """Room for one frame: a newer one replaces it, so that nothing old is ever analysed.

    All times but the stamps are of a steady clock [s].

    Args:
        use_depth: whether frames wait up to `slop_s` for a depth frame.
        slop_s: how far the stamps of a picture and its depth may be apart [s].
        rate_hz: at most so many frames are taken a second; 0: no limit.
    """

    def __init__(
        self, *, use_depth: bool = False, slop_s: float = 0.05, rate_hz: float = 0.0
    ) -> None:
        self.use_depth, self.slop_s, self.rate_hz = use_depth, slop_s, rate_hz
        self.dropped = 0
        self._waiting: Frame | None = None
        self._since_s = 0.0
        self._taken_s = -1e9
        self._last_stamp_s = 0.0
        self._depths: deque[tuple[float, Any]] = deque(maxlen=_DEPTHS)

    def offer(self, message: Any, stamp_s: float, now_s: float) -> None:
        """Put a frame in; one that waits, or was overtaken by a newer one, is dropped."""
        newest = self._waiting.stamp_s if self._waiting is not None else self._last_stamp_s
        if stamp_s and newest - _RESTART_S < stamp_s <= newest:
            self.dropped += 1
            return
        if self._waiting is None:
            # Kept when a newer frame comes: else a fast camera would never be looked at.
            self._since_s = now_s
        else:
            self.dropped += 1
        self._waiting = Frame(message, stamp_s, now_s)

    def offer_depth(self, message: Any, stamp_s: float) -> None:
        """Remember a depth frame."""
        self._depths.append((stamp_s, message))

    def depth_at(self, stamp_s: float) -> Any:
        """The depth message nearest to a moment, None when none is within `slop_s`."""
        # A microsecond more: so coarse are today's stamps as floating point seconds.
        near = [d for d in self._depths if abs(d[0] - stamp_s) <= self.slop_s + 1e-6]
        return min(near, key=lambda d: abs(d[0] - stamp_s))[1] if near else None

    def take(self, now_s: float) -> Frame | None:
        """The frame to analyse now; None: wait, see `wait_s`."""
        frame = self._waiting
        wait_s = self.wait_s(now_s)
        if frame is None or wait_s is None or wait_s > 0:
            return None
        self._waiting = None
        self._taken_s, self._last_stamp_s = now_s, frame.stamp_s
        depth = self.depth_at(frame.stamp_s) if self.use_depth else None
        return Frame(frame.message, frame.stamp_s, frame.arrived_s, depth)

    def note(self, stamp_s: float) -> None:
        """A picture of this stamp was analysed for somebody else: it is not to be taken again."""
        self._last_stamp_s = stamp_s
        if self._waiting is not None and self._waiting.stamp_s == stamp_s:
            self._waiting = None

    def wait_s(self, now_s: float) -> float | None:
        """How long until `take` gives the waiting frame [s]; None when none waits."""
        if self._waiting is None:
            return None
        due = self._taken_s + 1.0 / self.rate_hz if self.rate_hz > 0 else now_s
        if self.use_depth and not self._has_all_depth(self._waiting.stamp_s):
            due = max(due, self._since_s + self.slop_s)
        return max(0.0, due - now_s)

    def _has_all_depth(self, stamp_s: float) -> bool:
        """Whether no better depth can come: one is there, or one of later is."""
        newest = max((stamp for stamp, _ in self._depths), default=-1.0)
        return self.depth_at(stamp_s) is not None or newest > stamp_s + self.slop_s
