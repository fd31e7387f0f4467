# SPDX-License-Identifier: Apache-2.0
"""The demo's leave: last month granted and taken, this month with long leave, a call that awaits its papers, requests
that wait, and refusals. Everything goes through the same verbs as on the pages, at the time it would have happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from zuoxi.approvals import selectors as requests
from zuoxi.approvals import services as approvals
from zuoxi.approvals.models import Request
from zuoxi.leave import services
from zuoxi.leave.accrual import AnnualFacts, judge_annual
from zuoxi.leave.asking import CODE
from zuoxi.leave.models import Contact, Leave, LedgerEntry, ServiceYears
from zuoxi.people.models import Staff
from zuoxi.people.selectors import employed, post_spells, superior_of
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.roles import AGENTS
from zuoxi.workforce import selectors as workforce

_DAY = timedelta(days=1)
_PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True, slots=True)
class Scene:
    """One leave of the demo: who (place among the agents), on which rostered day of the month, how it went.

    `month` −1 is the last one. `verdict`: approve, refuse, wait; `papers`: handed in after the return.
    """

    who: int
    month: int
    nth: int
    kind: str
    days: int
    reason: str
    verdict: str = "approve"
    part: str = "whole"
    phone: bool = False
    papers: bool = False


SCENES = (
    Scene(3, -1, 1, "annual", 2, "回老家探亲"),
    Scene(10, -1, 2, "personal", 1, "办理户口迁移"),
    Scene(17, -1, 4, "personal", 1, "家里装修验收", part="first_half"),
    Scene(24, -1, 5, "sick", 2, "急性肠胃炎", phone=True, papers=True),
    Scene(31, -1, 6, "annual", 3, "陪家人出游"),
    Scene(38, -1, 7, "personal", 2, "参加亲属婚礼"),
    Scene(45, -1, 8, "bereavement", 3, "祖父去世"),
    Scene(52, -1, 9, "rest_exchange", 1, "调休"),
    Scene(59, -1, 11, "sick", 1, "感冒发烧", phone=True, papers=True),
    Scene(66, -1, 12, "marriage", 3, "结婚"),
    Scene(73, -1, 13, "personal", 4, "考研报名与复习", "refuse"),
    Scene(80, -1, 14, "annual", 1, "个人安排"),
    Scene(2, 0, 1, "annual", 1, "个人安排"),
    Scene(9, 0, 2, "personal", 1, "办理房产过户"),
    Scene(16, 0, 4, "personal", 1, "孩子家长会", part="second_half"),
    Scene(23, 0, 5, "sick", 2, "扭伤脚踝", phone=True),
    Scene(30, 0, 7, "rest_exchange", 1, "调休"),
    Scene(37, 0, 8, "official_trip", 1, "到品牌方参加新品培训"),
)
# Still to come on the day of the demo: days from now on the person's roster.
AHEAD = (
    Scene(44, 0, 2, "annual", 2, "回家过生日", "wait"),
    Scene(51, 0, 3, "personal", 1, "办理护照", "wait"),
    Scene(58, 0, 4, "personal", 3, "搬家", "wait"),
    Scene(65, 0, 5, "annual", 1, "个人安排"),
    Scene(72, 0, 1, "personal", 1, "临时有事", "refuse"),
)
# Back at work these days; the papers are awaited.
RECENT = (
    Scene(29, 0, 0, "sick", 1, "发烧39度", phone=True),
    Scene(36, 0, 0, "sick", 2, "急性阑尾炎", phone=True),
)
LONG = Scene(5, 0, 0, "maternity", 98, "生育")
LONG_SINCE = 21  # days before the demo's day on which the long leave began


def furnish(today: date) -> None:
    """Balances and leave for the demo's people; does nothing when there is any."""
    if Leave.objects.exists() or requests.requests_of_kind(CODE).exists():
        return
    posts = {one.staff_id: one.position for one in post_spells(today, today)}
    agents = [one for one in employed(today) if posts.get(one.pk) in AGENTS]
    if not agents:
        return
    with transaction.atomic():
        _balances(agents, today)
        first = today.replace(day=1)
        last_month = (first - _DAY).replace(day=1)
        for scene in SCENES:
            begin, end = (last_month, first - _DAY) if scene.month else (first, today - _DAY)
            _play(scene, agents, begin, end)
        approvals.lapse_papers(_at(today - 4 * _DAY, 3))
        for scene in RECENT:
            _play(scene, agents, today - 3 * _DAY, today - _DAY)
        _long(agents, today)
        _quiet(employed(today))
        for scene in AHEAD:
            _play(scene, agents, today + _DAY, today + 25 * _DAY, asked=_at(today - _DAY, 10))


