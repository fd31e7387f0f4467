# SPDX-License-Identifier: Apache-2.0
"""Callers who keep their place in a queue without waiting on the line.

Who asked to be called back is called when nobody who joined before him waits any longer and an agent of the queue is
free. A number has one place at most, however often it is asked for; the place is that of the first time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from zuoxi.customers import selectors as customers
from zuoxi.customers.numbers import canonical
from zuoxi.outbound.models import Attempt, Promise, QueueTurn
from zuoxi.outbound.permission import next_opening
from zuoxi.outbound.promising import promise_callback, usual_due
from zuoxi.outbound.refusing import Refused
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony import selectors as telephony

OPEN = (QueueTurn.State.WAITING, QueueTurn.State.DIALLING)


def take_requests(now: datetime, handbook: Handbook | None = None) -> int:
    """Callers who pressed the key lately get their place; who called when all was closed gets a callback that a leader
    gives out. Returns how many are new."""
    book = handbook or site_handbook()
    since = now - timedelta(minutes=book.on(now.astimezone(book.zone).date()).whole("outbound.turn.keep_minutes"))
    known = set(QueueTurn.objects.filter(asked_at__gte=since - timedelta(days=1)).values_list("call", flat=True))
    refs = Promise.objects.filter(made_at__gte=since - timedelta(days=1), source=Promise.Source.MISSED)
    known |= {int(ref[5:]) for ref in refs.values_list("ref", flat=True) if ref[5:].isdecimal()}
    return sum(_take(one, now, book) for one in telephony.callbacks_asked(since, known))


def _take(one: telephony.CallbackAsked, now: datetime, book: Handbook) -> bool:
    number = canonical(one.number)
    if len(number) < 3:
        return False
    if not one.queue:
        return _promise(one, number, now, book)
    try:
        with transaction.atomic():
            QueueTurn.objects.create(
                queue=one.queue, number=number, customer=customers.found_by(number), entered_at=one.entered_at,
                asked_at=one.asked_at, call=one.call_id,
            )  # fmt: skip
    except IntegrityError:  # he has a place already, or another process was faster
        return False
    return True


def _promise(one: telephony.CallbackAsked, number: str, now: datetime, book: Handbook) -> bool:
    if Promise.objects.filter(number=number, state=Promise.State.OPEN).exists():
        return False
    due = max(usual_due(now, book), next_opening("ordinary", now, book))
    try:
        promise_callback(
            customers.found_by(number) or number,
            at=due,
            agent=None,
            reason="来电时无人接听，按键请求回电" if book.zone.key == "Asia/Shanghai" else "Asked for a callback",
            by=None,
            now=now,
            number=number,
            source=Promise.Source.MISSED,
            ref=f"call:{one.call_id}",
        )
    except Refused:
        return False
    return True


def turn_called(row: Attempt, state: str, now: datetime) -> None:
    """What becomes of the place when the call has ended: reached, to be tried again, or given up."""
    turn = row.turn
    if turn is None:
        return
    book = site_handbook()
    reading = book.on(now.astimezone(book.zone).date())
    again = now + timedelta(minutes=reading.whole("outbound.turn.again_minutes"))
    waiting = QueueTurn.objects.filter(pk=turn.pk, state=QueueTurn.State.DIALLING)
    if state == Attempt.State.DROPPED:
        waiting.update(state=QueueTurn.State.WAITING, attempts=F("attempts") - 1)
    elif state in (Attempt.State.ANSWERED, Attempt.State.NUISANCE):
        waiting.update(state=QueueTurn.State.DONE, closed_at=now)
    elif reading.within("outbound.turn.attempts", turn.attempts + 1):
        waiting.update(state=QueueTurn.State.WAITING, next_at=again)
    else:
        waiting.update(state=QueueTurn.State.EXPIRED, closed_at=now)


def expire(now: datetime, handbook: Handbook | None = None) -> int:
    """Places that were kept long enough are given up."""
    book = handbook or site_handbook()
    keep = book.on(now.astimezone(book.zone).date()).whole("outbound.turn.keep_minutes")
    rows = QueueTurn.objects.filter(state=QueueTurn.State.WAITING, asked_at__lt=now - timedelta(minutes=keep))
    return rows.update(state=QueueTurn.State.EXPIRED, closed_at=now)


def answered_meanwhile(now: datetime) -> int:
    """Who called again himself and was served needs no callback."""
    gone = 0
    for turn in QueueTurn.objects.filter(state=QueueTurn.State.WAITING)[:200]:
        if telephony.served_since(turn.number, turn.asked_at):
            gone += QueueTurn.objects.filter(pk=turn.pk, state=QueueTurn.State.WAITING).update(
                state=QueueTurn.State.DONE, closed_at=now, note="called again himself"
            )
    return gone


def next_turns(queue: str, now: datetime) -> list[QueueTurn]:
    """The places of a queue in their order, those that may be called now."""
    rows = QueueTurn.objects.filter(queue=queue, state=QueueTurn.State.WAITING)
    return list(rows.filter(Q(next_at=None) | Q(next_at__lte=now)).order_by("entered_at", "pk")[:20])
