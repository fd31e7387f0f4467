# SPDX-License-Identifier: Apache-2.0
"""What happens when leave is granted, and when its papers do not come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.kinds import Owed
from zuoxi.approvals.models import Request
from zuoxi.approvals.services import Sentence, notify, owe
from zuoxi.leave import ledger
from zuoxi.leave.accrual import ForfeitFacts
from zuoxi.leave.asking import papers_for, picture_of, uses_place
from zuoxi.leave.contacts import plan_contacts
from zuoxi.leave.counting import Count
from zuoxi.leave.kinds import LEAVE_DOCUMENTS, LEAVE_KINDS, LeaveDocumentBody, LeaveKindBody, kind_label
from zuoxi.leave.models import Leave, LeaveDay, LeaveState
from zuoxi.leave.places import duty_for
from zuoxi.leave.site_days import site_calendar
from zuoxi.leave.wishes import Wish, count_of
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_by_code, staff_of, superior_of
from zuoxi.policy.marks import enforces
from zuoxi.policy.rulebook import judge, rules
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault
from zuoxi.workforce import selectors as workforce

_NOUGHT = Decimal(0)
_DAY = timedelta(days=1)
_SEARCH = 31  # days in which the return to the roster is looked for


def grant(request: Request) -> None:
    """Write the leave with its days, take it from the balance, plan the contacts. In the decision's transaction."""
    now = request.decided_at or timezone.now()
    wish = Wish.of(request.data)
    kind = site_handbook().entry(LEAVE_KINDS, wish.kind)
    count = count_of(request.applicant, wish, kind)
    leave = _leave(request, wish, count, now)
    _days(leave, kind, wish, count)
    if kind.balance:
        ledger.use(leave, now)
    plan_contacts(leave)
    _forfeit(leave, now)
    vault.record("leave.granted", on=("staff", leave.staff.code), leave=leave.pk, days=str(leave.days), kind=leave.kind)


def _leave(request: Request, wish: Wish, count: Count, now: datetime) -> Leave:
    by = request.submitted_by
    writer = staff_of(by) if by is not None else None
    return Leave.objects.create(
        staff=request.applicant,
        kind=wish.kind,
        first_on=wish.asked.first_on,
        last_on=wish.asked.last_on,
        first_part=wish.asked.first_part,
        last_part=wish.asked.last_part,
        starts_at=count.starts_at,
        ends_at=count.ends_at,
        days=count.days,
        basis=count.basis,
        channel=wish.channel,
        reason=wish.reason,
        handover=wish.handover,
        emergency=wish.emergency,
        recorded_by=writer if writer is not None and writer.pk != request.applicant_id else None,
        asked_at=request.submitted_at,
        decided_at=now,
        request=request,
        finding=request.finding,
        extends_id=wish.extends,
        stand_in=staff_by_code(wish.stand_in) if wish.stand_in else None,
    )


def _days(leave: Leave, kind: LeaveKindBody, wish: Wish, count: Count) -> None:
    counts = uses_place(kind, wish)
    duties = duty_for(leave.staff, count.pieces) if counts else {}
    pays = _pays(leave, kind, count)
    LeaveDay.objects.bulk_create(
        LeaveDay(
            leave=leave,
            staff=leave.staff,
            day=piece.day,
            starts_at=piece.starts_at,
            ends_at=piece.ends_at,
            share=piece.share,
            shift=piece.shift,
            counts=counts,
            duty=duties.get(piece.day),
            paid=paid,
        )
        for piece, paid in zip(count.pieces, pays, strict=True)
    )
    leave.paid = pays[0] if len(set(pays)) == 1 else None
    leave.save(update_fields=["paid"])


@enforces("ATT-028", "PAY-010")
def _pays(leave: Leave, kind: LeaveKindBody, count: Count) -> list[bool | None]:
    """Whether each day is paid: where the pack pays so many days a month, the first of each month are (PAY-010)."""
    if not kind.paid_days_a_month:
        return [kind.paid] * len(count.pieces)
    left: dict[tuple[int, int], Decimal] = {}
    pays: list[bool | None] = []
    for piece in count.pieces:
        month = (piece.day.year, piece.day.month)
        if month not in left:
            most = site_handbook().on(piece.day).number(kind.paid_days_a_month)
            left[month] = most - _paid_in(leave, month)
        paid = left[month] >= piece.share
        left[month] -= piece.share if paid else _NOUGHT
        pays.append(paid or kind.paid)
    return pays


def _paid_in(leave: Leave, month: tuple[int, int]) -> Decimal:
    rows = LeaveDay.objects.filter(
        staff=leave.staff, leave__kind=leave.kind, leave__state=LeaveState.APPROVED, paid=True
    )
    return rows.filter(day__year=month[0], day__month=month[1]).aggregate(n=Sum("share"))["n"] or _NOUGHT


