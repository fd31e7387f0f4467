# SPDX-License-Identifier: Apache-2.0
"""Which clock records belong to which rostered shift of one person. Pure: no clock, no database, nothing guessed.

A record near two shifts goes to the one it can mean: a sign-in to the shift that begins, a sign-out to the one that
ends. What belongs to no shift is shown as work nobody rostered. Times are aware.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Literal

Direction = Literal["in", "out", "unknown"]
Span = tuple[datetime, datetime]

OUT_BEFORE_IN: Final = "out_before_in"
NO_SIGN_IN: Final = "no_sign_in"
NO_SIGN_OUT: Final = "no_sign_out"
OTHER_SOURCE: Final = "other_source"
UNROSTERED: Final = "unrostered"
CORRECTION: Final = "correction"

_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Record:
    """One clock record that counts (not superseded by a correction)."""

    id: int
    at: datetime
    direction: Direction
    source: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A rostered shift as attendance needs it. `spans`: its working time, meals cut out, in order."""

    shift_id: int
    staff_id: int
    day: date
    starts_at: datetime
    ends_at: datetime
    spans: tuple[Span, ...]
    template: str = ""
    team_id: int | None = None
    kind: str = "work"


@dataclass(frozen=True, slots=True)
class Reach:
    """How records are read: how long before the start and after the end one still belongs to a shift, which records
    are one (`apart` at most), how long a silence parts two stays nobody rostered, and whose word counts first."""

    before: timedelta
    after: timedelta
    apart: timedelta
    silence: timedelta
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What the records say of one shift (`due` None: of a stay that nobody rostered). None: not known."""

    due: Due | None
    records: tuple[Record, ...] = ()
    first_in: datetime | None = None
    last_out: datetime | None = None
    doubts: tuple[str, ...] = ()

    @property
    def seen(self) -> bool:
        return bool(self.records)


@dataclass(slots=True)
class _Read:
    """First sign-in and last sign-out of one source."""

    first_in: datetime | None = None
    last_out: datetime | None = None
    doubts: list[str] = field(default_factory=list)


def merged(records: Iterable[Record], apart: timedelta) -> list[Record]:
    """In order of time; of records that a person left twice within `apart` the first sign-in and the last sign-out."""
    kept: list[Record] = []
    for one in sorted(records, key=_when):
        place = _twin(kept, one, apart)
        if place is None:
            kept.append(one)
        elif one.direction == "out":
            del kept[place]
            kept.append(one)
    return kept


def _when(record: Record) -> tuple[datetime, int]:
    return record.at, record.id


def _twin(kept: Sequence[Record], record: Record, apart: timedelta) -> int | None:
    """Place of an earlier record that says the same, at most `apart` before."""
    for place in range(len(kept) - 1, -1, -1):
        earlier = kept[place]
        if record.at - earlier.at > apart:
            return None
        if earlier.direction == record.direction and earlier.source == record.source:
            return place
    return None


def match(dues: Sequence[Due], records: Iterable[Record], reach: Reach) -> list[Match]:
    """One match for each shift of the person, by start, then the stays that belong to none. Order does not matter."""
    ordered = sorted(dues, key=lambda due: (due.starts_at, due.shift_id))
    kept = merged(records, reach.apart)
    taken: dict[int, list[Record]] = {index: [] for index in range(len(ordered))}
    strays: list[Record] = []
    begins = [due.starts_at - reach.before for due in ordered]
    longest = max((due.ends_at - due.starts_at for due in ordered), default=_NOTHING) + reach.before + reach.after
    for one in kept:
        index = _owner(ordered, begins, longest, one, reach)
        (strays if index is None else taken[index]).append(one)
    found = [_matched(due, taken[index], reach) for index, due in enumerate(ordered)]
    return found + [_matched(None, stay, reach) for stay in _stays(strays, reach.silence)]


def _owner(
    dues: Sequence[Due], begins: Sequence[datetime], longest: timedelta, record: Record, reach: Reach
) -> int | None:
    """Index of the shift that the record belongs to; `begins` are the moments from which each takes records."""
    near = [
        index
        for index in range(bisect_left(begins, record.at - longest), bisect_right(begins, record.at))
        if record.at <= dues[index].ends_at + reach.after
    ]
    if len(near) < 2:
        return near[0] if near else None
    return min(near, key=lambda index: (_distance(dues[index], record), index))


def _distance(due: Due, record: Record) -> timedelta:
    """How far the record is from what it could mean in the shift; nought inside, except at the wrong end."""
    if record.direction == "in":
        return abs(record.at - due.starts_at)
    if record.direction == "out":
        return abs(record.at - due.ends_at)
    return min(abs(record.at - due.starts_at), abs(record.at - due.ends_at))


def _stays(records: Sequence[Record], silence: timedelta) -> list[list[Record]]:
    stays: list[list[Record]] = []
    for one in records:
        if stays and one.at - stays[-1][-1].at <= silence:
            stays[-1].append(one)
        else:
            stays.append([one])
    return stays


def _matched(due: Due | None, records: Sequence[Record], reach: Reach) -> Match:
    doubts: list[str] = [] if due else [UNROSTERED]
    if not records:
        return Match(due, (), None, None, tuple(doubts))
    order = (CORRECTION, *reach.sources)
    by_source: dict[str, list[Record]] = {}
    for one in records:
        by_source.setdefault(one.source if one.source in order else order[-1], []).append(one)
    read = {source: _read(by_source[source], due) for source in order if source in by_source}
    lead_in = next((source for source in read if read[source].first_in), None)
    lead_out = next((source for source in read if read[source].last_out), None)
    first_in = read[lead_in].first_in if lead_in else None
    last_out = read[lead_out].last_out if lead_out else None
    for one_read in read.values():
        doubts += [doubt for doubt in one_read.doubts if doubt not in doubts]
    if first_in and last_out and last_out < first_in:
        doubts, last_out = [*dict.fromkeys([*doubts, OUT_BEFORE_IN])], None
    if first_in is None:
        doubts.append(NO_SIGN_IN)
    if last_out is None:
        doubts.append(NO_SIGN_OUT)
    leading = next((source for source in reach.sources), "")
    if {lead_in, lead_out} - {leading, CORRECTION, None}:
        doubts.append(OTHER_SOURCE)
    return Match(due, tuple(records), first_in, last_out, tuple(doubts))


def _read(records: Sequence[Record], due: Due | None) -> _Read:
    """What one source says; a sign-in after the last sign-out means that the end is not known."""
    found = _Read()
    if len(records) == 1 and records[0].direction == "unknown":
        alone = records[0].at
        if due is not None and abs(alone - due.ends_at) < abs(alone - due.starts_at):
            found.last_out = alone
        else:
            found.first_in = alone
        return found
    ins = [one.at for one in records if one.direction != "out"]
    if ins:
        found.first_in = ins[0]
    if records[0].direction == "out" and len(records) > 1 and ins:
        found.doubts.append(OUT_BEFORE_IN)
    last = records[-1]
    if last.direction == "out" or (last.direction == "unknown" and last.at != found.first_in):
        found.last_out = last.at
    return found


def rest_of(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """The working spans without the time that leave takes."""
    left = list(spans)
    for since, until in taken:
        cut: list[Span] = []
        for start, end in left:
            if until <= start or since >= end:
                cut.append((start, end))
                continue
            if start < since:
                cut.append((start, since))
            if until < end:
                cut.append((until, end))
        left = cut
    return tuple(left)


def minutes_in(spans: Iterable[Span]) -> int:
    """Whole minutes of the spans together."""
    return int(sum(((end - start) for start, end in spans), _NOTHING).total_seconds() // 60)


def worked(spans: Iterable[Span], first_in: datetime | None, last_out: datetime | None) -> int | None:
    """Minutes at work within the spans; None when one end is not known."""
    if first_in is None or last_out is None:
        return None
    inside = ((max(start, first_in), min(end, last_out)) for start, end in spans)
    return minutes_in((start, end) for start, end in inside if end > start)
