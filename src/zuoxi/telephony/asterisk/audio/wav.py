# SPDX-License-Identifier: Apache-2.0
"""The RIFF header of 16-bit PCM sound: written, measured, and mended after a switch died in the middle of a call."""

import os
import struct
from dataclasses import dataclass
from pathlib import Path

RATE = 8000
WIDTH = 2  # bytes per sample
HEADER_BYTES = 44


class Broken(ValueError):
    """Not a PCM WAV file, or its header contradicts its length."""


@dataclass(frozen=True)
class Sound:
    """What a file holds. ``sound``: header and length agree; ``seconds`` is counted from the bytes, not the header."""

    channels: int
    rate: int
    seconds: float
    sound: bool


def header(frames: int, channels: int, rate: int = RATE) -> bytes:
    """The 44 bytes before ``frames`` sample frames of ``channels`` × 16 bit."""
    size = frames * channels * WIDTH
    block = channels * WIDTH
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF", size + HEADER_BYTES - 8, b"WAVE",
        b"fmt ", 16, 1, channels, rate, rate * block, block, WIDTH * 8,
        b"data", size,
    )  # fmt: skip


def measure(path: Path) -> Sound:
    """Length by the bytes that are there. :class:`Broken` when the file is no PCM WAV at all."""
    channels, rate, start, promised = _layout(path)
    there = max(0, path.stat().st_size - start)
    frames = there // (channels * WIDTH)
    return Sound(channels, rate, frames / rate, sound=promised == there and there % (channels * WIDTH) == 0)


def repair(path: Path) -> Sound:
    """Rewrite the two lengths of a header that its writer never came back to; the audio itself is not touched."""
    channels, _, start, promised = _layout(path)
    block = channels * WIDTH
    size = (path.stat().st_size - start) // block * block
    with path.open("r+b") as file:
        file.truncate(start + size)
        if promised != size:
            file.seek(4)
            file.write(struct.pack("<I", start + size - 8))
            file.seek(start - 4)
            file.write(struct.pack("<I", size))
        file.flush()
        os.fsync(file.fileno())
    return measure(path)


def _layout(path: Path) -> tuple[int, int, int, int]:
    with path.open("rb") as file:
        return layout(file.read(4096), path)


def layout(head: bytes, path: Path) -> tuple[int, int, int, int]:
    """Channels, rate, offset of the first sample, and the data length that the header promises."""
    if len(head) < HEADER_BYTES or head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        raise Broken(f"{path.name}: not a WAV file")
    at, form = 12, None
    while at + 8 <= len(head):
        name, size = struct.unpack_from("<4sI", head, at)
        if name == b"fmt ":
            form = struct.unpack_from("<HHIIHH", head, at + 8)
        if name == b"data":
            return (*_checked(path, form), at + 8, size)
        at += 8 + size + size % 2
    raise Broken(f"{path.name}: no audio chunk")


def _checked(path: Path, form: tuple[int, ...] | None) -> tuple[int, int]:
    if form is None or form[0] != 1 or form[5] != WIDTH * 8 or not 1 <= form[1] <= 2 or form[2] == 0:
        raise Broken(f"{path.name}: not 16-bit PCM with one or two channels")
    return form[1], form[2]
