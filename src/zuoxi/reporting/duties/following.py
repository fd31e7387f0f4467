# SPDX-License-Identifier: Apache-2.0
"""Following what is owed: proof of sending, reminders, escalation, and what was missed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from zuoxi.approvals import services as approvals
from zuoxi.messaging import selectors as messaging
from zuoxi.messaging.models import Message
from zuoxi.people import selectors as people
from zuoxi.policy.findings import Why
from zuoxi.policy.selectors import site_handbook
from zuoxi.reporting import punctuality
from zuoxi.reporting.duties.centres import centre
from zuoxi.reporting.duties.delivering import url_of
from zuoxi.reporting.duties.facts import PostsOfDay
from zuoxi.reporting.duties.judging import Standing, overdue, receivers, reminders_due, stands
from zuoxi.reporting.duties.safety import not_home
from zuoxi.reporting.models import DailyReport, DutyItem
from zuoxi.web.marks import enforces

State = DutyItem.State
DAILY = "daily_figures"
SENT = (Message.State.SENT, Message.State.DELIVERED)


def follow(now: datetime) -> dict[str, int]:
    """One look at everything that is open; may run at any time, and twice at once."""
    return {
        "daily": take_daily(now),
        "sent": take_proof(now),
        "reminded": remind(now),
        "escalated": escalate(now),
        "missed": close(now),
    }


@enforces("RPT-001")
def take_daily(now: datetime) -> int:
    """Yesterday's figures count as handed in when the daily report has left."""
    rows = DutyItem.objects.filter(duty=DAILY, state__in=(State.OPEN, State.MISSED))
    items = list(rows.order_by("-day")[:60])
    reports = {one.day: one for one in DailyReport.objects.filter(day__in=[item.day for item in items])}
    followed = {one.report.day: one for one in punctuality.followed(list(reports.values()), now)}
    count = 0
    for item in items:
        one = followed.get(item.day)
        if one is not None and one.sent_at is not None:
            count += _settle(item, one.sent_at, text=one.report.text_zh)
    return count


def _settle(item: DutyItem, at: datetime, **fields: object) -> int:
    in_time = stands(at, item.due_at, item.inclusive) is Standing.IN_TIME
    rows = DutyItem.objects.filter(pk=item.pk, state__in=(State.OPEN, State.MISSED))
    return rows.update(
        state=State.DONE if in_time else State.LATE, done_at=at, handed_at=item.handed_at or at, **fields
    )


def take_proof(now: datetime) -> int:
    """What was handed in is done when all of its messages have left; one that the carrier refused opens it again."""
    items = list(DutyItem.objects.filter(state__in=(State.OPEN, State.MISSED), handed_at__isnull=False)[:500])
    found = messaging.messages_about([item.about for item in items])
    count = 0
    for item in items:
        mine = found.get(item.about, [])
        times = [one.sent_at for one in mine if one.state in SENT and one.sent_at is not None]
        if len(times) == len(mine):
            count += _settle(item, max(times, default=item.handed_at or now))
        elif any(one.state == Message.State.FAILED for one in mine) and not item.reason:
            _refused(item, next(one for one in mine if one.state == Message.State.FAILED))
    return count


def _refused(item: DutyItem, message: Message) -> None:
    """Tell once that a message did not go out; sending it anew from the outbox still counts."""
    if DutyItem.objects.filter(pk=item.pk, reason="").update(reason=f"carrier: {message.error}"[:300]):
        text = Why(f"未能发出：{item.title.zh}", f"Could not be sent: {item.title.en}")
        for holder in item.holders.select_related("staff"):
            approvals.notify(holder.staff, text, url_of(item), f"{item.about}:refused")


def remind(now: datetime) -> int:
    """A word in the bell before the deadline, as often as the duty says; never before one can do it."""
    rows = DutyItem.objects.filter(state=State.OPEN, handed_at__isnull=True, due_at__gt=now)
    rows = rows.filter(due_at__lte=now + timedelta(days=30)).order_by("due_at").prefetch_related("holders__staff")
    count = 0
    for item in rows[:2000]:
        steps = reminders_due(item.due_at, item.terms.get("remind", ()), now)
        if steps <= item.reminders or (item.earliest_at is not None and now < item.earliest_at):
            continue
        if DutyItem.objects.filter(pk=item.pk, reminders=item.reminders).update(reminders=steps):
            local = item.due_at.astimezone(site_handbook().zone)
            text = Why(
                f"{item.title.zh}：请在{local:%m-%d %H:%M}前完成", f"{item.title.en}: due by {local:%m-%d %H:%M}"
            )
            for holder in item.holders.all():
                approvals.notify(holder.staff, text, url_of(item), f"{item.about}:remind:{steps}")
                count += 1
    return count


@enforces("RPT-002", "RPT-011", "RPT-033")
def escalate(now: datetime) -> int:
    """Tell the next above of what is overdue, with the names of whoever was not heard of; once for each item."""
    rows = DutyItem.objects.filter(
        state__in=(State.OPEN, State.MISSED), handed_at__isnull=True, escalated_at__isnull=True, due_at__lte=now
    )
    items = [item for item in rows.order_by("due_at").prefetch_related("holders__staff")[:500] if _ripe(item, now)]
    if not items:
        return 0
    day = now.astimezone(site_handbook().zone).date()
    posts = centre(day, day, shifts=False).posts_on(day)
    for item in items:
        with transaction.atomic():
            if DutyItem.objects.filter(pk=item.pk, escalated_at__isnull=True).update(escalated_at=now):
                _tell_above(item, posts, now)
    return len(items)


def _ripe(item: DutyItem, now: datetime) -> bool:
    wait = timedelta(minutes=item.terms.get("escalate", 30))
    return overdue(now - wait, item.due_at, item.inclusive)


def _tell_above(item: DutyItem, posts: PostsOfDay, now: datetime) -> None:
    holders = [one.staff for one in item.holders.all()]
    if item.set_by_id is not None:
        told = [item.set_by_id]
    else:
        own = [one.pk for one in holders]
        words = item.terms.get("escalate_to", ())
        told = [one.staff for one in receivers(words, item.position, item.team, own, posts)]
    names = "、".join(one.name for one in holders) or "—"
    zh, en = f"逾期未交：{names} {item.title.zh}", f"Overdue: {names}, {item.title.en}"
    gone = not_home(item) if item.terms.get("prefill") in ("safe_return", "home_safe") else []
    if gone:
        zh += f"；未报平安{len(gone)}人：{'、'.join(gone[:8])}"
        en += f"; {len(gone)} not heard of: {', '.join(gone[:8])}"
    for staff in people.staff_by_id(told).values():
        approvals.notify(staff, Why(zh, en), url_of(item), f"{item.about}:escalated")


def close(now: datetime) -> int:
    """What has not come in long after its deadline is missed; it may still come, late."""
    rows = DutyItem.objects.filter(state=State.OPEN, handed_at__isnull=True, closes_at__lte=now)
    return rows.update(state=State.MISSED)
