# SPDX-License-Identifier: Apache-2.0
"""Where the warehouse keeps its closed days: one folder of Parquet files a day, and a list of which folders count.

Any number of processes may read while one writes: a day is written beside the old one and the list is replaced in one
step. Losing the whole folder costs only the time to load it again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zlib import crc32

from django.conf import settings
from django.db import connection

from zuoxi.reporting.dialects import COLUMNS
from zuoxi.reporting.measures import ALL

LAYOUT = 1
"""Counts up when a column or cube is filled otherwise; a warehouse of another layout is loaded anew."""


def _layout() -> str:
    """What the files' shape and content depend on; new columns and measures are seen by themselves."""
    database = connection.settings_dict
    shape = crc32(repr((sorted(COLUMNS.items()), ALL)).encode())
    return f"{LAYOUT}.{shape:08x}|{connection.vendor}|{database.get('HOST', '')}|{database['NAME']}"


@dataclass(slots=True)
class Shelves:
    """The list as it stood when it was read. `through`: the ledger's id up to which late facts were looked at."""

    root: Path
    zone: str
    folders: dict[date, str] = field(default_factory=dict)
    through: int = 0
    judged_through: str = ""
    generation: int = 0

    @classmethod
    def open(cls, root: Path | None = None) -> Shelves:
        """What is there; empty when nothing is, or when it was made for another zone, layout or database."""
        place = root or Path(settings.HOME) / "warehouse"
        fresh = cls(place, settings.TIME_ZONE)
        try:
            held: dict[str, Any] = json.loads((place / "days.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return fresh
        if (held.get("layout"), held.get("zone")) != (_layout(), settings.TIME_ZONE):
            fresh.generation = int(held.get("generation", 0))
            return fresh
        fresh.folders = {date.fromisoformat(day): name for day, name in held["folders"].items()}
        fresh.through, fresh.generation = held["through"], held["generation"]
        fresh.judged_through = held["judged_through"]
        return fresh

    def holding(self, days: Sequence[date]) -> list[date]:
        """Those of the days that are there."""
        return [day for day in days if day in self.folders]

    def files(self, table: str, days: Sequence[date]) -> list[str]:
        return [str(self.root / self.folders[day] / f"{table}.parquet") for day in days]

    def new_folder(self, day: date) -> Path:
        """A place to write a day to; it counts once `put` has been called."""
        self.generation += 1
        folder = self.root / f"{day.isoformat()}.{self.generation}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def put(self, day: date, folder: Path) -> None:
        self.folders[day] = folder.name
        self.save()

    def save(self) -> None:
        """Replace the list in one step."""
        self.root.mkdir(parents=True, exist_ok=True)
        held = {
            "layout": _layout(),
            "zone": self.zone,
            "through": self.through,
            "judged_through": self.judged_through,
            "generation": self.generation,
            "folders": {day.isoformat(): name for day, name in sorted(self.folders.items())},
        }
        temporary = self.root / "days.json.new"
        temporary.write_text(json.dumps(held, indent=1), encoding="utf-8")
        temporary.replace(self.root / "days.json")

    def sweep(self) -> None:
        """Remove folders that no longer count, but for the newest generation's: somebody may be reading it still."""
        counted = set(self.folders.values())
        for folder in self.root.glob("????-??-??.*"):
            if folder.name not in counted and int(folder.name.rsplit(".", 1)[1]) < self.generation - 400:
                shutil.rmtree(folder, ignore_errors=True)
