"""Drawing: the index fingertip traces the outline in the air, on an upright plane.

A shape that is symmetric about the vertical is drawn by both hands at once, each its own half from
the top down, as people do; any other shape by one hand, starting at the top.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from imaggen_motion.arms import Side
from imaggen_motion.ik import TipPath
from imaggen_motion.robot_model import RobotModel
from imaggen_motion.stroke import Placement, PracticeInput, Stroke, practice
from imaggen_perception.scene import SceneObject

FloatArray = NDArray[np.float64]

WAYPOINTS = 60
# Corners are rounded by this much [m]: a hand that does not stop cannot turn on the spot.
ROUNDING = 0.012
# Comfortable speed of a drawing fingertip [m/s]; SaGA drawings of hand-sized shapes last 1-2 s.
DRAWING_SPEED = 0.6
MIN_STROKE_S, MAX_STROKE_S = 1.0, 3.5
HOLD_S = 0.3  # post-stroke holds help a viewer identify what was drawn
# Fingertips that meet on the axis keep this distance from it [m], so that the fingers do not touch.
AXIS_GAP = 0.012
# How far fingers toe in, relative to pointing straight ahead, and tip up.
TOE_IN, TIP_UP = 0.35, 0.25
# Objects much smaller than the largest one in view are drawn smaller, but never tiny.
SMALLEST_RELATIVE = 0.55


@practice("drawing")
def draw(request: PracticeInput) -> Stroke:
    """Trace the outline of the object with one or both index fingers."""
    outline = np.array(request.object.outline.points)
    if request.viewpoint == "viewer":
        outline = outline[::-1] * [-1.0, 1.0]  # mirrored, and still counter-clockwise
    if request.gesture.hands == "both":
        halves = _mirrored_halves(outline)
    else:
        halves = {request.side: _from_top(outline, request.side)}
    size = request.placement.size * max(SMALLEST_RELATIVE, request.object.relative_size)
    robot = request.robot
    tips = {}
    for side, curve in halves.items():
        rounded = resample(_round_corners(curve, ROUNDING / (size * robot.space.reach)), WAYPOINTS)
        apart = AXIS_GAP if len(halves) == 2 else 0.0
        tips[side] = TipPath(
            points=_lift(robot, request.placement, size, rounded, side, apart),
            finger=_finger_direction(robot, side),
            palm=_palm_direction(robot, side),
        )
    length = max(_length(tip.points) for tip in tips.values())
    return Stroke(
        tips=tips,
        pace=_shared_pace([tip.points for tip in tips.values()]),
        natural_s=float(np.clip(length / DRAWING_SPEED, MIN_STROKE_S, MAX_STROKE_S)),
        hold_s=HOLD_S,
    )


def can_use_both_hands(scene_object: SceneObject) -> bool:
    """Whether the outline's own left and right halves can be drawn by the two hands."""
    axis = scene_object.symmetry.gesturable
    return axis is not None and abs(axis.angle_rad) < np.radians(15.0)


def resample(curve: FloatArray, count: int) -> FloatArray:
    """`count` points at equal arc length along an open curve (n, d)."""
    steps = np.linalg.norm(np.diff(curve, axis=0), axis=1)
    arc = np.concatenate([[0.0], np.cumsum(steps)])
    keep = np.concatenate([[True], steps > 1e-12])
    at = np.linspace(0.0, arc[-1], count)
    return np.column_stack([np.interp(at, arc[keep], axis[keep]) for axis in curve.T])


def _round_corners(curve: FloatArray, sigma: float) -> FloatArray:
    """The curve (n, 2), smoothed by a Gaussian of `sigma` outline units; its ends stay."""
    dense = resample(curve, 8 * WAYPOINTS)
    spacing = _length(dense) / (len(dense) - 1)
    pad = min(len(dense) - 1, int(np.ceil(4 * sigma / spacing)))
    # Reflecting through the end points keeps them, and the direction there, as they are.
    before, after = 2 * dense[0] - dense[pad:0:-1], 2 * dense[-1] - dense[-2 : -pad - 2 : -1]
    smooth = gaussian_filter1d(np.vstack([before, dense, after]), sigma / spacing, axis=0)
    return np.asarray(smooth[pad : pad + len(dense)])


def _from_top(outline: FloatArray, side: Side) -> FloatArray:
    """The closed outline from its topmost point, inward first (right hand: counter-clockwise)."""
    start = _topmost(outline)
    rolled = np.roll(outline, -start, axis=0)
    closed = np.vstack([rolled, rolled[:1]])
    return closed if side == "right" else closed[::-1]


