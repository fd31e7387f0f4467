# SPDX-License-Identifier: Apache-2.0
"""The month's sheet: confirmed by the leaders, compiled, compared, approved and locked. Nothing opens it again.

One ledger, several views (C-28): whoever signs stands for the same rows. A signature holds the digest of what it was
given for; when the rows have changed since, it is void and must be given anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zuoxi.attendance.models import DayRecord, MonthRecord, Sheet, Signature
from zuoxi.people.models import Staff, Team
from zuoxi.policy.marks import enforces
from zuoxi.vault import services as vault
from zuoxi.web.listed import listed

Step = Signature.Step
_NOUGHT = Decimal(0)
ORDER = (Step.LEADER, Step.RECEPTION, Step.ANALYST, Step.DEPUTY, Step.MANAGER)
_MONTH_COLUMNS = (
    "staff__code", "team_id", "due_days", "present_days", "late", "early", "absence_days", "unknown_days",
    "longest_run", "due_minutes", "worked_minutes",
)  # fmt: skip


class NotSigned(Exception):
    """Why this cannot be signed now, and what to do."""

    def __init__(self, message: str | Promise, remedy: str | Promise = "") -> None:
        super().__init__(str(message))
        self.message, self.remedy = message, remedy


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of some people's month, as one view of the ledger counts them."""

    people: int
    late: int
    early: int
    absence: str
    unknown: int


def digest_of(month: date, team_ids: Iterable[int] | None = None) -> str:
    """Names the rows of the month, of some teams or of all: another digest, other rows."""
    rows = MonthRecord.objects.filter(month=month)
    days = DayRecord.objects.filter(day__range=(month, _end(month)))
    if team_ids is not None:
        wanted = list(team_ids)
        rows = rows.filter(team_id__in=wanted)
        days = days.filter(staff_id__in=rows.values("staff_id"))
    hashed = blake2b(digest_size=24)
    for row in rows.order_by("staff__code").values_list(*_MONTH_COLUMNS):
        hashed.update(json.dumps(row, default=str).encode())
    for day in days.order_by("staff_id", "day", "part").values_list("staff_id", "day", "part", "status").iterator():
        hashed.update(f"{day[0]}{day[1]:%d}{day[2]}{day[3]}".encode())
    return hashed.hexdigest()


def _end(month: date) -> date:
    from zuoxi.attendance.computing import month_end

    return month_end(month)


def counted_by_months(month: date) -> Totals:
    """As the reception compiles it: from the people's months."""
    rows = list(MonthRecord.objects.filter(month=month).values_list("late", "early", "absence_days", "unknown_days"))
    absence = sum((row[2] for row in rows), start=_NOUGHT)
    return Totals(
        len(rows),
        sum(row[0] for row in rows),
        sum(row[1] for row in rows),
        f"{absence:.1f}",
        sum(row[3] for row in rows),
    )


def counted_by_days(month: date) -> Totals:
    """As the analyst counts it: from the days, without the months' help."""
    from zuoxi.attendance.judging import in_halves

    late = early = 0
    people: set[int] = set()
    absent: dict[tuple[int, date], list[Decimal]] = {}
    unknown: set[tuple[int, date]] = set()
    fields = ("staff_id", "day", "status", "late", "early", "absence_days")
    rows = DayRecord.objects.filter(day__range=(month, _end(month))).order_by().values_list(*fields)
    for staff, day, status, is_late, is_early, absence in rows.iterator():
        people.add(staff)
        if status in ("open", "unrostered"):
            continue
        late += is_late
        early += is_early
        if absence:
            absent.setdefault((staff, day), []).append(absence)
        if status in ("unknown", "error"):
            unknown.add((staff, day))
    days = sum((in_halves(sum(parts, start=_NOUGHT)) for parts in absent.values()), start=_NOUGHT)
    return Totals(len(people), late, early, f"{days:.1f}", len(unknown))


