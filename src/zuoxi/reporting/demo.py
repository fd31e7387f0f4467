# SPDX-License-Identifier: Apache-2.0
"""A month of reports behind the demo: most in time, some late, one never handed in; today's are open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Final

from zuoxi.messaging import services as messaging
from zuoxi.people import selectors as people
from zuoxi.policy.findings import Why
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.selectors import site_handbook
from zuoxi.reporting.duties import making
from zuoxi.reporting.duties.centres import centre, duties_of
from zuoxi.reporting.duties.facts import Centre, DueItem, Duty
from zuoxi.reporting.duties.judging import receivers
from zuoxi.reporting.duties.schedule import due_items
from zuoxi.reporting.models import DutyHolder, DutyItem, DutyReceipt, HomeSafe

DAYS: Final = 30
NEVER: Final = ("patrol_record", 9)
"""The one that was missed: which duty, and how many days ago."""
State = DutyItem.State


def furnish(today: date) -> None:
    """Channels that write to the log, and thirty days of reports; does nothing where reports are."""
    for name, kind in (("sms", "console"), ("email", "console")):
        messaging.set_up_channel(name, kind)
    if DutyItem.objects.exists():
        return
    now = datetime.now(UTC)
    handbook = site_handbook()
    first, last = today - timedelta(days=DAYS), today - timedelta(days=1)
    where = centre(first, last, handbook)
    pairs = [(duty, item) for duty in duties_of(handbook) for item in due_items(duty, first, last, where)]
    pairs = [(duty, item) for duty, item in pairs if item.opens_at <= now and item.holders]
    _keep(pairs, where, handbook, now)
    _come_home(where, today, now)
    making.make_items(now)


def _keep(pairs: list[tuple[Duty, DueItem]], where: Centre, handbook: Handbook, now: datetime) -> None:
    names = {staff.pk: staff.name for staff in people.staff_by_id({h for _d, i in pairs for h in i.holders}).values()}
    rows = [_row(duty, item, handbook, now, names) for duty, item in pairs]
    DutyItem.objects.bulk_create(rows, batch_size=200)
    ids = {(one.duty, one.occasion, one.slot): one for one in DutyItem.objects.only("pk", "duty", "occasion", "slot")}
    holders = [DutyHolder(item_id=ids[item.key].pk, staff_id=staff) for _duty, item in pairs for staff in item.holders]
    DutyHolder.objects.bulk_create(holders, batch_size=500)
    receipts = []
    for (duty, item), row in zip(pairs, rows, strict=True):
        if row.done_at is None:
            continue
        posts = where.posts_on(item.day)
        for one in receivers(duty.body.to, item.position, item.team, item.holders, posts):
            read = row.done_at + timedelta(minutes=5 + _dice(item, "read") % 180)
            receipts.append(
                DutyReceipt(
                    item_id=ids[item.key].pk,
                    staff_id=one.staff,
                    channel=duty.body.channel,
                    received_at=row.done_at,
                    acknowledged_at=read if read < now and _dice(item, "read") % 5 else None,
                )
            )
    DutyReceipt.objects.bulk_create(receipts, batch_size=500)


def _dice(item: DueItem, word: str) -> int:
    """The same number each time for the same item."""
    return int.from_bytes(sha256(f"{word}:{':'.join(item.key)}".encode()).digest()[:4])


def _row(duty: Duty, item: DueItem, handbook: Handbook, now: datetime, names: dict[int, str]) -> DutyItem:
    row = making.row_of(duty, item, handbook, max(item.opens_at, item.due_at - timedelta(days=1)))
    if item.due_at > now:
        return row
    chance, ago = _dice(item, "fate") % 100, (now.date() - item.day).days
    if (item.duty, ago) == NEVER:
        row.state, row.escalated_at = State.MISSED, item.due_at + timedelta(minutes=30)
        return row
    if chance == 99:
        row.state, row.excused_at, row.reason = State.EXCUSED, item.due_at, "系统停电"
        return row
    late = chance < 6
    spread = item.due_at - (item.earliest_at or max(item.opens_at, item.due_at - timedelta(minutes=60)))
    step = (
        timedelta(minutes=3 + _dice(item, "late") % 40) if late else -spread * ((_dice(item, "early") % 80 + 10) / 100)
    )
    row.done_at = row.handed_at = min((item.due_at + step).replace(microsecond=0), now)
    row.state, row.done_by_id = State.LATE if late else State.DONE, item.holders[0]
    row.text = _text(item, row, names)
    row.answers = {
        part.key: True if part.kind == "tick" else str(_dice(item, part.key) % 40 + 5)
        if part.kind in ("number", "money")
        else "无异常" for part in duty.body.template if not part.optional
    }  # fmt: skip
    return row


def _text(item: DueItem, row: DutyItem, names: dict[int, str]) -> str:
    match row.terms["prefill"]:
        case "safe_return":
            return f"{item.opens_at:%m-%d %H:%M}下班{len(item.people)}人，全部平安到家。"
        case "home_safe":
            return f"{names[item.holders[0]]}已平安到家。"
        case "team_results" | "team_day" | "own_day":
            calls = 40 * (1 + _dice(item, "calls") % 9)
            return f"接听{calls}，成功率{52 + _dice(item, 'rate') % 14}.0%，小时通数{11 + _dice(item, 'cph') % 6}.0。"
        case "daily_figures":
            return f"{item.day:%m-%d}运营：见日报。"
    return str(Why(f"{row.terms['zh']}已按要求整理。", "").zh)


def _come_home(where: Centre, today: date, now: datetime) -> None:
    """Everybody of the last three days came home, and nearly everybody said so."""
    rows = []
    for shift in where.shifts:
        if shift.day < today - timedelta(days=3) or (shift.staff + shift.day.toordinal()) % 41 == 0:
            continue
        safe = shift.ends_at + timedelta(minutes=15 + (shift.staff * 7) % 70)
        if safe < now:
            rows.append(
                HomeSafe(
                    staff_id=shift.staff, day=shift.day, ended_at=shift.ends_at, safe_at=safe, said_by_id=shift.staff
                )
            )
    HomeSafe.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
