# SPDX-License-Identifier: Apache-2.0
"""The daily report: composed, corrected, sent to the director before its hour."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction

from zuoxi.messaging import services as messaging
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.reporting import presentation, selectors, thresholds
from zuoxi.reporting.daily_text import FIGURES, daily_text
from zuoxi.reporting.models import DailyReport
from zuoxi.vault.services import record
from zuoxi.web.marks import enforces

__all__ = ["NobodyToTell", "compose_daily", "correct_daily", "due_at", "send_daily"]

CHANNEL = "sms"


class NobodyToTell(LookupError):
    """Nobody holds the post that the report goes to, or he has no mobile number."""


@enforces("RPT-001")
def due_at(day: date) -> datetime:
    """The report of a day is due before this moment of the next, workday or not; that moment itself is late."""
    following = day + timedelta(days=1)
    hour = time.fromisoformat(str(thresholds.value("daily.deadline", following)))
    return datetime.combine(following, hour, tzinfo=selectors.site_zone())


@enforces("CALL-003")
def compose_daily(day: date, now: datetime) -> DailyReport:
    """Write the day's report, or bring it up to date; one that somebody corrected keeps its words."""
    query = selectors.day_query(day, figures=FIGURES)
    row = selectors.figures(query, now)[0]
    incomplete = presentation.why_incomplete(row)
    texts = {
        language: daily_text(language, day, row.figures, query.threshold, incomplete=bool(incomplete))
        for language in ("zh", "en")
    }
    values = {one.id: {"value": one.value, "version": one.version} for one in row.figures.values()}
    with transaction.atomic():
        report, made = DailyReport.objects.select_for_update().get_or_create(
            day=day,
            defaults={
                "due_at": due_at(day),
                "composed_at": now,
                "text_zh": texts["zh"],
                "text_en": texts["en"],
                "figures": values,
                "incomplete": incomplete[:300],
            },
        )
        if not made and report.edited_at is None and report.asked_at is None:
            report.text_zh, report.text_en, report.figures = texts["zh"], texts["en"], values
            report.composed_at, report.incomplete = now, incomplete[:300]
            report.save()
    return report


def correct_daily(report: DailyReport, text_zh: str, text_en: str, by: int, now: datetime) -> bool:
    """Change the words before it leaves; False when it has left."""
    changed = DailyReport.objects.filter(pk=report.pk, asked_at__isnull=True).update(
        text_zh=text_zh, text_en=text_en, edited_by=by, edited_at=now
    )
    return bool(changed)


def recipients(day: date) -> list[Staff]:
    """Whoever holds the post on that day and can be reached."""
    role = str(thresholds.value("daily.to_role", day))
    return [staff for staff in people.holders_of(role, day) if staff.mobile]


@enforces("RPT-001")
def send_daily(report: DailyReport, now: datetime, who: str = "") -> int:
    """Hand the report to the carrier for each recipient, once; returns how many. NobodyToTell when there is none."""
    found = recipients(now.astimezone(selectors.site_zone()).date())
    if not found:
        raise NobodyToTell
    with transaction.atomic():
        for staff in found:
            messaging.send(
                CHANNEL,
                staff.mobile,
                report.text_zh,
                to_name=staff.name,
                dedupe=f"{report.about}:{staff.code}",
                about=report.about,
            )
        if DailyReport.objects.filter(pk=report.pk, asked_at__isnull=True).update(asked_at=now):
            record("reporting.daily.sent", who=who, on=("day", report.day.isoformat()), to=[one.code for one in found])
    return len(found)
