# SPDX-License-Identifier: Apache-2.0
"""The demo's programs and web hooks. Nothing is sent: the addresses are of the domain that is nobody's."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zuoxi.gateway import applications, doors, outbox
from zuoxi.gateway.models import Application, Delivery, Happening, Subscription, Token, Try, UsedMinute
from zuoxi.gateway.subscriptions import new_secret
from zuoxi.people.models import Staff
from zuoxi.people.selectors import holders_of

_PROGRAMS = (
    ("mall-sync", "商城订单同步", "把订单与物流状态同步到商城后台", "OM", ("orders", "customers"), 300, 41),
    ("bi-report", "经营报表", "每小时取一次接通率与通话量", "DA", ("reporting", "telephony"), 60, 6),
    ("repair-app", "维修派工小程序", "读取工单并回写到场时间", "SM", ("tickets",), 120, 17),
)
_TOLD: tuple[tuple[str, dict[str, Any], tuple[int | None, ...]], ...] = (
    ("complaint.opened", {"id": 3, "number": "TS-DEMO-3", "severity": "serious", "customer_id": 12}, (204,)),
    ("complaint.answered", {"id": 3, "number": "TS-DEMO-3", "severity": "serious", "customer_id": 12}, (503, 204)),
    ("complaint.closed", {"id": 2, "number": "TS-DEMO-2", "severity": "ordinary", "customer_id": 9}, (204,)),
    (
        "complaint.opened",
        {"id": 5, "number": "TS-DEMO-5", "severity": "ordinary", "customer_id": 31},
        (500, None, None),
    ),
    ("complaint.opened", {"id": 6, "number": "TS-DEMO-6", "severity": "ordinary", "customer_id": 40}, (302, 302)),
)


def furnish(today: date) -> None:
    """Three programs with two weeks of calls; a web hook that works, with dead letters, and one switched off."""
    it = next(iter(holders_of("IT", today)), None)
    if it is None or Application.objects.exists():
        return
    now = timezone.now()
    with transaction.atomic():
        for row in _PROGRAMS:
            _program(row, today, now)
        _webhooks(it, now)


def _program(row: tuple[str, str, str, str, tuple[str, ...], int, int], today: date, now: datetime) -> None:
    code, name, purpose, position, packages, limit, calls = row
    owner = next(iter(holders_of(position, today)), None)
    if owner is None or owner.user is None:
        return
    held = owner.user.capabilities
    wanted = [one for one in doors.scopes() if one.partition(".")[0] in packages and doors.rights_of([one]) & held]
    made = applications.set_up(
        code, name=name, purpose=purpose, owner=owner, scopes=wanted, per_minute=limit, by="", now=now
    )
    token, _text = applications.issue(made.pk, days=180, by="", now=now)
    Token.objects.filter(pk=token.pk).update(
        created_at=now - timedelta(days=60), last_used_at=now - timedelta(minutes=7), last_used_from="203.0.113.20"
    )
    minutes = [_minute(made, today - timedelta(days=ago), hour, calls) for ago in range(14) for hour in range(8, 22)]
    UsedMinute.objects.bulk_create(one for one in minutes if one.minute < now)


def _minute(program: Application, day: date, hour: int, calls: int) -> UsedMinute:
    moment = timezone.make_aware(datetime.combine(day, time(hour, 5)))
    busy = calls * (3 if hour in (11, 20) else 1) + day.day % 5
    return UsedMinute(application=program, minute=moment, calls=busy, refused=busy // 90)


def _webhooks(it: Staff, now: datetime) -> None:
    told = ["complaint.answered", "complaint.closed", "complaint.opened"]
    works = _subscription("企业微信投诉群", "https://hooks.example.com/zuoxi/complaints", told, it, now)
    _subscription(
        "旧物流系统", "https://old-logistics.example.com/in", ["order.delivered", "order.refused"], it, now,
        enabled=False, off_because="the receiver says that it is gone for good (HTTP 410)",
    )  # fmt: skip
    for number, (kind, data, statuses) in enumerate(_TOLD):
        _delivery(works, kind, data, statuses, now - timedelta(hours=30 - 5 * number))


def _subscription(name: str, url: str, kinds: list[str], owner: Staff, now: datetime, **more: Any) -> Subscription:
    since = now - timedelta(days=60)
    return Subscription.objects.create(
        name=name, url=url, kinds=kinds, owner=owner, secret=new_secret(), created_at=since, **more
    )


def _delivery(
    there: Subscription, kind: str, data: dict[str, Any], statuses: tuple[int | None, ...], at: datetime
) -> None:
    happening = Happening.objects.create(
        uid=f"evt_demo_{there.pk}_{data['id']}_{kind}"[:40], kind=kind, at=at, data=data
    )
    good = statuses[-1] == 204
    tries = [_try(status, at + timedelta(seconds=30 * 2**number)) for number, status in enumerate(statuses)]
    row = Delivery.objects.create(
        subscription=there,
        happening=happening,
        state=Delivery.State.DELIVERED if good else Delivery.State.DEAD,
        created_at=at,
        ended_at=tries[-1].at,
        tries=len(tries),
        error="" if good else tries[-1].error or f"HTTP {statuses[-1]}",
    )
    for one in tries:
        one.delivery = row
    Try.objects.bulk_create(tries)


def _try(status: int | None, at: datetime) -> Try:
    errors = {302: outbox.REDIRECT.format(302), None: "ConnectTimeout: timed out"}
    answer = "ok" if status == 200 else ""
    return Try(at=at, status=status, error=errors.get(status, ""), answer=answer, milliseconds=87 if status else 5003)
