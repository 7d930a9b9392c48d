"""Hub models as optional back ends: detectors, masks, depth and labels by words.

Needs `pip install 'imaggen[hub]'` (torch, transformers) only when a back end is created; importing
this package registers the segmenters "grounded", "owl" and "sam3" and loads nothing.
"""

from imaggen_perception.hub.depth import DepthAnything, DepthMap
from imaggen_perception.hub.detectors import Detection, Detector, GroundingDino, Owlv2
from imaggen_perception.hub.errors import HubModelUnavailable
from imaggen_perception.hub.labels import Labeler, WordScore
from imaggen_perception.hub.masks import FoundMask, Sam2, Sam3
from imaggen_perception.hub.models import HubModel, HubModels, forget_models
from imaggen_perception.hub.segmenters import register_hub_segmenters

__all__ = [
    "DepthAnything",
    "DepthMap",
    "Detection",
    "Detector",
    "FoundMask",
    "GroundingDino",
    "HubModel",
    "HubModelUnavailable",
    "HubModels",
    "Labeler",
    "Owlv2",
    "Sam2",
    "Sam3",
    "WordScore",
    "forget_models",
    "register_hub_segmenters",
]
