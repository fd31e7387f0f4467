# SPDX-License-Identifier: Apache-2.0
"""Prompts made of tones, so that a call can be followed by ear before anybody has spoken the real ones.

Each is a short melody of its own; a centre replaces the files by spoken ones of the same name.
"""

import math
from array import array

from .wav import RATE, header

_MELODIES: dict[str, tuple[tuple[int, int], ...]] = {  # name → (hertz, milliseconds); 0 Hz is silence
    "beep": ((1000, 150),),
    "greeting": ((523, 120), (659, 120), (784, 180)),
    "closed": ((784, 150), (659, 150), (523, 300)),
    "holiday": ((784, 100), (0, 60), (784, 100), (523, 300)),
    "menu": ((440, 100), (0, 80), (440, 100), (0, 80), (660, 150)),
    "survey": ((523, 100), (0, 60), (659, 100), (0, 60), (784, 100), (0, 60), (880, 100)),
    "survey-second": ((880, 100), (0, 60), (784, 100), (0, 60), (659, 100)),
    "thanks": ((784, 100), (988, 200)),
    "goodbye": ((659, 120), (523, 200)),
    "voicemail": ((440, 150), (0, 100), (440, 150), (0, 100), (1000, 400)),
    "callback": ((660, 120), (0, 80), (880, 120), (0, 80), (660, 120)),
}
# The switch's own features ask for these by name and give up where they are missing.
_BUILT_IN: dict[str, tuple[tuple[int, int], ...]] = {
    "beep": ((1000, 150),),
    "beeperr": ((400, 120), (0, 60), (400, 120)),
    "pbx-transfer": ((880, 100), (0, 60), (880, 100)),
    "pbx-invalid": ((400, 300),),
    "pbx-parkingfailed": ((400, 300),),
    "auth-thankyou": ((784, 100), (988, 200)),
    "conf-onlyperson": ((660, 150),),
    "confbridge-join": ((660, 80),),
    "confbridge-leave": ((440, 80),),
    "conf-invalid": ((400, 300),),
}
_LOUDNESS = 6000  # of 32767
_RAMP = 0.008  # seconds of fade at either end, against clicks


def prompts() -> dict[str, bytes]:
    """Name → mono 8 kHz WAV file, the same bytes at every run."""
    return {name: _file(_melody(notes)) for name, notes in _MELODIES.items()}


def built_in_sounds() -> dict[str, bytes]:
    """Name → WAV file of what Asterisk's own features play, for a switch without any sound package."""
    return {name: _file(_melody(notes)) for name, notes in _BUILT_IN.items()}


def music(seconds: int = 20) -> bytes:
    """Waiting music: near silence, and a faint tone every five seconds so that nobody thinks the line is dead."""
    beat = _tone(440, 120, loudness=700) + _tone(0, 4880)
    return _file(beat * max(1, seconds // 5))


def _melody(notes: tuple[tuple[int, int], ...]) -> "array[int]":
    samples = array("h")
    for hertz, milliseconds in notes:
        samples += _tone(hertz, milliseconds)
    return samples


def _tone(hertz: int, milliseconds: int, loudness: int = _LOUDNESS) -> "array[int]":
    count = RATE * milliseconds // 1000
    if not hertz:
        return array("h", bytes(2 * count))
    ramp = int(RATE * _RAMP)
    return array(
        "h",
        (
            round(loudness * min(1.0, i / ramp, (count - i) / ramp) * math.sin(2 * math.pi * hertz * i / RATE))
            for i in range(count)
        ),
    )


def _file(samples: "array[int]") -> bytes:
    return header(len(samples), channels=1) + samples.tobytes()
