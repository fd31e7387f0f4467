# SPDX-License-Identifier: Apache-2.0
"""Request types of the people's path beside moves: leaving, standby, loans, going live."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.approvals.about_people import (
    GROUP,
    day_of,
    moment_of,
    name_of,
    named,
    person_of,
    signed_on,
    taker_of,
    team_shown,
)
from zuoxi.approvals.data_kinds import answers_to
from zuoxi.approvals.facts import LeavingFacts
from zuoxi.approvals.kinds import Draft, Kind, Route, Step, register
from zuoxi.approvals.models import Request
from zuoxi.approvals.move_forms import GoLiveForm, LeavingForm, LoanForm, StandbyForm
from zuoxi.approvals.refusals import NotDone
from zuoxi.approvals.rules import judge_leaving
from zuoxi.people import services as people
from zuoxi.people.models import PlannedChange, Staff
from zuoxi.people.selectors import (
    standing_of,
    team_named,
    team_of,
)
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.roles import FLOOR_SUPERVISORS, LEADERS, MANAGERS, Role

# Leaving -------------------------------------------------------------------------------------------------------------


@enforces("ATT-017")
def leaving_route(draft: Draft, day: date) -> Route:
    """The notice that the ground asks for, and who signs."""
    notice = draft.data.get("notice_on") or (day.isoformat() if draft.data["ground"] == "resigned" else None)
    facts = LeavingFacts(
        draft.data["ground"], day_of(notice) if notice else None, day_of(draft.data["last_day"]) + timedelta(days=1)
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
        max(day_of(data["last_day"]) + timedelta(days=1), today),
        ground=data["ground"],
        number=request.number,
        notice_on=day_of(data["notice_on"]) if data.get("notice_on") else None,
        taker=taker_of(person, data, today),
        reason=data.get("reason", ""),
        by=request.applicant.code,
    )
    people.apply_changes(today)


def _leaving_lines(request: Request) -> list[tuple[Any, Any]]:
    data = request.data
    return [
        (_("Who leaves"), name_of(request)),
        (_("Kind of leaving"), dict(PlannedChange.Ground.choices).get(data.get("ground", ""))),
        (_("Notice given on"), data.get("notice_on")),
        (_("Last day of work"), data.get("last_day")),
        (_("Takes over the work"), named(data.get("taker"))),
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
        day_of(data["effective_on"]),
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
        (pgettext_lazy("request", "Who"), name_of(request)),
        (pgettext_lazy("request", "What"), labels.get(data.get("kind", ""))),
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
    starts, ends = moment_of(data["starts_at"]), moment_of(data["ends_at"])
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
        (_("Who is lent"), name_of(request)),
        (_("To which team"), team_shown(data.get("team"))),
        (_("From"), f"{timezone.localtime(moment_of(data['starts_at'])):%Y-%m-%d %H:%M}"),
        (_("To"), f"{timezone.localtime(moment_of(data['ends_at'])):%Y-%m-%d %H:%M}"),
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
    return [
        (_("Who goes live"), name_of(request)),
        (_("Exam passed"), data.get("exam")),
        (pgettext_lazy("request", "Note"), data.get("reason")),
    ]


def _gated(staff: Staff, day: date) -> bool:
    leads = answers_to(standing_of(staff, day).position, (*LEADERS, *FLOOR_SUPERVISORS, *MANAGERS, "HR", "TR", "TRS"))
    return leads and bool(site_handbook().on(day).words("people.go_live.gates"))


def _deciders_of_people(staff: Staff, day: date) -> bool:
    return standing_of(staff, day).position in {Role.OM, Role.SM, Role.ODM, Role.HR, Role.DIR}


def _lenders(staff: Staff, day: date) -> bool:
    return standing_of(staff, day).position in LEADERS | FLOOR_SUPERVISORS | MANAGERS


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
