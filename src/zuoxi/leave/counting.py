# SPDX-License-Identifier: Apache-2.0
"""How many days a leave takes: over the person's roster, and where there is none yet, over the business calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from zuoxi.leave.models import Leave, Part
from zuoxi.workforce.facts import RosteredShift

_DAY = timedelta(days=1)
_CENT = Decimal("0.01")
_HALF = Decimal("0.5")
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for: days from `first_on` to `last_on`, or hours of one day (`since` to `until`)."""

    first_on: date
    last_on: date
    first_part: str = Part.WHOLE
    last_part: str = Part.WHOLE
    since: time | None = None
    until: time | None = None

    @property
    def in_hours(self) -> bool:
        return self.since is not None and self.until is not None

    def part_of(self, day: date) -> str:
        if day == self.first_on:
            return self.first_part
        return self.last_part if day == self.last_on else Part.WHOLE


@dataclass(frozen=True, slots=True)
class Ground:
    """What the days are counted over. `known`: days of which a published roster speaks; `hours`: of a day without one.

    `calendar_days`: every day counts, whatever the roster says.
    """

    shifts: Mapping[date, Sequence[RosteredShift]]
    known: frozenset[date]
    working: Callable[[date], bool]
    zone: ZoneInfo
    hours: Decimal
    calendar_days: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """What is taken of one roster day; `share` of a day it costs."""

    day: date
    starts_at: datetime
    ends_at: datetime
    share: Decimal
    shift: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """The days that a leave takes; no pieces: nothing is rostered on any of them."""

    pieces: tuple[Piece, ...]
    basis: str

    @property
    def days(self) -> Decimal:
        return sum((piece.share for piece in self.pieces), Decimal(0))

    @property
    def basis_label(self) -> str:
        return str(Leave.Basis(self.basis).label)

    @property
    def starts_at(self) -> datetime:
        return self.pieces[0].starts_at

    @property
    def ends_at(self) -> datetime:
        return max(piece.ends_at for piece in self.pieces)


def count_days(asked: Asked, ground: Ground) -> Count:
    """The pieces of every day from first to last; rest days, and free days without a roster, take nothing."""
    pieces: list[Piece] = []
    kinds: set[str] = set()
    for offset in range((asked.last_on - asked.first_on).days + 1):
        day = asked.first_on + _DAY * offset
        rostered = day in ground.known
        kinds.add(Leave.Basis.ROSTER if rostered or ground.calendar_days else Leave.Basis.CALENDAR)
        piece = _piece(asked, day, ground)
        if piece is not None:
            pieces.append(piece)
    basis = kinds.pop() if len(kinds) == 1 else Leave.Basis.MIXED
    return Count(tuple(pieces), basis)


def _piece(asked: Asked, day: date, ground: Ground) -> Piece | None:
    shifts = ground.shifts.get(day, ())
    spans = [span for shift in shifts for span in shift.spans]
    code = shifts[0].template if shifts else ""
    if not spans and (ground.calendar_days or (day not in ground.known and ground.working(day))):
        midnight = datetime.combine(day, time(), ground.zone)
        spans = [(midnight, datetime.combine(day + _DAY, time(), ground.zone))]
    elif not spans:
        return None
    if ground.calendar_days:
        return Piece(day, spans[0][0], spans[-1][1], _ONE, code)
    if asked.in_hours:
        return _hours(asked, day, spans, code, ground)
    return _part(asked.part_of(day), day, spans, code)


def _part(part: str, day: date, spans: list[tuple[datetime, datetime]], code: str) -> Piece:
    first, last = spans[0][0], spans[-1][1]
    if part == Part.WHOLE:
        return Piece(day, first, last, _ONE, code)
    middle = _middle(spans)
    if part == Part.FIRST_HALF:
        return Piece(day, first, middle, _HALF, code)
    return Piece(day, middle, last, _HALF, code)


def _middle(spans: list[tuple[datetime, datetime]]) -> datetime:
    """The moment at which half of the work is done; at a break, its beginning."""
    left = sum((end - start for start, end in spans), timedelta()) / 2
    for start, end in spans:
        if left <= end - start:
            return start + left
        left -= end - start
    return spans[-1][1]


def _hours(asked: Asked, day: date, spans: list[tuple[datetime, datetime]], code: str, ground: Ground) -> Piece | None:
    """Hours between two clock times; a time before the shift's start belongs to the next morning."""
    since = _at(asked.since or time(), day, spans, ground.zone)
    until = _at(asked.until or time(), day, spans, ground.zone)
    if until <= since:
        until += _DAY
    away = sum((max(min(end, until) - max(start, since), timedelta()) for start, end in spans), timedelta())
    if not away:
        return None
    whole = sum((end - start for start, end in spans), timedelta()) if code else timedelta(hours=float(ground.hours))
    share = (Decimal(away // timedelta(seconds=1)) / Decimal(whole // timedelta(seconds=1))).quantize(
        _CENT, ROUND_HALF_UP
    )
    return Piece(day, max(since, spans[0][0]), min(until, spans[-1][1]), min(max(share, _CENT), _ONE), code)


def _at(clock: time, day: date, spans: list[tuple[datetime, datetime]], zone: ZoneInfo) -> datetime:
    moment = datetime.combine(day, clock, zone)
    return moment + _DAY if moment < spans[0][0] and spans[-1][1] > moment + _DAY else moment
