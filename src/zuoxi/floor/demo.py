# SPDX-License-Identifier: Apache-2.0
"""The demo's floor: who keeps watch, rounds walked, faults found and answered, meetings held, a note of care."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from zuoxi.floor import conduct, patrols
from zuoxi.floor.handbook import VIOLATIONS
from zuoxi.floor.judgements import BreakFacts, judge_break_length
from zuoxi.floor.models import (
    ActionItem,
    CareNote,
    DressDay,
    Fault,
    Handover,
    Meeting,
    MeetingAttendance,
    MeetingPoint,
    Observation,
    Patrol,
    PatrolCheck,
    Permit,
    Presence,
    Violation,
)
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.roles import LEADERS

SUPERVISORS = ("3001", "3002")
INVITED = ("ODM", "SM", "TSRS", "CSRS", "QAS", "TRS")
ITEMS = ("badge.missing", "desk.layout", "desk.chair", "conduct.loud", "dress.untidy", "seat.break_long")


def furnish(today: date) -> None:
    """A fortnight of the floor; does nothing where somebody has kept watch already."""
    if Presence.objects.exists():
        return
    chance = random.Random(today.toordinal())  # noqa: S311 - the same demo every time
    posts = people.posts_on(today, positions=("TSR", "CSR"))
    staff = people.staff_by_codes(SUPERVISORS)
    leaders = [one for one in people.posts_on(today, positions=sorted(str(role) for role in LEADERS)) if one.team_id]
    if not posts or not staff or not leaders:
        return
    agents = list(people.staff_by_codes([one.code for one in posts]).values())
    now = timezone.now()
    with transaction.atomic():
        _watch(list(staff.values()), now)
        _rounds(leaders, agents, now, chance)
        _cases(agents, leaders, now, chance)
        _meetings(leaders, staff.get(SUPERVISORS[0]), now)
        _small_things(agents, list(staff.values()), now, chance)


def _at(now: datetime, days: int, hour: int, minute: int = 0) -> datetime:
    zone = site_handbook().zone
    return datetime.combine(now.astimezone(zone).date() - timedelta(days=days), time(hour, minute), tzinfo=zone)


def _watch(supervisors: list[Staff], now: datetime) -> None:
    """Around the clock in halves; since this morning the first keeps watch, an hour's gap the day before yesterday."""
    rows = []
    for days in range(14, 0, -1):
        for index, (start, hours) in enumerate(((8, 12), (20, 12))):
            arrived = _at(now, days, start) + timedelta(hours=1 if days == 2 and index == 0 else 0)
            left = _at(now, days, start) + timedelta(hours=hours)
            if left < now:
                rows.append(Presence(staff=supervisors[(days + index) % len(supervisors)], arrived_at=arrived,
                                     left_at=left, left_why="交班"))  # fmt: skip
    Presence.objects.bulk_create(rows)
    last = max((row.left_at for row in rows if row.left_at), default=now - timedelta(hours=2))
    Presence.objects.create(staff=supervisors[0], arrived_at=min(last, now))


def _rounds(leaders: list[people.PostHeld], agents: list[Staff], now: datetime, chance: random.Random) -> None:
    deputy = next(iter(people.holders_of(patrols.DEPUTY, timezone.localdate(now))), None)
    for days in range(5, 0, -1):
        for leader in leaders[:4]:
            start = _at(now, days, chance.choice((10, 15)), chance.randrange(50))
            patrol = Patrol.objects.create(
                walked_by_id=leader.staff_id, team_id=leader.team_id, shift=f"{start.date()}:E", started_at=start,
                submitted_at=start + timedelta(minutes=18), submitted_to=deputy,
                room={"climate": "26℃", "hygiene": "通道无堆物"},
            )  # fmt: skip
            PatrolCheck.objects.bulk_create(
                [
                    PatrolCheck(patrol=patrol, seat=one.code, staff=one, at=start + timedelta(minutes=index))
                    for index, one in enumerate(chance.sample(agents, min(8, len(agents))))
                ]
            )