def standing(sheet: Sheet) -> list[Signature]:
    """Signatures that hold, in order."""
    return list(sheet.signatures.filter(void_at__isnull=True).select_related("by", "team").order_by("at", "pk"))


def void_outdated(sheet: Sheet, now: datetime) -> int:
    """Void the signatures whose rows have changed since, and the steps after them; how many."""
    if sheet.locked_at is not None:
        return 0
    held = standing(sheet)
    whole = digest_of(sheet.month) if held else ""
    gone = [one.pk for one in held if one.digest != (digest_of(sheet.month, [one.team_id]) if one.team_id else whole)]
    if not gone:
        return 0
    first = min(ORDER.index(Step(one.step)) for one in held if one.pk in gone)
    gone += [one.pk for one in held if ORDER.index(Step(one.step)) > max(first, 0)]
    return Signature.objects.filter(pk__in=set(gone), void_at__isnull=True).update(void_at=now)


@enforces("ATT-021", "ATT-022", "ATT-023")
@transaction.atomic
def sign(
    sheet: Sheet, step: str, staff: Staff, now: datetime, *, team: Team | None = None, note: str = ""
) -> Signature:
    """Sign one step. The manager's signature locks the month. Raises NotSigned.

    Two at once: the second is told that it is signed already.
    """
    sheet = Sheet.objects.select_for_update().get(pk=sheet.pk)
    if sheet.locked_at is not None:
        raise NotSigned(_("This month is locked."), _("What is known later is carried in the open month."))
    if sheet.computed_at is None:
        raise NotSigned(_("The month has not been computed yet."), _("Compute it first."))
    void_outdated(sheet, now)
    _may_follow(sheet, step, now)
    digest = digest_of(sheet.month, [team.pk] if team else None)
    try:
        with transaction.atomic():
            made = Signature.objects.create(
                sheet=sheet, team=team, step=step, by=staff, at=now, digest=digest, note=note[:400]
            )
    except IntegrityError as error:
        raise NotSigned(_("This has been signed already.")) from error
    vault.record(
        "attendance.sheet.signed",
        who=staff.code,
        on=("sheet", f"{sheet.month:%Y-%m}"),
        step=step,
        team=team.code if team else "",
        digest=digest,
    )
    if step == Step.MANAGER:
        Sheet.objects.filter(pk=sheet.pk).update(locked_at=now, digest=digest)
        vault.record("attendance.sheet.locked", who=staff.code, on=("sheet", f"{sheet.month:%Y-%m}"), digest=digest)
    return made


def _may_follow(sheet: Sheet, step: str, now: datetime) -> None:
    """The steps before are signed, the month is over, and the two ways of counting agree."""
    from django.utils import timezone

    if timezone.localdate(now) <= _end(sheet.month):
        raise NotSigned(_("The month is not over yet."), _("It is signed once its last day has passed."))
    held = standing(sheet)
    steps = {one.step for one in held}
    if step != Step.LEADER:
        missing = teams_missing(sheet, held)
        if missing:
            names = listed(str(team) for team in missing[:5])
            raise NotSigned(_("Not every team is confirmed yet."), names)
    for before in ORDER[1 : ORDER.index(Step(step))]:
        if before not in steps:
            raise NotSigned(_("The step before has not been signed."), Step(before).label)
    if step == Step.ANALYST and counted_by_months(sheet.month) != counted_by_days(sheet.month):
        raise NotSigned(_("The two ways of counting disagree."), _("Compute the month again."))


def teams_missing(sheet: Sheet, held: Iterable[Signature]) -> list[Team]:
    """Teams with people on the sheet and no confirmation that holds."""
    signed = {one.team_id for one in held if one.step == Step.LEADER}
    rows = MonthRecord.objects.filter(month=sheet.month, team__isnull=False).select_related("team")
    teams = {row.team_id: row.team for row in rows.order_by("team__code")}
    return [team for pk, team in teams.items() if pk not in signed and team is not None]
