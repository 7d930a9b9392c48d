"""Build the ROS interface packages of this repo with the ROS wheels of one Python.

    python tools/build_interfaces.py            # build and install into this environment

pip's build (setup.py) calls `build` too. On a normal ROS 2 install colcon does this instead.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def source_folders(root: Path) -> list[Path]:
    """`imaggen_interfaces` last: the overlays may be its dependencies."""
    overlays = sorted(p.parent for p in (root / "overlays").glob("*/package.xml"))
    return [*overlays, root / "imaggen_interfaces"]


def wheel_prefix() -> Path:
    """Prefix of the Python in which the ROS wheels live."""
    import ament_package

    return Path(ament_package.__file__).parents[4]


def build(sources: list[Path], *, stage: Path, work: Path, prefix: Path) -> None:
    """Configure, build and install each package into `stage`.

    Raises:
        subprocess.CalledProcessError: when CMake or the compiler fails.
    """
    env = dict(os.environ, AMENT_PREFIX_PATH=str(prefix))
    for source in sources:
        folder = work / source.name
        configure = [
            "cmake",
            "-S",
            source,
            "-B",
            folder,
            "-DCMAKE_BUILD_TYPE=Release",
            "-DBUILD_TESTING=OFF",
            "-DSKBUILD=ON",
            f"-DCMAKE_PREFIX_PATH={prefix};{stage}",
            f"-DCMAKE_INSTALL_PREFIX={stage}",
            f"-DPython3_EXECUTABLE={sys.executable}",
        ]
        compile_ = ["cmake", "--build", folder, "--parallel", os.cpu_count() or 1]
        install = ["cmake", "--install", folder]
        for command in (configure, compile_, install):
            print("+", *command, flush=True)
            subprocess.run(
                [str(part) for part in command],
                check=True,
                env=env,
                stdout=None if os.environ.get("VERBOSE") else subprocess.DEVNULL,
            )


def main() -> None:
    """Build everything straight into the running environment."""
    # The wheels' bootstrap leaks a guard into child interpreters of CMake; it is harmless here
    # because they are the same Python.
    prefix = Path(sysconfig.get_path("data"))
    build(
        source_folders(ROOT), stage=prefix, work=ROOT / "build" / "interfaces", prefix=wheel_prefix()
    )


if __name__ == "__main__":
    main()
