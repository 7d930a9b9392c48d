"""`imaggen robots`: the robots known by name."""

from __future__ import annotations

from imaggen_motion.errors import MotionError
from imaggen_motion.robot_files import known_robots, resolve_robot


def robot_rows() -> list[dict[str, str]]:
    """Name and status of every known robot; the status says how to get a missing one."""
    rows = []
    for name in known_robots():
        try:
            source = resolve_robot(name)
        except MotionError as error:
            rows.append({"name": name, "status": f"missing: {error}"})
        else:
            profile = "with profile" if source.profile_path else "no profile"
            rows.append({"name": name, "status": f"ready, {profile}"})
    return rows
