"""From a picture to a scene: segment, then measure every object."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.camera import CameraModel
from imaggen_perception.description import describe_segment
from imaggen_perception.errors import UnreadableImage
from imaggen_perception.hub import DepthMap, WordScore  # registers its segmenters; no torch yet
from imaggen_perception.properties import find_relations
from imaggen_perception.scene import BoundingBox, Evidence, Scene, SceneObject
from imaggen_perception.segmenters import (
    NO_PROMPTS,
    Prompts,
    Segment,
    Segmenter,
    create_segmenter,
    has_mask,
    segment_alpha,
)

Picture = NDArray[np.uint8]
# Pictures are analysed at most this large [pixels along the longer edge].
LARGEST_EDGE = 1024
SMALLEST_EDGE = 16
# A word is taken for an object's label when it is likelier than not.
_LEAST_LABEL = 0.5


class DepthEstimator(Protocol):
    """Anything that guesses depth from one picture, as `imaggen_perception.hub.DepthAnything`."""

    def depth(self, image_bgr: Picture) -> DepthMap:
        """The depth of every pixel of a picture (H, W, 3)."""
        ...


class WordLabeler(Protocol):
    """Anything that compares crops with words, as `imaggen_perception.hub.Labeler`."""

    def label(
        self, image_bgr: Picture, words: Sequence[str], box: BoundingBox | None = None
    ) -> list[WordScore]:
        """The words, best first, for the part of a picture (H, W, 3) in a box."""
        ...


def load_image(path: str | Path) -> Picture:
    """A picture file as (H, W, 3) BGR or (H, W, 4) BGRA.

    Raises:
        UnreadableImage: when the file is missing or no picture.
    """
    file = Path(path)
    if not file.is_file():
        raise UnreadableImage(f"there is no picture {file}")
    try:
        content = np.fromfile(file, dtype=np.uint8)
    except OSError as error:
        raise UnreadableImage(f"cannot read {file}: {error.strerror}") from error
    image = cv2.imdecode(content, cv2.IMREAD_UNCHANGED) if len(content) else None
    if image is not None and (image.ndim == 2 or image.shape[2] == 3):
        # Without an alpha channel to keep, decode as a viewer would: turned as the camera says.
        image = cv2.imdecode(content, cv2.IMREAD_COLOR)
    if image is None:
        raise UnreadableImage(f"{file} is not a picture that can be read; give a PNG or JPEG")
    return as_picture(image)


def as_picture(image: NDArray[Any]) -> Picture:
    """Any decoded picture as 8-bit BGR or BGRA.

    Raises:
        UnreadableImage: when the array cannot be a picture.
    """
    if not isinstance(image, np.ndarray):
        raise UnreadableImage(f"a picture is a numpy array, got {type(image).__name__}")
    if image.ndim == 3 and image.shape[2] == 1:
        image = image[..., 0]
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] not in (3, 4)):
        raise UnreadableImage(f"a picture has 1, 3 or 4 channels, got an array {image.shape}")
    if min(image.shape[:2]) < SMALLEST_EDGE:
        raise UnreadableImage(
            f"the picture is {image.shape[1]} x {image.shape[0]} pixels; it needs at least"
            f" {SMALLEST_EDGE} x {SMALLEST_EDGE}"
        )
    if image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)
    if image.dtype != np.uint8:
        raise UnreadableImage(f"a picture holds 8 or 16 bit integers, got {image.dtype}")
    if image.ndim == 2:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    return np.ascontiguousarray(image)


def analyze_image(
    image: NDArray[Any],
    *,
    segmenter: str | Segmenter = "auto",
    camera: CameraModel | None = None,
    frame_id: str = "camera_optical_frame",
    prompts: Prompts = NO_PROMPTS,
    depth: NDArray[np.float32] | None = None,
    depth_estimator: DepthEstimator | None = None,
    labeler: WordLabeler | None = None,
) -> Scene:
    """See what a picture shows.

    Args:
        image: (H, W), (H, W, 3) BGR or (H, W, 4) BGRA; an alpha channel that is not uniform is
            taken as the mask.
        segmenter: back end by name (auto, u2netp, classical, ...), or one of your own.
        camera: for bearings; None: an assumed one of 60 degrees across.
        frame_id: the camera's optical frame.
        prompts: words or boxes of the wanted objects; none: whatever stands out.
        depth: (H, W) distance along the optical axis [m], registered to the image; 0 or NaN where
            it is not known. Gives objects a position and a size in metres.
        depth_estimator: guesses the depth where there is no depth image. A metric guess is used
            like a depth image, another one only tells which object is in front.
        labeler: gives each object the word of `prompts.words` that it shows, if any.

    Returns:
        The scene, most prominent object first, in coordinates of `image`; without objects when
        nothing stands out.

    Raises:
        UnreadableImage: when the array is no picture, or the depth is of another size.
        SegmenterUnavailable: when the back end's library is missing.
    """
    picture = as_picture(image)
    height, width = picture.shape[:2]
    if depth is not None and depth.shape != (height, width):
        raise UnreadableImage(
            f"the depth image is {depth.shape[1]} x {depth.shape[0]} pixels and the picture"
            f" {width} x {height}; register the depth to the colour camera"
        )
    camera = camera or CameraModel.assumed(width, height)
    shrink = min(1.0, LARGEST_EDGE / max(width, height))
    small = picture
    if shrink < 1.0:
        small = np.asarray(
            cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8
        )
    segments = _segments(small, segmenter, prompts.scaled(shrink))
    bgr = np.ascontiguousarray(small[..., :3])
    guess = None
    if depth is None and depth_estimator is not None and segments:
        guess = depth_estimator.depth(bgr)
        if guess.metric:
            depth = np.asarray(cv2.resize(guess.values, (width, height)), np.float32)
    objects = [
        describe_segment(segment, f"object_{i + 1}", bgr, shrink, camera, depth)
        for i, segment in enumerate(segments)
    ]
    if guess is not None and guess.metric:
        objects = [_as_guessed(entry) for entry in objects]
    if labeler is not None and prompts.words:
        objects = [_labelled(entry, labeler, bgr, prompts.words, shrink) for entry in objects]
    largest = max((entry.outline.scale_px for entry in objects), default=1.0)
    objects = [replace(o, relative_size=o.outline.scale_px / largest) for o in objects]
    nearness = _nearness(segments, guess) if guess is not None and not guess.metric else None
    relations = find_relations(objects, nearness)
    return Scene(tuple(objects), (width, height), tuple(relations), frame_id)


def _as_guessed(entry: SceneObject) -> SceneObject:
    """An object whose position says that its depth is a guess."""
    evidence = [
        replace(item, method=f"{item.method}, estimated from the picture")
        if item.property == "position"
        else item
        for item in entry.evidence
    ]
    return replace(entry, evidence=tuple(evidence))


def _labelled(
    entry: SceneObject, labeler: WordLabeler, bgr: Picture, words: Sequence[str], shrink: float
) -> SceneObject:
    """An object with the word that names it; as it is when none does, or it has a label."""
    if entry.label:
        return entry
    best = labeler.label(bgr, words, entry.box.scaled(shrink))[0]
    if best.presence is None and len(words) == 1:
        return entry  # the best of one says nothing
    confidence = best.share if best.presence is None else best.presence
    if confidence < _LEAST_LABEL:
        return entry
    how = Evidence("label", confidence, "comparison of the object's crop with the words")
    return replace(
        entry, label=best.word, label_confidence=confidence, evidence=(*entry.evidence, how)
    )


def _nearness(segments: Sequence[Segment], guess: DepthMap) -> list[float]:
    """How near each segment is, 0..1, by its median."""
    near = guess.nearness
    return [float(np.median(near[segment.mask])) for segment in segments]


def _segments(picture: Picture, segmenter: str | Segmenter, prompts: Prompts) -> list[Segment]:
    if has_mask(picture):
        return segment_alpha(picture)
    back_end = _shared(segmenter) if isinstance(segmenter, str) else segmenter
    return back_end.segment(np.ascontiguousarray(picture[..., :3]), prompts)


@functools.cache
def _shared(name: str) -> Segmenter:
    """One back end of a kind per process: models are loaded once."""
    return create_segmenter(name)
