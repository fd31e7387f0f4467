# SPDX-License-Identifier: Apache-2.0
"""A closed month judged again under an amended handbook, and until when the books are closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from django.utils.translation import pgettext_lazy

from zuoxi.attendance import ledger
from zuoxi.attendance.computing import PersonMonth, compute_twice, month_end
from zuoxi.attendance.models import Sheet
from zuoxi.attendance.recomputing import BATCH, open_runs, people_of
from zuoxi.attendance.verdicts import DayVerdict
from zuoxi.attendance.writing import without_collecting
from zuoxi.people.selectors import staff_names, team_codes
from zuoxi.policy import closing
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.replays import Changed, Progress, replay

_SETTLED: Final = timedelta(days=40)
"""How long after a month it is judged as settled: every day for notes has passed."""


def computed_months() -> list[date]:
    """Months that have been computed, latest first."""
    return list(Sheet.objects.filter(computed_at__isnull=False).order_by("-month").values_list("month", flat=True))


def closed_until() -> date | None:
    """The last day of the last locked month."""
    month = Sheet.objects.filter(locked_at__isnull=False).order_by("-month").values_list("month", flat=True).first()
    return month_end(month) if month else None


closing.provide("attendance", closed_until)


@replay("attendance", pgettext_lazy("ledger", "Attendance"), months=computed_months)
def again(before: Handbook, after: Handbook, month: date, progress: Progress) -> Iterator[Changed]:
    """Every day and month that comes out otherwise; read once, nothing written.

    Judged a second time only where the amendment can be felt.
    """
    now = datetime.combine(month_end(month) + _SETTLED, time(), before.zone)
    everybody = people_of(month)
    names, teams = staff_names(everybody), team_codes()
    for start in range(0, len(everybody), BATCH):
        batch = everybody[start : start + BATCH]
        with without_collecting():
            facts = ledger.read(month, month_end(month), before, batch)
            runs = open_runs(month, batch)
            for old, new in compute_twice(facts, month, (before, after), runs, now):
                code, name = names.get(old.staff_id, ("", ""))
                team = teams.get(facts.teams.get(old.staff_id) or 0, "")
                yield from _differences(old, new, (code, name, team))
        progress(min(start + BATCH, len(everybody)), len(everybody), "")


def _differences(old: PersonMonth, new: PersonMonth, who: tuple[str, str, str]) -> Iterator[Changed]:
    days = {(one.day, one.part): one for one in new.days}
    for one in old.days:
        other = days.get((one.day, one.part))
        for before, after in _pairs(one, other) if other and other is not one else ():
            yield Changed(old.staff_id, *who, one.day, before, after)
    first, second = old.month.finding, new.month.finding
    if first is not None and second is not None and _says(first) != _says(second):
        yield Changed(old.staff_id, *who, None, first, second, _fine(first) - _fine(second))


def _pairs(old: DayVerdict, new: DayVerdict) -> Iterator[tuple[Finding, Finding]]:
    for name, before in old.findings.items():
        after = new.findings.get(name)
        if after is not None and _says(before) != _says(after):
            yield before, after


def _says(finding: Finding) -> tuple[object, ...]:
    return finding.outcome, tuple(sorted((key, str(value)) for key, value in finding.details.items()))


def _fine(finding: Finding) -> Decimal:
    return Decimal(str(finding.details.get("fine_yuan", 0)))
