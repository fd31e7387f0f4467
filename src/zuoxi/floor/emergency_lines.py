# SPDX-License-Identifier: Apache-2.0
"""Emergencies as pages draw them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from zuoxi.floor import emergencies
from zuoxi.floor.models import FloorEmergency
from zuoxi.policy.findings import Finding


@dataclass(frozen=True, slots=True)
class EmergencyLine:
    """`why`: what the ledger showed, or what was told; `calm`: calm for so long that it may be ended."""

    row: FloorEmergency
    label: str
    why: str
    calm: bool


def line_of(row: FloorEmergency, now: datetime) -> EmergencyLine:
    body = emergencies.body_of(row.kind)
    why = str(Finding.from_json(row.finding).why) if row.finding else row.words
    return EmergencyLine(row, str(body.label) if body else row.kind, why, emergencies.calm_enough(row, now))


def lines_of(rows: Iterable[FloorEmergency], now: datetime) -> list[EmergencyLine]:
    return [line_of(one, now) for one in rows]


def emergency_lines(now: datetime) -> list[EmergencyLine]:
    """Those that are not over. One query."""
    return lines_of(emergencies.standing(), now)


__all__ = ["EmergencyLine", "emergency_lines", "line_of", "lines_of"]
