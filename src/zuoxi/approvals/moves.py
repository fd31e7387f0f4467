# SPDX-License-Identifier: Apache-2.0
"""Request types of the people's path: moves, standby, leaving, loans, going live. What was granted is planned in
`people` and comes into force on its day, never before the director's signature."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.data_kinds import answers_to
from zuoxi.approvals.facts import LeavingFacts, MoveFacts
from zuoxi.approvals.kinds import Draft, Kind, Route, Step, register
from zuoxi.approvals.models import Request, Signature
from zuoxi.approvals.move_forms import LEAVING, GoLiveForm, LeavingForm, LoanForm, StandbyForm, TransferForm
from zuoxi.approvals.refusals import NotDone
from zuoxi.approvals.rules import judge_leaving, judge_move
from zuoxi.approvals.stepping import file_copy
from zuoxi.people import services as people
from zuoxi.people.models import Staff
from zuoxi.people.selectors import (
    Ladder,
    holders_near,
    ladder,
    post_names,
    staff_by_code,
    standing_of,
    superior_of,
    team_named,
    team_of,
)
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.roles import FLOOR_SUPERVISORS, LEADERS, MANAGERS, Role

GROUP = _("People")
_HEADS = ("OM", "SM")


def person_of(applicant: Staff, data: dict[str, Any]) -> Staff:
    """Whom the request is about; the applicant himself where nobody is named."""
    code = data.get("person") or applicant.code
    found = staff_by_code(code)
    if found is None or not found.employed:
        raise NotDone(_("This person has left."), _("Choose somebody who works here."))
    return found


def _day(text: Any) -> date:
    found = parse_date(str(text))
    if found is None:
        raise NotDone(_("The day cannot be read."))
    return found


def _moment(text: Any) -> datetime:
    found = parse_datetime(str(text))
    if found is None:
        raise NotDone(_("The time cannot be read."))
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def department_of(position: str, steps: Ladder) -> str:
    """The post that heads the department a post belongs to; "" above the departments."""
    line = (position, *steps.line_from(position))
    return next((post for post in line if post in _HEADS), "")


def _asker(draft: Draft, person: Staff, day: date) -> str:
    position = standing_of(draft.applicant, day).position
    if position == Role.DIR:
        return "director"
    if position == Role.HR:
        return "hr"
    if position in (Role.OM, Role.SM):
        return "manager"
    return "self" if person.pk == draft.applicant.pk else "head"


@enforces("ORG-023", "ORG-024", "ORG-025", "ORG-027", "ORG-028")
def move_route(draft: Draft, day: date) -> Route:
    """Who signs the move, by who asks, where from, where to."""
    person, steps = person_of(draft.applicant, draft.data), ladder()
    asker = _asker(draft, person, day)
    if asker == "manager" and person.pk == draft.applicant.pk:
        asker = "self"
    now_at, to = standing_of(person, day, steps), draft.data["position"]
    facts = MoveFacts(
        asker,  # type: ignore[arg-type]
        department_of(now_at.position, steps) != department_of(to, steps),
        person.status in (Staff.Status.TRAINING, Staff.Status.PROBATION),
        bool(draft.data.get("_written")) or draft.kind == "move_by_manager",
        day,
        _day(draft.data["effective_on"]),
    )
    finding = judge_move(facts, site_handbook().on(day))
    words = tuple(finding.details.get("approvers", ()))
    if asker == "director":  # handing it in is the signature
        words = tuple(word for word in words if word != "DIRECTOR")
    return Route(finding, tuple(Step(word) for word in words), () if finding.outcome == "cross_department" else ("HR",))


def signed_on(request: Request) -> date:
    """The day of the director's signature: of the last one given, or the day it was granted where he asked."""
    last = (
        request.signatures.filter(round=request.round, state=Signature.State.APPROVED, role="DIRECTOR")
        .order_by("-decided_at")
        .first()
    )
    moment = last.decided_at if last and last.decided_at else request.decided_at or request.submitted_at
    return timezone.localdate(moment)


