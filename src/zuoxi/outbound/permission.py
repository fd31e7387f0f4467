# SPDX-License-Identifier: Apache-2.0
"""Whether a number may be called now: the customer's own word, the pack's hours, and how often he was called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from zuoxi.customers import selectors as customers
from zuoxi.outbound.dial_rules import hours_refusal, judge_may_dial, spans_of
from zuoxi.outbound.facts import DialFacts
from zuoxi.outbound.handbook import DIAL_RULES
from zuoxi.outbound.models import Attempt, Lead
from zuoxi.policy.calendars import calendar_of
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook

NOT_CALLED = (Attempt.State.DROPPED,)
_LOOK_AHEAD = 400


@enforces("FUP-009")
def permission(
    rule: str, number: str, now: datetime, *, lead: Lead | None = None, handbook: Handbook | None = None
) -> Finding:
    """The finding for one number under a dial rule. Calls of every campaign count for the day's limit, the list's own
    for the total. At most six queries."""
    book = handbook or site_handbook()
    reading = book.on(now.astimezone(book.zone).date())
    wants = reading.handbook.has(DIAL_RULES.name, rule) and book.entry(DIAL_RULES, rule).consent
    leave = customers.may_call(number, now, purpose="offers" if wants else "service")
    tried = _tried(number, now, book, lead)
    facts = DialFacts(
        rule=rule,
        at=now,
        do_not_call=leave.outcome == "do_not_call",
        consent=leave.outcome != "no_consent" or _proved(lead),
        attempts_today=tried[0],
        attempts=tried[1],
        last_at=tried[2],
    )
    finding = judge_may_dial(facts, reading)
    return leave if finding.outcome in ("do_not_call", "no_consent") and leave.outcome == finding.outcome else finding


def _proved(lead: Lead | None) -> bool:
    """A list may bring the proof that he agrees; it does not overrule who said no himself."""
    return lead is not None and bool(lead.consent) and not customers.withdrew(lead.number, "offers")


def _tried(number: str, now: datetime, book: Handbook, lead: Lead | None) -> tuple[int, int, datetime | None]:
    today = now.astimezone(book.zone).date()
    rows = Attempt.objects.filter(number=number).exclude(state__in=NOT_CALLED)
    own = Q(lead=lead) if lead is not None else Q(reserved_at__gte=now - timedelta(days=30))
    counted = rows.aggregate(
        today=Count("pk", filter=Q(day=today)), total=Count("pk", filter=own), last=Max("reserved_at")
    )
    return counted["today"], counted["total"], counted["last"]


def hours_on(rule: str, now: datetime, handbook: Handbook | None = None) -> Finding | None:
    """None while the rule's hours are on; else the finding that says which they are."""
    book = handbook or site_handbook()
    return hours_refusal(rule, now, book.on(now.astimezone(book.zone).date()))


def next_opening(rule: str, moment: datetime, handbook: Handbook | None = None) -> datetime:
    """The moment itself when the rule's hours are on then, else the beginning of the next ones."""
    book = handbook or site_handbook()
    body, calendar = book.entry(DIAL_RULES, rule), calendar_of(book)
    local = moment.astimezone(book.zone)
    for step in range(_LOOK_AHEAD):
        day = local.date() + timedelta(days=step)
        if body.days == "working" and not calendar.is_working_day(day):
            continue
        for since, until in spans_of(body, book.on(day)):
            begins, ends = (datetime.combine(day, one, book.zone) for one in (since, until))
            if local < ends:
                return max(begins, local)
    return moment


def barred_among(numbers: Sequence[str], rule: str, now: datetime, handbook: Handbook | None = None) -> set[str]:
    """Which of many numbers are on the do-not-call list."""
    book = handbook or site_handbook()
    wants = book.entry(DIAL_RULES, rule).consent
    return set(customers.barred_numbers(numbers, "offers" if wants else "service", now))
