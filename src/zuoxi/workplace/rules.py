# SPDX-License-Identifier: Apache-2.0
"""Judgements on the workplace: air conditioning, the shuttle, and the clocks of an incident."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Reading, as_text
from zuoxi.policy.rulebook import Impossible, rule
from zuoxi.workplace.facts import (
    ClimateFacts,
    IncidentCauseFacts,
    IncidentNoticeFacts,
    ShuttleDelayFacts,
    ShuttleFacts,
)


def _minutes(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(microseconds=1)) / 60_000_000


def _spoken(span: timedelta) -> str:
    """Minutes and seconds, with a sign where the span runs backwards."""
    seconds = abs(span) // timedelta(seconds=1)
    return f"{'-' if span < timedelta() else ''}{seconds // 60}:{seconds % 60:02}"


@rule(
    "climate.setting",
    outcomes=("allowed", "refused", UNKNOWN),
    needs=(
        "figures:climate.cool.room_from_c",
        "figures:climate.cool.set_from_c",
        "figures:climate.cool.set_to_c",
        "figures:climate.heat.room_to_c",
        "figures:climate.heat.set_to_c",
    ),
    clauses=("ADM-001", "ADM-002"),
)
def judge_climate(facts: ClimateFacts, reading: Reading) -> Finding:
    """Whether it is warm or cold enough to switch on, and the setting moderate enough."""
    fitting = _room_fits(facts, reading), _setting_fits(facts, reading)
    room, setting = ("—" if at is None else as_text(at) for at in (facts.room_c, facts.set_c))
    if False in fitting:
        say = f"{facts.mode}_room" if fitting[0] is False else f"{facts.mode}_set"
        return reading.finding("climate.setting", "refused", say=say, room=room, set=setting)
    if None in fitting:
        missing = [name for name, fits in zip(("room_c", "set_c"), fitting, strict=True) if fits is None]
        return reading.unknown("climate.setting", missing)
    return reading.finding("climate.setting", "allowed", room=room, set=setting)


def _room_fits(facts: ClimateFacts, reading: Reading) -> bool | None:
    if facts.room_c is None:
        return None
    if facts.mode == "cool":
        return reading.beyond("climate.cool.room_from_c", facts.room_c)
    return reading.within("climate.heat.room_to_c", facts.room_c)


def _setting_fits(facts: ClimateFacts, reading: Reading) -> bool | None:
    if facts.set_c is None:
        return None
    if facts.mode == "heat":
        return reading.within("climate.heat.set_to_c", facts.set_c)
    warm_enough = reading.beyond("climate.cool.set_from_c", facts.set_c)
    return warm_enough and reading.within("climate.cool.set_to_c", facts.set_c)


@rule(
    "shuttle.departure",
    outcomes=("in_window", "too_early", "needs_approval", UNKNOWN),
    needs=("figures:shuttle.departure.from_minutes", "figures:shuttle.departure.to_minutes"),
    clauses=("ADM-010",),
    day="shift_end",
)
def judge_shuttle(facts: ShuttleFacts, reading: Reading) -> Finding:
    """Whether the bus left in its window after the shift, both ends of it included."""
    if facts.departed_at is None:
        return reading.unknown("shuttle.departure", ("departed_at",))
    after = reading.local(facts.departed_at) - reading.local(facts.shift_end)
    first, last = (reading.figure(f"shuttle.departure.{end}_minutes") for end in ("from", "to"))
    if not first.beyond(_minutes(after)):
        outcome = "too_early"
    else:
        outcome = "in_window" if last.within(_minutes(after)) else "needs_approval"
    return reading.finding("shuttle.departure", outcome, minutes=_spoken(after), first=first.text, last=last.text)


@rule(
    "shuttle.delay",
    outcomes=("no_notice", "notify", UNKNOWN),
    needs=("figures:shuttle.delay.notice_minutes",),
    clauses=("ADM-007",),
    day="due_at",
)
def judge_shuttle_delay(facts: ShuttleDelayFacts, reading: Reading) -> Finding:
    """Whether the driver has to call ahead; the figure itself asks for it."""
    if facts.expected_at is None:
        return reading.unknown("shuttle.delay", ("expected_at",))
    late = reading.local(facts.expected_at) - reading.local(facts.due_at)
    limit = reading.figure("shuttle.delay.notice_minutes")
    outcome = "notify" if limit.beyond(_minutes(late)) else "no_notice"
    return reading.finding("shuttle.delay", outcome, minutes=_spoken(late), limit=limit.text)


@rule(
    "incident.cause",
    outcomes=("continue", "escalate", "located"),
    needs=("figures:incident.cause.limit_minutes",),
    clauses=("EMG-006", "EMG-014", "VAR-014"),
    day="reported_at",
)
def judge_incident_cause(facts: IncidentCauseFacts, reading: Reading) -> Finding:
    """Whether an incident goes up a level because its cause was not found in time; the limit itself is in time."""
    limit = reading.figure("incident.cause.limit_minutes")
    until = facts.now if facts.located_at is None else facts.located_at
    spent = reading.local(until) - reading.local(facts.reported_at)
    if spent < timedelta():
        raise Impossible("now", "cannot lie before the report")
    in_time = "continue" if facts.located_at is None else "located"
    outcome = "escalate" if limit.beyond(_minutes(spent)) else in_time
    return reading.finding("incident.cause", outcome, minutes=_spoken(spent), limit=limit.text)


@rule(
    "incident.notice",
    outcomes=("in_time", "overdue"),
    needs=("figures:incident.notice.technical_minutes", "figures:incident.notice.business_minutes"),
    clauses=("EMG-009", "EMG-010", "VAR-014"),
    day="last_notice_at",
)
def judge_incident_notice(facts: IncidentNoticeFacts, reading: Reading) -> Finding:
    """Whether the group's next notice is overdue."""
    limit = reading.figure(f"incident.notice.{facts.group}_minutes")
    since = reading.local(facts.now) - reading.local(facts.last_notice_at)
    if since < timedelta():
        raise Impossible("now", "cannot lie before the last notice")
    outcome = "overdue" if limit.beyond(_minutes(since)) else "in_time"
    return reading.finding("incident.notice", outcome, minutes=_spoken(since), limit=limit.text)
