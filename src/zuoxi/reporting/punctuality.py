# SPDX-License-Identifier: Apache-2.0
"""Whether reports came in time: a judgement of when their messages really left (RPT-033)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zuoxi.messaging import selectors as messaging
from zuoxi.messaging.models import Message
from zuoxi.reporting.models import DailyReport
from zuoxi.web.marks import enforces


class Standing(StrEnum):
    PUNCTUAL = "punctual"
    LATE = "late"
    MISSING = "missing"
    NOT_DUE = "not_due"


@enforces("RPT-001")
def judge(sent_at: Sequence[datetime | None], due_at: datetime, now: datetime) -> Standing:
    """All of a report's messages must have left before the deadline; the deadline itself is late."""
    left = [at for at in sent_at if at is not None]
    if sent_at and len(left) == len(sent_at):
        return Standing.PUNCTUAL if max(left) < due_at else Standing.LATE
    return Standing.NOT_DUE if now < due_at else Standing.MISSING


@dataclass(frozen=True, slots=True)
class Followed:
    """A report, its messages, and how it stands. `sent_at`: when the last of them left; None while one has not."""

    report: DailyReport
    messages: list[Message]
    standing: Standing
    sent_at: datetime | None


def followed(reports: Sequence[DailyReport], now: datetime) -> list[Followed]:
    """The reports with what became of them; one query for all of their messages."""
    found = messaging.messages_about([report.about for report in reports])
    return [_followed(report, found.get(report.about, []), now) for report in reports]


def _followed(report: DailyReport, messages: list[Message], now: datetime) -> Followed:
    times = [message.sent_at for message in messages]
    left = [at for at in times if at is not None]
    last = max(left) if left and len(left) == len(times) else None
    return Followed(report, messages, judge(times, report.due_at, now), last)


@enforces("RPT-033")
def punctual_share(reports: Sequence[Followed]) -> tuple[int, int]:
    """How many of those that are due came in time, and how many are due; what is not due yet does not count."""
    due = [one for one in reports if one.standing is not Standing.NOT_DUE]
    return sum(1 for one in due if one.standing is Standing.PUNCTUAL), len(due)
