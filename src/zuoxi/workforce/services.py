# SPDX-License-Identifier: Apache-2.0
"""The verbs of rosters."""

from __future__ import annotations

from zuoxi.workforce.editing import CellEdit, Edited, due_day, edit_cells
from zuoxi.workforce.publishing import (
    Refused,
    copy_week,
    file_roster,
    publish,
    read_rosters,
    undo_last,
)

__all__ = [
    "CellEdit",
    "Edited",
    "Refused",
    "copy_week",
    "due_day",
    "edit_cells",
    "file_roster",
    "publish",
    "read_rosters",
    "undo_last",
]
