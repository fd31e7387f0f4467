# SPDX-License-Identifier: Apache-2.0
"""The demo's changes of the handbook: in force soon, on their way, turned down. None touches a month that is judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from zuoxi.approvals import services
from zuoxi.approvals.models import Request
from zuoxi.approvals.selectors import open_step
from zuoxi.people.models import Staff
from zuoxi.policy import services as policy
from zuoxi.policy.selectors import site_handbook

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """Proposed by the first holder of a post so many days ago; what the signers say in turn."""

    figure: str
    value: str
    who: str
    ago: int
    months: int
    reason: str
    says: tuple[tuple[str, str], ...] = ()


YES = ("approve", "")
CHANGES = (
    Change("approvals.step.remind_percent", "60", "OM", 12, 1, "半天就催办，班长反映提醒过密", (YES,)),
    Change("attendance.excuse.notice_minutes", "10", "TSRS", 9, 1, "告知越早越好安排替补",
           (("refuse", "班车到站时间不由员工掌握，先统计两个月再提"),)),
    Change("attendance.team_rate.target_percent", "96", "CSRS", 4, 2, "近三个月各组均在 98% 以上", (YES,)),
    Change("floor.patrol.per_shift", "3", "TSRS", 1, 1, "晚班后半段巡视空档较长"),
)  # fmt: skip


def furnish_amendments(cast: dict[str, list[Staff]], today: date) -> None:
    """Nothing when there are proposals already."""
    if Request.objects.filter(kind="amendment").exists():
        return
    for change in CHANGES:
        held = cast.get(change.who)
        if held and site_handbook().has("figures", change.figure):
            _play(change, held[0], today)


def _play(change: Change, staff: Staff, today: date) -> None:
    if staff.user is None:
        return
    now = timezone.make_aware(datetime.combine(today - change.ago * _DAY, time(10, 5)))
    proposal = policy.Proposal(change.figure, change.value, _first_after(today, change.months), change.reason)
    made = policy.propose(proposal, policy.Person(staff.code, staff.name), now, user=staff.user.pk)
    request = Request.objects.get(number=made.request)
    for turn, (verdict, note) in enumerate(change.says, 1):
        step = open_step(request)
        if step is None or step.approver is None or step.approver.user is None:
            return
        services.decide(request, by=step.approver.user, verdict=verdict, note=note, now=now + timedelta(hours=turn))  # type: ignore[arg-type]
        request.refresh_from_db()


def _first_after(today: date, months: int) -> date:
    """The first of the month that many months after today's."""
    count = today.year * 12 + today.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