@enforces("ORG-023", "ORG-026", "ORG-027")
def move(request: Request) -> None:
    """The move is planned; a cross-department one gets its notice in four copies."""
    data, person = request.data, person_of(request.applicant, request.data)
    day = signed_on(request)
    placement = people.placement_of(data["position"], data.get("team") or "")
    people.plan_transfer(
        person,
        placement,
        _day(data["effective_on"]),
        signed_on=day,
        number=request.number,
        taker=_taker(person, data, day),
        reason=data.get("reason", ""),
        by=request.applicant.code,
    )
    if request.finding.get("outcome") in ("cross_department", "by_director"):
        four_copies(request, person, data["position"], day)
    people.apply_changes(timezone.localdate(request.decided_at))


def _taker(person: Staff, data: dict[str, Any], day: date) -> Staff | None:
    return staff_by_code(data.get("taker") or "") or superior_of(person, day)


@enforces("ORG-027", "ORG-028")
def four_copies(request: Request, person: Staff, position: str, day: date) -> None:
    """The notice in four copies: the department that lets go, the one that receives, the person, human resources."""
    now, steps = request.decided_at or request.submitted_at, ladder()
    where = standing_of(person, day, steps)
    heads = {one.position: one.staff for one in reversed(holders_near(where, _HEADS, day))}
    old, new = heads.get(department_of(where.position, steps)), heads.get(department_of(position, steps))
    copies = (
        ("DEPARTMENT_HEAD", old, _now("Notice of transfer, copy 1: the department that lets go")),
        ("RECEIVING_HEAD", new, _now("Notice of transfer, copy 2: the department that receives")),
        ("PERSON", person, _now("Notice of transfer, copy 3: the person")),
        ("HR", None, _now("Notice of transfer, copy 4: human resources")),
    )
    for word, holder, purpose in copies:
        if holder is not None or word == "HR":
            file_copy(request, word, now, purpose, holder)


def _move_lines(request: Request) -> list[tuple[Any, Any]]:
    data, posts = request.data, post_names()
    return [
        (_("Who moves"), _name(request)),
        (_("New post"), posts.get(data.get("position", ""), data.get("position"))),
        (_("New team"), _team(data.get("team"))),
        (_("Takes effect on"), data.get("effective_on")),
        (_("Takes over the work"), _named(data.get("taker"))),
        (_("Reason"), data.get("reason")),
    ]


def _team(code: Any) -> Any:
    return team_named(str(code)) if code else None


def _name(request: Request) -> str:
    return _named(request.data.get("person")) or str(request.applicant)


def _named(code: Any) -> str:
    found = staff_by_code(str(code or ""))
    return str(found) if found else ""


def _by_manager(staff: Staff, day: date) -> bool:
    return standing_of(staff, day).position in (Role.OM, Role.SM)


def _not_manager(staff: Staff, day: date) -> bool:
    return not _by_manager(staff, day)


# Leaving -------------------------------------------------------------------------------------------------------------


@enforces("ATT-017")
def leaving_route(draft: Draft, day: date) -> Route:
    """The notice that the ground asks for, and who signs."""
    notice = draft.data.get("notice_on") or (day.isoformat() if draft.data["ground"] == "resigned" else None)
    facts = LeavingFacts(
        draft.data["ground"], _day(notice) if notice else None, _day(draft.data["last_day"]) + timedelta(days=1)
    )
    finding = judge_leaving(facts, site_handbook().on(day))
    words = [word for word in finding.details.get("approvers", ()) if word != _own_word(draft.applicant, day)]
    return Route(finding, tuple(Step(word) for word in words), () if "HR" in words else ("HR",))


def _own_word(staff: Staff, day: date) -> str:
    return "HR" if standing_of(staff, day).position == Role.HR else ""


