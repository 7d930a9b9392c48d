"""Pictures of a robot in a posture, by MuJoCo without a window.

OpenGL comes from EGL or OSMesa. Which one works is found out once, before MuJoCo is imported for
drawing, because MuJoCo decides on import.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaggen_simulation.errors import RenderingUnavailable

FloatArray = NDArray[np.float64]
Picture = NDArray[np.uint8]
_EGL_PLATFORM_DEVICE = 0x313F  # EGL_EXT_platform_device
_MOST_DEVICES = 16


@dataclass(frozen=True)
class Trail:
    """A line in the world, such as the way a fingertip took.

    Attributes:
        points: (n, 3) [m].
        rgba: colour, 0..1 each.
        radius: [m].
    """

    points: FloatArray
    rgba: tuple[float, float, float, float]
    radius: float = 0.006


def rendering_backend() -> str:
    """Choose the OpenGL that MuJoCo uses, and say which.

    Raises:
        RenderingUnavailable: when there is none.
    """
    chosen = os.environ.get("MUJOCO_GL", "")
    if not chosen:
        if _has_egl_device():
            chosen = "egl"
        elif ctypes.util.find_library("OSMesa"):
            chosen = "osmesa"
        else:
            raise RenderingUnavailable(
                "no OpenGL for pictures; install it with: apt-get install libegl1 libegl-mesa0"
                " libgl1-mesa-dri"
            )
        os.environ["MUJOCO_GL"] = chosen
    return chosen


def _has_egl_device() -> bool:
    """Whether EGL is there and a driver with it: MuJoCo fails on import where one is missing."""
    library = ctypes.util.find_library("EGL")
    if library is None:
        return False
    egl = ctypes.CDLL(library)
    egl.eglGetProcAddress.restype = ctypes.c_void_p
    addresses = [
        egl.eglGetProcAddress(name) for name in (b"eglQueryDevicesEXT", b"eglGetPlatformDisplayEXT")
    ]
    if not all(addresses):
        return False
    pointer, number = ctypes.c_void_p, ctypes.c_int
    query = ctypes.CFUNCTYPE(number, number, pointer, pointer)(addresses[0])
    display_of = ctypes.CFUNCTYPE(pointer, number, pointer, pointer)(addresses[1])
    devices, count = (pointer * _MOST_DEVICES)(), number()
    if not query(_MOST_DEVICES, devices, ctypes.byref(count)):
        return False
    displays = [display_of(_EGL_PLATFORM_DEVICE, devices[i], None) for i in range(count.value)]
    return any(display and egl.eglInitialize(pointer(display), None, None) for display in displays)


class Renderer:
    """Draws a model in given postures from the front, a little from the side.

    Args:
        model: mujoco.MjModel as `build_model` makes it; its floor is moved under the robot.
        look_at: (3,) point in the middle of the picture [m].
        extent: height of what is seen around that point [m].
        forward: (3,) direction the robot faces.
        size: width and height [pixels].
        fine: shadows and smooth edges; without, a frame takes a tenth of the time (video).

    Raises:
        RenderingUnavailable: when OpenGL does not work here.
    """

    # From the robot's front, turned to its right hand, from a little above: both hands are seen in
    # front of the body, and a shape drawn in the air keeps its proportions.
    TURN_DEG, ELEVATION_DEG = 24.0, -8.0

    def __init__(
        self,
        model: Any,
        look_at: FloatArray,
        extent: float,
        forward: FloatArray,
        size: tuple[int, int] = (640, 480),
        fine: bool = True,
    ):
        rendering_backend()
        import mujoco

        from imaggen_simulation.model import VISUAL_GROUP, place_floor

        self._mujoco, self.model = mujoco, model
        self.data = mujoco.MjData(model)
        mujoco.mj_forward(model, self.data)
        place_floor(model, self.data)
        model.vis.global_.offwidth = max(model.vis.global_.offwidth, size[0])
        model.vis.global_.offheight = max(model.vis.global_.offheight, size[1])
        quality = model.vis.quality
        quality.shadowsize, quality.offsamples = (2048, 4) if fine else (0, 0)
        quality.numslices, quality.numstacks = (28, 16) if fine else (20, 10)
        try:
            self._renderer = mujoco.Renderer(model, size[1], size[0])
        except Exception as error:  # the GL bindings raise whatever they like
            raise RenderingUnavailable(f"OpenGL does not work here: {error}") from error
        self._option = mujoco.MjvOption()
        if (model.geom_group[1:] == VISUAL_GROUP).any():
            self._option.geomgroup[:] = 0
            self._option.geomgroup[VISUAL_GROUP] = 1
        self._camera = mujoco.MjvCamera()
        self._camera.lookat[:] = look_at
        half_angle = np.radians(model.vis.global_.fovy / 2)
        self._camera.distance = extent / 2 / np.tan(half_angle)
        heading = np.degrees(np.arctan2(forward[1], forward[0]))
        self._camera.azimuth = heading + 180.0 - self.TURN_DEG
        self._camera.elevation = self.ELEVATION_DEG

    def draw(self, posture: Mapping[str, float], trails: Sequence[Trail] = ()) -> Picture:
        """A picture (height, width, 3), RGB.

        Args:
            posture: joint name to position [rad]; joints that are left out stay.
            trails: lines to draw with it.
        """
        for name, value in posture.items():
            joint = self._mujoco.mj_name2id(self.model, self._mujoco.mjtObj.mjOBJ_JOINT, name)
            if joint >= 0:
                self.data.qpos[self.model.jnt_qposadr[joint]] = value
        self._mujoco.mj_forward(self.model, self.data)
        self._renderer.update_scene(self.data, self._camera, self._option)
        for trail in trails:
            self._add(trail)
        return np.asarray(self._renderer.render()).copy()

    def close(self) -> None:
        """Free the OpenGL context."""
        self._renderer.close()

    def _add(self, trail: Trail) -> None:
        """Append a chain of capsules to the scene, as far as it has room."""
        scene = self._renderer.scene
        for first, last in zip(trail.points[:-1], trail.points[1:], strict=True):
            if scene.ngeom >= scene.maxgeom:
                return
            geom = scene.geoms[scene.ngeom]
            self._mujoco.mjv_initGeom(
                geom,
                self._mujoco.mjtGeom.mjGEOM_CAPSULE,
                np.zeros(3),
                np.zeros(3),
                np.eye(3).ravel(),
                np.array(trail.rgba, dtype=np.float32),
            )
            self._mujoco.mjv_connector(
                geom, self._mujoco.mjtGeom.mjGEOM_CAPSULE, trail.radius, first, last
            )
            geom.emission = 0.6  # its own colour in any light
            scene.ngeom += 1
