"""Filmstrips and videos can be read back."""

from __future__ import annotations

import av
import numpy as np
import pytest
from PIL import Image

from imaggen_simulation.pictures import (
    ACCENT,
    CAPTION_HEIGHT,
    Caption,
    write_filmstrip,
    write_video,
)

WORDS = ("The", "ball", "is", "round.")


def frames(count: int) -> list[np.ndarray]:
    """A gradient with some noise, which compresses no better than a rendered picture."""
    random, ramp = np.random.default_rng(0), np.linspace(60, 220, 640)[None, :, None]
    noise = random.normal(0.0, 2.0, (480, 640, 3))
    return [np.clip(ramp + noise + 5 * i, 0, 255).astype(np.uint8) for i in range(count)]


def captions(count: int) -> list[Caption]:
    return [Caption(0.25 * i - 0.5, WORDS, i % 5 - 1, "stroke") for i in range(count)]


def accent_pixels(image: np.ndarray) -> int:
    return int((np.abs(image.astype(int) - ACCENT).max(axis=2) < 40).sum())


@pytest.mark.parametrize(("count", "rows"), [(3, 1), (6, 2), (10, 3)])
def test_a_filmstrip_is_a_grid(tmp_path, count, rows):
    path = tmp_path / "filmstrip.png"
    write_filmstrip(path, frames(count), captions(count))
    with Image.open(path) as image:
        width, height = image.size
        assert width == 1600
        cell = height / rows
        assert cell > CAPTION_HEIGHT + 200


def test_the_spoken_word_stands_out(tmp_path):
    path = tmp_path / "filmstrip.png"
    grey = [np.full((480, 640, 3), 128, np.uint8)] * 2
    for current in (-1, 1):
        write_filmstrip(path, grey, [Caption(0.0, WORDS, current, "stroke")] * 2)
        with Image.open(path) as image:
            spoken = accent_pixels(np.asarray(image.convert("RGB")))
        assert (spoken > 50) == (current >= 0)


def test_a_long_sentence_stays_within_its_frame(tmp_path):
    path = tmp_path / "filmstrip.png"
    words = tuple(f"word{i}" for i in range(14))
    grey = np.full((480, 640, 3), 128, np.uint8)
    write_filmstrip(path, [grey], [Caption(0.0, words, 13, "stroke")], width=600)
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert accent_pixels(pixels) > 20  # the last word is there
    assert accent_pixels(pixels[:, -8:]) == 0


@pytest.mark.parametrize("sound", [True, False])
def test_a_video_plays_at_its_rate_with_its_sound(tmp_path, sound):
    path, rate = tmp_path / "gesture.mp4", 22050
    tone = (8000 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)).astype(np.int16)
    samples = tone if sound else np.zeros(0, np.int16)
    write_video(path, zip(frames(30), captions(30), strict=True), 20, samples, rate, 0.5)
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        assert video.codec_context.name == "h264"
        assert float(video.average_rate) == pytest.approx(20.0)
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video)]
        assert len(pictures) == 30
        assert pictures[0].shape == (480 + CAPTION_HEIGHT, 640, 3)
        assert len(container.streams.audio) == sound
    if sound:
        loudness = _loudness(path)
        assert loudness[: int(0.4 * len(loudness) / 1.5)].max() < 0.01  # speech starts later
        assert loudness[int(0.7 * len(loudness) / 1.5) :].max() > 0.1


def _loudness(path) -> np.ndarray:
    with av.open(str(path)) as container:
        chunks = [frame.to_ndarray()[0] for frame in container.decode(container.streams.audio[0])]
    return np.abs(np.concatenate(chunks))
