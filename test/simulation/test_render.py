"""Pictures of the robot; skipped where there is no OpenGL."""

from __future__ import annotations

import ctypes.util

import numpy as np
import pytest

from imaggen_simulation.errors import RenderingUnavailable
from imaggen_simulation.model import build_model
from imaggen_simulation.render import Renderer, Trail, rendering_backend

PURPLE = (0.8, 0.0, 0.9, 1.0)


@pytest.fixture
def draw(robot):
    try:
        rendering_backend()
        space = robot.model.space
        renderer = Renderer(
            build_model(robot.urdf_xml),
            look_at=space.point(0.2, 0.0, -0.12),
            extent=1.7 * space.reach,
            forward=space.axes[:, 0],
            size=(320, 240),
            fine=False,
        )
    except RenderingUnavailable as error:
        pytest.skip(str(error))
    yield renderer.draw
    renderer.close()


def posture(robot) -> dict[str, float]:
    rest = dict(zip(robot.model.joint_names, robot.model.rest.tolist(), strict=True))
    return {**robot.model.whole_body_rest(), **rest}


def purple(picture) -> np.ndarray:
    red, green, blue = picture.astype(int).transpose(2, 0, 1)
    return (red > green + 60) & (blue > green + 60)


def test_the_robot_is_in_the_picture_and_moves(robot, draw):
    rest = draw(posture(robot))
    assert rest.shape == (240, 320, 3)
    assert rest.dtype == np.uint8
    assert rest.std() > 20
    moved = draw({**posture(robot), robot.model.arm_joints["left"][3]: 0.0})
    changed = np.abs(rest.astype(int) - moved).max(axis=2) > 20
    assert changed.mean() > 0.005


def test_nothing_is_over_exposed(robot, draw):
    """Shapes are told apart by their shading, so next to nothing may be full white."""
    assert (draw(posture(robot)).min(axis=2) > 252).mean() < 0.02


def test_a_trail_is_drawn_upright_and_on_the_robots_own_left(robot, draw):
    space, angle = robot.model.space, np.linspace(0.0, 2 * np.pi, 40)
    ring = [space.point(0.5, 0.35 + 0.15 * np.cos(a), 0.15 * np.sin(a)) for a in angle]
    assert not purple(draw(posture(robot))).any()
    rows, columns = np.nonzero(purple(draw(posture(robot), [Trail(np.array(ring), PURPLE)])))
    assert len(rows) > 100
    assert columns.mean() > 170  # the robot faces us
    # A ring a little from the side: nearly as wide as it is high.
    assert 0.7 < np.ptp(columns) / np.ptp(rows) < 1.05


def test_without_opengl_the_error_names_the_packages(monkeypatch):
    monkeypatch.delenv("MUJOCO_GL", raising=False)
    monkeypatch.setattr(ctypes.util, "find_library", lambda _: None)
    with pytest.raises(RenderingUnavailable, match="libegl1"):
        rendering_backend()


def test_the_users_choice_of_opengl_counts(monkeypatch):
    monkeypatch.setenv("MUJOCO_GL", "osmesa")
    assert rendering_backend() == "osmesa"
