# SPDX-License-Identifier: Apache-2.0
"""Recordings as files: where they are, their bytes (sealed or not), and the shape of their sound.

The switch names a file below its recordings folder; nothing outside those folders is ever opened, whatever a name says.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
from django.conf import settings

from zuoxi.telephony.asterisk.audio import Broken
from zuoxi.telephony.asterisk.audio.wav import HEADER_BYTES, WIDTH, layout
from zuoxi.telephony.models import Switch
from zuoxi.vault import encryption

PEAKS_A_SECOND: Final = 20
MOST_PEAKS: Final = 36_000
_PIECE: Final = 64 * 1024
_BLOCK: Final = 4 * 1024 * 1024


def roots() -> list[Path]:
    """The folders that recordings may lie in; one query."""
    named = [Path(path) for path in Switch.objects.values_list("recordings_path", flat=True) if path]
    return list(dict.fromkeys(folder.resolve() for folder in (Path(settings.RECORDINGS), *named)))


def locate(name: str, folders: Sequence[Path]) -> Path | None:
    """The file of that name in one of the folders; None when there is none or the name leads out of them."""
    if not name or "\x00" in name:
        return None
    for folder in folders:
        path = (folder / name).resolve()
        if path.is_relative_to(folder) and path.is_file():
            return path
    return None


@dataclass(frozen=True, slots=True)
class Audio:
    """A recording's bytes as a player gets them: unsealed, and with a header that agrees with the length."""

    path: Path
    sealed: bool
    size: int
    channels: int
    rate: int
    start: int
    promised: int

    @property
    def frames(self) -> int:
        return max(self.size - self.start, 0) // (self.channels * WIDTH)

    @property
    def seconds(self) -> float:
        return self.frames / self.rate

    @property
    def whole(self) -> bool:
        """The header promises what is there."""
        return self.promised == self.size - self.start

    def read(self, begin: int, end: int) -> Iterator[bytes]:
        """Bytes [begin, end); a header whose lengths were never filled in is mended on the way out."""
        if begin < self.start and not self.whole:
            stop = min(end, self.start)
            yield self._mended_head()[begin:stop]
            begin = stop
        if begin < end:
            yield from self._pieces(begin, end)

    def _pieces(self, begin: int, end: int) -> Iterator[bytes]:
        if self.sealed:
            yield from encryption.read_range(self.path, begin, end)
            return
        with self.path.open("rb") as file:
            file.seek(begin)
            left = end - begin
            while left > 0 and (piece := file.read(min(_PIECE, left))):
                left -= len(piece)
                yield piece

    def _mended_head(self) -> bytes:
        head = bytearray(b"".join(self._pieces(0, self.start)))
        struct.pack_into("<I", head, 4, self.size - 8)
        struct.pack_into("<I", head, self.start - 4, self.size - self.start)
        return bytes(head)


def open_audio(path: Path) -> Audio:
    """Raise `Broken` when the file is no PCM WAV file, `vault.encryption.Tampered` when its seal does not hold."""
    sealed = encryption.is_sealed_file(path)
    size = encryption.plain_size(path) if sealed else path.stat().st_size
    if size < HEADER_BYTES:
        raise Broken(f"{path.name}: too short for sound")
    if sealed:
        head = b"".join(encryption.read_range(path, 0, 4096))
    else:
        with path.open("rb") as file:
            head = file.read(4096)
    channels, rate, start, promised = layout(head, path)
    return Audio(path, sealed, size, channels, rate, start, promised)


def peaks_of(audio: Audio) -> dict[str, Any]:
    """{"peaks": one list of 0…1 a channel, "seconds"}: 20 values a second, fewer for very long sound."""
    frames = audio.frames
    every = max(audio.rate // PEAKS_A_SECOND, -(-frames // MOST_PEAKS), 1)
    frame = audio.channels * WIDTH
    block = max(_BLOCK // (every * frame), 1) * every * frame
    highest: list[np.ndarray[Any, Any]] = []
    for chunk in _blocks(audio.read(audio.start, audio.start + frames * frame), block):
        samples = np.frombuffer(chunk, dtype="<i2").reshape(-1, audio.channels)
        ends = np.arange(0, len(samples), every)
        high = np.maximum.reduceat(samples, ends).astype(np.int32)
        low = np.minimum.reduceat(samples, ends).astype(np.int32)
        highest.append(np.maximum(high, -low))
    values = np.concatenate(highest) / 32768 if highest else np.zeros((0, audio.channels))
    rounded = np.round(np.clip(values, 0, 1), 3)
    return {"peaks": rounded.T.tolist(), "seconds": round(audio.seconds, 2)}


def _blocks(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in blocks of exactly `size`, the last one shorter."""
    kept = bytearray()
    for piece in pieces:
        kept += piece
        while len(kept) >= size:
            yield bytes(kept[:size])
            del kept[:size]
    if kept:
        yield bytes(kept)


def cached_peaks(audio: Audio) -> bytes:
    """The peaks as JSON, computed once for each state of the file."""
    stat = audio.path.stat()
    name = hashlib.sha256(f"{audio.path}|{stat.st_size}|{stat.st_mtime_ns}".encode()).hexdigest()
    kept = Path(settings.HOME) / "peaks" / name[:2] / f"{name}.json"
    if kept.is_file():
        return kept.read_bytes()
    made = orjson.dumps(peaks_of(audio))
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = kept.with_suffix(f".{os.getpid()}.part")
    draft.write_bytes(made)
    draft.replace(kept)
    return made


def drop_old_peaks(older_than: float) -> int:
    """Remove kept peaks last written before that moment (seconds since 1970); how many went."""
    gone = 0
    for file in (Path(settings.HOME) / "peaks").glob("*/*.json"):
        if file.stat().st_mtime < older_than:
            file.unlink(missing_ok=True)
            gone += 1
    return gone
