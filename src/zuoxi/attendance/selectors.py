# SPDX-License-Identifier: Apache-2.0
"""Questions about attendance, for pages and for the packages above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from zuoxi.attendance import ledger
from zuoxi.attendance.computing import days_of as judged_days
from zuoxi.attendance.day_rules import TeamRateFacts
from zuoxi.attendance.judging import Judges
from zuoxi.attendance.matching import Record
from zuoxi.attendance.models import DayRecord, Punch, Source, Status
from zuoxi.attendance.verdicts import DayVerdict
from zuoxi.people.selectors import staff_names
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import enforces
from zuoxi.policy.rulebook import judge
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony import selectors as telephony

__all__ = [
    "LiveDay",
    "Rate",
    "Suspicion",
    "days_of",
    "live_days",
    "proxy_suspicions",
    "rates_by_day",
    "rates_by_team",
    "team_rate",
]
_DAY = timedelta(days=1)
_COUNTED = (Status.OPEN, Status.UNROSTERED)


def days_of(staff_id: int, first: date, last: date) -> list[DayRecord]:
    """A person's days as they were judged last, by day and shift."""
    return list(DayRecord.objects.filter(staff_id=staff_id, day__range=(first, last)).order_by("day", "part"))


@dataclass(frozen=True, slots=True)
class Rate:
    """A team's attendance rate (ATT-018). `percent` None: nothing was due. `unknown` shifts count on neither side."""

    due_minutes: int
    worked_minutes: int
    unknown: int
    finding: Finding

    @property
    def percent(self) -> Decimal | None:
        found = self.finding.details.get("percent")
        return Decimal(str(found)) if found is not None else None

    @property
    def ratio(self) -> Decimal | None:
        return Decimal(self.worked_minutes) / self.due_minutes if self.due_minutes else None

    @property
    def reached(self) -> bool | None:
        return None if not self.finding.known else self.finding.outcome == "reached"


def _outside(on: date) -> frozenset[str]:
    """Kinds of leave that are no time due."""
    key = "attendance.team_rate.leave_outside"
    reading = site_handbook().on(on)
    return frozenset(reading.words(key)) if reading.has(key) else frozenset()


def _rate(due: int, worked: int, unknown: int, on: date) -> Rate:
    worked = min(worked, due)
    finding = judge("attendance.team_rate", TeamRateFacts(on, due, worked), site_handbook(), on)
    return Rate(due, worked, unknown, finding)


def _rates(rows: Iterable[tuple[object, str, str, int, int, int | None]], on: date) -> dict[object, Rate]:
    """By the first value of the rows: key, status, kind of leave, due, on leave and worked minutes."""
    outside = _outside(on)
    sums: dict[object, list[int]] = defaultdict(lambda: [0, 0, 0])
    for key, status, kind, due, away, worked in rows:
        if status in _COUNTED:
            continue
        if worked is None and status != Status.LEAVE:
            sums[key][2] += 1
            continue
        sums[key][0] += due - (away if kind in outside else 0)
        sums[key][1] += worked or 0
    return {key: _rate(due, worked, unknown, on) for key, (due, worked, unknown) in sums.items()}


_RATE_FIELDS = ("status", "leave_kind", "due_minutes", "leave_minutes", "worked_minutes")


@enforces("ATT-018")
def team_rate(team_id: int, first: date, last: date) -> Rate:
    """How much of the time due a team worked on those days, from what was judged last. One query."""
    rows = DayRecord.objects.filter(team_id=team_id, day__range=(first, last)).order_by()
    found = _rates(((0, *row) for row in rows.values_list(*_RATE_FIELDS)), last)
    return found.get(0) or _rate(0, 0, 0, last)


def rates_by_team(first: date, last: date, team_ids: Collection[int]) -> dict[int, Rate]:
    """The rate of each team that had anything due. One query."""
    rows = DayRecord.objects.filter(team_id__in=list(team_ids), day__range=(first, last)).order_by()
    return {int(str(key)): rate for key, rate in _rates(rows.values_list("team_id", *_RATE_FIELDS), last).items()}


def rates_by_day(first: date, last: date, team_ids: Collection[int]) -> dict[date, Rate]:
    """The rate of some teams together, day by day. One query."""
    rows = DayRecord.objects.filter(team_id__in=list(team_ids), day__range=(first, last)).order_by()
    found = _rates(rows.values_list("day", *_RATE_FIELDS), last)
    return {key: rate for key, rate in found.items() if isinstance(key, date)}


@dataclass(frozen=True, slots=True)
class LiveDay:
    """A shift of today as it stands now. `state`: due, in, missing, out, leave, absent, unrostered."""

    staff_id: int
    code: str
    name: str
    verdict: DayVerdict
    state: str

    @property
    def finding(self) -> Finding | None:
        return self.verdict.findings.get("arrival") or self.verdict.findings.get("presence")


