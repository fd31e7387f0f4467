# SPDX-License-Identifier: Apache-2.0
"""What could be moved today, each change within the limits of the handbook and weighed by what it brings."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from zuoxi.policy.handbook import Reading
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce.breaks import BreakRules, break_rules
from zuoxi.workforce.facts import PlannedPause, RosteredShift
from zuoxi.workforce.intraday.outlook import PER_SLOT, SLOTS, Change, Effect, over, weigh, worth_of_a_hand
from zuoxi.workforce.today.limits import Away, Limits, Reach, length_of
from zuoxi.workforce.today.reading import Picture, Seat

BREAKS, RESERVE, TRAINING, OVERTIME, RELEASE = "breaks", "reserve", "training", "overtime", "release"
KINDS = (BREAKS, RESERVE, TRAINING, OVERTIME, RELEASE)
MOST = 12
"""Proposals shown at once, and of one kind."""
MOST_OF_A_KIND = 4
_AT_ONCE = 12
_GROUPS = (1, 2, 3, 4, 6, 8)
"""How many people at once are tried; of each occasion only the worthiest number is proposed."""
_LEAST_WORTH = 1.0
_HALF = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Proposal:
    """`items` are what would be written, in JSON; `staff` whom it concerns; `since` and `until` the time it covers;
    `changes` the hands it moves."""

    kind: str
    day: date
    since: datetime
    until: datetime
    staff: tuple[int, ...]
    items: tuple[tuple[Any, ...], ...]
    effect: Effect
    changes: tuple[Change, ...] = ()

    def as_json(self) -> dict[str, Any]:
        effect = self.effect
        return {
            "kind": self.kind,
            "day": self.day.isoformat(),
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "staff": list(self.staff),
            "items": [list(one) for one in self.items],
            "effect": {
                "in_time": round(effect.in_time, 2),
                "kept": round(effect.kept, 2),
                "before": None if effect.before is None else round(effect.before, 4),
                "after": None if effect.after is None else round(effect.after, 4),
                "cost": round(effect.cost, 2),
                "worth": round(effect.worth, 2),
            },
        }


def fingerprint(said: Mapping[str, Any]) -> str:
    """The same for the same change, whoever proposes it and whatever it was thought to bring."""
    text = json.dumps([said["kind"], said["day"], said["items"]], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@enforces("SCH-012", "SCH-013", "SCH-011", "SCH-009")
def proposals_of(picture: Picture, reach: Reach) -> list[Proposal]:
    """The best changes of the rest of the day within reach, the worthiest first; none once the day is over."""
    if picture.passed >= SLOTS or not picture.seats:
        return []
    work = _Work(picture, reach)
    found = [*work.breaks(), *work.reserve(), *work.training(), *work.overtime(), *work.release()]
    worthy = [one for one in found if one.effect.worth >= _LEAST_WORTH]
    ranked = sorted(worthy, key=lambda one: (-one.effect.worth, one.kind, one.since, one.staff))
    kinds: dict[str, int] = defaultdict(int)
    chosen = []
    for one in ranked:
        kinds[one.kind] += 1
        if kinds[one.kind] <= MOST_OF_A_KIND:
            chosen.append(one)
    return chosen[:MOST]


class _Work:
    """One look for proposals: the worth of a hand by group and half hour, the shifts around, the limits."""

    def __init__(self, picture: Picture, reach: Reach) -> None:
        self.picture, self.reach, self.day = picture, reach, picture.day
        handbook = site_handbook()
        self.reading: Reading = handbook.on(picture.day)
        self.rules: BreakRules = break_rules(handbook, picture.midnight)
        self.worth = worth_of_a_hand(picture.load, picture.reached)
        self.worths = (
            float(self.reading.number("intraday.call_worth")),
            float(self.reading.number("intraday.kept_worth")),
        )
        self.hour_cost = picture.terms.hour_cost
        notice = timedelta(minutes=self.reading.whole("intraday.notice_minutes"))
        self.earliest = picture.now + notice
        self.limits = Limits(picture, reach)
        self.own_pauses: dict[int, list[PlannedPause]] = defaultdict(list)
        for one in picture.pauses:
            self.own_pauses[one.shift_id].append(one)

    def _weighed(self, changes: list[Change], cost: float) -> Effect:
        load, before = self.picture.load, self.picture.reached
        return weigh(load, before, changes, cost=cost, worths=self.worths)

    # Breaks and meals

    def breaks(self) -> Iterator[Proposal]:
        """Breaks of a half hour in which hands are dear, moved to where they are not."""
        seats = {one.shift.id: one for one in self.picture.seats if one.shift.staff_id in self.reach.floor}
        by_half: dict[int, list[tuple[float, PlannedPause, datetime, Seat]]] = defaultdict(list)
        away = Away(self.picture)
        for pause in sorted(self.picture.pauses, key=lambda one: (one.starts_at, one.id)):
            seat = seats.get(pause.shift_id)
            if seat is None or pause.starts_at < self.picture.now + timedelta(minutes=5):
                continue
            best = self._better(pause, seat, away)
            if best is not None:
                away.move(pause, best[1])
                by_half[self.picture.fine(pause.starts_at) // PER_SLOT].append((best[0], pause, best[1], seat))
        for half, moves in by_half.items():
            chosen = sorted(moves, key=lambda one: -one[0])[:_AT_ONCE]
            changes = [change for _gain, pause, start, seat in chosen for change in self._moved(pause, start, seat)]
            items = tuple(
                (one.id, one.staff_id, one.starts_at.isoformat(), at.isoformat()) for _g, one, at, _s in chosen
            )
            staff = tuple(one.staff_id for _gain, one, _at, _seat in chosen)
            since = self.picture.at(half)
            yield Proposal(
                BREAKS, self.day, since, since + _HALF, staff, items, self._weighed(changes, 0.0), tuple(changes)
            )

    def _moved(self, pause: PlannedPause, start: datetime, seat: Seat) -> list[Change]:
        fine, length = self.picture.fine, length_of(pause)
        before, after = fine(pause.starts_at), fine(start)
        return [Change(seat.group, before, before + length, 1), Change(seat.group, after, after + length, -1)]

    def _better(self, pause: PlannedPause, seat: Seat, away: Away) -> tuple[float, datetime] | None:
        """Gain and start of the best other place: within the hour around it for a break, two hours for a meal."""
        length, fine = length_of(pause), self.picture.fine(pause.starts_at)
        around = 24 if pause.kind == "meal" else 12
        shift, step = seat.shift, timedelta(minutes=5)
        lock = shift.starts_at + timedelta(minutes=self.rules.not_before)
        loss = over(self.worth, seat.group, fine, fine + length)
        best: tuple[float, datetime] | None = None
        for offset in range(-around, around + 1):
            start = pause.starts_at + step * offset
            until = start + (pause.ends_at - pause.starts_at)
            if start < max(self.picture.now + timedelta(minutes=10), lock) or until > shift.ends_at or not offset:
                continue
            if not any(first <= start and until <= last for first, last in shift.spans):
                continue
            if any(one.starts_at < until + step and start < one.ends_at + step
                   for one in self.own_pauses[shift.id] if one.id != pause.id):  # fmt: skip
                continue
            gain = loss - over(self.worth, seat.group, fine + offset, fine + offset + length)
            better = gain > 0.02 and (best is None or gain > best[0] + 1e-9)
            if better and away.room(fine + offset, length, self.rules.away_percent):
                best = (gain, start)
        return best

    # Shifts

    def _cells(self, kinds: Collection[str]) -> Iterator[tuple[RosteredShift, int]]:
        """Shifts of today within the reach of who may write them, with the group."""
        for one in self.picture.shifts:
            group = self.picture.group_of.get(one.staff_id)
            if one.day == self.day and one.kind in kinds and one.staff_id in self.reach.written and group is not None:
                yield one, group

    def reserve(self) -> Iterator[Proposal]:
        """A reserve shift that has not begun, moved to the hours in which it helps most; its length stays."""
        for one, group in self._cells({"flex"}):
            if one.starts_at < self.earliest:
                continue
            fine, length = self.picture.fine, round((one.ends_at - one.starts_at).total_seconds() / 300)
            now = over(self.worth, group, fine(one.starts_at), fine(one.starts_at) + length)
            starts = [_up(self.earliest) + _HALF * step for step in range(SLOTS)]
            starts = [at for at in starts if at.astimezone(one.starts_at.tzinfo) < self._end_of_day() - _HALF * 4]
            worths = [
                (over(self.worth, group, fine(at), fine(at) + length) - now, -step, at)
                for step, at in enumerate(starts)
            ]
            if not worths or max(worths)[0] <= 0.05:
                continue
            start = max(worths)[2]
            edit = self._rewritten(one, f"{self._clock(start)}-{self._clock(start + (one.ends_at - one.starts_at))}")
            if edit is not None:
                changes = [
                    Change(group, fine(one.starts_at), fine(one.ends_at), -1),
                    Change(group, fine(start), fine(start) + length, 1),
                ]
                effect = self._weighed(changes, 0.0)
                yield Proposal(
                    RESERVE,
                    self.day,
                    start,
                    start + (one.ends_at - one.starts_at),
                    (one.staff_id,),
                    (edit,),
                    effect,
                    tuple(changes),
                )

    def training(self) -> Iterator[Proposal]:
        """The rest of a training, whether it has begun or not, worked at the telephone instead."""
        start = _up(self.earliest)
        for one, group in self._cells({"training"}):
            ahead = [(max(first, start), until) for first, until in one.spans if until > start]
            if not ahead or not one.template or "<" in one.template:
                continue
            begun = f"{one.template}<{self._clock(start)}" if one.spans[0][0] < start else ""
            clock = ",".join(f"{self._clock(first)}-{self._clock(until)}" for first, until in ahead)
            edit = self._rewritten(one, f"{begun}+{clock}" if begun else clock)
            if edit is None:
                continue
            changes = [Change(group, self.picture.fine(a), self.picture.fine(b), 1) for a, b in ahead]
            effect = self._weighed(changes, 0.0)
            yield Proposal(
                TRAINING, self.day, ahead[0][0], ahead[-1][1], (one.staff_id,), (edit,), effect, tuple(changes)
            )

    def overtime(self) -> Iterator[Proposal]:
        """Some of those whose shift ends at the same time are asked to stay on."""
        for (end, group), people in self._ending({"work", "flex"}).items():
            if end >= self.earliest:
                yield from _worthiest(self._staying(people, end, group))

    def _staying(self, people: list[RosteredShift], end: datetime, group: int) -> Iterator[Proposal]:
        length = timedelta(minutes=self.reading.whole("intraday.overtime_minutes"))
        factor = float(self.reading.number("staffing.overtime_factor"))
        until = end + length
        clock = f"{self._clock(end)}-{self._clock(until)}"
        within = [one for one in people if one.staff_id in self.reach.floor]
        able = [one for one in within if self.limits.bears(one, clock, add=True)]
        change = Change(group, self.picture.fine(end), self.picture.fine(until), 1)
        for count in _GROUPS:
            if len(able) < count:
                return
            staff = tuple(one.staff_id for one in able[:count])
            cost = count * length.total_seconds() / 3600 * self.hour_cost * factor
            effect = self._weighed([change] * count, cost)
            yield Proposal(OVERTIME, self.day, end, until, staff, ((clock, list(staff)),), effect, (change,) * count)

    def release(self) -> Iterator[Proposal]:
        """Some of those whose shift ends at the same time may go early, where the service remains."""
        for (end, group), people in self._ending({"work"}).items():
            able = [one for one in people if one.staff_id in self.reach.written]
            first = max(_up(self.earliest), end - timedelta(hours=3))
            if able and end - first >= _HALF:
                yield from _worthiest(self._leaving(able, first, end, group))

    def _leaving(self, able: list[RosteredShift], first: datetime, end: datetime, group: int) -> Iterator[Proposal]:
        remains = float(self.reading.number("intraday.release_percent")) / 100
        change = Change(group, self.picture.fine(first), self.picture.fine(end), -1)
        for count in _GROUPS:
            chosen = able[-count:]
            edits = [self._rewritten(one, self._shortened(one, first)) for one in chosen]
            if len(chosen) < count or any(edit is None for edit in edits):
                return
            saved = count * (end - first).total_seconds() / 3600 * self.hour_cost
            effect = self._weighed([change] * count, -saved)
            if effect.lowest is None or effect.lowest < remains:
                return
            items = tuple(edit for edit in edits if edit is not None)
            staff = tuple(one.staff_id for one in chosen)
            yield Proposal(RELEASE, self.day, first, end, staff, items, effect, (change,) * count)

    def _ending(self, kinds: Collection[str]) -> dict[tuple[datetime, int], list[RosteredShift]]:
        found: dict[tuple[datetime, int], list[RosteredShift]] = defaultdict(list)
        for seat in self.picture.seats:
            one = seat.shift
            if one.day == self.day and one.kind in kinds and self.picture.now < one.ends_at < self._end_of_day():
                found[one.ends_at, seat.group].append(one)
        return {key: sorted(held, key=lambda one: one.staff_code) for key, held in found.items()}

    def _end_of_day(self) -> datetime:
        return self.picture.midnight + timedelta(days=1)

    def _shortened(self, one: RosteredShift, until: datetime) -> str:
        spans = [(a, min(b, until)) for a, b in one.spans if a < until]
        return ",".join(f"{self._clock(a)}-{self._clock(b)}" for a, b in spans)

    def _clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(site_handbook().zone):%H:%M}"

    def _rewritten(self, one: RosteredShift, text: str) -> tuple[int, str, str] | None:
        """(staff id, what stands in the cell, what would stand there); None where a limit forbids it."""
        return self.limits.rewritten(one, text)


def _worthiest(proposals: Iterator[Proposal]) -> list[Proposal]:
    """The one that is worth most, if there is any."""
    return sorted(proposals, key=lambda one: -one.effect.worth)[:1]


def _up(moment: datetime) -> datetime:
    """The next half hour of the clock."""
    over_it = moment.minute % 30 * 60 + moment.second + moment.microsecond / 1e6
    return moment if not over_it else moment + timedelta(seconds=1800 - over_it)
