# SPDX-License-Identifier: Apache-2.0
"""What people know and the history does not: edits of hours, and events with a name."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from zuoxi.people.models import Staff
from zuoxi.policy.marks import records
from zuoxi.vault.services import record
from zuoxi.workforce.demand_models import DemandEvent, ForecastEdit

HALF_HOUR = timedelta(minutes=30)


@records("SCH-001")
@transaction.atomic
def edit_forecast(
    queue: str,
    starts_at: datetime,
    ends_at: datetime,
    *,
    kind: str,
    value: float,
    reason: str,
    by: Staff,
    now: datetime,
) -> ForecastEdit:
    """Put a factor or calls over some hours, with the reason; the reckoned figures stay beneath."""
    made = ForecastEdit.objects.create(
        queue=queue, starts_at=starts_at, ends_at=ends_at, kind=kind, value=value, reason=reason[:200], by=by, at=now
    )
    record(
        "workforce.forecast.edited", who=by.code, on=("forecast_edit", made.pk), at=now, queue=queue, kind=kind,
        value=value, since=starts_at.isoformat(), until=ends_at.isoformat(),
    )  # fmt: skip
    return made


@transaction.atomic
def withdraw_edit(edit: ForecastEdit, *, by: Staff, now: datetime) -> bool:
    """The reckoned figures count again; False when somebody else has withdrawn it already."""
    rows = ForecastEdit.objects.filter(pk=edit.pk, withdrawn_at__isnull=True)
    done = rows.update(withdrawn_at=now, withdrawn_by=by)
    if done:
        record("workforce.forecast.withdrawn", who=by.code, on=("forecast_edit", edit.pk), at=now, queue=edit.queue)
    return bool(done)


@records("SCH-001", "SCH-009")
@transaction.atomic
def keep_event(
    *, name: str, queue: str, first: date, last: date, minutes: tuple[int, int], effect: float | None, note: str,
    by: Staff, now: datetime,
) -> DemandEvent:  # fmt: skip
    """Write down an event; the next reckoning knows it."""
    made = DemandEvent.objects.create(
        name=name, queue=queue, first=first, last=last, from_minute=minutes[0], to_minute=minutes[1], effect=effect,
        note=note[:200], by=by, at=now,
    )  # fmt: skip
    record("workforce.forecast.event", who=by.code, on=("demand_event", made.pk), at=now, name=name, effect=effect)
    return made


@transaction.atomic
def withdraw_event(event: DemandEvent, *, by: Staff, now: datetime) -> bool:
    """The event does not count from the next reckoning on; False when it was withdrawn already."""
    done = DemandEvent.objects.filter(pk=event.pk, withdrawn_at__isnull=True).update(withdrawn_at=now)
    if done:
        record("workforce.forecast.event_withdrawn", who=by.code, on=("demand_event", event.pk), at=now)
    return bool(done)
