# SPDX-License-Identifier: Apache-2.0
"""The ledger of balances: what a year gives, what is used, given back, corrected, and what expires. In days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.services import NotDone
from zuoxi.leave.accrual import AnnualFacts, judge_annual
from zuoxi.leave.models import Leave, LedgerEntry, ServiceYears
from zuoxi.people.models import Staff
from zuoxi.people.services import hold
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault

ANNUAL = "annual"
What = LedgerEntry.What
_NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Balance:
    """What somebody has of a kind on a day; `left` None: not known. `years` is what is left of each year, oldest first.

    `given` and `used` are of the year asked for; `why` is the finding of the entitlement, None where there is none.
    """

    kind: str
    left: Decimal | None
    given: Decimal
    used: Decimal
    years: tuple[tuple[int, Decimal], ...] = ()
    why: Finding | None = None


def entitlement(staff: Staff, year: int, handbook: Handbook | None = None) -> Finding:
    """What annual leave the year gives the person, by the handbook of its first day."""
    proved = ServiceYears.objects.filter(staff=staff).values_list("before_joining", flat=True).first()
    facts = AnnualFacts(year, staff.joined_on, staff.left_on, proved or _NOUGHT)
    return judge_annual(facts, (handbook or site_handbook()).on(date(year, 1, 1)))


def service_years(staff: Staff, on: date) -> Decimal | None:
    """Years of work on a day, proved ones before joining included; None: nobody knows when the person joined."""
    if staff.joined_on is None:
        return None
    proved = ServiceYears.objects.filter(staff=staff).values_list("before_joining", flat=True).first() or _NOUGHT
    joined = staff.joined_on
    whole = on.year - joined.year - ((on.month, on.day) < (joined.month, joined.day))
    return proved + max(whole, 0)


def by_year(staff_id: int, kind: str) -> dict[int, Decimal]:
    """Year of entitlement → what is left of it, oldest first."""
    rows = LedgerEntry.objects.filter(staff_id=staff_id, kind=kind).order_by("year")
    return {row["year"]: row["left"] for row in rows.values("year").annotate(left=Sum("amount"))}


def balance_of(staff: Staff, kind: str, on: date) -> Balance:
    """The balance as it stands; entitlements that the night has not written yet are counted. Two queries."""
    held: dict[int, Decimal] = {}
    accrued = used = _NOUGHT
    rows = LedgerEntry.objects.filter(staff=staff, kind=kind)
    for year, what, amount in rows.order_by("year").values_list("year", "what", "amount"):
        held[year] = held.get(year, _NOUGHT) + amount
        if year == on.year:
            accrued += amount if what == What.ACCRUAL else _NOUGHT
            used -= amount if what in (What.USE, What.RETURNED) else _NOUGHT
    why = entitlement(staff, on.year) if kind == ANNUAL else None
    if why is not None and not why.known and not held:
        return Balance(kind, None, _NOUGHT, _NOUGHT, (), why)
    if why is not None and why.known:
        held[on.year] = held.get(on.year, _NOUGHT) + Decimal(why.details["days"]) - accrued
    given = held.get(on.year, _NOUGHT) + used
    return Balance(kind, sum(held.values(), _NOUGHT), given, used, tuple(sorted(held.items())), why)


@dataclass(frozen=True, slots=True)
class YearLine:
    """One person's year of a kind, as the ledger has it: given, used, and what is left of all years."""

    given: Decimal
    used: Decimal
    left: Decimal


def by_person(staff_ids: Iterable[int], kind: str, year: int) -> dict[int, YearLine]:
    """Staff id → the year's line; people without any movement are absent. One query."""
    held: dict[int, list[Decimal]] = {}
    rows = LedgerEntry.objects.filter(staff_id__in=list(staff_ids), kind=kind)
    for staff_id, entry_year, what, amount in rows.values_list("staff_id", "year", "what", "amount"):
        line = held.setdefault(staff_id, [_NOUGHT, _NOUGHT, _NOUGHT])
        line[2] += amount
        if entry_year == year:
            line[1 if what in (What.USE, What.RETURNED) else 0] += amount
    return {staff_id: YearLine(given, -used, left) for staff_id, (given, used, left) in held.items()}


