"""Robots and plans that the motion tests share."""

from __future__ import annotations

import numpy as np
import pytest

from imaggen_motion import MotionError, RobotModel
from imaggen_motion.robot_files import model_of, resolve_robot
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

ROBOTS = ("imaggen_humanoid", "talos")


def load_robot(name: str) -> RobotModel:
    return model_of(resolve_robot(name).urdf_xml)


@pytest.fixture(scope="session")
def humanoid() -> RobotModel:
    return load_robot("imaggen_humanoid")


@pytest.fixture(scope="session", params=ROBOTS)
def robot(request: pytest.FixtureRequest) -> RobotModel:
    try:
        return load_robot(request.param)
    except MotionError as error:  # TALOS is an optional extra
        pytest.skip(str(error))


def closed_polygon(corners, count: int = 128) -> np.ndarray:
    """Points at equal arc length along a closed polygon, scaled to a larger extent of 1."""
    corners = np.asarray(corners, dtype=float)
    ring = np.vstack([corners, corners[:1]])
    arc = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(ring, axis=0), axis=1))])
    at = np.linspace(0.0, arc[-1], count, endpoint=False)
    points = np.column_stack([np.interp(at, arc, axis) for axis in ring.T])
    low, high = points.min(axis=0), points.max(axis=0)
    return (points - (low + high) / 2) / (high - low).max()


def ellipse(aspect: float = 1.0, count: int = 128) -> np.ndarray:
    """Counter-clockwise ellipse of width/height `aspect`, larger extent 1."""
    angle = np.linspace(0.0, 2 * np.pi, count, endpoint=False)
    return np.column_stack([aspect * np.cos(angle), np.sin(angle)]) / (2 * max(aspect, 1.0))


def rectangle(aspect: float) -> np.ndarray:
    return closed_polygon([[-aspect, 1], [-aspect, -1], [aspect, -1], [aspect, 1]])


def star(spikes: int, depth: float, turn: float) -> np.ndarray:
    angle = turn + np.linspace(0.0, 2 * np.pi, 2 * spikes, endpoint=False)
    radius = np.where(np.arange(2 * spikes) % 2 == 0, 1.0, depth)
    return closed_polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))


def make_object(points, *, symmetric=True, bearing=(0.0, 0.0, 1.0), name="thing", size=1.0):
    axis = SymmetryAxis(0.0, 0.98) if symmetric else None
    return SceneObject(
        id=name,
        box=BoundingBox(0, 0, 100, 100),
        outline=Outline(points, 100.0),
        shape=Shape("irregular", 0.9),
        symmetry=Symmetry((axis,) if axis else (), axis),
        alignment=Alignment(0.0, 1.0, 0.0),
        bearing=np.array(bearing) / np.linalg.norm(bearing),
        relative_size=size,
        confidence=0.9,
        method="test",
    )


def make_gesture(**changes) -> GestureSpec:
    values = {
        "phrase": "iconic",
        "practice": "drawing",
        "hands": "both",
        "object_id": "thing",
        "property": "outline",
        "affiliate": (1,),
        "stroke_start_s": 0.2,
        "stroke_end_s": 1.4,
        "confidence": 0.9,
        "reason": "a test asks for it",
    }
    return GestureSpec(**{**values, **changes})


def make_plan(scene_object, *gestures, viewpoint="speaker") -> GesturePlan:
    return GesturePlan(Scene((scene_object,), (640, 480)), gestures, viewpoint=viewpoint)
