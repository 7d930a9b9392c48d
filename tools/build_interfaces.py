"""Build the ROS interface packages of this repo with the ROS wheels of one Python.

    python tools/build_interfaces.py            # build and install into this environment

pip's build (setup.py) calls `build` too. On a normal ROS 2 install colcon does this instead.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import sysconfig
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def source_folders(root: Path) -> list[Path]:
    """The overlays (packages that the wheels lack), then `imaggen_interfaces`."""
    overlays = sorted(p.parent for p in (root / "overlays").glob("*/package.xml"))
    return [*overlays, root / "imaggen_interfaces"]


def wheel_prefix() -> Path:
    """Prefix of the Python in which the ROS wheels live."""
    import ament_package

    return Path(ament_package.__file__).parents[4]


def digest(source: Path, stage: Path) -> str:
    """Fingerprint of everything that a build of `source` into `stage` depends on."""
    wheels = (f"{d.name}=={d.version}" for d in distributions() if d.name.startswith("ros-"))
    parts = [str(stage), sys.version, *sorted(wheels)]
    for path in sorted(p for p in source.rglob("*") if p.is_file()):
        parts += [str(path), path.read_text()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def build_one(source: Path, *, stage: Path, folder: Path, prefix: Path) -> None:
    """Configure, build and install one package.

    Raises:
        subprocess.CalledProcessError: when CMake or the compiler fails.
    """
    configure = [
        "cmake",
        "--fresh",  # the folder may stem from another place or another Python
        "-S",
        source,
        "-B",
        folder,
        "-DCMAKE_BUILD_TYPE=Release",
        "-DBUILD_TESTING=OFF",
        f"-DCMAKE_PREFIX_PATH={prefix};{stage}",
        f"-DCMAKE_INSTALL_PREFIX={stage}",
        f"-DPython3_EXECUTABLE={sys.executable}",
    ]
    compile_ = ["cmake", "--build", folder, "--parallel", os.cpu_count() or 1]
    install = ["cmake", "--install", folder]
    scripts = Path(sys.executable).parent
    env = dict(
        os.environ,
        AMENT_PREFIX_PATH=str(prefix),
        PATH=os.pathsep.join([str(scripts), os.environ.get("PATH", os.defpath)]),
    )
    for command in (configure, compile_, install):
        subprocess.run(
            [str(part) for part in command],
            check=True,
            env=env,
            stdout=None if os.environ.get("VERBOSE") else subprocess.DEVNULL,
        )


def build(sources: list[Path], *, stage: Path, work: Path, prefix: Path) -> None:
    """Build and install each package into `stage`, those excepted that are there and unchanged.

    Args:
        sources: folders with a CMakeLists.txt each.
        stage: prefix to install into.
        work: folder for what CMake generates, kept between builds.
        prefix: where the ROS wheels live.

    Raises:
        subprocess.CalledProcessError: when CMake or the compiler fails.
    """
    for source in sources:
        wanted = digest(source, stage)
        mark = work / f"{source.name}.digest"
        installed = (stage / "share" / source.name / "package.xml").exists()
        if installed and mark.exists() and mark.read_text() == wanted:
            continue
        print(f"building {source.name}", flush=True)
        build_one(source, stage=stage, folder=work / source.name, prefix=prefix)
        mark.write_text(wanted)


def main() -> None:
    """Build everything straight into the running environment."""
    prefix = Path(sysconfig.get_path("data"))
    work = ROOT / "build" / "interfaces"
    try:
        build(source_folders(ROOT), stage=prefix, work=work, prefix=wheel_prefix())
    except subprocess.CalledProcessError as error:
        sys.exit(f"error: `{' '.join(error.cmd[:2])}` failed; run with VERBOSE=1 to see all of it")


if __name__ == "__main__":
    main()
