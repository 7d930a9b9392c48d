from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from imaggen_perception.errors import SegmenterUnavailable
from imaggen_perception.hub import HubModel, HubModels, HubModelUnavailable
from imaggen_perception.hub.models import (
    DEFAULTS,
    choose_device,
    forget_models,
    library,
    load_model,
)


@pytest.fixture
def transformers():
    pytest.importorskip("torch")
    return pytest.importorskip("transformers")


def test_a_model_is_written_as_name_and_revision():
    assert HubModel.parse("facebook/sam3") == HubModel("facebook/sam3", "main")
    assert HubModel.parse("a/b@c0ffee", "cpu") == HubModel("a/b", "c0ffee", "cpu")
    for bad in ("", "@x", "a/b@"):
        with pytest.raises(ValueError, match="NAME@REVISION"):
            HubModel.parse(bad)


def test_every_task_has_a_default():
    assert HubModels() == DEFAULTS
    assert DEFAULTS.sam2.name == "facebook/sam2.1-hiera-tiny"


def test_the_package_imports_and_registers_without_torch():
    code = (
        "import sys; sys.modules['torch'] = sys.modules['transformers'] = None\n"
        "import imaggen_perception.hub as hub\n"
        "from imaggen_perception.segmenters import create_segmenter\n"
        "for name in ('grounded', 'owl', 'sam3'):\n"
        "    try: create_segmenter(name)\n"
        "    except hub.HubModelUnavailable as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.count("the hub back ends need torch; pip install 'imaggen[hub]'") == 3


@pytest.mark.parametrize("missing", ["torch", "transformers"])
def test_a_missing_library_is_named_with_its_extra(transformers, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(SegmenterUnavailable, match=rf"need {missing}; pip install 'imaggen\[hub\]"):
        load_model("Sam2Model", HubModel("nobody/never-loaded"))


def test_a_missing_submodule_names_the_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.delitem(sys.modules, "PIL.Image", raising=False)
    with pytest.raises(HubModelUnavailable, match="need PIL;"):
        library("PIL.Image")


def test_weights_that_cannot_be_had_name_the_model_and_the_remedy(transformers):
    with pytest.raises(HubModelUnavailable) as caught:
        load_model("Sam2Model", HubModel("nobody/not-there", "c0ffee"))
    message = str(caught.value)
    assert "hf download nobody/not-there --revision c0ffee" in message
    assert "local folder" in message
    assert "\n" not in message


def test_a_folder_without_a_model_is_named(transformers, tmp_path):
    with pytest.raises(HubModelUnavailable, match="not-there holds no usable model"):
        load_model("Sam2Model", HubModel(str(tmp_path / "not-there")))
    with pytest.raises(HubModelUnavailable, match="holds no usable model") as caught:
        load_model("Sam2Model", HubModel(str(tmp_path)))
    assert str(tmp_path) in str(caught.value)


def test_weights_of_another_network_are_refused(transformers, checkpoint):
    with pytest.raises(HubModelUnavailable):
        load_model("Sam2Model", HubModel(checkpoint("labeler")))
    folder = checkpoint("depth_anything")
    with pytest.raises(HubModelUnavailable, match=r"do not fit SamModel: \d+ of \d+"):
        load_model("SamModel", HubModel(folder))


def test_the_cache_is_tried_before_the_network(transformers, monkeypatch):
    tried = []

    class Network:
        @classmethod
        def from_pretrained(cls, name, **options):
            tried.append((name, options["revision"], options["local_files_only"]))
            raise OSError("not here\nlong story")

    monkeypatch.setattr(transformers, "Sam2Model", Network)
    with pytest.raises(HubModelUnavailable, match=r"\(not here\)"):
        load_model("Sam2Model", HubModel("a/b", "v1"))
    assert tried == [("a/b", "v1", True), ("a/b", "v1", False)]


def test_a_model_is_loaded_once_even_by_many_threads(transformers, checkpoint, monkeypatch):
    forget_models()
    loads = []
    original = transformers.Sam2Model.from_pretrained

    def counted(*args, **options):
        loads.append(args)
        return original(*args, **options)

    monkeypatch.setattr(transformers.Sam2Model, "from_pretrained", counted)
    model = HubModel(checkpoint("sam2"))
    with ThreadPoolExecutor(4) as pool:
        loaded = list(pool.map(lambda _: load_model("Sam2Model", model), range(8)))
    assert len(loads) == 1
    assert all(one is loaded[0] for one in loaded)
    forget_models()
    assert load_model("Sam2Model", model) is not loaded[0]


def test_a_failure_is_not_remembered(transformers, tmp_path):
    from perception.hub import tiny

    model = HubModel(str(tmp_path))
    with pytest.raises(HubModelUnavailable):
        load_model("Sam2Model", model)
    tiny.sam2(tmp_path)
    assert load_model("Sam2Model", model).device in ("cpu", "cuda", "mps")


def test_networks_come_in_float32_ready_to_run(transformers, checkpoint, tmp_path):
    network = transformers.Sam2Model.from_pretrained(checkpoint("sam2")).half()
    network.save_pretrained(tmp_path)
    loaded = load_model("Sam2Model", HubModel(str(tmp_path), device="cpu"))
    assert {str(p.dtype) for p in loaded.network.parameters()} == {"torch.float32"}
    assert not loaded.network.training


def test_loading_prints_nothing_and_leaves_the_settings_alone(transformers, checkpoint, capfd):
    from transformers.utils import logging

    folder = checkpoint("sam2", video=True)
    forget_models()
    capfd.readouterr()
    level = logging.get_verbosity()
    load_model("Sam2Model", HubModel(folder))
    assert capfd.readouterr() == ("", "")
    assert logging.get_verbosity() == level
    assert logging.is_progress_bar_enabled()


def test_the_best_device_there_is(transformers, monkeypatch):
    import torch

    for cuda, mps, expected in [(1, 1, "cuda"), (0, 1, "mps"), (0, 0, "cpu")]:
        monkeypatch.setattr(torch.cuda, "is_available", lambda there=cuda: bool(there))
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda there=mps: bool(there))
        assert choose_device() == expected
    assert choose_device("cpu") == "cpu"
    with pytest.raises(HubModelUnavailable, match="cuda:1"):
        choose_device("cuda:1")