def _balances(agents: list[Staff], today: date) -> None:
    """Proved years of work for most, so that the steps of annual leave are all there."""
    now, year = _at(today.replace(day=1), 2), today.year
    reading = site_handbook().on(date(year, 1, 1))
    service, entries = [], []
    for place, staff in enumerate(agents):
        years = Decimal(place % 23 + 1) if place % 4 else Decimal(0)
        if years:
            service.append(ServiceYears(staff=staff, before_joining=years, note="社保缴费记录", by="6004", at=now))
        finding = judge_annual(AnnualFacts(year, staff.joined_on, staff.left_on, years), reading)
        due = Decimal(finding.details.get("days", 0))
        if due:
            what, key = LedgerEntry.What.ACCRUAL, f"accrual:annual:{year}:{staff.pk}:0"
            row = {"staff": staff, "kind": "annual", "year": year, "what": what, "amount": due, "key": key}
            entries.append(LedgerEntry(on=date(year, 1, 1), made_at=now, **row))
    ServiceYears.objects.bulk_create(service)
    LedgerEntry.objects.bulk_create(entries)
    services.adjust(agents[0], "rest_exchange", year, Decimal(2), reason="周末加班", by="6004", now=now)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), site_handbook().zone)


def _play(scene: Scene, agents: list[Staff], begin: date, end: date, asked: datetime | None = None) -> None:
    """Ask and decide at the time it would have happened; a scene that the roster has no room for is left out."""
    staff = agents[scene.who % len(agents)]
    days = workforce.rostered_days(staff.pk, begin, end)
    if len(days) <= scene.nth:
        return
    first = days[scene.nth]
    leader = superior_of(staff, first)
    now = _at(first, 7) if scene.phone else asked or _at(first - 4 * _DAY, 10, scene.who % 50)
    said = {
        "kind": scene.kind,
        "first_on": first,
        "last_on": first + _DAY * (scene.days - 1),
        "first_part": scene.part,
        "reason": scene.reason,
        "handover": "在跟工单交班长分派",
    }
    if scene.phone:
        said |= {"channel": "phone", "emergency": True}
    by = leader.user if scene.phone and leader is not None and leader.user else staff.user
    if by is None:
        return
    try:
        request = services.ask(staff, said, by=by, now=now)
    except (ValidationError, services.NotDone):
        return
    _decide(request, scene, now + timedelta(hours=2))
    if scene.papers:
        _hand_in(request, staff)


def _decide(request: Request, scene: Scene, now: datetime) -> None:
    if scene.verdict == "wait":
        return
    for step in range(5):
        request.refresh_from_db()
        open_step = requests.open_step(request)
        if open_step is None or open_step.approver is None or open_step.approver.user is None:
            return
        refuse = scene.verdict == "refuse"
        note = "当日大促，人手不足，请改期" if refuse else ""
        approvals.decide(
            request,
            by=open_step.approver.user,
            verdict="refuse" if refuse else "approve",
            note=note,
            now=now + timedelta(minutes=20 * step),
        )


def _hand_in(request: Request, staff: Staff) -> None:
    leave = Leave.objects.filter(request=request).first()
    if leave is None or staff.user is None:
        return
    for paper in request.papers.filter(state="owed"):
        file = SimpleUploadedFile(f"{paper.code}.pdf", _PAPER, "application/pdf")
        approvals.add_document(request, file, by=staff.user, now=leave.ends_at + timedelta(hours=20), paper=paper.code)


def _long(agents: list[Staff], today: date) -> None:
    """Maternity leave that lasts, called every three days; the last contact is due."""
    staff = agents[LONG.who % len(agents)]
    first = today - LONG_SINCE * _DAY
    said = {
        "kind": LONG.kind,
        "first_on": first,
        "last_on": first + (LONG.days - 1) * _DAY,
        "reason": LONG.reason,
        "handover": "客户资料已交班长",
    }
    if staff.user is None:
        return
    now = _at(first - 7 * _DAY, 10)
    try:
        request = services.ask(staff, said, by=staff.user, now=now)
    except (ValidationError, services.NotDone):
        return
    _decide(request, LONG, now + timedelta(hours=3))
    leader = superior_of(staff, today)
    due = Contact.objects.filter(leave__request=request, due_on__lt=today - _DAY).order_by("due_on")
    for place, contact in enumerate(due):
        if leader is None:
            return
        if place == 2:
            services.tried(contact, by=leader, reached=False, note="无人接听", now=_at(contact.due_on, 10))
        services.tried(contact, by=leader, reached=True, note="恢复良好，按期返岗", now=_at(contact.due_on, 16))


def _quiet(people: list[Staff]) -> None:
    """What was told long ago has been read; only what still waits stays new."""
    for staff in people:
        if staff.user is not None:
            approvals.mark_read(staff.user)
