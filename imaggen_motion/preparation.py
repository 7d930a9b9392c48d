"""How long a robot takes to be ready for a stroke, by practice.

Whoever plans gestures leaves so much time between them.
"""

from __future__ import annotations

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
from imaggen_semantics.plan import GesturePlan, GestureSpec

_LEISURELY_S = 5.0
_DRAWING = GestureSpec(
    "iconic", "drawing", "both", "circle", "outline", (0,), _LEISURELY_S, _LEISURELY_S + 1.2, 1.0,
    "Typical.",
)  # fmt: skip
_POINTING = replace(
    _DRAWING, phrase="deictic", practice="indexing", hands="right", property="position"
)


def preparation_times(robot: RobotModel, config: SynthesisConfig | None = None) -> dict[str, float]:
    """Time from rest to the start of the stroke of a typical gesture of each practice [s].

    Each practice is synthesized once, about a circle straight ahead; what the robot cannot perform
    is left out. This also warms up the code, so that the first real gesture is planned fast.

    Args:
        robot: whose joints.
        config: how gestures are put together.
    """
    config = config or SynthesisConfig()
    times = {}
    for practice in known_practices():
        gesture = (
            _POINTING if practice == "indexing" else replace(_DRAWING, practice=cast(Any, practice))
        )
        motion = synthesize(GesturePlan(_circle(), (gesture,)), robot, config=config)
        starts = [phase.start_s for phase in motion.phases if phase.name == "preparation"]
        strokes = [phase.start_s for phase in motion.phases if phase.name == "stroke"]
        if starts and strokes:
            times[practice] = max(strokes) - min(starts)
    return times


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
