# SPDX-License-Identifier: Apache-2.0
"""Everything about a leave that is asked for, before it is sent and again when it is decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from zuoxi.approvals.kinds import Draft, Route, Step
from zuoxi.approvals.models import Request
from zuoxi.approvals.selectors import requests_of
from zuoxi.leave.admission import RULE as ADMISSION
from zuoxi.leave.admission import AdmissionFacts, judge_admission
from zuoxi.leave.counting import Count
from zuoxi.leave.facts import LeaveRouteFacts
from zuoxi.leave.kinds import LEAVE_DOCUMENTS, LEAVE_KINDS, LeaveDocumentBody, LeaveKindBody
from zuoxi.leave.ledger import Balance, balance_of, service_years
from zuoxi.leave.models import Leave, LeaveDay, LeaveState
from zuoxi.leave.places import Place, centre_on_leave, lock_days, places_for
from zuoxi.leave.routes import LEAVE_ROUTES, LeaveRoutesBody
from zuoxi.leave.wishes import Wish, count_of
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_by_code
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.rulebook import judge
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import role_words

CODE = "leave"
ROUTE = "leave.route"
OPEN = (Request.State.OPEN, Request.State.RETURNED)
_NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Picture:
    """What the person sees before sending, and what the decision is checked against.

    `route` None: the leave cannot be asked for at all, `admission` says why. `balance` None: the kind has none.
    """

    applicant: Staff
    wish: Wish
    kind: LeaveKindBody
    count: Count
    admission: Finding
    route: Finding | None
    places: list[Place]
    centre: int
    balance: Balance | None
    taken_this_month: Decimal
    pending: Decimal

    @property
    def refusal(self) -> Finding | None:
        """The finding that stands in the way; None when the leave can be asked for."""
        if self.admission.outcome != "allowed":
            return self.admission
        return self.route if self.route is not None and self.route.outcome != "route" else None

    @property
    def finding(self) -> Finding:
        return self.route or self.admission

    @property
    def approvers(self) -> tuple[str, ...]:
        return tuple(self.route.details.get("approvers", ())) if self.route is not None else ()

    @property
    def filed_with(self) -> tuple[str, ...]:
        return tuple(self.route.details.get("filed_with", ())) if self.route is not None else ()

    @property
    def left_after(self) -> Decimal | None:
        if self.balance is None or self.balance.left is None:
            return None
        return self.balance.left - self.pending - self.count.days


def role_word_of(staff: Staff, on: date, handbook: Handbook) -> str:
    """The role word that the route judges the applicant by: one that the pack's ladders name, else the post's own."""
    held = staff.roles_on(on)
    words = [code for code, word in role_words().items() if held & set(word.positions) and not word.on_duty]
    entries: dict[str, LeaveRoutesBody] = dict(handbook.entries(LEAVE_ROUTES))
    named = {word for body in entries.values() for route in body.routes for word in route.applicants}
    return next((word for word in words if word in named), words[0] if words else "AGENT")


def picture_of(applicant: Staff, wish: Wish, now: datetime, *, but: Request | None = None) -> Picture:
    """Count, judge and find the places. `but` is the request itself when it is looked at again. Raises NoSuchEntry."""
    handbook = site_handbook()
    today = timezone.localdate(now)
    kind = handbook.entry(LEAVE_KINDS, wish.kind)
    count = count_of(applicant, wish, kind)
    days = [piece.day for piece in count.pieces]
    open_wishes = open_wishes_of(applicant, but)
    pending = sum((one.days or _NOUGHT for one in open_wishes if one.kind == wish.kind and but is None), _NOUGHT)
    balance = balance_of(applicant, wish.kind, wish.asked.first_on) if kind.balance else None
    left = balance.left - pending if balance is not None and balance.left is not None else None
    admission = _admission(_Case(applicant, wish, kind, count, left, open_wishes, now), handbook)
    by_shift = handbook.on(today).text("leave.places.counted_by") == "shift"
    places = places_for(applicant, count.pieces, by_shift=by_shift) if uses_place(kind, wish) else []
    taken = _taken_in_month(applicant, wish.asked.first_on)
    centre = centre_on_leave(days, applicant)
    route = None
    if admission.outcome == "allowed":
        facts = LeaveRouteFacts(
            kind.route,
            count.days,
            role_word_of(applicant, today, handbook),
            max((place.taken for place in places), default=0),
            centre,
            taken,
        )
        route = judge(ROUTE, facts, handbook, today)
    return Picture(applicant, wish, kind, count, admission, route, places, centre, balance, taken, pending)


def uses_place(kind: LeaveKindBody, wish: Wish) -> bool:
    """An emergency takes nobody's place (ATT-019, ours); nor do kinds that say so."""
    return kind.uses_place and not wish.emergency


def open_wishes_of(applicant: Staff, but: Request | None = None) -> list[Wish]:
    """What the person has asked for and is not decided yet."""
    rows = requests_of(applicant).filter(kind=CODE, state=Request.State.OPEN)
    return [Wish.of(one.data) for one in rows if but is None or one.pk != but.pk]


def _taken_in_month(applicant: Staff, day: date) -> Decimal:
    rows = LeaveDay.objects.filter(staff=applicant, leave__state=LeaveState.APPROVED)
    return rows.filter(day__year=day.year, day__month=day.month).aggregate(n=Sum("share"))["n"] or _NOUGHT


