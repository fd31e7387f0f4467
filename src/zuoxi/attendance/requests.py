# SPDX-License-Identifier: Apache-2.0
"""What people ask of attendance: a note on a lateness or a missing record, a correction, an excuse for many."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.kinds import Draft, Kind, Route, Step, register
from zuoxi.approvals.models import Request
from zuoxi.approvals.services import notify
from zuoxi.attendance import services
from zuoxi.attendance.excusing import Cause, finding_for
from zuoxi.attendance.forms import CorrectionForm, NoteForm, WideExcuseForm
from zuoxi.attendance.handbook import CAUSES
from zuoxi.attendance.models import Direction
from zuoxi.people.models import Staff
from zuoxi.people.selectors import team_named
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import role_words
from zuoxi.web.roles import AGENTS

NOTE, CORRECTION, EXCUSE = "attendance_note", "attendance_correction", "attendance_excuse"
_DAY = timedelta(days=1)


def _moment(text: str | None) -> datetime | None:
    found = parse_datetime(text) if text else None
    return timezone.make_aware(found) if found is not None and timezone.is_naive(found) else found


def _at(day: date, clock: str | None) -> datetime | None:
    return datetime.combine(day, time.fromisoformat(clock), site_handbook().zone) if clock else None


def cause_of(data: dict[str, Any], applicant: Staff) -> Cause:
    """What a note puts forward; an end before the beginning lies on the next day."""
    day = date.fromisoformat(data["day"])
    since, until = _at(day, data["since"]), _at(day, data["until"])
    if since is None or until is None:
        raise ValueError("a note says from when to when")
    until = until if until > since else until + _DAY
    told = _at(day, data.get("told_at"))
    return Cause(data["cause"], since, until, data["reason"], data.get("proof", ""), told, staff=applicant)


def wide_cause_of(data: dict[str, Any]) -> Cause:
    """What befell a team or the centre."""
    since, until = _moment(data["starts_at"]), _moment(data["ends_at"])
    if since is None or until is None:
        raise ValueError("an excuse says from when to when")
    team = team_named(data["team"]) if data.get("team") else None
    told = _moment(data.get("told_at"))
    return Cause(data["cause"], since, until, data["reason"], data["proof"], told, team=team)


def _route(key: str, day: date) -> Route:
    """The role words that a figure of the pack names, in order."""
    reading = site_handbook().on(day)
    words = reading.words(key)
    known = role_words()
    names: dict[str, Any] = {
        "roles_zh": "、".join(known[word].title.zh for word in words),
        "roles_en": ", ".join(known[word].title.en for word in words),
    }
    finding = reading.finding("attendance.filing", "route", **names)
    return Route(finding, tuple(Step(word) for word in words), ("RECEPTION",))


def note_route(draft: Draft, day: date) -> Route:
    found = finding_for(cause_of(draft.data, draft.applicant))
    return Route(found) if found.outcome == "refused" else _route("attendance.filing.note_approvers", day)


def excuse_route(draft: Draft, day: date) -> Route:
    found = finding_for(wide_cause_of(draft.data))
    return Route(found) if found.outcome == "refused" else _route("attendance.filing.excuse_approvers", day)


def correction_route(_draft: Draft, day: date) -> Route:
    return _route("attendance.filing.correction_approvers", day)


def deciders_of(request: Request) -> str:
    """Staff numbers of who signed, in order."""
    rows = request.signatures.filter(round=request.round, decided_by__isnull=False).order_by("order")
    return ",".join(dict.fromkeys(rows.values_list("decided_by__code", flat=True)))


def accept_note(request: Request) -> None:
    _accept(request, cause_of(request.data, request.applicant))


def accept_wide(request: Request) -> None:
    _accept(request, wide_cause_of(request.data))


def _accept(request: Request, cause: Cause) -> None:
    services.accept_excuse(
        cause,
        proposed_by=request.applicant.code,
        decided_by=deciders_of(request) or "system",
        now=request.decided_at or timezone.now(),
        request_number=request.number,
    )


def accept_correction(request: Request) -> None:
    """The true time counts; what the machines said that day at that end stays readable."""
    data = request.data
    day = date.fromisoformat(data["day"])
    services.correct(
        request.applicant,
        day,
        at=_moment(data["at"]),
        direction=data["direction"],
        reason=data["reason"],
        evidence=data.get("evidence", ""),
        by=request.applicant.code,
        decided_by=deciders_of(request),
        request_number=request.number,
        now=request.decided_at or timezone.now(),
    )
    notify(request.applicant, _("Your clock record has been put right."), "/me/attendance/", f"att:{request.number}")


def _cause_label(code: str) -> str:
    found = site_handbook().entries(CAUSES).get(code)
    return str(found.label) if found else code


def _lines(*names: tuple[str, Any]) -> Callable[[Request], Iterable[tuple[Any, Any]]]:
    def lines(request: Request) -> list[tuple[Any, Any]]:
        told = []
        for name, label in names:
            value = request.data.get(name)
            if name == "cause":
                value = _cause_label(str(value))
            elif name == "direction":
                value = Direction(str(value)).label
            elif name == "team":
                value = value or _("Whole centre")
            elif name in ("at", "starts_at", "ends_at"):
                moment = _moment(value)
                value = f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
            if value:
                told.append((label, value))
        return told

    return lines


def _leads(staff: Staff, day: date) -> bool:
    """Agents do not speak for others."""
    return not staff.roles_on(day) & {str(role) for role in AGENTS}


_GROUP = _("Attendance and shifts")
register(
    Kind(
        NOTE,
        _("Note on a lateness or a missing record"),
        NoteForm,
        note_route,
        accept_note,
        summary=_lines(
            ("day", _("Day")), ("since", _("From (time)")), ("until", _("Until (time)")), ("cause", _("Cause")),
            ("told_at", _("When the superior was told")), ("proof", _("What proves it")),
            ("reason", _("What happened")),
        ),
        clauses=("ATT-002", "ATT-024", "ATT-030"),
        group=_GROUP,
        icon="clock",
        order=30,
    )
)  # fmt: skip
register(
    Kind(
        CORRECTION,
        _("Correction of a clock record"),
        CorrectionForm,
        correction_route,
        accept_correction,
        summary=_lines(
            ("day", _("Day of the shift")), ("direction", _("Which record")), ("at", _("When it really was")),
            ("evidence", _("What proves it")), ("reason", _("What happened")),
        ),
        clauses=("ATT-021", "ATT-022"),
        group=_GROUP,
        icon="clock",
        order=31,
    )
)  # fmt: skip
register(
    Kind(
        EXCUSE,
        _("Excuse for a team or the centre"),
        WideExcuseForm,
        excuse_route,
        accept_wide,
        summary=_lines(
            ("team", _("Team")), ("cause", _("Cause")), ("starts_at", _("From (time)")), ("ends_at", _("Until (time)")),
            ("proof", _("What proves it")), ("reason", _("What happened")),
        ),
        clauses=("ATT-002", "ATT-030"),
        may_ask=_leads,
        group=_GROUP,
        icon="warning",
        order=32,
    )
)  # fmt: skip
