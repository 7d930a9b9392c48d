"""A chat model in this process: a causal language model of the Transformers library.

torch and transformers are imported when the model is loaded, which happens beside the utterances.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from imaggen_semantics.errors import ModelUnavailable
from imaggen_semantics.linking.chat import MOST_TOKENS

# Weights that lack more than this share belong to another network; the rest would be random.
_MOST_MISSING = 0.05


@dataclass(frozen=True)
class _Loaded:
    """A causal language model ready to run, its tokenizer and device."""

    network: Any
    tokenizer: Any
    device: str


_loaded: dict[tuple[str, str, str], _Loaded] = {}
_loading = threading.Lock()


class TransformersChat:
    """A causal language model of the Transformers library, loaded once for the process."""

    def __init__(
        self,
        name_or_folder: str,
        revision: str = "main",
        device: str = "auto",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the name; nothing is loaded yet.

        Args:
            name_or_folder: repository on the hub ("owner/name") or a local folder.
            revision: branch, tag or commit hash; ignored for a folder.
            device: "cpu", "cuda", "cuda:1", "mps", or "auto" for the fastest there is.
            clock: rising time [s].
        """
        self._key = (name_or_folder, revision, device)
        self._clock = clock
        self._lock = threading.Lock()
        self._generating = threading.Lock()
        self._loader: _Loader | None = None

    def load(self, timeout_s: float | None = None) -> None:
        """Load the model and wait for it; without a time-out as long as it takes.

        Raises:
            ModelUnavailable: when torch, transformers or the weights cannot be had, or the model
                is not there in time; it goes on loading then.
        """
        self._model(timeout_s)

    def complete(self, system: str, user: str, schema: Mapping[str, Any], timeout_s: float) -> str:
        """See `ChatModel.complete`; greedy, and the schema is left to the instructions."""
        end_s = self._clock() + timeout_s
        model = self._model(timeout_s)
        left_s = max(0.0, end_s - self._clock())
        if not self._generating.acquire(timeout=left_s):
            raise ModelUnavailable("the language model is busy with another question")
        try:
            return _generate(model, _prompt_tokens(model, system, user), self._clock, end_s)
        finally:
            self._generating.release()

    def _model(self, timeout_s: float | None) -> _Loaded:
        with self._lock:
            if self._loader is None:
                self._loader = _Loader(self._key)
                self._loader.start()
            loader = self._loader
        loader.join(timeout_s)
        if loader.model is not None:
            return loader.model
        if loader.is_alive():
            raise ModelUnavailable("the language model is still being loaded")
        with self._lock:
            if self._loader is loader:
                self._loader = None  # so that a later question tries again
        raise loader.problem


class _Loader(threading.Thread):
    """Loads a model beside the utterances, which must not wait for gigabytes."""

    def __init__(self, key: tuple[str, str, str]) -> None:
        super().__init__(name="language model", daemon=True)
        self._key = key
        self.model: _Loaded | None = None
        self.problem = ModelUnavailable("the language model could not be loaded")

    def run(self) -> None:
        try:
            with _loading:
                if self._key not in _loaded:
                    _loaded[self._key] = _load(*self._key)
                self.model = _loaded[self._key]
        except ModelUnavailable as error:
            self.problem = error
        except Exception as error:  # such as a full graphics card; not to be lost with the thread
            self.problem = ModelUnavailable(f"the language model could not be loaded ({error})")


