# SPDX-License-Identifier: Apache-2.0
"""What the attendance rules judge. Times are aware; None means that nothing is known, never nought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ArrivalFacts:
    """`signed_in_at` None: there is no record. `excused`: the cause of a lateness has been accepted."""

    rostered_start: datetime
    signed_in_at: datetime | None
    excused: bool
