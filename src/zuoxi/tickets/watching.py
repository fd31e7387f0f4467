# SPDX-License-Identifier: Apache-2.0
"""What is done about clocks without anybody asking: warnings, the ladder of a breach, deadlines after a changed
calendar, holds that end, the monthly look for disputes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from zuoxi.people import selectors as people
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets import handling, intake, running, telling, trail
from zuoxi.tickets.facts import EscalationFacts
from zuoxi.tickets.kinds import kind_named
from zuoxi.tickets.models import OPEN_STATES, Hold, Source, State, Ticket, TicketClock
from zuoxi.tickets.refusing import Refused
from zuoxi.tickets.rules import judge_escalation
from zuoxi.web.roles import Role

Progress = Callable[[int, int | None, str], None]
SCREENING, SCREENED_EVERY = "screening", "disputes.screened_every_months"


@enforces("CUS-012", "CUS-013", "CUS-018")
def watch(now: datetime) -> dict[str, int]:
    """Look at every clock whose next step is due; how many were warned of and how many breached."""
    counted = {"warned": 0, "breached": 0}
    rows = TicketClock.objects.filter(stopped_at__isnull=True, next_at__lte=now, ticket__state__in=OPEN_STATES)
    for pk, ticket_id in list(rows.order_by("next_at").values_list("pk", "ticket_id")[:2000]):
        with transaction.atomic():  # the ticket first, as every verb does; else two could wait for each other
            ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
            row = TicketClock.objects.select_for_update(of=("self",)).get(pk=pk)
            if row.stopped_at is None and row.next_at is not None and row.next_at <= now and _counts(ticket):
                word = _step(ticket, row, now)
                counted[word] = counted.get(word, 0) + 1
    return counted


def _counts(ticket: Ticket) -> bool:
    """Whether its time runs: open, and not on a hold that stops the clock."""
    if ticket.state not in OPEN_STATES:
        return False
    return ticket.state != State.HELD or not any(end is None for _since, end in running.pauses_of(ticket))


def _step(ticket: Ticket, row: TicketClock, now: datetime) -> str:
    handbook = site_handbook()
    due = row.due_at or now
    started = min(row.started_at, due)
    finding = judge_escalation(EscalationFacts(started, due, now), handling.reading_at(now))
    level = int(finding.details["level"])
    row.level = max(row.level + 1, level)
    if finding.outcome == "breached":
        row.breached = ticket.breached = True
        ticket.escalated = max(ticket.escalated, level - 1)
        whom = [*telling.workers(ticket), *telling.leaders(ticket, finding.details["to"], now)]
        text = gettext_lazy("Late: %(number)s %(title)s")
    else:
        whom, text = telling.workers(ticket), gettext_lazy("Nearly due: %(number)s %(title)s")
    running.set_next(row, handbook)
    row.save()
    told = telling.tell(ticket, whom, text, dedupe=f"{row.code}:{row.level}:{due:%Y%m%d%H%M}")
    verb = "breach" if finding.outcome == "breached" else "warn"
    trail.moved(
        ticket, verb, None, now, clock=row.code, level=row.level, told=told, roles=list(finding.details["to"]),
        why=finding.as_json()["why"],
    )  # fmt: skip
    return "breached" if verb == "breach" else "warned"


def recalculate(now: datetime, progress: Progress | None = None, handbook: Handbook | None = None) -> int:
    """Reckon the clocks of open tickets anew that were reckoned by other calendars or figures; closed ones are not
    touched. Each ticket is its own transaction, so it may be stopped and begun again. How many deadlines moved."""
    handbook = handbook or site_handbook()
    basis, changed, done = running.basis_of(handbook), 0, 0
    rows = TicketClock.objects.filter(stopped_at__isnull=True, ticket__state__in=OPEN_STATES).exclude(basis=basis)
    total = rows.values("ticket_id").distinct().count()
    while pks := sorted(set(rows.order_by("ticket_id").values_list("ticket_id", flat=True)[:200])):
        for pk in pks:
            with transaction.atomic():
                ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=pk)
                if ticket.state in OPEN_STATES:
                    changed += _recounted(ticket, handbook, basis, now)
        done += len(pks)
        if progress:
            progress(done, total, "")
    return changed


def _recounted(ticket: Ticket, handbook: Handbook, basis: str, now: datetime) -> int:
    moved = running.recount(ticket, handbook, basis)
    if not moved:
        return 0
    said = [
        {"clock": code, "before": before.isoformat() if before else "", "after": after.isoformat() if after else ""}
        for code, before, after in moved
    ]
    trail.moved(ticket, "recount", None, now, clocks=said)
    return len(moved)


def end_holds(now: datetime) -> int:
    """Take up again what waited until a moment that has come."""
    rows = Hold.objects.filter(ended_at__isnull=True, until__lte=now, ticket__state=State.HELD).select_related("ticket")
    ended = 0
    for one in rows:
        try:
            here = handling.resume(one.ticket, by=None, now=now)
        except Refused:  # somebody took it up himself in this moment; the others still wait
            continue
        telling.tell(here, telling.workers(here), gettext_lazy("The hold of %(number)s is over: %(title)s"))
        ended += 1
    return ended


@enforces("CUS-027")
def screen_for_disputes(day: date, now: datetime) -> Ticket | None:
    """Open the screening of the period where the pack asks for one and it is not there yet."""
    handbook = site_handbook()
    body = kind_named(SCREENING, handbook)
    if body is None or not handbook.has("figures", SCREENED_EVERY):
        return None
    every = handbook.on(day).whole(SCREENED_EVERY)
    months = day.year * 12 + day.month - 1
    first = months - months % every
    period = f"{first // 12}-{first % 12 + 1:02d}"
    heads = [one for role in (Role.CSRS, Role.TSRS, Role.OM, Role.DIR) for one in people.holders_of(role, day)]
    if not heads or Ticket.objects.filter(kind=SCREENING, title=period).exists():
        return None
    return intake.open_ticket(
        SCREENING, customer=None, fields={"period": period}, source=Source.SCHEDULE, by=heads[0], now=now
    )