def _mirrored_halves(outline: FloatArray) -> dict[Side, FloatArray]:
    """Both halves from top to bottom, each hand its own side (x < 0 is the robot's left).

    The outline is made exactly symmetric about the vertical through its centre, so that the two
    hands move as mirror images.
    """
    middle = (outline[:, 0].min() + outline[:, 0].max()) / 2
    centred = outline - [middle, 0.0]
    dense = resample(np.vstack([centred, centred[:1]]), 8 * WAYPOINTS)[:-1]
    left = _half(dense, np.argmax(_upper_middle(dense)), np.argmax(_upper_middle(-dense)))
    right = _half(
        dense[::-1] * [-1.0, 1.0],
        np.argmax(_upper_middle(dense[::-1])),
        np.argmax(_upper_middle(-dense[::-1])),
    )
    mean = (resample(left, WAYPOINTS) + resample(right, WAYPOINTS)) / 2
    mean[[0, -1], 0] = 0.0
    mean[:, 0] = np.minimum(mean[:, 0], 0.0)
    return {"left": mean, "right": mean * [-1.0, 1.0]}


def _upper_middle(points: FloatArray) -> FloatArray:
    """Score that is largest where the curve crosses the vertical axis highest."""
    near = np.abs(points[:, 0]) < 0.02
    if not near.any():
        near = np.abs(points[:, 0]) <= np.abs(points[:, 0]).min() + 1e-9
    return np.where(near, points[:, 1] - np.abs(points[:, 0]), -np.inf)


def _half(points: FloatArray, top: np.intp, bottom: np.intp) -> FloatArray:
    """Counter-clockwise run from the top to the bottom: the left side in a y-up picture."""
    rolled = np.roll(points, -int(top), axis=0)
    return rolled[: (int(bottom) - int(top)) % len(points) + 1]


def _topmost(outline: FloatArray) -> int:
    """Index of the topmost point; of a level top, its middle."""
    height = outline[:, 1]
    level = np.flatnonzero(height > height.max() - 0.01)
    middle = outline[level, 0].mean()
    return int(level[np.argmin(np.abs(outline[level, 0] - middle))])


def _lift(
    robot: RobotModel,
    placement: Placement,
    size: float,
    curve: FloatArray,
    side: Side,
    apart: float,
) -> FloatArray:
    """Outline coordinates (n, 2) onto the drawing plane in the base frame (n, 3) [m]."""
    space = robot.space
    # The robot's left is left: image x to the right is the robot's negative left.
    left, up = -curve[:, 0] * size, curve[:, 1] * size
    if apart > 0.0:
        # Squeezed away from the axis, not cut: a cut would make the hand wait on the axis.
        gap, width = apart / space.reach, float(np.abs(left).max())
        outward = 1.0 if side == "left" else -1.0
        left = outward * gap + left * max(0.0, 1.0 - gap / width)
    centre = space.point(placement.forward, placement.left, placement.up)
    return np.asarray(
        centre + space.reach * (np.outer(left, space.axes[:, 1]) + np.outer(up, space.axes[:, 2]))
    )


def _finger_direction(robot: RobotModel, side: Side) -> FloatArray:
    inward = -1.0 if side == "left" else 1.0
    return robot.space.direction(1.0, TOE_IN * inward, TIP_UP)


def _palm_direction(robot: RobotModel, side: Side) -> FloatArray:
    """Palms down and a little inward, as in writing on a board."""
    inward = -1.0 if side == "left" else 1.0
    return robot.space.direction(-0.1, 0.5 * inward, -0.85)


def _length(points: FloatArray) -> float:
    return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())


def _shared_pace(paths: list[FloatArray]) -> FloatArray:
    """Relative speed (K,) of the hands: proportional to curvature^(-1/3), capped.

    The two-thirds power law of drawing movements (Lacquaniti, Terzuolo & Viviani 1983); the caps
    keep straights from racing and corners from stopping.
    """
    curvature = np.max([_curvature(path) for path in paths], axis=0)
    typical = float(np.median(curvature)) + 1e-9
    pace = np.clip((curvature / typical + 1e-3) ** (-1.0 / 3.0), 0.45, 1.4)
    return np.asarray(gaussian_filter1d(pace, 1.5, mode="nearest"))


def _curvature(points: FloatArray) -> FloatArray:
    """(K,) curvature [1/m] of a curve sampled evenly, smoothed over neighbouring waypoints."""
    smooth = gaussian_filter1d(points, 1.0, axis=0, mode="nearest")
    first = np.gradient(smooth, axis=0)
    second = np.gradient(first, axis=0)
    cross = np.linalg.norm(np.cross(first, second), axis=1)
    return np.asarray(cross / np.maximum(np.linalg.norm(first, axis=1), 1e-9) ** 3)
