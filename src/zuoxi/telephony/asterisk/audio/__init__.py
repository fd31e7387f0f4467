# SPDX-License-Identifier: Apache-2.0
"""Sound files of the switch, standard library only: our own prompts, and two-channel recordings made whole."""

from .finishing import Finished, finish, finish_folder
from .prompts import built_in_sounds, music, prompts
from .wav import Broken, Sound, measure, repair

__all__ = [
    "Broken",
    "Finished",
    "Sound",
    "built_in_sounds",
    "finish",
    "finish_folder",
    "measure",
    "music",
    "prompts",
    "repair",
]
