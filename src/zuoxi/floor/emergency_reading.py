# SPDX-License-Identifier: Apache-2.0
"""What the ledger shows of an emergency now, judged by the site's handbook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from zuoxi.floor.emergency_rules import least_waiting
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.rulebook import UnknownRule, rule_named
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony import selectors as telephony


def _judge(name: str, book: Handbook, now: datetime, facts: Callable[[Any], dict[str, Any]]) -> Finding | None:
    """The finding; None where the pack has no such rule. `facts` get the reading, to know how far back to look."""
    try:
        rule = rule_named(name, book)
    except UnknownRule:
        return None
    reading = book.on(now.astimezone(book.zone).date())
    held = rule.facts(**facts(reading))
    return rule.judge(held, book.on(rule.day_of(held, book, now.astimezone(book.zone).date())))


def _drops(book: Handbook, now: datetime) -> Finding | None:
    def facts(reading: Any) -> dict[str, Any]:
        since = now - timedelta(minutes=reading.whole("emergency.drop_minutes"))
        again = timedelta(seconds=reading.whole("emergency.redial_seconds"))
        calls, dropped = telephony.cut_off_between(since, now, again)
        return {"calls": calls, "dropped": dropped, "at": now}

    return _judge("floor.emergency.drops", book, now, facts)


def _peak(book: Handbook, now: datetime) -> Finding | None:
    def facts(reading: Any) -> dict[str, Any]:
        since = now - timedelta(minutes=reading.whole("emergency.queue_minutes"))
        return {"least_waiting": least_waiting(telephony.stays_in_queues(since, now), since, now), "at": now}

    return _judge("floor.emergency.peak", book, now, facts)


def _switch(book: Handbook, now: datetime) -> Finding | None:
    lost = telephony.silent_switches()
    name, since = min(lost.items(), key=lambda one: one[1]) if lost else ("", None)
    facts = {"name": name, "lost_at": None if since is None else min(since, now), "now": now}
    return _judge("floor.emergency.switch", book, now, lambda _reading: facts)


SEEN_BY: Final = {"drops": _drops, "peak": _peak, "switch": _switch}


def seen(by: str, now: datetime) -> Finding | None:
    """How it stands by the ledger; None for what the ledger cannot show."""
    looks = SEEN_BY.get(by)
    return looks(site_handbook(), now) if looks else None
