"""Loading of hub models: by name and revision, from the local cache first, once per process.

Nothing here runs unless a hub back end is created by name, so nobody downloads by accident. The
libraries (torch, transformers) are imported on first use: the package imports without them.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imaggen_perception.hub.errors import HubModelUnavailable

EXTRA = "pip install 'imaggen[hub]'"
# A checkpoint that lacks a larger share of a network's weights belongs to another network; the
# rest would be random, and so would what it finds. Below it are buffers that older files lack.
_MOST_MISSING = 0.05


@dataclass(frozen=True)
class HubModel:
    """Which weights to use, and where to run them.

    No hub could be reached where this was written, so the revision of the defaults is "main",
    which moves. A deployment should pin a commit.

    Attributes:
        name: repository on the hub ("owner/name") or a local folder with the same files.
        revision: branch, tag or commit hash; ignored for a folder.
        device: "cpu", "cuda", "cuda:1", "mps", or "auto" for the fastest there is.
    """

    name: str
    revision: str = "main"
    device: str = "auto"

    @classmethod
    def parse(cls, text: str, device: str = "auto") -> HubModel:
        """The model written as "owner/name" or "owner/name@revision".

        Raises:
            ValueError: when the name or the revision is empty.
        """
        name, at, revision = text.strip().partition("@")
        if not name or (at and not revision):
            raise ValueError(f"expected NAME or NAME@REVISION, got {text!r}")
        return cls(name, revision or "main", device)

    @property
    def folder(self) -> Path | None:
        """The local folder that is meant, or None for a repository on the hub.

        A relative path counts only where it exists: "owner/name" may be either.
        """
        path = Path(self.name).expanduser()
        return path if path.is_absolute() or path.is_dir() else None


@dataclass(frozen=True)
class HubModels:
    """The model of every task; a deployment replaces them to pin a commit or use a folder."""

    grounding_dino: HubModel = HubModel("IDEA-Research/grounding-dino-tiny")
    owlv2: HubModel = HubModel("google/owlv2-base-patch16-ensemble")
    sam2: HubModel = HubModel("facebook/sam2.1-hiera-tiny")
    sam3: HubModel = HubModel("facebook/sam3")
    depth: HubModel = HubModel("depth-anything/Depth-Anything-V2-Small-hf")
    labels: HubModel = HubModel("google/siglip2-base-patch16-224")


DEFAULTS = HubModels()


@dataclass(frozen=True)
class LoadedModel:
    """A network ready to run.

    Attributes:
        network: the transformers model in evaluation mode, float32, on `device`.
        tokenizer: splits texts for it; None for networks that read no text.
        device: where it runs ("cpu", "cuda", ...).
        picture: the checkpoint's own settings for pictures (size, image_mean, ...); may be empty.
    """

    network: Any
    tokenizer: Any
    device: str
    picture: dict[str, Any] = field(default_factory=dict)


_loaded: dict[tuple[str, HubModel], LoadedModel] = {}
_loading = threading.Lock()


def load_model(class_name: str, model: HubModel, reads_text: bool = False) -> LoadedModel:
    """The network `class_name` of transformers with the weights of `model`, loaded once.

    The local cache is tried before the network; a pinned commit in the cache never needs one.

    Raises:
        HubModelUnavailable: when torch or transformers are missing, or the weights cannot be had
            or belong to another network.
    """
    key = (class_name, model)
    # One lock for all: two nodes that start together must not load the same gigabyte twice.
    with _loading:
        if key not in _loaded:
            _loaded[key] = _load(class_name, model, reads_text)
        return _loaded[key]


def forget_models() -> None:
    """Drop all loaded networks, so that their memory can be freed."""
    with _loading:
        _loaded.clear()


def library(name: str) -> Any:
    """An optional library, imported on first use.

    Raises:
        HubModelUnavailable: when it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        missing = name.partition(".")[0]
        raise HubModelUnavailable(f"the hub back ends need {missing}; {EXTRA}") from error


