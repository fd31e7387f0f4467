# SPDX-License-Identifier: Apache-2.0
"""What the judgements on moving people are asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """A wished move. `asked_by` "director" and "manager" are those posts; "self" and "head" everybody else.

    `written`: whether a written request is attached; `trial`: training or probation is not over.
    """

    asked_by: Literal["self", "head", "manager", "director", "hr"]
    crosses_departments: bool
    trial: bool
    written: bool
    asked_on: date
    effective_on: date


@dataclass(frozen=True, slots=True)
class LeavingFacts:
    """A leaving. `notice_on`: when notice was given, None when nobody gave any; `leaves_on` the first day away."""

    ground: str
    notice_on: date | None
    leaves_on: date


@dataclass(frozen=True, slots=True)
class LiveFacts:
    """Somebody about to take calls: the gates passed so far."""

    passed: tuple[str, ...]
