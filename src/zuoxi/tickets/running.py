# SPDX-License-Identifier: Apache-2.0
"""The clocks of a ticket: begun at receipt, stopped by verbs, waiting on hold, reckoned anew by a new calendar."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import blake2b
from importlib.metadata import version
from typing import Any

from zuoxi.policy.calendars import CALENDARS
from zuoxi.policy.entries import FIGURES
from zuoxi.policy.handbook import Handbook, as_text
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets import filling
from zuoxi.tickets.clock import Pause
from zuoxi.tickets.facts import DeadlineFacts
from zuoxi.tickets.handbook import DEADLINES, GENERAL, SERVICE, SERVICE_HOURS, ClockBody, DeadlinesBody, TicketTypeBody
from zuoxi.tickets.models import Hold, State, Ticket, TicketClock
from zuoxi.tickets.rules import deadline_with_pauses

_FIGURES = ("service.", "ticket.", "repair.")


_kept: list[tuple[Handbook, str]] = []


def basis_of(handbook: Handbook) -> str:
    """Names the calendars, hours and figures that deadlines are reckoned by; another name, other deadlines."""
    if not _kept or _kept[0][0] is not handbook:
        _kept[:] = [(handbook, _digest(handbook))]
    return _kept[0][1]


def _digest(handbook: Handbook) -> str:
    parts: list[Any] = [handbook.pack, version("holidays")]
    for key in handbook.entries(FIGURES):
        if key.startswith(_FIGURES):
            parts.append([key, [(since.isoformat(), as_text(value)) for since, value in handbook.values_of(key)]])
    for name in (DEADLINES.name, SERVICE_HOURS.name, CALENDARS.name):
        parts += [[key, one.body.model_dump_json()] for key, one in handbook.entries_by_section.get(name, {}).items()]
    return blake2b(json.dumps(parts, ensure_ascii=False).encode(), digest_size=10).hexdigest()


def pauses_of(ticket: Ticket) -> list[Pause]:
    """When the ticket's time did not count; one that still waits has no end."""
    rows: Iterable[Hold] = ticket.holds.all()
    return [(one.since, one.ended_at) for one in rows if one.stops_clock]


def deadlines_of(handbook: Handbook) -> DeadlinesBody | None:
    """The deadlines of the trade; those of tickets in general where the trade has none of its own."""
    found = handbook.entries(DEADLINES)
    return found.get(SERVICE) or found.get(GENERAL)


def deadline_key(clock: ClockBody, fields: dict[str, Any]) -> str:
    """The deadline's kind; "=field" takes it from an answer of the form."""
    if clock.deadline.startswith("="):
        return str(fields.get(clock.deadline[1:], ""))
    return clock.deadline


def clocks_for(body: TicketTypeBody, fields: dict[str, Any]) -> list[ClockBody]:
    """The clocks that run for these answers, one of each code."""
    found: dict[str, ClockBody] = {}
    for one in body.clocks:
        if filling.matches(one.when, fields):
            found.setdefault(one.code, one)
    return list(found.values())


@enforces("CUS-007", "CUS-009", "CUS-012", "CUS-018", "CUS-020")
def start(ticket: Ticket, body: TicketTypeBody, handbook: Handbook, now: datetime) -> None:
    """Let every clock of the kind run from receipt; what the pack has no deadline for does not run."""
    known = deadlines_of(handbook)
    basis = basis_of(handbook)
    wanted = [(one.code, deadline_key(one, ticket.fields), one.stops_on) for one in clocks_for(body, ticket.fields)]
    if ticket.same_day and known is not None:
        key = next((name for name in ("same_day_fix", "same_day", "on_the_spot") if known.of(name)), "")
        wanted = [(code, key if code == "done" and key else kind, stops) for code, kind, stops in wanted]
    rows = []
    for code, kind, stops_on in wanted:
        if known is None or known.of(kind) is None:
            continue
        row = TicketClock(ticket=ticket, code=code, deadline=kind, stops_on=stops_on, started_at=ticket.received_at)
        reckon(row, handbook, [], basis)
        rows.append(row)
    TicketClock.objects.bulk_create(rows)
    refresh(ticket, rows)


def reckon(row: TicketClock, handbook: Handbook, pauses: Sequence[Pause], basis: str) -> None:
    """Set until when the clock runs; nothing is saved. A clock on hold keeps what it was."""
    on = row.started_at.astimezone(handbook.zone).date()
    entry = SERVICE if SERVICE in handbook.entries(DEADLINES) else GENERAL
    finding = deadline_with_pauses(DeadlineFacts(row.deadline, row.started_at), handbook.on(on), pauses, entry)
    row.basis = basis
    due = finding.details["due_at"]
    if due is not None:
        row.due_at = datetime.fromisoformat(due)
        row.finding = finding.as_json()
    set_next(row, handbook)


