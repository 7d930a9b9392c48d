"""Filmstrips and videos from rendered frames, with the spoken words under them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]

INK, FAINT, ACCENT, PAPER = (35, 38, 46), (140, 145, 155), (205, 80, 20), (250, 250, 248)
COLUMNS = 4
CAPTION_HEIGHT = 64
MARGIN = 10


@dataclass(frozen=True)
class Caption:
    """What stands under a frame.

    Attributes:
        time_s: from the start of speech.
        words: of the utterance.
        current: index of the word that is spoken; -1: none.
        phase: of the gesture, in words.
    """

    time_s: float
    words: tuple[str, ...]
    current: int
    phase: str


def write_filmstrip(
    path: Path, frames: Sequence[Picture], captions: Sequence[Caption], width: int = 1600
) -> None:
    """Write frames as a grid with captions, small enough for a repository (PNG, palette).

    Args:
        path: of the PNG.
        frames: pictures (height, width, 3), RGB, all of one size.
        captions: one per frame.
        width: of the whole strip [pixels].
    """
    columns = min(COLUMNS, len(frames))
    cell = (width - MARGIN * (columns + 1)) // columns
    height = round(cell * frames[0].shape[0] / frames[0].shape[1])
    rows = -(-len(frames) // columns)
    sheet = Image.new(
        "RGB", (width, rows * (height + CAPTION_HEIGHT + MARGIN) + MARGIN), color=PAPER
    )
    pen = ImageDraw.Draw(sheet)
    for index, (frame, caption) in enumerate(zip(frames, captions, strict=True)):
        x = MARGIN + (index % columns) * (cell + MARGIN)
        y = MARGIN + (index // columns) * (height + CAPTION_HEIGHT + MARGIN)
        sheet.paste(Image.fromarray(frame).resize((cell, height), Image.Resampling.LANCZOS), (x, y))
        _write_caption(pen, (x + 2, y + height + 4), cell - 4, caption)
    sheet.quantize(160, method=Image.Quantize.MEDIANCUT).save(path, optimize=True)


def write_video(
    path: Path,
    frames: Iterable[tuple[Picture, Caption]],
    frame_rate: int,
    audio: NDArray[np.int16],
    audio_rate_hz: int,
    audio_start_s: float,
) -> None:
    """Write an H.264 video with AAC sound (MP4).

    Args:
        path: of the MP4.
        frames: pictures (height, width, 3), RGB, with their captions, in order.
        frame_rate: [frames/s].
        audio: mono samples; empty: a silent video.
        audio_rate_hz: of the samples.
        audio_start_s: when speech starts, from the first frame.
    """
    import av  # only videos need it

    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=frame_rate, options={"crf": "23"})
        video.pix_fmt = "yuv420p"
        sound = container.add_stream("aac", rate=audio_rate_hz) if len(audio) else None
        if sound is not None:
            sound.layout = "mono"
        for picture, caption in frames:
            sheet = _with_caption_bar(picture, caption)
            if video.width != sheet.shape[1] or video.height != sheet.shape[0]:
                video.width, video.height = sheet.shape[1], sheet.shape[0]
            for packet in video.encode(av.VideoFrame.from_ndarray(sheet, format="rgb24")):
                container.mux(packet)
        for packet in video.encode():
            container.mux(packet)
        if sound is not None:
            _write_sound(container, sound, audio, audio_rate_hz, audio_start_s)


def _write_sound(
    container: Any, stream: Any, audio: NDArray[np.int16], rate: int, start_s: float
) -> None:
    """Encode the samples, after as much silence as speech is late."""
    import av

    samples = np.concatenate([np.zeros(round(start_s * rate), np.int16), audio])
    frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
    for packet in [*stream.encode(frame), *stream.encode()]:
        container.mux(packet)


def _with_caption_bar(picture: Picture, caption: Caption) -> Picture:
    """The picture with a caption below it; even height, as H.264 wants."""
    height, width = picture.shape[:2]
    sheet = Image.new("RGB", (width, height + CAPTION_HEIGHT), color=PAPER)
    sheet.paste(Image.fromarray(picture), (0, 0))
    _write_caption(ImageDraw.Draw(sheet), (8, height + 4), width - 16, caption)
    return np.asarray(sheet)


def _write_caption(
    pen: ImageDraw.ImageDraw, corner: tuple[int, int], width: int, caption: Caption
) -> None:
    """Words with the spoken one in colour, then time and phase."""
    x, y = corner
    size = 19
    while size > 9 and pen.textlength(" ".join(caption.words), font=_font(size)) > width:
        size -= 1
    font = _font(size)
    at = float(x)
    for index, word in enumerate(caption.words):
        color = ACCENT if index == caption.current else INK
        pen.text((at, y), word, fill=color, font=font)
        at += pen.textlength(word + " ", font=font)
    pen.text((x, y + 28), f"{caption.time_s:+.2f} s   {caption.phase}", fill=FAINT, font=_font(15))


def _font(size: int) -> Any:
    return ImageFont.load_default(size)