def _accrued(staff_id: int, kind: str, year: int) -> Decimal:
    rows = LedgerEntry.objects.filter(staff_id=staff_id, kind=kind, year=year, what=What.ACCRUAL)
    return rows.aggregate(n=Sum("amount"))["n"] or _NOUGHT


def _lock(staff_id: int) -> None:
    """One writer of a person's balance at a time."""
    hold(staff_id)


@transaction.atomic
@enforces("ATT-035")
def accrue(staff: Staff, year: int, now: datetime) -> Decimal | None:
    """Bring the year's annual entitlement up to what the person is due; what was added, None where nobody knows."""
    finding = entitlement(staff, year)
    if not finding.known:
        return None
    _lock(staff.pk)
    due = Decimal(finding.details["days"])
    missing = due - _accrued(staff.pk, ANNUAL, year)
    if missing:
        done = LedgerEntry.objects.filter(staff=staff, kind=ANNUAL, year=year, what=What.ACCRUAL).count()
        LedgerEntry.objects.create(
            staff=staff,
            kind=ANNUAL,
            year=year,
            what=What.ACCRUAL,
            amount=missing,
            on=date(year, 1, 1),
            made_at=now,
            key=f"accrual:{ANNUAL}:{year}:{staff.pk}:{done}",
        )
    return missing


@transaction.atomic
def use(leave: Leave, now: datetime) -> None:
    """Take the leave from the balance, the oldest year first. Raises NotDone when it does not cover it."""
    _lock(leave.staff_id)
    if leave.kind == ANNUAL:
        accrue(leave.staff, leave.first_on.year, now)
    left = leave.days
    for year, held in by_year(leave.staff_id, leave.kind).items():
        part = min(max(held, _NOUGHT), left)
        if part:
            _write(leave, year, What.USE, -part, now)
            left -= part
    if left:
        raise NotDone(
            _("The balance no longer covers this leave."),
            _("Ask for fewer days, or let human resources look at the balance."),
        )


@transaction.atomic
def give_back(leave: Leave, days: Decimal, now: datetime) -> None:
    """Put days of a leave back, into the youngest year that it was taken from first."""
    _lock(leave.staff_id)
    rows = LedgerEntry.objects.filter(leave=leave).values("year").annotate(net=Sum("amount")).order_by("-year")
    for row in rows:
        part = min(-row["net"], days)
        if part > 0:
            _write(leave, row["year"], What.RETURNED, part, now)
            days -= part


def _write(leave: Leave, year: int, what: str, amount: Decimal, now: datetime) -> None:
    done = LedgerEntry.objects.filter(leave=leave).count()
    LedgerEntry.objects.create(
        staff_id=leave.staff_id,
        kind=leave.kind,
        year=year,
        what=what,
        amount=amount,
        on=leave.first_on,
        leave=leave,
        made_at=now,
        key=f"leave:{leave.pk}:{done}",
    )


@transaction.atomic
def adjust(
    staff: Staff, kind: str, year: int, amount: Decimal, *, reason: str, by: str, now: datetime, may_owe: bool = False
) -> LedgerEntry:
    """Grant or correct a balance by hand. Raises NotDone without a reason, for nought, or when it would fall below
    nought and nobody said that it may."""
    if not reason.strip():
        raise NotDone(_("A balance is changed only with a reason."), _("Write down why."))
    if not amount:
        raise NotDone(_("Nought days change nothing."), _("Enter how many days are added or taken away."))
    _lock(staff.pk)
    left = sum(by_year(staff.pk, kind).values(), _NOUGHT)
    if left + amount < 0 and not may_owe:
        raise NotDone(
            _("The balance would fall below nought."), _("Take away fewer days, or tick that it may be owed.")
        )
    done = LedgerEntry.objects.filter(staff=staff, kind=kind, year=year).count()
    row = LedgerEntry.objects.create(
        staff=staff,
        kind=kind,
        year=year,
        what=What.GRANT if amount > 0 else What.CORRECTION,
        amount=amount,
        on=timezone.localdate(now),
        reason=reason.strip()[:400],
        by=by,
        made_at=now,
        key=f"hand:{kind}:{year}:{staff.pk}:{done}:{now.timestamp()}",
    )
    vault.record(
        "leave.balance.changed", who=by, on=("staff", staff.code), kind=kind, year=year, amount=str(amount), why=reason
    )
    return row