def set_next(row: TicketClock, handbook: Handbook) -> None:
    """When somebody has to be told next, by what was told already."""
    if row.due_at is None or row.stopped_at is not None:
        row.next_at = None
        return
    reading = handbook.on(row.due_at.astimezone(handbook.zone).date())
    if row.level == 0:
        share = float(reading.number("ticket.warn.used_percent") / Decimal(100))
        row.next_at = row.started_at + (row.due_at - row.started_at) * share
    elif row.level == 1:
        row.next_at = row.due_at
    elif row.level in (2, 3):
        figure = "second" if row.level == 2 else "third"
        row.next_at = row.due_at + timedelta(minutes=reading.whole(f"ticket.ladder.{figure}_after_minutes"))
    else:
        row.next_at = None


def refresh(ticket: Ticket, rows: Sequence[TicketClock] | None = None) -> None:
    """Let the ticket say its next due time; nothing is saved."""
    running = [one for one in (ticket.clocks.all() if rows is None else rows) if one.stopped_at is None and one.due_at]
    waits = ticket.state == State.HELD and any(end is None for _since, end in pauses_of(ticket))
    ticket.due_at = None if waits else min((one.due_at for one in running if one.due_at), default=None)


def stop(ticket: Ticket, verbs: Sequence[str], now: datetime) -> None:
    """The verbs end the clocks that wait for them; a clock that ends late is breached. The ticket is not saved."""
    rows = list(ticket.clocks.all())
    for row in rows:
        if row.stopped_at is None and row.stops_on in verbs:
            row.stopped_at, row.next_at = now, None
            row.breached = row.breached or bool(row.due_at and now > row.due_at)
            row.save(update_fields=["stopped_at", "next_at", "breached"])
            ticket.breached = ticket.breached or row.breached
    refresh(ticket, rows)


def stop_all(ticket: Ticket, now: datetime) -> None:
    stop(ticket, ("accept", "contact", "finish", "answer", "close"), now)


def again(ticket: Ticket, stops_on: Sequence[str], now: datetime) -> None:
    """Let clocks run anew from now, because the work begins again."""
    handbook = site_handbook()
    basis, rows = basis_of(handbook), list(ticket.clocks.all())
    for row in rows:
        if row.stops_on in stops_on and _knows(handbook, row.deadline):
            row.started_at, row.stopped_at, row.level, row.set_by_hand = now, None, 0, False
            reckon(row, handbook, [], basis)
            row.save()
    refresh(ticket, rows)


def _knows(handbook: Handbook, kind: str) -> bool:
    known = deadlines_of(handbook)
    return known is not None and known.of(kind) is not None


def taken_up(ticket: Ticket, hold: Hold) -> None:
    """After a hold: the time that stood still is added. Clocks set by hand move by as much. Nothing else is saved."""
    handbook = site_handbook()
    basis, rows, pauses = basis_of(handbook), list(ticket.clocks.all()), pauses_of(ticket)
    for row in rows:
        if row.stopped_at is not None:
            continue
        if row.set_by_hand or not _knows(handbook, row.deadline):
            if hold.stops_clock and hold.ended_at and row.due_at:
                row.due_at += hold.ended_at - hold.since
            set_next(row, handbook)
        else:
            reckon(row, handbook, _since(pauses, row.started_at), basis)
        row.save()
    refresh(ticket, rows)


def _since(pauses: Sequence[Pause], started: datetime) -> list[Pause]:
    return [(max(begin, started), end) for begin, end in pauses if end is None or end > started]


def recount(ticket: Ticket, handbook: Handbook, basis: str) -> list[tuple[str, datetime | None, datetime | None]]:
    """Reckon running clocks anew by a changed calendar: (code, before, after) of those that moved. Saves clocks."""
    moved, pauses, rows = [], pauses_of(ticket), list(ticket.clocks.all())
    for row in rows:
        if row.stopped_at is not None or row.basis == basis:
            continue
        before = row.due_at
        if row.set_by_hand or not _knows(handbook, row.deadline):
            row.basis = basis
        else:
            reckon(row, handbook, _since(pauses, row.started_at), basis)
        row.save()
        if row.due_at != before:
            moved.append((row.code, before, row.due_at))
    refresh(ticket, rows)
    return moved