def leave(request: Request) -> None:
    data, person = request.data, person_of(request.applicant, request.data)
    today = timezone.localdate(request.decided_at)
    people.plan_leaving(
        person,
        max(_day(data["last_day"]) + timedelta(days=1), today),
        ground=data["ground"],
        number=request.number,
        notice_on=_day(data["notice_on"]) if data.get("notice_on") else None,
        taker=_taker(person, data, today),
        reason=data.get("reason", ""),
        by=request.applicant.code,
    )
    people.apply_changes(today)


def _leaving_lines(request: Request) -> list[tuple[Any, Any]]:
    data = request.data
    return [
        (_("Who leaves"), _name(request)),
        (_("Kind of leaving"), dict(LEAVING).get(data.get("ground", ""))),
        (_("Notice given on"), data.get("notice_on")),
        (_("Last day of work"), data.get("last_day")),
        (_("Takes over the work"), _named(data.get("taker"))),
        (_("Reason"), data.get("reason")),
    ]


# Standby -------------------------------------------------------------------------------------------------------------


@enforces("ORG-030")
def standby_route(_draft: Draft, day: date) -> Route:
    reading = site_handbook().on(day)
    words = reading.words("people.standby.approvers")
    return Route(reading.finding("people.standby", "route"), tuple(Step(word) for word in words), ("HR",))


def stand(request: Request) -> None:
    data, person = request.data, person_of(request.applicant, request.data)
    people.plan_standing(
        person,
        data["kind"],
        _day(data["effective_on"]),
        ground=data["ground"],
        number=request.number,
        signed_on=signed_on(request),
        reason=data.get("reason", ""),
        by=request.applicant.code,
    )
    people.apply_changes(timezone.localdate(request.decided_at))


def _standby_lines(request: Request) -> list[tuple[Any, Any]]:
    labels = {"standby": _("On standby"), "laid_off": _("Laid off"), "return": _("Back to work")}
    data = request.data
    return [
        (_("Who"), _name(request)),
        (_("What"), labels.get(data.get("kind", ""))),
        (_("Takes effect on"), data.get("effective_on")),
        (_("Appraisal it rests on"), data.get("ground")),
        (_("Reason"), data.get("reason")),
    ]


# Loans ---------------------------------------------------------------------------------------------------------------


@enforces("ORG-011")
def loan_route(draft: Draft, day: date) -> Route:
    """A supervisor lends by his own authority and files it; a leader asks the supervisor."""
    reading = site_handbook().on(day)
    reading.note("ORG-011")
    own = standing_of(draft.applicant, day).position in FLOOR_SUPERVISORS | MANAGERS
    if own:
        return Route(reading.finding("people.loan", "own"), (), ("DEPUTY_OPERATIONS_MANAGER",))
    return Route(reading.finding("people.loan", "asked"), (Step("SUPERVISOR"),), ("DEPUTY_OPERATIONS_MANAGER",))


def lend(request: Request) -> None:
    data, person = request.data, person_of(request.applicant, request.data)
    starts, ends = _moment(data["starts_at"]), _moment(data["ends_at"])
    own, to = team_of(person, timezone.localdate(starts)), team_named(data["team"])
    if own is None or to is None:
        raise NotDone(_("This person is in no team that could lend him."), _("Use a move to another post instead."))
    if own.pk == to.pk:
        raise NotDone(_("This person is in that team already."), _("Choose another team."))
    try:
        people.lend(person, own, to, starts, ends, number=request.number, by=request.applicant.code)
    except people.Overlap as twice:
        raise NotDone(
            _("This person is lent at that time already."), _("Choose other hours, or end the other loan first.")
        ) from twice


def _loan_lines(request: Request) -> list[tuple[Any, Any]]:
    data = request.data
    return [
        (_("Who is lent"), _name(request)),
        (_("To which team"), _team(data.get("team"))),
        (_("From"), f"{timezone.localtime(_moment(data['starts_at'])):%Y-%m-%d %H:%M}"),
        (_("To"), f"{timezone.localtime(_moment(data['ends_at'])):%Y-%m-%d %H:%M}"),
        (_("Reason"), data.get("reason")),
    ]


