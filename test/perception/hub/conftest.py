from __future__ import annotations

import pytest
from perception.hub import tiny


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """No test here may reach for a hub, whoever imported its library first."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    try:
        import huggingface_hub.constants as constants
    except ImportError:
        return
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)


@pytest.fixture
def image():
    return tiny.picture()


@pytest.fixture(autouse=True)
def few_threads():
    """Tiny networks are faster on one thread than on many."""
    try:
        import torch
    except ImportError:
        yield
        return
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory):
    """Builds a tiny checkpoint of a kind once a session: checkpoint("sam2", video=True)."""
    built = {}

    def build(kind, /, **options):
        key = (kind, *sorted(options.items()))
        if key not in built:
            built[key] = getattr(tiny, kind)(tmp_path_factory.mktemp(kind), **options)
        return str(built[key])

    return build
