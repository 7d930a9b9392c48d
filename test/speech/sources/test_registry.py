import ctypes

import pytest

from imaggen_speech import SpeechError, TimingSourceUnavailable, create_timing_source
from imaggen_speech.sources import espeak_library


def test_names() -> None:
    assert create_timing_source("estimate").name == "estimate"
    with pytest.raises(SpeechError, match="choose one of auto, espeak, estimate"):
        create_timing_source("parrot")


@pytest.mark.parametrize("rate", [0.0, 0.49, 2.1, float("nan")])
def test_rate_out_of_bounds(rate: float) -> None:
    with pytest.raises(SpeechError, match="speech rate"):
        create_timing_source("estimate", rate=rate)


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> ctypes.CDLL:
        raise OSError(name)

    espeak_library._load.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(ctypes, "CDLL", absent)
        assert create_timing_source("auto").name == "estimate"
        with pytest.raises(TimingSourceUnavailable, match=r"pip install 'imaggen\[speech\]'"):
            create_timing_source("espeak")
    assert create_timing_source("auto").name in ("espeak-ng", "estimate")