def live_days(
    staff_ids: Collection[int], now: datetime, known: dict[int, tuple[str, str]] | None = None
) -> list[LiveDay]:
    """Today's shifts (and last night's that still run) of those people, judged from the ledger and the phones now.

    `known`: number and name by id, where whoever asks has them at hand.
    """
    handbook = site_handbook()
    today = now.astimezone(handbook.zone).date()
    facts = ledger.read(today - _DAY, today, handbook, staff_ids)
    names = staff_names(staff_ids) if known is None else known
    _add_phones(facts, names, today, now)
    judges = Judges(handbook)
    found = []
    for staff_id in staff_ids:
        for verdict in judged_days(staff_id, facts, judges, now):
            running = verdict.due_end is not None and verdict.due_end > now
            if verdict.day == today or running:
                code, name = names.get(staff_id, ("", ""))
                found.append(LiveDay(staff_id, code, name, verdict, _state(verdict, now)))
    order = {"missing": 0, "absent": 1, "in": 2, "due": 3, "out": 4, "leave": 5, "unrostered": 6}
    return sorted(found, key=lambda one: (order.get(one.state, 9), one.verdict.due_start or now, one.code))


def _add_phones(facts: ledger.Facts, names: dict[int, tuple[str, str]], today: date, now: datetime) -> None:
    """What the phones know and the ledger was not told yet."""
    ids = {code: pk for pk, (code, _name) in names.items()}
    since, _until = ledger.bounds(today, today, site_handbook())
    for agent, spell in telephony.spells_between(since, now, now, list(ids)):
        known = {(one.at, one.direction) for one in facts.records[ids[agent]] if one.source == Source.SWITCH}
        if (spell.in_at, "in") not in known:
            facts.records[ids[agent]].append(Record(0, spell.in_at, "in", Source.SWITCH))
        if spell.out_at is not None and (spell.out_at, "out") not in known:
            facts.records[ids[agent]].append(Record(0, spell.out_at, "out", Source.SWITCH))


def _state(verdict: DayVerdict, now: datetime) -> str:
    if verdict.status == Status.UNROSTERED:
        return "unrostered"
    if verdict.status == Status.LEAVE:
        return "leave"
    if verdict.first_in is not None:
        return "out" if verdict.last_out is not None and verdict.last_out >= (verdict.due_end or now) else "in"
    if verdict.due_start is not None and now < verdict.due_start:
        return "due"
    return "absent" if verdict.due_end is not None and now >= verdict.due_end else "missing"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Several people clocked at one device within moments, or one person at two devices (FLR-025, CALL-009)."""

    kind: str
    at: datetime
    devices: tuple[str, ...]
    people: tuple[str, ...]
    seconds: int


@enforces("FLR-025", "CALL-009")
def proxy_suspicions(first: date, last: date, staff_ids: Collection[int] | None = None) -> list[Suspicion]:
    """What looks as if somebody clocked for others; a hint for people, never a judgement. Newest first."""
    handbook = site_handbook()
    reading = handbook.on(last)
    within = timedelta(seconds=reading.whole("attendance.proxy.seconds"))
    since, until = ledger.bounds(first, last, handbook)
    rows = Punch.objects.filter(at__gte=since + _DAY, at__lt=until - _DAY).exclude(device="")
    if staff_ids is not None:
        rows = rows.filter(staff_id__in=list(staff_ids))
    records = list(rows.order_by("at").values_list("at", "device", "staff__code"))
    many = [one for one in _many_at_one(records, within) if reading.beyond("attendance.proxy.people", len(one.people))]
    return sorted([*many, *_one_at_many(records, within)], key=lambda one: one.at, reverse=True)


def _many_at_one(records: Iterable[tuple[datetime, str, str]], within: timedelta) -> list[Suspicion]:
    """Runs of records at one device, each at most `within` after the first of its run."""
    runs: dict[str, list[tuple[datetime, str]]] = {}
    found: list[Suspicion] = []

    def close(device: str) -> None:
        run = runs.pop(device)
        people = tuple(dict.fromkeys(code for _at, code in run))
        if len(people) > 1:
            seconds = int((run[-1][0] - run[0][0]).total_seconds())
            found.append(Suspicion("many_at_one", run[0][0], (device,), people, seconds))

    for at, device, code in records:
        if device in runs and at - runs[device][0][0] > within:
            close(device)
        runs.setdefault(device, []).append((at, code))
    for device in list(runs):
        close(device)
    return found


def _one_at_many(records: Iterable[tuple[datetime, str, str]], within: timedelta) -> list[Suspicion]:
    """One number at two devices sooner than anybody walks."""
    last: dict[str, tuple[datetime, str]] = {}
    found = []
    for at, device, code in records:
        before = last.get(code)
        if before is not None and before[1] != device and at - before[0] <= within:
            seconds = int((at - before[0]).total_seconds())
            found.append(Suspicion("one_at_many", before[0], (before[1], device), (code,), seconds))
        last[code] = (at, device)
    return found