# Going live ----------------------------------------------------------------------------------------------------------


@enforces("ORG-036")
def live_route(_draft: Draft, day: date) -> Route:
    reading = site_handbook().on(day)
    reading.note("ORG-036", gap="C-20")
    words, filed = reading.words("people.go_live.approvers"), reading.words("people.go_live.filed_with")
    return Route(reading.finding("people.go_live", "route"), tuple(Step(word) for word in words), filed)


def go_live(request: Request) -> None:
    """Examined, confirmed and filed; the copy lies with whom the pack names."""
    person, day = person_of(request.applicant, request.data), timezone.localdate(request.decided_at)
    for gate in site_handbook().on(day).words("people.go_live.gates") or ("confirmed", "filed"):
        people.clear(person, gate, day, number=request.number, by=request.applicant.code)


def _live_lines(request: Request) -> list[tuple[Any, Any]]:
    data = request.data
    return [(_("Who goes live"), _name(request)), (_("Exam passed"), data.get("exam")), (_("Note"), data.get("reason"))]


def _gated(staff: Staff, day: date) -> bool:
    leads = answers_to(standing_of(staff, day).position, (*LEADERS, *FLOOR_SUPERVISORS, *MANAGERS, "HR", "TR", "TRS"))
    return leads and bool(site_handbook().on(day).words("people.go_live.gates"))


def _deciders_of_people(staff: Staff, day: date) -> bool:
    return standing_of(staff, day).position in {Role.OM, Role.SM, Role.ODM, Role.HR, Role.DIR}


def _lenders(staff: Staff, day: date) -> bool:
    return standing_of(staff, day).position in LEADERS | FLOOR_SUPERVISORS | MANAGERS


_MOVE: dict[str, Any] = {
    "form": TransferForm,
    "route": move_route,
    "on_approved": move,
    "summary": _move_lines,
    "group": GROUP,
    "icon": "transfer",
}
register(
    Kind(
        "transfer",
        _("Move to another post"),
        **_MOVE,
        clauses=("ORG-023", "ORG-024", "ORG-027", "ORG-028"),
        may_ask=_not_manager,
        order=300,
        lead=_("Within the department or to another; from the director's signature on"),
    )
)
register(
    Kind(
        "move_by_manager",
        _("Move decided by a manager"),
        **_MOVE,
        clauses=("ORG-025",),
        may_ask=_by_manager,
        attachment="must",
        order=305,
        lead=_("With the written request, to the director"),
    )
)
register(
    Kind(
        "leaving",
        _("Leaving the centre"),
        LeavingForm,
        leaving_route,
        on_approved=leave,
        summary=_leaving_lines,
        clauses=("ATT-017",),
        group=GROUP,
        icon="sign-out",
        order=350,
        lead=_("With notice and a handover"),
    )
)
register(
    Kind(
        "standby",
        _("Standby, lay-off, back to work"),
        StandbyForm,
        standby_route,
        on_approved=stand,
        summary=_standby_lines,
        clauses=("ORG-030",),
        may_ask=_deciders_of_people,
        group=GROUP,
        icon="hourglass",
        order=340,
        lead=_("Always with the appraisal it rests on"),
    )
)
register(
    Kind(
        "loan",
        _("Lend somebody to another team"),
        LoanForm,
        loan_route,
        on_approved=lend,
        summary=_loan_lines,
        clauses=("ORG-011",),
        may_ask=_lenders,
        group=GROUP,
        icon="swap",
        order=320,
        attachment="no",
        due_figure="approvals.step.due_minutes",
        lead=_("For some hours; figures are split by period"),
    )
)
register(
    Kind(
        "go_live",
        _("Going live on calls"),
        GoLiveForm,
        live_route,
        on_approved=go_live,
        summary=_live_lines,
        clauses=("ORG-036",),
        may_ask=_gated,
        group=GROUP,
        icon="certificate",
        order=360,
        lead=_("Examined, confirmed by the manager, filed"),
    )
)
