# SPDX-License-Identifier: Apache-2.0
"""Watching the floor: people as they are now, their shifts and the handbook → what is against a rule. Pure.

Who signs in again shortly after a lost line keeps the minute of his first sign-in of the shift (CALL-006).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from zuoxi.floor import judgements as floor
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.rulebook import UnknownRule, rule_named

SIGNED_OUT = "signed_out"
AWAY = frozenset({"break", "meal", "not_ready"})  # training is work elsewhere, not leaving the seat
TALKING = frozenset({"on_call", "ringing", "wrap_up"})
LATELY = timedelta(minutes=15)
BEFORE_SHIFT = timedelta(hours=1)
HOUR = timedelta(hours=1)


class Spell(NamedTuple):
    """A stretch in one state. `until` None: it lasts."""

    state: str
    reason: str
    since: datetime
    until: datetime | None


class Shift(NamedTuple):
    """The part of a rostered shift that watching needs. `key` names it for the person."""

    key: str
    starts_at: datetime
    ends_at: datetime
    seat: str


class Line(NamedTuple):
    """Calls to one number within the hour."""

    calls: int
    short: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Watched:
    """One person as he is now. `shift`: the one that lasts; `before`: the one that ended last; None without a roster.

    `signed_in_at` None: not signed in for this shift, or not known. `spells`: times away of the last hours. `released`:
    stretches for which a permit to be away was given. `excused`: on leave.
    """

    code: str
    staff_id: int
    team_id: int | None
    now: Spell | None
    shift: Shift | None = None
    before: Shift | None = None
    signed_in_at: datetime | None = None
    spells: tuple[Spell, ...] = ()
    seat: str = ""
    seen_at: datetime | None = None
    line: Line | None = None
    released: tuple[tuple[datetime, datetime], ...] = ()
    excused: bool = False

    @property
    def present(self) -> bool:
        return self.now is not None and self.now.state != SIGNED_OUT

    def shift_key(self, handbook: Handbook, now: datetime) -> str:
        return self.shift.key if self.shift else f"{now.astimezone(handbook.zone).date()}"


@dataclass(frozen=True, slots=True)
class Observed:
    """Something against a rule. `case` is the same whenever the same thing is looked at again; `until` None: it
    goes on. `staff_id` None: the floor as a whole."""

    case: str
    kind: str
    shift: str
    since: datetime
    until: datetime | None
    finding: Finding
    staff_id: int | None = None
    code: str = ""
    team_id: int | None = None
    seat: str = ""
    escalate_to: str = ""


def sign_in_of(
    outs: Sequence[tuple[datetime, datetime | None]],
    first_seen: datetime | None,
    shift: Shift | None,
    reconnect: timedelta,
) -> datetime | None:
    """When the person signed in for this shift: the first time in it, whatever was lost and found again since.

    `outs`: stretches signed out, in order, the last perhaps without an end; `first_seen`: beginning of all that is
    known. Without a shift: the last sign-in that no short loss preceded. None: not signed in.
    """
    ins = [(until, until - since) for since, until in outs if until is not None]
    if first_seen is not None and (not outs or first_seen < outs[0][0]):
        ins.insert(0, (first_seen, timedelta.max))
    if shift is not None:
        due = [at for at, _gap in ins if at >= shift.starts_at - BEFORE_SHIFT]
        if due:
            return due[0]
        still_in = ins and (not outs or outs[-1][1] is not None)
        return ins[-1][0] if still_in else None
    if outs and outs[-1][1] is None:
        return None
    fresh = [at for at, gap in ins if gap > reconnect]
    return fresh[-1] if fresh else (ins[0][0] if ins else None)


@dataclass(slots=True)
class Watcher:
    """One look around by one handbook. A rule that the pack does not have is not watched."""

    handbook: Handbook
    now: datetime
    found: list[Observed] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The site's day."""
        return self.now.astimezone(self.handbook.zone).date()

    def judge(self, name: str, **facts: Any) -> Finding | None:
        """The finding; None where the pack has no such rule."""
        try:
            rule = rule_named(name, self.handbook)
        except UnknownRule:
            return None
        held = rule.facts(**facts)
        return rule.judge(held, self.handbook.on(rule.day_of(held, self.handbook, self.today)))

    def note(  # noqa: PLR0917
        self, kind: str, person: Watched, finding: Finding | None, bad: str, since: datetime,
        until: datetime | None = None, *, each: bool = False, to: str = "",
    ) -> None:  # fmt: skip
        """Keep it when the finding is the bad one; `each`: once for every stretch, not once a shift."""
        if finding is None or finding.outcome != bad:
            return
        shift = person.shift_key(self.handbook, self.now)
        case = f"{kind}:{person.code}:{shift}" + (f":{since:%H%M%S}" if each else "")
        self.found.append(
            Observed(
                case, kind, shift, since, until, finding, person.staff_id, person.code, person.team_id,
                person.seat or (person.shift.seat if person.shift else ""), to,
            )
        )  # fmt: skip

    def look_at(self, person: Watched) -> None:
        if person.excused:
            return
        self._sign_in(person)
        self._seat(person)
        for spell in person.spells:
            if spell.until is None or spell.until > self.now - LATELY:
                self._spell(person, spell)
        if person.now is not None:
            self._present(person, person.now)

    def _sign_in(self, person: Watched) -> None:
        shift = person.shift
        if shift is None or self.now < shift.starts_at or (person.signed_in_at is None and person.present):
            return  # present, but since when is not known
        at = person.signed_in_at
        finding = self.judge("seat.sign_in", handover_at=shift.starts_at, signed_in_at=at or self.now)
        self.note("sign_in", person, finding, "overdue", shift.starts_at, at)

    def _seat(self, person: Watched) -> None:
        if person.present and person.shift is not None:
            finding = self.judge("floor.seat", planned=person.shift.seat, actual=person.seat)
            self.note("wrong_seat", person, finding, "other", person.signed_in_at or self.now)

    def _spell(self, person: Watched, spell: Spell) -> None:
        until = spell.until or self.now
        if until < spell.since:
            return
        if spell.state in AWAY or self._gone(spell):
            self._lock(person, spell)
        if spell.state == "not_ready":
            since = spell.since
            if self.handbook.has("figures", "floor.not_ready.adds_up"):
                since = self._added_up(person, spell, until)
            finding = self.judge("seat.not_ready", since=since, now=until)
            to = str(finding.details.get("to", "")) if finding else ""
            self.note("not_ready", person, finding, "escalate", spell.since, spell.until, each=True, to=to)
        if spell.state == "break":
            finding = self.judge("floor.break_length", since=spell.since, now=until)
            self.note("break_long", person, finding, "over", spell.since, spell.until, each=True)
            count = sum(one.state == "break" and spell.since - HOUR < one.since <= spell.since for one in person.spells)
            finding = self.judge("floor.break_count", count=count, at=spell.since)
            self.note("break_often", person, finding, "over", spell.since, spell.until, each=True)

    def _added_up(self, person: Watched, spell: Spell, until: datetime) -> datetime:
        reading = self.handbook.on(self.today)
        if not reading.flag("floor.not_ready.adds_up"):
            return spell.since
        earlier = (one for one in person.spells if one.state == "not_ready" and one.since < spell.since and one.until)
        return spell.since - sum(((one.until or until) - one.since for one in earlier), timedelta(0))

    def _gone(self, spell: Spell) -> bool:
        """Signed out for longer than a lost line lasts."""
        if spell.state != SIGNED_OUT:
            return False
        grace = timedelta(minutes=self.handbook.on(self.today).whole("floor.reconnect.minutes"))
        return (spell.until or self.now) - spell.since > grace

    def _lock(self, person: Watched, spell: Spell) -> None:
        signed_in = person.signed_in_at
        if signed_in is None or spell.since < signed_in:
            return
        if any(since <= spell.since <= until for since, until in person.released):
            return
        if person.shift is not None and spell.since >= person.shift.ends_at:
            return
        finding = self.judge("seat.leave", signed_in_at=signed_in, at=spell.since)
        self.note("left_early", person, finding, "refused", spell.since, spell.until, each=True)

    def _present(self, person: Watched, now: Spell) -> None:
        if now.state == "ringing":
            seconds = floor.minutes_of(self.now - now.since) * 60
            finding = self.judge("floor.ringing", rings=None, seconds=seconds, on=self.today)
            self.note("ringing", person, finding, "over", now.since, each=True)
        if now.state == "ready":
            finding = self.judge("floor.no_state", since=now.since, seen_at=person.seen_at, now=self.now)
            self.note("no_state", person, finding, "suspect", now.since, each=True)
        if person.line is not None:
            finding = self.judge("floor.line_held", count=person.line.calls, short=person.line.short, at=self.now)
            self.note("line_held", person, finding, "suspect", person.line.since)
        if person.before and not person.shift and person.present and now.state not in TALKING:
            finding = self.judge("floor.departure", handover_at=person.before.ends_at, now=self.now)
            bound = Watched(person.code, person.staff_id, person.team_id, now, person.before, seat=person.seat)
            self.note("still_present", bound, finding, "overdue", person.before.ends_at)

    def look_for_a_supervisor(self, in_charge: int, agents: int, gap_since: datetime | None) -> None:
        """Whether somebody keeps watch while people work (FLR-007)."""
        finding = self.judge("floor.supervision", in_charge=in_charge, agents=agents, gap_since=gap_since, now=self.now)
        if finding is not None and finding.outcome == "gap" and gap_since is not None:
            case = f"no_supervisor:{gap_since.astimezone(self.handbook.zone):%Y%m%d%H%M%S}"
            shift = f"{gap_since.astimezone(self.handbook.zone).date()}"
            self.found.append(
                Observed(case, "no_supervisor", shift, gap_since, None, finding,
                         escalate_to="DEPUTY_OPERATIONS_MANAGER")
            )  # fmt: skip


def observe(people: Iterable[Watched], handbook: Handbook, now: datetime) -> list[Observed]:
    """Everything that is against a rule now, or was until a short while ago."""
    watcher = Watcher(handbook, now)
    for person in people:
        watcher.look_at(person)
    return watcher.found


def ongoing(found: Iterable[Observed]) -> Iterator[Observed]:
    return (one for one in found if one.until is None)