def _load(name: str, revision: str, device: str) -> _Loaded:
    """The model, from the local cache first.

    Raises:
        ModelUnavailable: when it cannot be had; the message says what to install or to fetch.
    """
    from imaggen_perception.hub.errors import HubModelUnavailable
    from imaggen_perception.hub.models import HubModel, choose_device, library

    try:
        torch, transformers = library("torch"), library("transformers")
        device = choose_device(device)
    except HubModelUnavailable as error:
        raise ModelUnavailable(str(error)) from error
    folder = HubModel(name).folder
    # Half floats crawl on a CPU; elsewhere the file's own type saves half of the memory.
    options = {"dtype": torch.float32 if device == "cpu" else "auto", "output_loading_info": True}
    problem: Exception = ModelUnavailable("no weights")
    for offline in (True,) if folder else (True, False):
        where: dict[str, Any] = {"local_files_only": offline, "trust_remote_code": False}
        if not folder:
            where["revision"] = revision
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder or name), **where)
            network, report = transformers.AutoModelForCausalLM.from_pretrained(
                str(folder or name), **options, **where
            )
            break
        # Whatever the hub, the file formats and the tokenizers raise, the remedy is the same.
        except Exception as error:
            problem = error
    else:
        raise ModelUnavailable(_remedy(name, revision, bool(folder), problem)) from problem
    if len(report["missing_keys"]) > _MOST_MISSING * len(network.state_dict()):
        raise ModelUnavailable(f"the weights of {name} are not those of a causal language model")
    return _Loaded(network.eval().to(device), tokenizer, device)


def _remedy(name: str, revision: str, is_folder: bool, problem: Exception) -> str:
    reason = str(problem).strip().partition("\n")[0] or type(problem).__name__
    if is_folder:
        return f"the folder {name} holds no usable language model; {reason}"
    return (
        f"the language model {name} (revision {revision}) is not in the local cache and could not"
        f" be fetched; run: hf download {name} --revision {revision}, or give a local folder with"
        f" its files ({reason}); pip install 'imaggen[hub]' brings what runs it"
    )


def _prompt_tokens(model: _Loaded, system: str, user: str) -> Any:
    """The tokens of a conversation that the model shall continue, (1, n).

    Raises:
        ModelUnavailable: when they leave no room for an answer.
    """
    text = _conversation(model.tokenizer, system, user)
    templated = bool(model.tokenizer.chat_template)
    encoded = model.tokenizer(text, return_tensors="pt", add_special_tokens=not templated)
    tokens = encoded["input_ids"]
    # Beyond its positions a network fails, on a graphics card for good.
    if tokens.shape[1] >= _positions(model.network):
        raise ModelUnavailable(
            f"the question of {tokens.shape[1]} tokens is too long for the language model"
        )
    return tokens


def _positions(network: Any) -> int:
    """How many tokens question and answer may have together."""
    config = network.config.get_text_config()
    return int(getattr(config, "max_position_embeddings", 0) or 1 << 30)


def _conversation(tokenizer: Any, system: str, user: str) -> str:
    both = f"{system}\n\n{user}"
    if not tokenizer.chat_template:
        return both + "\nIts answer:\n"
    # Templates that know no thinking ignore the option.
    options = {"tokenize": False, "add_generation_prompt": True, "enable_thinking": False}
    said = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    try:
        return str(tokenizer.apply_chat_template(said, **options))
    # Some templates refuse the role "system", each with an error of its own.
    except Exception:
        said = [{"role": "user", "content": both}]
        return str(tokenizer.apply_chat_template(said, **options))


def _generate(model: _Loaded, tokens: Any, clock: Callable[[], float], end_s: float) -> str:
    """The likeliest continuation.

    Raises:
        ModelUnavailable: when it is not complete at `end_s`.
    """
    import torch

    late = False

    def is_late(ids: Any, _scores: Any, **_options: Any) -> Any:
        nonlocal late
        late = late or clock() > end_s
        return torch.full((ids.shape[0],), late, dtype=torch.bool, device=ids.device)

    tokens = tokens.to(model.device)
    room = _positions(model.network) - tokens.shape[1]
    ending = model.tokenizer.pad_token_id
    with torch.inference_mode():
        output = model.network.generate(
            input_ids=tokens,
            attention_mask=torch.ones_like(tokens),
            max_new_tokens=min(MOST_TOKENS, room),
            do_sample=False,
            stopping_criteria=[is_late],
            pad_token_id=model.tokenizer.eos_token_id if ending is None else ending,
        )
    if late:
        raise ModelUnavailable("the language model did not answer in time")
    return str(model.tokenizer.decode(output[0, tokens.shape[1] :], skip_special_tokens=True))
