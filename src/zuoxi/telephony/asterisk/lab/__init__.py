# SPDX-License-Identifier: Apache-2.0
"""A real Asterisk for development and tests, in a private tree and a private network. Standard library only."""

from .command import main
from .laboratory import Laboratory, LabState, NotPossible, reach

__all__ = ["LabState", "Laboratory", "NotPossible", "main", "reach"]
