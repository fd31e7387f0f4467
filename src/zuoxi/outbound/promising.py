# SPDX-License-Identifier: Apache-2.0
"""Callbacks: promised, kept, moved, called off; who forgets is reminded, and then his leader is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from zuoxi.approvals import services as approvals
from zuoxi.customers.models import Customer
from zuoxi.customers.numbers import canonical
from zuoxi.leave.selectors import is_on_leave
from zuoxi.outbound.dial_rules import judge_callback
from zuoxi.outbound.facts import CallbackFacts
from zuoxi.outbound.models import Promise
from zuoxi.outbound.refusing import Refused
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Why
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault

ASKED = Why("请回电", "Please call back")
HANDED = Why("回电移交给您", "A callback was handed to you")
DUE = Why("该回电了", "A callback is due")
LATE = Why("回电逾期", "A callback is overdue")
ONE_LOOK = 500
"""Callbacks looked at in one round; the rest follows in the next."""


def usual_due(now: datetime, handbook: Handbook | None = None) -> datetime:
    """By when somebody is called back where no other time was agreed."""
    book = handbook or site_handbook()
    reading = book.on(now.astimezone(book.zone).date())
    return now + timedelta(minutes=reading.whole("outbound.callback.within_minutes"))


@enforces("CUS-014", "CALL-021")
@transaction.atomic
def promise_callback(
    to: Customer | str,
    *,
    at: datetime | None,
    agent: Staff | None,
    reason: str,
    by: Staff | None,
    now: datetime,
    number: str = "",
    name: str = "",
    source: str = Promise.Source.CALL,
    ref: str = "",
) -> Promise:
    """Put a callback into the agent's calendar (`agent` None: whoever of the leaders gives it out).

    `to`: the customer or a number; `at` None: the pack's usual time. A `ref` that has an open callback already moves
    that one instead of making a second. Raises Refused without a number or a reason, and for a time that is past.
    """
    customer = to if isinstance(to, Customer) else None
    told = number or (to if isinstance(to, str) else _number_of(to))
    bare = canonical(told)
    if len(bare) < 3:
        raise Refused(_("There is no number to call back."))
    if not reason.strip():
        raise Refused(_("Say what the callback is about."))
    if at is not None and at < now - timedelta(minutes=1):
        raise Refused(_("That time is past. Choose a later one."))
    due = at or usual_due(now)
    row = Promise.objects.select_for_update().filter(ref=ref, state=Promise.State.OPEN).first() if ref else None
    if row is None:
        row = Promise(ref=ref, made_by=by, made_at=now, source=source)
    row.customer, row.number, row.owner = customer, bare, agent
    row.name = (name or (customer.name if customer else ""))[:80]
    row.due_at, row.reason, row.reminded_at, row.escalated_at = due, reason.strip()[:400], None, None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("Somebody has promised a callback for this matter at the same moment.")) from None
    vault.record("outbound.promise.made", who=by.code if by else "", on=("promise", row.pk))
    if agent is not None and (by is None or by.pk != agent.pk):
        _tell(agent, row, ASKED, f"promise:{row.pk}:{agent.code}")
    return row


def _number_of(customer: Customer | str) -> str:
    first = customer.numbers.first() if isinstance(customer, Customer) else None
    return first.number if first else ""


def _tell(staff: Staff, row: Promise, what: Why, dedupe: str) -> None:
    due = row.due_at.astimezone(site_handbook().zone).strftime("%m-%d %H:%M")
    about = row.reason[:80]
    zh = f"{what.zh}：{row.name or '客户'}（{due} 前）{about}"
    en = f"{what.en}: {row.name or 'customer'} (by {due}) {about}"
    approvals.notify(staff, Why(zh, en), reverse("outbound:callbacks"), dedupe=dedupe[:100])


def _closed(pk: int, state: str, outcome: str, by: Staff | None, now: datetime) -> Promise:
    """Close an open callback; raises Refused when somebody was faster."""
    changed = Promise.objects.filter(pk=pk, state=Promise.State.OPEN).update(
        state=state, closed_at=now, closed_by=by, outcome=outcome.strip()[:400]
    )
    row = Promise.objects.select_related("closed_by", "owner").get(pk=pk)
    if not changed:
        who = row.closed_by.name if row.closed_by else "—"
        raise Refused(_("%(who)s has settled this callback already.") % {"who": who})
    return row


@enforces("CUS-014")
@transaction.atomic
def keep_promise(pk: int, outcome: str, by: Staff | None, now: datetime) -> Promise:
    """The customer was called back. Raises Refused when somebody was faster."""
    row = _closed(pk, Promise.State.KEPT, outcome, by, now)
    vault.record("outbound.promise.kept", who=by.code if by else "", on=("promise", pk))
    return row


@transaction.atomic
def drop_promise(pk: int, reason: str, by: Staff | None, now: datetime) -> Promise:
    """Nobody needs to call back any more. Raises Refused without a reason."""
    if not reason.strip():
        raise Refused(_("Say why nobody calls back."))
    row = _closed(pk, Promise.State.DROPPED, reason, by, now)
    vault.record("outbound.promise.dropped", who=by.code if by else "", on=("promise", pk), reason=reason.strip())
    return row


@transaction.atomic
def move_promise(pk: int, *, at: datetime | None, to: Staff | None, by: Staff | None, now: datetime) -> Promise:
    """Another time, another person, or both; None leaves it. Raises Refused for a closed one or a time that is past."""
    row = Promise.objects.select_for_update().get(pk=pk)
    if row.state != Promise.State.OPEN:
        raise Refused(_("This callback is settled already."))
    if at is not None and at < now - timedelta(minutes=1):
        raise Refused(_("That time is past. Choose a later one."))
    if at is not None:
        row.due_at, row.reminded_at, row.escalated_at = at, None, None
    if to is not None and to.pk != row.owner_id:
        row.previous_id, row.owner = row.owner_id, to
        _tell(
            to,
            row,
            HANDED,
            f"promise:{row.pk}:{to.code}:{now:%m%d%H%M}",
        )
        vault.record("outbound.promise.moved", who=by.code if by else "", on=("promise", pk), to=to.code)
    row.save()
    return row


@transaction.atomic
def hand_over(staff: Staff, to: Staff, by: Staff | None, now: datetime) -> int:
    """Everything that somebody still owes goes to a colleague; returns how many."""
    rows = list(Promise.objects.select_for_update().filter(owner=staff, state=Promise.State.OPEN))
    for row in rows:
        move_promise(row.pk, at=None, to=to, by=by, now=now)
    return len(rows)


def tend_callbacks(now: datetime, handbook: Handbook | None = None) -> dict[str, int]:
    """Remind who has one due soon, hand over what belongs to somebody who has left or is on leave, tell the leader of
    what is overdue. Each is done once."""
    book = handbook or site_handbook()
    reading = book.on(now.astimezone(book.zone).date())
    soon = now + timedelta(minutes=reading.whole("outbound.callback.remind_minutes"))
    rows = Promise.objects.filter(state=Promise.State.OPEN, due_at__lte=soon).select_related("owner")
    rows = rows.filter(  # whatever was told of once and again does not stand in the way of the others
        Q(reminded_at=None, owner__isnull=False) | Q(escalated_at=None) | Q(owner__left_on__lte=reading.on)
    )
    done = {"reminded": 0, "moved": 0, "escalated": 0}
    for row in rows.order_by("due_at")[:ONE_LOOK]:
        done["moved"] += _take_from_absent(row, now)
        if row.owner is not None and row.reminded_at is None:
            Promise.objects.filter(pk=row.pk, reminded_at=None).update(reminded_at=now)
            _tell(row.owner, row, DUE, f"due:{row.pk}:{row.due_at:%m%d%H%M}")
            done["reminded"] += 1
        facts = CallbackFacts(row.due_at, now)
        if row.escalated_at is None and judge_callback(facts, book.on(reading.on)).outcome == "escalate":
            done["escalated"] += _escalate(row, now)
    return done


def _take_from_absent(row: Promise, now: datetime) -> int:
    """Who has left or is on leave cannot call: his superior gets it, with his name kept."""
    owner = row.owner
    if owner is None or not (_has_left(owner, now) or is_on_leave(owner.pk, now)):
        return 0
    taker = next(iter(_leaders_of(row, now)), None)
    if taker is None:
        return 0
    moved = move_promise(row.pk, at=None, to=taker, by=None, now=now)
    row.owner, row.previous_id = moved.owner, moved.previous_id
    return 1


def _has_left(staff: Staff, now: datetime) -> bool:
    return staff.left_on is not None and staff.left_on <= now.astimezone(site_handbook().zone).date()


def _escalate(row: Promise, now: datetime) -> int:
    if not Promise.objects.filter(pk=row.pk, escalated_at=None).update(escalated_at=now):
        return 0
    for leader in _leaders_of(row, now):
        _tell(
            leader,
            row,
            LATE,
            f"late:{row.pk}:{row.due_at:%m%d%H%M}:{leader.code}",
        )
    return 1


def _leaders_of(row: Promise, now: datetime) -> list[Staff]:
    """The superior; where there is none (nobody owns it, he has left), the team leaders."""
    day = now.astimezone(site_handbook().zone).date()
    above = people.superior_of(row.owner, day) if row.owner else None
    return [above] if above else people.holders_of("TSRL", day)[:6]