def _cases(agents: list[Staff], leaders: list[people.PostHeld], now: datetime, chance: random.Random) -> None:
    book = site_handbook()
    known = [item for item in ITEMS if item in book.entries(VIOLATIONS)]
    for number in range(24):
        who, leader = chance.choice(agents), chance.choice(leaders)
        at = _at(now, chance.randrange(1, 14), chance.randrange(9, 20), chance.randrange(60))
        item = known[number % len(known)]
        finding = conduct.judge_fault(who, item, at.date(), handbook=book)
        if finding.outcome != "counts":
            continue
        amount = finding.details.get("amount")
        state = ("accepted", "recorded", "accepted", "objected", "accepted", "cancelled")[number % 6]
        Violation.objects.create(
            staff=who, item=item, happened_at=at, place=who.code, cause=f"demo:{number}",
            consequence=str(finding.details["consequence"]), amount=Decimal(str(amount)) if amount else None,
            legal_risk=bool(finding.details.get("legal_risk")), finding=finding.as_json(),
            recorded_by_id=leader.staff_id, recorded_at=at + timedelta(minutes=3), state=state,
            answer="当时正在处理顾客来电，请再核实" if state == "objected" else "",
            answered_at=None if state == "recorded" else at + timedelta(hours=2),
            decision="看错座席，撤销" if state == "cancelled" else "",
        )  # fmt: skip
    if "floor.break.minutes" not in book.entries_by_section.get("figures", {}):
        return
    for number in range(18):
        who = chance.choice(agents)
        since = _at(now, number % 6 + 1, chance.randrange(9, 20), chance.randrange(50))
        until = since + timedelta(seconds=chance.randrange(310, 700))
        case = judge_break_length(BreakFacts(since, until), book.on(since.date()))
        state = ("open", "excused", "confirmed")[number % 3]
        Observation.objects.create(
            case=f"demo:break_long:{number}", kind="break_long", staff=who, shift=f"{since.date()}", seat=who.code,
            since=since, seen_at=until, ended_at=until, state=state, finding=case.as_json(),
            reason="身体不适" if state == "excused" else "",
            decided_by_id=None if state == "open" else leaders[0].staff_id,
            decided_at=None if state == "open" else until + timedelta(minutes=4),
        )  # fmt: skip


def _meetings(leaders: list[people.PostHeld], supervisor: Staff | None, now: datetime) -> None:
    early, late = timedelta(minutes=-1), timedelta(minutes=2)
    for days in range(3, 0, -1):
        for leader in leaders[:3]:
            at = _at(now, days, 7, 50)
            meeting = Meeting.objects.create(
                kind="line_up", team_id=leader.team_id, shift=f"{at.date()}:E", starts_at=at, opened_at=at,
                ends_at=at + timedelta(minutes=10), closed_at=at + timedelta(minutes=9), host_id=leader.staff_id,
                agenda=[0, 1, 2, 3], minutes="话术有更新，答复口径以知识库为准；重点来电做好登记。",
                written_by_id=leader.staff_id,
            )  # fmt: skip
            members = people.posts_on(at.date(), teams=[leader.team_id or 0], positions=("TSR", "CSR"))
            MeetingAttendance.objects.bulk_create(
                [
                    MeetingAttendance(meeting=meeting, staff_id=one.staff_id, at=at + (late if index == 4 else early),
                                      state="late" if index == 4 else "present")
                    for index, one in enumerate({one.staff_id: one for one in members}.values())
                ]
            )  # fmt: skip
    at = _at(now, 6, 14)
    monthly = Meeting.objects.create(
        kind="monthly", starts_at=at, opened_at=at, closed_at=at + timedelta(minutes=80), host=supervisor,
        ends_at=at + timedelta(minutes=90), agenda=[0, 1, 2], minutes="各岗位难题逐条讨论，汇总已报总监。",
        written_by=supervisor, sent_up_at=at + timedelta(hours=2),
    )  # fmt: skip
    MeetingAttendance.objects.bulk_create(
        [
            MeetingAttendance(meeting=monthly, staff_id=one, must=True, state="present", at=at)
            for one in {post.staff_id for post in people.posts_on(at.date(), positions=INVITED)}
            if supervisor is None or one != supervisor.pk
        ]
    )
    MeetingPoint.objects.create(meeting=monthly, problem="晚间接通率偏低", conclusion="晚班增加 4 席，两周后复盘")
    MeetingPoint.objects.create(meeting=monthly, problem="同一事项重复来电", conclusion="短信告知进度")
    today = timezone.localdate(now)
    for index, leader in enumerate(leaders[:3]):
        ActionItem.objects.create(
            meeting=monthly, text=("整理晚班班表", "更新答复话术", "核对耳麦库存")[index], owner_id=leader.staff_id,
            due_on=today + timedelta(days=index * 3 - 1),
        )  # fmt: skip


def _small_things(agents: list[Staff], supervisors: list[Staff], now: datetime, chance: random.Random) -> None:
    today = timezone.localdate(now)
    DressDay.objects.create(day=today + timedelta(days=3), kind="visit", note="合作方参观", marked_by=supervisors[0])
    CareNote.objects.create(
        staff=agents[0], text="被顾客辱骂后情绪激动，已到休息室安抚并调离热线半小时。", written_by=supervisors[0],
        written_at=_at(now, 1, 15), look_again_on=today + timedelta(days=1),
    )  # fmt: skip
    Permit.objects.create(
        staff=agents[1], kind="private_call", note="孩子学校来电", asked_at=_at(now, 1, 11), state="given",
        decided_by=supervisors[0], decided_at=_at(now, 1, 11, 1), until=_at(now, 1, 11, 6),
    )  # fmt: skip
    Fault.objects.create(
        kind="headset", seat=agents[2].code, text="左耳无声", reported_by=agents[2], reported_at=_at(now, 0, 0)
    )
    for one in chance.sample(agents, min(6, len(agents))):
        Handover.objects.create(
            staff=one, shift=f"{today - timedelta(days=1)}", written_at=_at(now, 1, 17, 50), open_tickets=1,
            callbacks=2, escalations=0, text="两位顾客约今天上午回电，单号见工单。",
        )  # fmt: skip
