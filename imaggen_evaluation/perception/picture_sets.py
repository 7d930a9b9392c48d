"""Public picture sets with a mask (alpha channel), fetched by their package managers' clients.

* fluent: Microsoft's Fluent emoji, 3-D style (MIT), as the npm package @lobehub/fluent-emoji-3d.
* tuxpaint: Tux Paint's stamps (GPL-2), as the Debian package tuxpaint-stamps-default.

Neither is part of this project; they are kept in a cache folder of the user.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_evaluation.errors import EvaluationError

# A cut-out is brought to this longer side before it is used [pixels].
SIDE = 300


@dataclass(frozen=True)
class PictureSet:
    """A set of cut-outs.

    Attributes:
        name: how labels call it.
        package: what the package manager calls it.
        folder: where the pictures lie in the unpacked package.
        suffix: of its picture files.
    """

    name: str
    package: str
    folder: str
    suffix: str


FLUENT = PictureSet("fluent", "@lobehub/fluent-emoji-3d@1.1.0", "package/assets", ".webp")
TUXPAINT = PictureSet("tuxpaint", "tuxpaint-stamps-default", "usr/share/tuxpaint/stamps", ".png")
SETS = {entry.name: entry for entry in (FLUENT, TUXPAINT)}


def cache_folder() -> Path:
    """Where fetched sets are kept: $XDG_CACHE_HOME/imaggen or ~/.cache/imaggen."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "imaggen" / "pictures"


def fetch(picture_set: PictureSet, cache: Path | None = None) -> Path:
    """The folder of a set's pictures; the package is fetched the first time.

    Raises:
        EvaluationError: when the client is missing or the package cannot be had.
    """
    home = (cache or cache_folder()) / picture_set.name
    if (home / picture_set.folder).is_dir():
        return home / picture_set.folder
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as work:
        unpacked = Path(work) / "unpacked"
        unpacked.mkdir()
        (_fetch_npm if picture_set is FLUENT else _fetch_debian)(picture_set, Path(work), unpacked)
        if not (unpacked / picture_set.folder).is_dir():
            raise EvaluationError(
                f"the package {picture_set.package} holds no {picture_set.folder}; it must have"
                " changed, use the version this project was written for"
            )
        shutil.move(str(unpacked), home)
    return home / picture_set.folder


def load_cutout(key: str, cache: Path | None = None) -> NDArray[np.uint8]:
    """A picture by its label key ("fluent/1f511", "tuxpaint/household/key") as (H, W, 4) BGRA.

    It is cut to its opaque part, brought to `SIDE`, and has a transparent rim.

    Raises:
        EvaluationError: when there is no such picture.
    """
    set_name, _, name = key.partition("/")
    if set_name not in SETS:
        raise EvaluationError(f"unknown picture set in {key!r}; known: {', '.join(SETS)}")
    picture_set = SETS[set_name]
    file = fetch(picture_set, cache) / f"{name}{picture_set.suffix}"
    image = cv2.imread(str(file), cv2.IMREAD_UNCHANGED) if file.is_file() else None
    if image is None:
        raise EvaluationError(f"the set {set_name} has no picture {name!r} ({file} is missing)")
    if image.ndim != 3 or image.shape[2] != 4:
        raise EvaluationError(f"{file} has no alpha channel")
    return _framed(np.asarray(image, np.uint8))


def _framed(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, columns = np.nonzero(image[..., 3] > 127)
    cut = image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    factor = SIDE / max(cut.shape[:2])
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    sized = cv2.resize(cut, None, fx=factor, fy=factor, interpolation=way)
    rim = (20, 20, 20, 20)
    return np.asarray(
        cv2.copyMakeBorder(sized, *rim, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0)), np.uint8
    )


def _fetch_npm(picture_set: PictureSet, work: Path, unpacked: Path) -> None:
    _run(["npm", "pack", "--silent", picture_set.package], work, picture_set)
    (archive,) = work.glob("*.tgz")
    with tarfile.open(archive) as content:
        content.extractall(unpacked, filter="data")


def _fetch_debian(picture_set: PictureSet, work: Path, unpacked: Path) -> None:
    _run(["apt-get", "download", "-qq", picture_set.package], work, picture_set)
    (archive,) = work.glob("*.deb")
    _run(["dpkg-deb", "-x", str(archive), str(unpacked)], work, picture_set)


def _run(command: list[str], folder: Path, picture_set: PictureSet) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise EvaluationError(
            f"{command[0]} is needed to fetch the picture set {picture_set.name};"
            " install it, or leave this set out"
        ) from error
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout or "").strip().splitlines()
        raise EvaluationError(
            f"cannot fetch {picture_set.package}: {last[-1] if last else error.returncode}"
        ) from error
