# SPDX-License-Identifier: Apache-2.0
"""Taking a step: is it this one's turn, may this post take it, and what the log keeps of it.

Whoever calls holds the row; the second who clicks is told who was first.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.approvals.services import NotDone, Overtaken
from zuoxi.orders.handbook import FLOWS, FlowBody, StepBody, positions_for
from zuoxi.orders.models import Case, CaseLine, Order, StepLog
from zuoxi.orders.states import ENDED
from zuoxi.people.models import Staff
from zuoxi.policy.calendars import calendar_of
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook

SALE = "sale"


def flow_of(kind: str) -> FlowBody:
    """The flow of a kind of case, or of orders ("sale")."""
    return site_handbook().entry(FLOWS, kind)


def due_after(state: str, flow: FlowBody, now: datetime) -> datetime | None:
    """Until when the next step is to be taken, by its figure; None where nothing is said or nothing follows."""
    following = flow.next_at(state)
    if following is None or not following[1].due:
        return None
    handbook = site_handbook()
    figure = handbook.on(timezone.localdate(now)).figure(following[1].due)
    if figure.unit == "working_days":
        day = calendar_of(handbook).add_working_days(timezone.localdate(now), int(figure.value))
        return datetime.combine(day + timedelta(days=1), time(), handbook.zone)
    return now + timedelta(hours=float(figure.value))


@enforces("ORD-003", "ORD-001", "ORD-006")
def checked_step(kind: str, key: str, state: str, *, by: Staff | None, now: datetime, done: StepLog | None) -> StepBody:
    """The step, where it is its turn and the person's post may take it.

    Raises Overtaken (`done` is the last step that was taken) or NotDone.
    """
    step = flow_of(kind).steps.get(key)
    if step is None or state not in step.at:
        raise overtaken(done)
    allowed = positions_for(step)
    if by is not None and allowed and not by.roles_on(timezone.localdate(now)) & allowed:
        raise NotDone(
            _("“%(step)s” is not a step of your post.") % {"step": step.label},
            _("Leave it to %(posts)s.") % {"posts": " / ".join(sorted(allowed))},
        )
    return step


def overtaken(done: StepLog | None) -> Overtaken:
    """Who was quicker, and what stands now."""
    if done is None:
        return Overtaken(_("This step is not the next one."), _("Look at the page again."))
    words = {"name": done.by.name if done.by else _("the program"), "at": timezone.localtime(done.at).strftime("%H:%M")}
    return Overtaken(
        _("%(name)s has taken a step here at %(at)s; this one is no longer the next.") % words,
        _("Look at the page again."),
    )


def last_step(order: Order, case: Case | None = None) -> StepLog | None:
    return StepLog.objects.filter(order=order, case=case).select_related("by").order_by("-at", "-pk").first()


def log(
    order: Order,
    kind: str,
    key: str,
    before: str,
    after: str,
    *,
    by: Staff | None,
    now: datetime,
    case: Case | None = None,
    words: str = "",
    due: datetime | None = None,
) -> StepLog:
    """Keep one step in the log."""
    posts = sorted(by.roles_on(timezone.localdate(now))) if by else []
    lane = flow_of(kind).steps[key].lane
    return StepLog.objects.create(
        order=order, case=case, step=key, lane=lane, before=before, after=after, by=by,
        post=posts[0] if posts else "", at=now, due_at=due, words=words.strip()[:500],
    )  # fmt: skip


def move_order(order: Order, key: str, after: str, *, by: Staff | None, now: datetime, words: str = "") -> Order:
    """Take a step of a held order. Raises Overtaken, NotDone."""
    checked_step(SALE, key, order.state, by=by, now=now, done=None if _fits(order, key) else last_step(order))
    before, since = order.state, order.state_at
    due = due_after(before, flow_of(SALE), since)
    order.state, order.state_at = after, now
    order.save()
    log(order, SALE, key, before, after, by=by, now=now, words=words, due=due)
    return order


def _fits(order: Order, key: str) -> bool:
    step = flow_of(SALE).steps.get(key)
    return step is not None and order.state in step.at


def held_case(case_id: int) -> Case:
    """The case, locked for the transaction, with its order."""
    return Case.objects.select_for_update(of=("self",)).select_related("order").get(pk=case_id)


def held_order(order_id: int) -> Order:
    return Order.objects.select_for_update(of=("self",)).select_related("customer").get(pk=order_id)


def move_case(case: Case, key: str, after: str, *, by: Staff | None, now: datetime, words: str = "") -> Case:
    """Take a step of a held case; what changed on it meanwhile is saved with it. Raises Overtaken, NotDone."""
    before, due = case.state, case.due_at
    case.state, case.state_at = after, now
    case.due_at = due_after(after, flow_of(case.kind), now)
    if after in ENDED:
        case.closed_at, case.due_at = now, None
    case.save()
    if after in ENDED:
        CaseLine.objects.filter(case=case).update(open=False)
    log(case.order, case.kind, key, before, after, by=by, now=now, case=case, words=words, due=due)
    return case


def check_case(case: Case, key: str, by: Staff | None, now: datetime) -> StepBody:
    """Whether the step may be taken now; nothing changes."""
    step = flow_of(case.kind).steps.get(key)
    done = None if step and case.state in step.at else last_step(case.order, case)
    return checked_step(case.kind, key, case.state, by=by, now=now, done=done)