def choose_device(wanted: str = "auto") -> str:
    """The device to run on: `wanted`, or the first there is of cuda, mps and cpu.

    Raises:
        HubModelUnavailable: when torch is missing or has no such device.
    """
    torch = library("torch")
    available = {"cuda": torch.cuda.is_available, "mps": torch.backends.mps.is_available}
    if wanted == "auto":
        return next((name for name, there in available.items() if there()), "cpu")
    kind = wanted.partition(":")[0]
    if kind != "cpu" and not (kind in available and available[kind]()):
        raise HubModelUnavailable(f"torch has no device {wanted!r} here; use 'auto' or 'cpu'")
    return wanted


def _load(class_name: str, model: HubModel, reads_text: bool) -> LoadedModel:
    torch, transformers = library("torch"), library("transformers")
    device = choose_device(model.device)

    def attempt(offline: bool) -> LoadedModel:
        source = str(model.folder or model.name)
        where = {"revision": model.revision, "local_files_only": offline}
        if model.folder:
            where = {"local_files_only": True}
        # float32 said aloud: the default is the file's type, and half floats crawl on a CPU.
        network, report = getattr(transformers, class_name).from_pretrained(
            source, dtype=torch.float32, output_loading_info=True, **where
        )
        _check_complete(network, report, class_name, model)
        tokenizer = None
        if reads_text:
            tokenizer = transformers.AutoTokenizer.from_pretrained(source, **where)
        picture = _picture_settings(source, where)
        return LoadedModel(network.eval().to(device), tokenizer, device, picture)

    return _offline_first(attempt, model)


def _offline_first(attempt: Callable[[bool], LoadedModel], model: HubModel) -> LoadedModel:
    """What `attempt(offline)` gives without the network, else with it."""
    problem: Exception | None = None
    for offline in (True,) if model.folder else (True, False):
        try:
            with quiet_loading(hide_bars=offline):
                return attempt(offline)
        except HubModelUnavailable:
            raise
        # Whatever the hub, the file formats and the tokenizers raise, the remedy is the same.
        except Exception as error:
            problem = error
    reason = str(problem).strip().partition("\n")[0] or type(problem).__name__
    raise HubModelUnavailable(_remedy(model, reason)) from problem


@contextmanager
def quiet_loading(hide_bars: bool) -> Iterator[None]:
    """Keep transformers from printing; also its progress bars, unless something is downloaded.

    Its one warning that matters, weights that do not fit, is raised as an error here.
    """
    log = library("transformers.utils.logging")
    level, shown = log.get_verbosity(), log.is_progress_bar_enabled()
    log.set_verbosity_error()
    if hide_bars:
        log.disable_progress_bar()
    try:
        yield
    finally:
        log.set_verbosity(level)
        if shown:
            log.enable_progress_bar()


def _remedy(model: HubModel, reason: str) -> str:
    if model.folder:
        return f"the folder {model.name} holds no usable model; {reason}"
    return (
        f"the model {model.name} (revision {model.revision}) is not in the local cache and could"
        f" not be fetched; run: hf download {model.name} --revision {model.revision}, or give a"
        f" local folder with its files ({reason})"
    )


def _check_complete(network: Any, report: dict[str, Any], class_name: str, model: HubModel) -> None:
    """Refuse weights that leave parts of the network random.

    Raises:
        HubModelUnavailable: when too many are missing.
    """
    missing, total = len(report["missing_keys"]), len(network.state_dict())
    if missing > _MOST_MISSING * total:
        raise HubModelUnavailable(
            f"the weights of {model.name} do not fit {class_name}: {missing} of {total} are"
            " missing; name a model of that kind"
        )


def _picture_settings(source: str, where: dict[str, Any]) -> dict[str, Any]:
    """The checkpoint's preprocessor settings, empty when it has none.

    Only the numbers are read: the image processors of SAM 2 and SAM 3 need torchvision, whose
    builds from the package index break torch's CPU build.
    """
    base = library("transformers.image_processing_base")
    try:
        settings, _ = base.ImageProcessingMixin.get_image_processor_dict(source, **where)
    except OSError:
        return {}
    return dict(settings)
