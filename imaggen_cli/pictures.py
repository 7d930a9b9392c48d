"""`filmstrip.png` and `gesture.mp4`: what the robot did, drawn from the bag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from imaggen_evaluation import Bag, executed_path
from imaggen_evaluation.executed import seconds
from imaggen_motion.robot_files import model_of
from imaggen_simulation.errors import RenderingUnavailable
from imaggen_simulation.render import Renderer, Trail, rendering_backend

if TYPE_CHECKING:
    from imaggen_cli.nodes.session import Spoken
    from imaggen_simulation.pictures import Caption

FloatArray = NDArray[np.float64]
FRAME_RATE = 20
MOST_FRAMES, FEWEST_FRAMES = 10, 6
TRAIL_COLOR, RAY_COLOR = (1.0, 0.42, 0.05, 1.0), (0.85, 0.1, 0.2, 1.0)
RAY_M = 0.6
TRAIL_SPACING_S = 0.03
# Where within a gesture a still is taken: phase and share of it. Six per gesture show it all.
_STILLS = (
    ("preparation", 0.6), ("stroke", 0.0), ("stroke", 0.33), ("stroke", 0.66), ("stroke", 1.0),
    ("retraction", 0.6),
)  # fmt: skip


def write_pictures(bag: Bag, spoken: Spoken, folder: Path) -> tuple[list[str], str]:
    """Write what can be written here.

    Returns:
        Names of the files, and one sentence about what is missing ("" when nothing is).
    """
    written: list[str] = []
    try:
        rendering_backend()
        show = _Show(bag)
        show.write_filmstrip(folder / "filmstrip.png")
        written.append("filmstrip.png")
        show.write_video(folder / "gesture.mp4", spoken)
        written.append("gesture.mp4")
    except RenderingUnavailable as error:
        return written, str(error)
    except ImportError as error:
        return written, f"pictures need {error.name}; pip install 'imaggen[simulation]'"
    return written, ""


@dataclass(frozen=True)
class _Stroke:
    """An executed stroke: its time [s from speech] and its path, (n,) and (n, 3).

    Attributes:
        practice: drawing, indexing, ...
        held_until: end of the post-stroke hold [s from speech].
    """

    time: FloatArray
    points: FloatArray
    practice: str
    held_until: float

    def ray(self) -> FloatArray:
        """Where the hand pointed, from the fingertip on, (2, 3) [m]."""
        direction = self.points[-1] - self.points[0]
        reach = RAY_M / float(np.linalg.norm(direction))
        return np.asarray(self.points[-1] + np.outer([0.0, reach], direction))


class _Show:
    """Draws moments of one recorded performance; times are seconds from the start of speech."""

    def __init__(self, bag: Bag):
        self._utterance = bag.last("/utterance")
        self._motion = bag.last("/gesture_trajectory")
        self._plan = bag.last("/gesture_plan")
        self._speech = seconds(self._utterance.start)
        self._urdf = bag.last("/robot_description").data
        self._robot = model_of(self._urdf)
        states = [message.value for message in bag.messages("/joint_states")]
        self._names = list(states[0].name)
        self._time = np.array([seconds(s.header.stamp) for s in states]) - self._speech
        self._positions = np.array([list(s.position) for s in states])
        self._strokes = [
            self._stroke(bag, phase) for phase in self._motion.phases if phase.phase == "stroke"
        ]
        words_end = self._utterance.duration
        end = max([words_end, *(phase.end for phase in self._motion.phases)]) + 0.3
        self._span = (-self._motion.lead - 0.2, min(end, float(self._time[-1])))

    def write_filmstrip(self, path: Path) -> None:
        from imaggen_simulation.pictures import write_filmstrip

        renderer = self._renderer(fine=True)
        times = self._stills()
        frames = [self._draw(renderer, t) for t in times]
        renderer.close()
        write_filmstrip(path, frames, [self._caption(t) for t in times])

    def write_video(self, path: Path, spoken: Spoken) -> None:
        from imaggen_simulation.pictures import write_video

        renderer = self._renderer(fine=False)
        begin, end = self._span

        def frames() -> Iterator[tuple[Any, Caption]]:
            for t in np.arange(begin, end, 1.0 / FRAME_RATE):
                yield self._draw(renderer, float(t)), self._caption(float(t))

        write_video(path, frames(), FRAME_RATE, spoken.samples, spoken.rate_hz, -begin)
        renderer.close()

    # -- moments ----------------------------------------------------------------------------

    def _stills(self) -> list[float]:
        """Six to ten telling moments in order."""
        begin, end = self._span
        gestures = sorted({phase.gesture for phase in self._motion.phases})
        times = [begin + 0.1]
        per_gesture = max(3, (MOST_FRAMES - 2) // max(1, len(gestures)))
        for gesture in gestures:
            moments = [t for name, share in _STILLS for t in self._moment(gesture, name, share)]
            chosen = np.linspace(0, len(moments) - 1, min(per_gesture, len(moments)))
            times += [moments[round(i)] for i in chosen]
        times = sorted(times)[: MOST_FRAMES - 1] + [end - 0.1]
        if len(times) < FEWEST_FRAMES:
            times = list(np.linspace(begin + 0.1, end - 0.1, FEWEST_FRAMES + 2))
        return [float(t) for t in times]

    def _moment(self, gesture: int, name: str, share: float) -> list[float]:
        """The time of one moment of a gesture, if it has that phase."""
        phases = [p for p in self._motion.phases if p.gesture == gesture and p.phase == name]
        if not phases:
            return []
        start, end = min(p.start for p in phases), max(p.end for p in phases)
        return [start + share * (end - start)]

    def _caption(self, t: float) -> Caption:
        from imaggen_simulation.pictures import Caption

        words = self._utterance.words
        current = next((i for i, w in enumerate(words) if w.start <= t < w.end), -1)
        phases = {p.phase.replace("_", " ") for p in self._motion.phases if p.start <= t <= p.end}
        beating = "rest" if not 0.0 <= t <= self._utterance.duration else "beats"
        phase = next((p for p in ("stroke", *sorted(phases)) if p in phases), beating)
        return Caption(t, tuple(word.word for word in words), current, phase)

    # -- drawing ----------------------------------------------------------------------------

    def _renderer(self, fine: bool) -> Renderer:
        from imaggen_simulation.model import build_model

        space = self._robot.space
        renderer = Renderer(
            build_model(self._urdf),
            look_at=space.point(0.12, 0.0, -0.12),
            extent=1.6 * space.reach,
            forward=space.axes[:, 0],
            fine=fine,
        )
        return renderer

    def _draw(self, renderer: Renderer, t: float) -> Any:
        row = int(np.clip(np.searchsorted(self._time, t), 0, len(self._time) - 1))
        posture = dict(zip(self._names, self._positions[row].tolist(), strict=True))
        return renderer.draw(posture, list(self._trails(t)))

    def _trails(self, t: float) -> Iterator[Trail]:
        """What has been drawn so far, until the next stroke; where a hand points, while it does."""
        for stroke in self._strokes:
            if stroke.practice == "indexing":
                if stroke.time[-1] <= t <= stroke.held_until:
                    yield Trail(stroke.ray(), RAY_COLOR, radius=0.003)
                continue
            newer = any(other.time[0] > stroke.time[-1] and other.time[0] <= t
                        for other in self._strokes)  # fmt: skip
            drawn = stroke.points[stroke.time <= t]
            if len(drawn) > 1 and not newer:
                yield Trail(drawn, TRAIL_COLOR)

    def _stroke(self, bag: Bag, phase: Any) -> _Stroke:
        path = executed_path(
            bag,
            self._robot.tip_link(phase.hands),
            self._speech + phase.start,
            self._speech + phase.end,
        )
        time = path.time - self._speech
        holds = [
            p.end
            for p in self._motion.phases
            if p.gesture == phase.gesture and p.phase == "post_stroke_hold"
        ]
        step = max(1, round(TRAIL_SPACING_S / max(1e-3, float(np.diff(time).mean()))))
        practice = self._plan.gestures[phase.gesture].practice
        held_until = max([phase.end, *holds])
        return _Stroke(time[::step], path.points[::step], practice, held_until)
