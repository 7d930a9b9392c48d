"""Pictures for RViz and Foxglove: what was to be drawn, what was drawn, where it pointed."""

from __future__ import annotations

from builtin_interfaces.msg import Time
from geometry_msgs.msg import Point
from std_msgs.msg import ColorRGBA
from visualization_msgs.msg import Marker, MarkerArray

from imaggen_interfaces.msg import GesturePlan, GestureTrajectory
from imaggen_motion.trajectory import FloatArray

TARGET = ColorRGBA(r=1.0, g=0.75, b=0.1, a=0.9)
EXECUTED = ColorRGBA(r=0.1, g=0.6, b=1.0, a=0.9)
RAY = ColorRGBA(r=0.9, g=0.2, b=0.3, a=0.8)
RAY_LENGTH_M = 1.0


def target_markers(plan: GesturePlan, motion: GestureTrajectory, stamp: Time) -> MarkerArray:
    """One line per target path; pointing gestures get a ray beyond the fingertip."""
    markers = []
    for number, path in enumerate(motion.paths):
        markers.append(
            _line("target_path", number, path.frame_id, list(path.points), TARGET, stamp)
        )
        if plan.gestures[path.gesture].practice == "indexing":
            ray = _beyond(path.points[0], path.points[-1])
            markers.append(_line("pointing_ray", number, path.frame_id, ray, RAY, stamp))
    return MarkerArray(markers=markers)


def executed_markers(paths: list[FloatArray], frame_id: str, stamp: Time) -> MarkerArray:
    """One line per executed fingertip path (n, 3) [m]."""
    return MarkerArray(
        markers=[
            _line(
                "executed_path",
                number,
                frame_id,
                [Point(x=x, y=y, z=z) for x, y, z in points.tolist()],
                EXECUTED,
                stamp,
            )
            for number, points in enumerate(paths)
        ]
    )


def _beyond(first: Point, last: Point) -> list[Point]:
    """The line from `last` onwards in the direction from `first`."""
    step = (last.x - first.x, last.y - first.y, last.z - first.z)
    length = sum(value**2 for value in step) ** 0.5 or 1.0
    scale = RAY_LENGTH_M / length
    end = Point(x=last.x + scale * step[0], y=last.y + scale * step[1], z=last.z + scale * step[2])
    return [last, end]


def _line(
    namespace: str, number: int, frame_id: str, points: list[Point], color: ColorRGBA, stamp: Time
) -> Marker:
    marker = Marker(ns=namespace, id=number, type=Marker.LINE_STRIP, action=Marker.ADD)
    marker.header.frame_id = frame_id
    marker.header.stamp = stamp
    marker.pose.orientation.w = 1.0
    marker.scale.x = 0.008
    marker.color = color
    marker.points = points
    return marker
