"""Indexing: the arm and the index finger point at the object.

Shoulder, fingertip and target lie on one line (the arm line, which people at the side read); the
stroke is a short thrust along it, then the hand holds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imaggen_motion.ik import TipPath
from imaggen_motion.robot_model import RobotModel
from imaggen_motion.stroke import PracticeInput, Stroke, practice
from imaggen_perception.scene import SceneObject

FloatArray = NDArray[np.float64]

WAYPOINTS = 12
THRUST = 0.12  # length of the stroke, in reach units
THRUST_S = 0.35
ASSUMED_DISTANCE = 1.5  # of a target without depth [m], about a table's far edge
# The arm straightens as far as the placement's size says, leaving the elbow a little bent.
STRETCH = 0.86


@practice("indexing")
def point(request: PracticeInput) -> Stroke:
    """Point at the object with one hand."""
    robot, side = request.robot, request.side
    target = target_point(robot, request.object)
    shoulder = robot.arm(side).shoulder
    direction = (target - shoulder) / np.linalg.norm(target - shoulder)
    distance = min(STRETCH * robot.space.reach, 0.9 * float(np.linalg.norm(target - shoulder)))
    # A smaller placement bends the arm more: how synthesis brings a far point within reach.
    distance *= request.placement.size / type(request.placement)().size
    along = np.linspace(distance - THRUST * robot.space.reach, distance, WAYPOINTS)
    inward = -1.0 if side == "left" else 1.0
    hold = max(0.3, request.gesture.stroke_end_s - request.gesture.stroke_start_s - THRUST_S)
    return Stroke(
        tips={
            side: TipPath(
                points=shoulder + np.outer(along, direction),
                finger=direction,
                palm=robot.space.direction(0.0, inward, -0.6),
            )
        },
        pace=np.ones(WAYPOINTS),
        natural_s=THRUST_S,
        hold_s=hold,
    )


def target_point(robot: RobotModel, scene_object: SceneObject) -> FloatArray:
    """Where the object is, (3,) in the robot's base frame [m].

    Positions and bearings are given in an optical frame (z forward, x right, y down) that is taken
    to look straight ahead from the robot's camera, else from its head's height.
    """
    space = robot.space
    eye = robot.frame_position({"camera"})
    if eye is None:
        eye = space.point(0.1, 0.0, 0.35)
    seen = scene_object.position
    if seen is None:
        seen = scene_object.bearing * ASSUMED_DISTANCE
    right, down, forward = seen
    return np.asarray(eye + space.axes @ np.array([forward, -right, -down]))
