# SPDX-License-Identifier: Apache-2.0
"""The floor's dated figures, as the handbook's data file states them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import yaml
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Figure:
    """A value in force on a day. `exclusive`: the limit itself is still allowed."""

    name: str
    value: int
    unit: str
    exclusive: bool
    clause: str


@cache
def _parameters() -> dict[str, Any]:
    path = settings.HANDBOOKS / "site" / "floor.yaml"
    stated: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["parameters"]
    return stated


def figure(name: str, on: date) -> Figure:
    """The figure in force on the day; raises KeyError for an unknown name or a day before its first value."""
    stated = _parameters()[name]
    values = [row for row in stated["values"] if row["from"] <= on]
    if not values:
        raise KeyError(f"{name} has no value on {on}")
    last = max(values, key=lambda row: row["from"])
    return Figure(name, last["value"], stated["unit"], stated["boundary"] == "exclusive", stated["source"])


def state_limit(state: str, on: date) -> int | None:
    """Seconds that the handbook lets somebody stay in the state; None where it says nothing."""
    try:
        found = figure(f"state.{state}.limit", on)
    except KeyError:
        return None
    return found.value * 60
