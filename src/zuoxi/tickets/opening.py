# SPDX-License-Identifier: Apache-2.0
"""Opening hours and deadlines as a handbook has them, given to the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from zuoxi.policy.calendars import calendar_of
from zuoxi.policy.handbook import Handbook, Reading
from zuoxi.tickets import clock
from zuoxi.tickets.handbook import SERVICE_HOURS, DeadlineBody

_MINUTES = {"minutes": 1, "hours": 60, "business_minutes": 1, "business_hours": 60}


def hours_of(handbook: Handbook, key: str) -> clock.BusinessHours:
    """The opening hours of that key. Raises NoSuchEntry."""
    body = handbook.entry(SERVICE_HOURS, key)
    works = calendar_of(handbook, body.calendar).is_working_day if body.calendar else clock.always
    return clock.BusinessHours(
        handbook.zone,
        tuple(clock.interval(one) for one in body.intervals),
        works,
        {day: tuple(clock.interval(one) for one in given) for day, given in body.weekdays.items()},
        {day: tuple(clock.interval(one) for one in given) for day, given in body.special.items()},
    )


def due_by(
    deadline: DeadlineBody, received: datetime, reading: Reading, pauses: Iterable[clock.Pause] = ()
) -> datetime | None:
    """Until when; None while an open pause keeps it from coming."""
    if deadline.counts == "same_day":
        return clock.end_of_working_day(lambda _day: True, reading.zone, received, 0, pauses)
    if deadline.counts == "working_days":
        works = calendar_of(reading.handbook).is_working_day
        return clock.end_of_working_day(works, reading.zone, received, reading.whole(deadline.within), pauses)
    amount = timedelta(minutes=float(reading.number(deadline.within)) * _MINUTES[deadline.counts])
    if deadline.counts.startswith("business_"):
        return clock.due(hours_of(reading.handbook, deadline.hours), received, amount, pauses)
    return clock.due(clock.around_the_clock(reading.zone), received, amount, pauses)
