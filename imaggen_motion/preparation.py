"""How long a robot takes to be ready for a stroke, by practice.

Whoever plans gestures leaves so much time between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np

from imaggen_motion.robot_model import RobotModel
from imaggen_motion.stroke import known_practices
from imaggen_motion.synthesis import SynthesisConfig, synthesize
from imaggen_perception.scene import (
    Alignment,
    BoundingBox,
    Outline,
    Scene,
    SceneObject,
    Shape,
    Symmetry,
    SymmetryAxis,
)
from imaggen_semantics.config import MatcherConfig
from imaggen_semantics.plan import PRACTICES, GesturePlan, GestureSpec

_WINDOWS = MatcherConfig()  # the shortest strokes that are asked for
_AWHILE_S = 5.0  # a gesture and the preparation of the next, for any arm


def preparation_times(robot: RobotModel, config: SynthesisConfig | None = None) -> dict[str, float]:
    """Time from the planned end of a stroke to the next one's start, by the next one's practice.

    It holds what a stroke takes longer than planned (its own pace, its hold at the end) and the way
    of the hands to where the next one starts. Gestures about a circle straight ahead are
    synthesized in a row, every practice after every other, and the longest times count. For a
    practice that cannot be performed another one stands in, so that the longest of all is told.
    This also warms up the code, so that the first real gesture is planned fast.

    Args:
        robot: whose joints.
        config: how gestures are put together.

    Returns:
        Seconds by practice; empty for a robot that can perform none.
    """
    # Hands that go back to rest in between would take the time that is measured.
    config = replace(config or SynthesisConfig(), retract_gap_s=np.inf)
    practices = _every_one_after_every_other(known_practices())
    gestures = tuple(_typical(name, n * _AWHILE_S) for n, name in enumerate(practices))
    motion = synthesize(GesturePlan(_circle(), gestures), robot, config=config)
    overrun_s, ready_s = 0.0, dict.fromkeys(practices, 0.0)
    for phase in motion.phases:
        gesture = gestures[phase.gesture]
        if phase.name == "post_stroke_hold":
            overrun_s = max(overrun_s, phase.end_s - gesture.stroke_end_s)
        elif phase.name == "preparation":
            taken_s = gesture.stroke_start_s - phase.start_s
            ready_s[gesture.practice] = max(ready_s[gesture.practice], taken_s)
    times = {name: overrun_s + seconds for name, seconds in ready_s.items() if seconds > 0.0}
    longest_s = max(times.values(), default=0.0)
    return {name: times.get(name, longest_s) for name in PRACTICES} if times else {}


def _every_one_after_every_other(names: Sequence[str]) -> list[str]:
    """The shortest row in which every ordered pair is neighbours (a de Bruijn sequence)."""
    row: list[str] = []
    for index, first in enumerate(names):
        row.append(first)
        for second in names[index + 1 :]:
            row += [first, second]
    return [*row, *names[:1]]


def _typical(practice: str, start_s: float) -> GestureSpec:
    """A gesture about the circle whose stroke starts at a time."""
    if practice == "indexing":
        end_s = start_s + _WINDOWS.pointing_s
        return GestureSpec(
            "deictic", "indexing", "right", "circle", "position", (0,), start_s, end_s, 1.0,
            "Typical.",
        )  # fmt: skip
    end_s = start_s + _WINDOWS.drawing_s
    return GestureSpec(
        "iconic", cast(Any, practice), "both", "circle", "outline", (0,), start_s, end_s, 1.0,
        "Typical.",
    )  # fmt: skip


def _circle() -> Scene:
    angle = np.linspace(0.0, 2 * np.pi, 64, endpoint=False)
    circle = Outline(0.5 * np.column_stack([np.cos(angle), np.sin(angle)]), 100.0)
    upright = SymmetryAxis(0.0, 1.0)
    thing = SceneObject(
        id="circle",
        box=BoundingBox(0, 0, 100, 100),
        outline=circle,
        shape=Shape("circle", 1.0),
        symmetry=Symmetry((upright,), upright),
        alignment=Alignment(0.0, 1.0, 0.0),
        bearing=np.array([0.0, 0.0, 1.0]),
        relative_size=1.0,
        confidence=1.0,
        method="typical",
    )
    return Scene((thing,), (100, 100))
