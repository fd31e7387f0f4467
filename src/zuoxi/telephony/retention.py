# SPDX-License-Identifier: Apache-2.0
"""How long a recording is kept: dated numbers of `handbooks/site/recordings.yaml`, judged without clock or database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

DIRECTIONS = ("inbound", "outbound", "internal", "orphan")


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers in force on one day. `keep` is in days by direction, `whole_share` between 0 and 1."""

    keep: Mapping[str, int]
    whole_share: float
    seal: bool

    def keep_until(self, recorded_on: date, direction: str) -> date:
        """The last day on which the recording is kept; an unknown direction is kept longest."""
        days = self.keep.get(direction, max(self.keep.values()))
        return recorded_on + timedelta(days=days)

    def expired(self, keep_until: date, today: date) -> bool:
        """On its last day a recording is still kept."""
        return today > keep_until


def _in_force(values: list[dict[str, Any]], day: date) -> int:
    known = [one for one in values if one["from"] <= day]
    if not known:
        raise ImproperlyConfigured(f"recordings.yaml: nothing in force on {day}")
    return int(sorted(known, key=lambda one: one["from"])[-1]["value"])


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> dict[str, list[dict[str, Any]]]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))["parameters"]
    return {name: one["values"] for name, one in content.items()}


def rules_on(day: date) -> Rules:
    """Raise ImproperlyConfigured when outbound proof would be kept shorter than it must be."""
    path = Path(settings.HANDBOOKS) / "site" / "recordings.yaml"
    values = _read(path, path.stat().st_mtime_ns)
    keep = {name: _in_force(values[f"keep.{name}"], day) for name in DIRECTIONS}
    least = _in_force(values["keep.least_outbound"], day)
    if keep["outbound"] < least:
        raise ImproperlyConfigured(f"recordings.yaml: outbound recordings must be kept {least} days at least")
    return Rules(keep, _in_force(values["whole.share"], day) / 100, bool(_in_force(values["seal.at_rest"], day)))
