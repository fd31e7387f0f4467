# SPDX-License-Identifier: Apache-2.0
"""The demo's hospital: files of sixty days, check-ups, the clinic, rounds, cards."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from zuoxi.followups import opinions
from zuoxi.followups.demo_cast import DAY, DAYS, HOUR, Cast
from zuoxi.followups.handbook import DEPARTMENTS
from zuoxi.followups.models import CardStock, CheckupFinding, ClinicVisit, DischargedPatient, WardVisit

_NAMES = ("赵演", "钱演", "孙演", "李演", "周演", "吴演", "郑演", "王演", "冯演", "陈演")


def files(cast: Cast) -> None:
    """Files of sixty days: most with a number, one in twenty wrong; check-ups; the clinic; rounds."""
    dice, today = cast.dice, timezone.localdate(cast.now)
    departments = [body.label.zh for body in cast.handbook.entries(DEPARTMENTS).values()][:4] or ["内科"]
    DischargedPatient.objects.bulk_create(
        DischargedPatient(
            record=f"ZY{1000 + n}",
            name=dice.choice(_NAMES),
            number="" if n % 20 == 7 else f"100{n:08}",
            number_good=False if n % 20 == 7 else None,
            department=dice.choice(departments),
            doctor=dice.choice(("甲医生", "乙医生", "丙医生")),
            discharged_on=today - timedelta(days=dice.randint(0, DAYS)),
            quiet=[["12:00", "15:30"]] if n % 9 == 0 else [],
            card_given=True,
            made_at=cast.now,
        )
        for n in range(180)
    )
    CheckupFinding.objects.bulk_create(_checkup(cast, n, today) for n in range(160))
    clinic = []
    for n in range(120):
        at = cast.now + timedelta(days=dice.randint(-30, 6), hours=dice.randint(-3, 3))
        past = at < cast.now - HOUR
        missed = past and n % 50 == 3
        clinic.append(
            ClinicVisit(
                name=dice.choice(_NAMES),
                number=f"100{5000 + n:08}",
                department=dice.choice(departments),
                booked_for=at,
                arrived_at=at if past and not missed and n % 41 else None,
                absent_reason=dice.choice(("better", "forgot", "time")) if missed else "",
                made_at=at - 3 * DAY,
            )
        )
    ClinicVisit.objects.bulk_create(clinic)
    WardVisit.objects.bulk_create(
        WardVisit(
            visited_on=today - timedelta(days=3 * n),
            ward=dice.choice(departments),
            by=dice.choice(cast.agents),
            patients=dice.randint(6, 18),
            note=dice.choice(("开水供应晚，已告知后勤", "对护理满意", "想提前知道检查时间")),
            made_at=cast.now,
        )
        for n in range(14)
    )


def _checkup(cast: Cast, n: int, today: date) -> CheckupFinding:
    dice, positive = cast.dice, n % 12 < 7
    day = today - timedelta(days=dice.randint(1, DAYS))
    followed = datetime.combine(day, time(15), cast.handbook.zone) + DAY if positive and n % 3 == 0 else None
    return CheckupFinding(
        record=f"TJ{2000 + n}",
        name=dice.choice(_NAMES),
        number=f"100{8000 + n:08}",
        checked_on=day,
        item=dice.choice(("血压偏高", "血糖偏高", "甲状腺结节")) if positive else "",
        positive=positive,
        taught_at=followed,
        followed_at=followed,
        came_at=followed + 4 * DAY if followed and n % 27 == 0 else None,
        referred=bool(followed) and n % 15 == 0,
        benefit=bool(followed) and n % 18 == 0,
        made_at=cast.now,
    )


def cards(cast: Cast) -> None:
    if CardStock.objects.exists():
        return
    today = timezone.localdate(cast.now)
    for move, cards, back in (("stocked", 600, 50), ("given", 430, 30), ("back", 372, 5)):
        day = today - timedelta(days=back)
        opinions.count_cards(move, cards, day=day, by=cast.lead, now=cast.now)
