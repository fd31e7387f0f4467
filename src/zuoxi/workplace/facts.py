# SPDX-License-Identifier: Apache-2.0
"""What the rules of the workplace judge: rooms, the shuttle, incidents. Times are aware, temperatures in °C."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from zuoxi.policy import facts as must
from zuoxi.policy.rulebook import Impossible, Signed

_COLDEST, _HOTTEST = Decimal(-60), Decimal(70)  # beyond these a thermometer is broken


@dataclass(frozen=True, slots=True)
class ClimateFacts:
    """An air conditioner that somebody wants to switch on, at that setting, in a room of that temperature."""

    mode: Literal["cool", "heat"]
    room_c: Annotated[Decimal, Signed] | None
    set_c: Annotated[Decimal, Signed] | None

    def __post_init__(self) -> None:
        for name in ("room_c", "set_c"):
            degrees = getattr(self, name)
            if degrees is not None and not _COLDEST <= degrees <= _HOTTEST:
                raise Impossible(name, "no temperature of a room")


@dataclass(frozen=True, slots=True)
class ShuttleFacts:
    """The bus after a shift; `departed_at` None: nobody wrote it down."""

    shift_end: datetime
    departed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShuttleDelayFacts:
    """A bus that will reach its stop at `expected_at` instead of `due_at`."""

    due_at: datetime
    expected_at: datetime | None


@dataclass(frozen=True, slots=True)
class IncidentCauseFacts:
    """An incident since it was reported; `located_at` None: its cause is not known yet."""

    reported_at: datetime
    now: datetime
    located_at: datetime | None

    def __post_init__(self) -> None:
        must.must_not_precede("now", self.now, self.reported_at, "the report")
        must.must_not_precede("located_at", self.located_at, self.reported_at, "the report")


@dataclass(frozen=True, slots=True)
class IncidentNoticeFacts:
    """The last notice of a group (`technical` or `business`), or where there was none the confirmation."""

    group: Literal["technical", "business"]
    last_notice_at: datetime
    now: datetime

    def __post_init__(self) -> None:
        must.must_not_precede("now", self.now, self.last_notice_at, "the last notice")