@dataclass(frozen=True, slots=True)
class _Case:
    """What the admission is judged from."""

    applicant: Staff
    wish: Wish
    kind: LeaveKindBody
    count: Count
    left: Decimal | None
    open_wishes: list[Wish]
    now: datetime


def _admission(case: _Case, handbook: Handbook) -> Finding:
    applicant, wish, count, now = case.applicant, case.wish, case.count, case.now
    first = wish.asked.first_on
    rows = LeaveDay.objects.filter(staff=applicant, leave__kind=wish.kind, leave__state=LeaveState.APPROVED)
    taken = rows.filter(day__year=first.year).aggregate(n=Sum("share"))["n"] or _NOUGHT
    leaves = Leave.objects.filter(staff=applicant, kind=wish.kind, state=LeaveState.APPROVED)
    times = leaves.filter(first_on__year=first.year, first_on__month=first.month).count()
    times += sum(
        one.kind == wish.kind and (one.asked.first_on.year, one.asked.first_on.month) == (first.year, first.month)
        for one in case.open_wishes
    )
    late = now - count.starts_at
    facts = AdmissionFacts(
        wish.kind,
        count.days,
        wish.channel,
        wish.emergency,
        (first - timezone.localdate(now)).days,
        Decimal(late.total_seconds()) / 3600 if late.total_seconds() > 0 else None,
        service_years(applicant, first),
        case.left,
        taken,
        times,
        _stand_in_away(wish, count),
    )
    finding = judge_admission(facts, handbook.on(timezone.localdate(now)))
    return finding if finding.known else _nobody_knows(finding, handbook, now)


def _nobody_knows(finding: Finding, handbook: Handbook, now: datetime) -> Finding:
    """A missing day of joining is no refusal of the rules, but nobody can decide without it."""
    told = handbook.on(timezone.localdate(now)).finding(ADMISSION, "refused", say="no_joining_day")
    return replace(finding, outcome="refused", why=told.why)


@enforces("SCH-024")
def _stand_in_away(wish: Wish, count: Count) -> bool | None:
    """Whether the stand-in is on leave on one of the days; None: nobody is named."""
    if not wish.stand_in:
        return None
    other = staff_by_code(wish.stand_in)
    if other is None:
        return None
    rows = Leave.objects.filter(staff=other, state=LeaveState.APPROVED)
    return rows.filter(starts_at__lt=count.ends_at, ends_at__gt=count.starts_at).exists()


def overlapping(applicant: Staff, count: Count, *, but: Request | None = None) -> Leave | Wish | None:
    """A granted or asked-for leave of the person that touches the same time; None when there is none."""
    rows = Leave.objects.filter(staff=applicant, state=LeaveState.APPROVED)
    days = {piece.day: piece for piece in count.pieces}
    near = rows.filter(starts_at__lt=count.ends_at, ends_at__gt=count.starts_at)
    for row in LeaveDay.objects.filter(leave__in=near, day__in=days).select_related("leave"):
        piece = days[row.day]
        if row.starts_at < piece.ends_at and row.ends_at > piece.starts_at:
            return row.leave
    for wish in open_wishes_of(applicant, but):
        body = site_handbook().entries(LEAVE_KINDS).get(wish.kind)
        other = count_of(applicant, wish, body) if body else None
        for piece in other.pieces if other else ():
            mine = days.get(piece.day)
            if mine is not None and piece.starts_at < mine.ends_at and piece.ends_at > mine.starts_at:
                return wish
    return None


def papers_for(picture: Picture) -> dict[str, LeaveDocumentBody]:
    """Code → paper of everything that this leave needs, by its kind and by its route."""
    handbook = site_handbook()
    reading = handbook.on(picture.wish.asked.first_on)
    proof = tuple(picture.route.details.get("proof", ())) if picture.route is not None else ()
    found: dict[str, LeaveDocumentBody] = {}
    for code in dict.fromkeys((*picture.kind.documents, *proof)):
        body = handbook.entries(LEAVE_DOCUMENTS).get(code)
        if body is None:
            continue
        if body.only and (body.only == "emergency") != picture.wish.emergency:
            continue
        if body.from_days and code not in proof and not reading.beyond(body.from_days, picture.count.days):
            continue
        found[code] = body
    return found


def route_of(draft: Draft, _on: date) -> Route:
    """The way a leave goes; refused with the nearest remedy when it cannot be asked for."""
    return _route(picture_of(draft.applicant, Wish.of(draft.data), draft.submitted_at))


def _route(picture: Picture) -> Route:
    refusal = picture.refusal
    if refusal is not None:
        return Route(replace(refusal, outcome="refused"))
    return Route(picture.finding, tuple(Step(word) for word in picture.approvers), picture.filed_with)


@enforces("ATT-019", "ATT-020", "SCH-008")
def recheck(request: Request, now: datetime) -> Route | None:
    """The route as places, cap and balance stand now; the days are held, so the last place is taken once.

    Whether it was asked for in time is not judged again. None: nothing has changed that matters.
    """
    wish = Wish.of(request.data)
    handbook = site_handbook()
    count = count_of(request.applicant, wish, handbook.entry(LEAVE_KINDS, wish.kind))
    lock_days([piece.day for piece in count.pieces])
    reading = handbook.on(timezone.localdate(now))
    if not count.pieces:
        return Route(reading.finding(ADMISSION, "refused", say="nothing"))
    if overlapping(request.applicant, count, but=request) is not None:
        return Route(reading.finding(ADMISSION, "refused", say="overlap"))
    picture = picture_of(request.applicant, wish, request.submitted_at, but=request)
    return _route(picture)
