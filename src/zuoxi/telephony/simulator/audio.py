# SPDX-License-Identifier: Apache-2.0
"""Recordings of nobody: two channels of speech-like sound, the caller left, the agent right, 8 kHz, 16 bit.

A voice is a small bank of syllables (a glottal tone with its harmonics under three formants, or a breath of noise);
a call is turns of syllables, copied one behind another, so that a minute takes milliseconds. Which syllables, and
who speaks when, is drawn from the call's id: the same call sounds the same every time.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 8_000
SYLLABLES: Final = 48
VOICES: Final = 6
_VOWELS: Final = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))

Samples = NDArray[np.int16]


@lru_cache(maxsize=2 * VOICES)
def voice(number: int, high: bool) -> tuple[Samples, ...]:
    """The syllables of one invented speaker, 120 to 290 ms each, every one followed by a short gap."""
    rng = np.random.default_rng((number, int(high)))
    base = rng.uniform(180, 240) if high else rng.uniform(95, 140)
    return tuple(_syllable(rng, base) for _ in range(SYLLABLES))


def _syllable(rng: np.random.Generator, base: float) -> Samples:
    size = int(RATE * rng.uniform(0.12, 0.29))
    at = np.arange(size) / RATE
    pitch = base * (1 + rng.uniform(-0.18, 0.18) * at / at[-1]) * rng.uniform(0.92, 1.1)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    formants = _VOWELS[int(rng.integers(len(_VOWELS)))]
    sound = np.zeros(size)
    for harmonic in range(1, int(3_400 / base)):
        loud = sum(np.exp(-(((harmonic * base - f) / 160) ** 2)) / (i + 1) for i, f in enumerate(formants))
        sound += (loud + 0.04 / harmonic) * np.sin(harmonic * phase)
    onset = int(size * rng.uniform(0.05, 0.25))
    sound[:onset] = 0.5 * sound[:onset] + rng.normal(0, 0.35, onset)
    sound *= np.sin(np.pi * np.linspace(0.03, 0.97, size)) ** 0.6
    sound *= rng.uniform(2_600, 5_200) / np.abs(sound).max()
    gap = np.zeros(int(RATE * rng.choice((0.01, 0.02, 0.05, 0.12))))
    return np.concatenate((sound, gap)).astype(np.int16)


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody speaks: from and for so many samples."""

    agent: bool
    starts: int
    size: int


def turns(draw: Random, size: int) -> Iterator[Turn]:
    """The agent greets, then they take turns; now and then one cuts in, or nobody speaks for a while."""
    at, agent = int(0.4 * RATE), True
    while at < size - RATE // 2:
        spoken = int(RATE * (draw.uniform(1.5, 6.5) if agent else draw.uniform(1.0, 8.0)))
        spoken = min(spoken, size - at)
        yield Turn(agent, at, spoken)
        chance = draw.random()
        between = -0.6 if chance < 0.04 else draw.uniform(6, 14) if chance < 0.07 else draw.uniform(0.15, 0.9)
        at = max(0, at + spoken + int(between * RATE))
        agent = not agent if draw.random() < 0.9 else agent


def conversation(call: str, seconds: float) -> NDArray[np.int16]:
    """Samples of shape (n, 2): caller, agent. A faint line hum keeps both channels from being dead."""
    draw = Random(call)  # noqa: S311 - play, not secrets
    size = max(1, int(seconds * RATE))
    sound = np.zeros((2, size), dtype=np.int16)
    speakers = (voice(draw.randrange(VOICES), draw.random() < 0.5), voice(draw.randrange(VOICES), draw.random() < 0.7))
    for turn in turns(draw, size):
        _speak(sound[int(turn.agent)], turn, speakers[int(turn.agent)], draw)
    sound += _hum(size)
    return np.ascontiguousarray(sound.T)


def _speak(channel: Samples, turn: Turn, syllables: tuple[Samples, ...], draw: Random) -> None:
    at, end = turn.starts, turn.starts + turn.size
    while at < end:
        syllable = syllables[draw.randrange(SYLLABLES)][: end - at]
        channel[at : at + len(syllable)] = syllable
        at += len(syllable)


@lru_cache(maxsize=1)
def _noise() -> Samples:
    return np.random.default_rng(1).normal(0, 6, RATE * 10).astype(np.int16)


def _hum(size: int) -> Samples:
    return np.resize(_noise(), size)


def wav(samples: NDArray[np.int16]) -> bytes:
    """A whole WAV file."""
    data = samples.astype("<i2", copy=False).tobytes()
    channels = samples.shape[1]
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, channels, RATE,
        RATE * channels * 2, channels * 2, 16, b"data", len(data),
    )  # fmt: skip
    return head + data


def write_recording(path: Path, call: str, seconds: float) -> int:
    """Write the recording of `call` to `path`, making folders; returns its size in bytes."""
    content = wav(conversation(call, seconds))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.rename(path)
    return len(content)
