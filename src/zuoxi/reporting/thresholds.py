# SPDX-License-Identifier: Apache-2.0
"""Dated numbers of `handbooks/site/figures.yaml`: thresholds, targets and the times of the daily report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number through time; `boundary` says on which side the number itself lies, `source` the clause or "ours"."""

    id: str
    unit: str
    boundary: str
    source: str
    why: str
    values: tuple[tuple[date, Any], ...]

    def on(self, day: date) -> Any:
        """The value in force that day; LookupError before the first."""
        held = [value for since, value in self.values if since <= day]
        if not held:
            raise LookupError(f"{self.id} has no value on {day}")
        return held[-1]


@cache
def _read(path: Path, _changed: float) -> dict[str, Parameter]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))["parameters"]
    return {
        name: Parameter(
            name,
            body["unit"],
            body["boundary"],
            body["source"],
            body["why"],
            tuple(sorted((value["from"], value["value"]) for value in body["values"])),
        )
        for name, body in content.items()
    }


def parameter(name: str) -> Parameter:
    """The named parameter as the file has it now; KeyError for a name it does not have."""
    path = settings.HANDBOOKS / "site" / "figures.yaml"
    return _read(path, path.stat().st_mtime)[name]


def value(name: str, day: date) -> Any:
    """The parameter's value in force on a day."""
    return parameter(name).on(day)
