"""The robots that the simulation tests share."""

from __future__ import annotations

import contextlib
from typing import NamedTuple

import pytest

from imaggen_motion import MotionError, RobotModel
from imaggen_motion.robot_files import model_of, resolve_robot
from imaggen_simulation.errors import RenderingUnavailable
from imaggen_simulation.render import rendering_backend

# MuJoCo takes the OpenGL that is chosen when it is first imported: before any test module does.
with contextlib.suppress(RenderingUnavailable):
    rendering_backend()


class Robot(NamedTuple):
    """A robot as simulation and as motion know it."""

    urdf_xml: str
    model: RobotModel


def load(name: str) -> Robot:
    source = resolve_robot(name)
    return Robot(source.urdf_xml, model_of(source.urdf_xml))


@pytest.fixture(scope="session")
def humanoid() -> Robot:
    return load("imaggen_humanoid")


@pytest.fixture(scope="session", params=("imaggen_humanoid", "talos"))
def robot(request: pytest.FixtureRequest) -> Robot:
    try:
        return load(request.param)
    except MotionError as error:  # TALOS is an optional extra
        pytest.skip(str(error))
