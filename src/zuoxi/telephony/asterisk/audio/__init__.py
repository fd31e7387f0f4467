# SPDX-License-Identifier: Apache-2.0
"""Sound files of the switch, standard library only: our own prompts, and two-channel recordings made whole."""

from .finishing import Finished, finish, finish_folder
from .prompts import music, prompts
from .wav import Broken, Sound, measure, repair

__all__ = ["Broken", "Finished", "Sound", "finish", "finish_folder", "measure", "music", "prompts", "repair"]
