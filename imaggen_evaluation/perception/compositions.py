"""Pictures with known masks: cut-outs composed on plain, table and cluttered backgrounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_evaluation.errors import EvaluationError

Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Background = Literal["plain", "table", "clutter"]
HEIGHT, WIDTH = 480, 640
_NOISE = 3.0  # grey levels, as of an indoor camera


@dataclass(frozen=True)
class Composition:
    """One picture with gold.

    Attributes:
        image: (480, 640, 3) BGR.
        masks: what of each object is seen, in the order of `keys`.
        keys: which cut-outs.
        background: what they lie on.
    """

    image: Picture
    masks: tuple[Mask, ...]
    keys: tuple[str, ...]
    background: Background


def compose(
    cutouts: Sequence[tuple[str, Picture]],
    background: Background,
    rng: np.random.Generator,
) -> Composition:
    """Cut-outs (key, (H, W, 4) BGRA) side by side on a background; they do not overlap."""
    image = make_background(background, rng).astype(np.float32)
    masks: list[Mask] = []
    places = _places(len(cutouts), rng)
    for (_, cutout), (x, y, size) in zip(cutouts, places, strict=True):
        factor = size / max(cutout.shape[:2])
        sized = cv2.resize(cutout, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        alpha = np.zeros((HEIGHT, WIDTH), np.float32)
        color = np.zeros((HEIGHT, WIDTH, 3), np.float32)
        height, width = sized.shape[:2]
        window = (slice(y - height // 2, y - height // 2 + height),
                  slice(x - width // 2, x - width // 2 + width))  # fmt: skip
        alpha[window] = sized[..., 3] / 255.0
        color[window] = sized[..., :3]
        if background == "table":
            image *= 1.0 - _shadow(alpha, rng)[..., None]
        image += alpha[..., None] * (color - image)
        masks.append(alpha > 0.5)
    noisy = image + rng.normal(0.0, _NOISE, image.shape)
    seen = np.clip(cv2.GaussianBlur(noisy, (3, 3), 0.6), 0, 255).astype(np.uint8)
    return Composition(seen, tuple(masks), tuple(key for key, _ in cutouts), background)


def make_background(kind: Background, rng: np.random.Generator) -> Picture:
    """(480, 640, 3) BGR without objects."""
    if kind == "plain":
        return _plain(rng)
    if kind == "table":
        return _table(rng)
    return _clutter(rng)


def _places(count: int, rng: np.random.Generator) -> list[tuple[int, int, int]]:
    """(x, y, largest side) of objects in cells of a jittered grid [pixels]."""
    if count == 1:
        size = int(rng.integers(170, 330))
        half = size // 2 + 12
        return [
            (int(rng.integers(half, WIDTH - half)), int(rng.integers(half, HEIGHT - half)), size)
        ]
    columns = {2: 2, 3: 3, 4: 2, 5: 3}.get(count, 3)
    rows = -(-count // columns)
    cell_w, cell_h = WIDTH // columns, HEIGHT // rows
    cells = rng.permutation(rows * columns)[:count]
    places = []
    for cell in cells:
        largest = min(cell_w, cell_h) - 24
        size = int(rng.integers(int(0.6 * largest), largest))
        slack_x, slack_y = (cell_w - size) // 2 - 6, (cell_h - size) // 2 - 6
        x = (cell % columns) * cell_w + cell_w // 2 + int(rng.integers(-slack_x, slack_x + 1))
        y = (cell // columns) * cell_h + cell_h // 2 + int(rng.integers(-slack_y, slack_y + 1))
        places.append((int(x), int(y), size))
    return places


def _plain(rng: np.random.Generator) -> Picture:
    color = rng.uniform(120, 235) + rng.uniform(-18, 18, 3)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] / [[[HEIGHT]], [[WIDTH]]] - 0.5
    slope = rng.uniform(-25, 25, 2)
    light = slope[0] * x + slope[1] * y
    return np.asarray(np.clip(color + light[..., None], 0, 255), np.uint8)


def _table(rng: np.random.Generator) -> Picture:
    """A wall above and a wooden table with grain below, lit from one side."""
    wood = np.array([rng.uniform(50, 110), rng.uniform(95, 150), rng.uniform(140, 200)])
    grain = cv2.GaussianBlur(rng.normal(0, 1, (HEIGHT, WIDTH)), (0, 0), sigmaX=40, sigmaY=1.2)
    table = wood + 14.0 * (grain / grain.std())[..., None]
    wall = rng.uniform(150, 225) + rng.uniform(-12, 12, 3)
    edge = int(rng.uniform(0.0, 0.3) * HEIGHT)
    picture = table
    picture[:edge] = wall
    x = np.linspace(-0.5, 0.5, WIDTH)[None, :, None]
    return np.asarray(np.clip(picture + rng.uniform(-30, 30) * x, 0, 255), np.uint8)


def _shadow(alpha: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """How much of the light an object takes from what is right below it."""
    shift = np.array([[1, 0, rng.uniform(-12, 12)], [0, 1, rng.uniform(4, 12)]], np.float32)
    moved = cv2.warpAffine(alpha, shift, (WIDTH, HEIGHT))
    return np.asarray(rng.uniform(0.25, 0.5) * cv2.GaussianBlur(moved, (0, 0), 8.0), np.float32)


def _clutter(rng: np.random.Generator) -> Picture:
    """A crop of one of the photographs that scikit-image carries."""
    try:
        from skimage import data
    except ImportError as error:
        raise EvaluationError(
            "photo clutter needs scikit-image; pip install 'imaggen[bench]'"
        ) from error
    photo = getattr(data, str(rng.choice(("astronaut", "chelsea", "coffee", "rocket"))))()
    photo = np.asarray(photo[..., 2::-1], np.uint8)
    factor = max(HEIGHT / photo.shape[0], WIDTH / photo.shape[1]) * rng.uniform(1.0, 1.3)
    sized = cv2.resize(photo, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR)
    y = int(rng.integers(0, sized.shape[0] - HEIGHT + 1))
    x = int(rng.integers(0, sized.shape[1] - WIDTH + 1))
    picture = sized[y : y + HEIGHT, x : x + WIDTH]
    return np.asarray(picture[:, ::-1] if rng.random() < 0.5 else picture, np.uint8)
