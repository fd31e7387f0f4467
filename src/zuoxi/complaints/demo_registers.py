# SPDX-License-Identifier: Apache-2.0
"""The demo's praise, suggestions and inspections."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from zuoxi.complaints.demo_cast import Cast, moment, somebody, team_then
from zuoxi.complaints.demo_words import (
    DAYS,
    PRAISED,
    PRAISES,
    ROUNDS,
    ideas_of,
)
from zuoxi.complaints.models import Complaint, InspectionMark, Praise, Suggestion, Verification
from zuoxi.policy.selectors import site_handbook


def praises(cast: Cast, today: date, chance: random.Random, complaints: list[Complaint]) -> None:
    now = timezone.now()
    rows = []
    for number in range(PRAISES):
        at = moment(today - timedelta(days=chance.randint(0, DAYS)), chance.randint(8, 20), chance.randint(0, 59))
        at = min(at, now - timedelta(minutes=15))
        kind, words = PRAISED[number % len(PRAISED)]
        staff = chance.choice(cast.agents) if number % 11 else None
        rows.append(
            Praise(
                source=chance.choice(("call", "call", "follow_up", "survey", "letter")),
                kind=kind,
                words=words,
                customer=somebody(cast, number + 300),
                staff=staff,
                team=team_then(staff, timezone.localdate(at)),
                first_receiver=chance.choice(cast.agents),
                received_at=at,
                made_at=at,
            )
        )
    rows[0].complaint = next((one for one in complaints if one.source == "call"), None)
    rows.sort(key=lambda one: one.received_at)
    checks = []
    for place, one in enumerate(rows, 1):
        one.number = f"BY{timezone.localdate(one.received_at):%y%m%d}-{place:05d}"
        done = one.received_at < now - timedelta(days=3)
        if done:
            one.state = "confirmed" if one.staff and place % 9 else "refuted"
            one.points = Decimal(1) if one.state == "confirmed" else None
        check = Verification(praise=one, asked_at=one.received_at, due_at=one.received_at + timedelta(hours=72))
        if done:
            check.verifier, check.verified_at = cast.trainer, one.received_at + timedelta(hours=30)
            check.evidence, check.text = "recording", "录音属实" if one.state == "confirmed" else "未能确认到人"
            check.result = "justified" if one.state == "confirmed" else "open"
        checks.append(check)
    Praise.objects.bulk_create(rows, batch_size=200)
    Verification.objects.bulk_create(checks, batch_size=200)


def registers(cast: Cast, today: date, chance: random.Random) -> None:
    office = site_handbook().on(today).text("complaint.office")
    ideas = []
    said = ideas_of(settings.PACK) * 2
    for place, words in enumerate(said):
        at = moment(today - timedelta(days=place * 5 + 1), 10 + place % 8)
        sent = at + timedelta(hours=3) if place > 1 else None
        replied = at + timedelta(days=4) if place > 4 else None
        ideas.append(
            Suggestion(
                number=f"JY{timezone.localdate(at):%y%m%d}-{len(said) - place:05d}",
                words=words,
                first_receiver=chance.choice(cast.agents),
                received_at=at,
                forwarded_to=office if sent else "",
                forwarded_at=sent,
                forwarded_by=cast.supervisor if sent else None,
                reply="已采纳，下月起执行" if replied and place % 2 else "已答复客户，暂不采纳" if replied else "",
                adopted=bool(place % 2) if replied else None,
                replied_at=replied,
                replied_by=cast.manager if replied else None,
            )
        )
    Suggestion.objects.bulk_create(ideas)
    marks = []
    for number in range(40):
        unit, item = ROUNDS[number % len(ROUNDS)]
        day = today - timedelta(days=number * 8)
        marks.append(
            InspectionMark(
                day=day,
                unit=unit,
                item=item,
                points=Decimal(chance.choice(("0.5", "1", "1", "2"))),
                by=cast.supervisor,
                made_at=moment(day, 9),
            )
        )
    InspectionMark.objects.bulk_create(marks)