@transaction.atomic
def expire(staff_id: int, kind: str, year: int, on: date, now: datetime) -> Decimal:
    """What is left of a year comes to its end; how much that was. Twice the same day does nothing more."""
    _lock(staff_id)
    left = by_year(staff_id, kind).get(year, _NOUGHT)
    if left <= 0:
        return _NOUGHT
    done = LedgerEntry.objects.filter(staff_id=staff_id, kind=kind, year=year, what=What.EXPIRY).count()
    LedgerEntry.objects.create(
        staff_id=staff_id,
        kind=kind,
        year=year,
        what=What.EXPIRY,
        amount=-left,
        on=on,
        made_at=now,
        key=f"expiry:{kind}:{year}:{staff_id}:{done}",
    )
    return left


@transaction.atomic
def forfeit(staff: Staff, year: int, finding: Finding, on: date, now: datetime) -> Decimal:
    """Annual leave of the year is lost (PAY-009); how many days. Balances that are used up already lose nothing."""
    accrue(staff, year, now)
    _lock(staff.pk)
    left = by_year(staff.pk, ANNUAL).get(year, _NOUGHT)
    key = f"forfeit:{year}:{staff.pk}"
    if left <= 0 or LedgerEntry.objects.filter(key=key).exists():
        return _NOUGHT
    LedgerEntry.objects.create(
        staff=staff,
        kind=ANNUAL,
        year=year,
        what=What.FORFEIT,
        amount=-left,
        on=on,
        reason=finding.why.zh,
        made_at=now,
        key=key,
    )
    vault.record("leave.balance.forfeited", on=("staff", staff.code), year=year, days=str(left))
    return left


def expiry_day(year: int, months: int) -> date:
    """The first day on which leave of the year may no longer be taken."""
    return date(year + 1 + months // 12, months % 12 + 1, 1)


def yearly(staff: Iterable[Staff], today: date, now: datetime) -> dict[str, int]:
    """Accrue this year for everybody, and expire what the handbook no longer carries."""
    counts = {"accrued": 0, "expired": 0, "unknown": 0}
    for one in staff:
        added = accrue(one, today.year, now)
        counts["unknown" if added is None else "accrued"] += 1 if added is None or added else 0
    reading = site_handbook().on(today)
    for kind, figure in (
        (ANNUAL, "leave.annual.carried_months"),
        ("rest_exchange", "leave.rest_exchange.carried_months"),
    ):
        months = reading.whole(figure)
        old = LedgerEntry.objects.filter(kind=kind, year__lt=today.year).order_by().values_list("staff_id", "year")
        for staff_id, year in set(old):
            if today >= expiry_day(year, months) and expire(staff_id, kind, year, today, now):
                counts["expired"] += 1
    return counts


@transaction.atomic
def prove_years(staff: Staff, years: Decimal, *, note: str, by: str, now: datetime) -> ServiceYears:
    """Write down the proved years of work before joining; this year's entitlement follows."""
    row, _made = ServiceYears.objects.update_or_create(
        staff=staff, defaults={"before_joining": years, "note": note[:400], "by": by, "at": now}
    )
    vault.record("leave.service.proved", who=by, on=("staff", staff.code), years=str(years))
    accrue(staff, timezone.localdate(now).year, now)
    return row