@enforces("ATT-028", "PAY-009")
def _forfeit(leave: Leave, now: datetime) -> None:
    """Where the pack says so, much personal leave costs the annual leave of the year; the person is told."""
    handbook = site_handbook()
    if leave.kind != "personal" or not rules()["leave.forfeit"].in_pack(handbook):
        return
    rows = LeaveDay.objects.filter(staff=leave.staff, leave__kind="personal", leave__state=LeaveState.APPROVED)
    months = {(day.year, day.month) for day in leave.taken.values_list("day", flat=True)}
    for year, month in sorted(months):
        year_rows = rows.filter(day__year=year)
        facts = ForfeitFacts(
            year_rows.filter(day__month=month).aggregate(n=Sum("share"))["n"] or _NOUGHT,
            year_rows.aggregate(n=Sum("share"))["n"] or _NOUGHT,
        )
        finding = judge("leave.forfeit", facts, handbook, leave.last_on)
        if finding.outcome == "forfeited":
            ledger.forfeit(leave.staff, year, finding, leave.last_on, now)
            notify(leave.staff, finding.why, dedupe=f"leave:forfeit:{year}:{leave.staff_id}")


def owed_for(request: Request) -> list[Owed]:
    """The papers that the leave still needs after it was granted, with the moment until which each is taken."""
    leave = Leave.objects.filter(request=request).select_related("staff").first()
    if leave is None:
        return []
    picture = picture_of(request.applicant, Wish.of(request.data), request.submitted_at, but=request)
    owed = owed_now(leave, papers_for(picture).items())
    if leave.extends is not None and leave.extends.request is not None:
        _wait_longer(leave.extends.request, leave)
    return owed


def owed_now(leave: Leave, papers: Iterable[tuple[str, LeaveDocumentBody]]) -> list[Owed]:
    """Papers with the moment until which each is taken, as the leave stands."""
    back = back_day(leave)
    return [
        Owed(code, cast(Any, body.label), due_of(body, leave, back))
        for code, body in papers
        if body.due != "with_request"
    ]


def _wait_longer(before: Request, leave: Leave) -> None:
    """Papers of a leave that was prolonged are due after the whole of it."""
    codes = set(before.papers.values_list("code", flat=True))
    for owed in owed_now(leave, papers_of(codes)):
        owe(before, owed)


def papers_of(codes: Iterable[str]) -> list[tuple[str, LeaveDocumentBody]]:
    """The pack's papers of these codes; codes that the pack no longer has are passed over."""
    known = site_handbook().entries(LEAVE_DOCUMENTS)
    return [(code, known[code]) for code in codes if code in known]


def back_day(leave: Leave) -> date:
    """The first day at work after the leave: on the roster, and where there is none yet the next working day."""
    first = leave.back_on or leave.last_on + _DAY
    rostered = workforce.rostered_days(leave.staff_id, first, first + _DAY * _SEARCH)
    if rostered:
        return rostered[0]
    calendar = site_calendar()
    return first if calendar.is_working_day(first) else calendar.add_working_days(first, 1)


@enforces("ATT-013", "ATT-015", "ATT-032", "ATT-036")
def due_of(body: LeaveDocumentBody, leave: Leave, back: date) -> datetime:
    """The last moment for a paper: hours run exactly, days to the end of the day. Without a figure: the day back."""
    reading = site_handbook().on(leave.first_on)
    figure = reading.figure(body.within) if body.within else None
    begin = leave.starts_at if body.due == "absence_began" else None
    if figure is not None and figure.unit == "hours":
        base = begin or datetime.combine(back, time(), reading.zone)
        return base + timedelta(hours=float(figure.value))
    start = begin.astimezone(reading.zone).date() if begin else back
    amount = int(figure.value) if figure is not None else 0
    if figure is not None and figure.unit == "working_days":
        day = site_calendar().add_working_days(start, amount) if amount else start
    else:
        day = start + _DAY * amount
    return datetime.combine(day + _DAY, time(), reading.zone)


@enforces("ATT-013", "ATT-015", "ATT-026")
def lapse(request: Request) -> None:
    """The papers did not come: the days are absence from now on (ATT-013, ATT-015), and the balance gets them back."""
    leave = Leave.objects.select_for_update().filter(request=request, state=LeaveState.APPROVED).first()
    if leave is None:
        return
    now = timezone.now()
    leave.state = LeaveState.LAPSED
    leave.closing_note = str(_("The papers did not come in time."))
    leave.save(update_fields=["state", "closing_note"])
    ledger.give_back(leave, leave.days, now)
    leave.contacts.filter(state="due").update(state="dropped")
    vault.record("leave.lapsed", on=("staff", leave.staff.code), leave=leave.pk)
    _tell_leader(leave)


def _tell_leader(leave: Leave) -> None:
    leader = leader_of(leave.staff, leave.last_on)
    if leader is not None:
        text = Sentence(
            _("%(kind)s of %(name)s has lapsed to absence: the papers did not come"),
            kind=kind_label(leave.kind),
            name=leave.staff.name,
        )
        notify(leader, text, dedupe=f"leave:lapsed:{leave.pk}")


def leader_of(staff: Staff, on: date) -> Staff | None:
    """Who looks after the person day by day: the next above."""
    return superior_of(staff, on)
