"""Sharper masks: a rough mask's edge moved to where the colours change.

The network works on a small square; its edges are soft by some pixels of the picture. GrabCut
(Rother et al. 2004) decides the pixels in a band around the edge by colour models of what is
surely inside and surely outside.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from imaggen_perception.segmenters.base import Image, Mask

_BAND = 0.035  # half width of the undecided band [share of the object's extent]
_LEAST_BAND = 4  # pixels
_SURROUND = 0.35  # how much of the picture around the object is looked at [share of its extent]
_LARGEST = 220  # longer side at which colours are modelled [pixels]
_ROUNDS_IN_BOX = 3
_LEAST_AGREEMENT = 0.8  # IoU; a result that is further off has lost the object


def refine_edges(image_bgr: Image, mask: Mask) -> Mask:
    """A mask (H, W) with its edge where the picture's colours change.

    The mask comes back as it was where colours do not tell inside from outside.
    """
    height, width = mask.shape
    x, y, w, h = cv2.boundingRect(mask.astype(np.uint8))
    if w == 0:
        return mask
    pad = max(8, round(_SURROUND * max(w, h)))
    window = (slice(max(0, y - pad), min(height, y + h + pad)),
              slice(max(0, x - pad), min(width, x + w + pad)))  # fmt: skip
    crop, rough = image_bgr[window], mask[window].astype(np.uint8)
    factor = min(1.0, _LARGEST / max(rough.shape))
    size = (max(1, round(rough.shape[1] * factor)), max(1, round(rough.shape[0] * factor)))
    small = np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)
    start = np.asarray(cv2.resize(rough, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    decided = _grab_cut(small, start, max(_LEAST_BAND, round(_BAND * max(w, h) * factor)))
    if decided is None:
        return mask
    soft = cv2.resize(decided.astype(np.float32), rough.shape[::-1], interpolation=cv2.INTER_LINEAR)
    result = np.zeros_like(mask)
    result[window] = soft > 0.5
    shared, union = np.count_nonzero(result & mask), np.count_nonzero(result | mask)
    return result if shared >= _LEAST_AGREEMENT * union else mask


def _grab_cut(image: Image, mask: NDArray[np.uint8], band: int) -> Mask | None:
    """One round of GrabCut in a band around the mask's edge; None where it cannot be run."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * band + 1, 2 * band + 1))
    labels = np.where(mask > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[cv2.erode(mask, kernel) > 0] = cv2.GC_FGD
    labels[cv2.dilate(mask, kernel) == 0] = cv2.GC_BGD
    if not ((labels == cv2.GC_BGD).any() and (labels == cv2.GC_FGD).any()):
        return None
    return _decided(image, labels, 1)


def _decided(image: Image, labels: NDArray[np.uint8], rounds: int) -> Mask:
    """What GrabCut takes for the object, given its labels (H, W) to start from."""
    cv2.setRNGSeed(0)  # its colour models start at random; the same picture gives the same mask
    inside, outside = np.zeros((1, 65)), np.zeros((1, 65))
    nowhere = (0, 0, 0, 0)  # the labels say all that a rectangle would
    cv2.grabCut(image, labels, nowhere, outside, inside, rounds, cv2.GC_INIT_WITH_MASK)
    return np.asarray((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD))


def cut_out(image_bgr: Image, mask: Mask, allowed: Mask) -> Mask:
    """The object of a rough mask in clutter, by colour, within an allowed area (a box).

    Everything outside the allowed area is background for sure, which is what makes the colour
    models of a cluttered picture usable.
    """
    x, y, w, h = cv2.boundingRect(allowed.astype(np.uint8))
    pad = max(8, round(_SURROUND * max(w, h)))
    window = (slice(max(0, y - pad), y + h + pad), slice(max(0, x - pad), x + w + pad))
    rough, inside = mask[window], allowed[window]
    factor = min(1.0, _LARGEST / max(rough.shape))
    size = (max(1, round(rough.shape[1] * factor)), max(1, round(rough.shape[0] * factor)))
    small = np.asarray(cv2.resize(image_bgr[window], size, interpolation=cv2.INTER_AREA), np.uint8)
    start = cv2.resize(rough.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    within = cv2.resize(inside.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    labels = np.where(start > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[within == 0] = cv2.GC_BGD
    if not ((labels == cv2.GC_BGD).any() and (labels == cv2.GC_PR_FGD).any()):
        return mask
    decided = _decided(small, labels, _ROUNDS_IN_BOX).astype(np.float32)
    soft = cv2.resize(decided, rough.shape[::-1], interpolation=cv2.INTER_LINEAR)
    result = np.zeros_like(mask)
    result[window] = (soft > 0.5) & inside
    return result if result.any() else mask
