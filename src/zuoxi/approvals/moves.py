# SPDX-License-Identifier: Apache-2.0
"""Request types of the people's path: moves, standby, leaving, loans, going live. What was granted is planned in
`people` and comes into force on its day, never before the director's signature."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.about_people import (
    GROUP,
    day_of,
    name_of,
    named,
    person_of,
    signed_on,
    taker_of,
    team_shown,
)
from zuoxi.approvals.facts import MoveFacts
from zuoxi.approvals.kinds import Draft, Kind, Route, Step, register
from zuoxi.approvals.models import Request
from zuoxi.approvals.move_forms import TransferForm
from zuoxi.approvals.rules import judge_move
from zuoxi.approvals.stepping import file_copy
from zuoxi.people import services as people
from zuoxi.people.models import Staff
from zuoxi.people.selectors import (
    Ladder,
    holders_near,
    ladder,
    post_names,
    standing_of,
)
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.roles import Role

_HEADS = ("OM", "SM")


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
        day_of(draft.data["effective_on"]),
    )
    finding = judge_move(facts, site_handbook().on(day))
    words = tuple(finding.details.get("approvers", ()))
    if asker == "director":  # handing it in is the signature
        words = tuple(word for word in words if word != "DIRECTOR")
    return Route(finding, tuple(Step(word) for word in words), () if finding.outcome == "cross_department" else ("HR",))


@enforces("ORG-023", "ORG-026", "ORG-027")
def move(request: Request) -> None:
    """The move is planned; a cross-department one gets its notice in four copies."""
    data, person = request.data, person_of(request.applicant, request.data)
    day = signed_on(request)
    placement = people.placement_of(data["position"], data.get("team") or "")
    people.plan_transfer(
        person,
        placement,
        day_of(data["effective_on"]),
        signed_on=day,
        number=request.number,
        taker=taker_of(person, data, day),
        reason=data.get("reason", ""),
        by=request.applicant.code,
    )
    if request.finding.get("outcome") in ("cross_department", "by_director"):
        four_copies(request, person, data["position"], day)
    people.apply_changes(timezone.localdate(request.decided_at))


@enforces("ORG-027", "ORG-028")
def four_copies(request: Request, person: Staff, position: str, day: date) -> None:
    """The notice in four copies: the department that lets go, the one that receives, the person, human resources."""
    now, steps = request.decided_at or request.submitted_at, ladder()
    where = standing_of(person, day, steps)
    heads = {one.position: one.staff for one in reversed(holders_near(where, _HEADS, day))}
    old, new = heads.get(department_of(where.position, steps)), heads.get(department_of(position, steps))
    copies = (
        ("DEPARTMENT_HEAD", old, gettext("Notice of transfer, copy 1: the department that lets go")),
        ("RECEIVING_HEAD", new, gettext("Notice of transfer, copy 2: the department that receives")),
        ("PERSON", person, gettext("Notice of transfer, copy 3: the person")),
        ("HR", None, gettext("Notice of transfer, copy 4: human resources")),
    )
    for word, holder, purpose in copies:
        if holder is not None or word == "HR":
            file_copy(request, word, now, purpose, holder)


def _move_lines(request: Request) -> list[tuple[Any, Any]]:
    data, posts = request.data, post_names()
    return [
        (_("Who moves"), name_of(request)),
        (_("New post"), posts.get(data.get("position", ""), data.get("position"))),
        (_("New team"), team_shown(data.get("team"))),
        (_("Takes effect on"), data.get("effective_on")),
        (_("Takes over the work"), named(data.get("taker"))),
        (_("Reason"), data.get("reason")),
    ]


def _by_manager(staff: Staff, day: date) -> bool:
    return standing_of(staff, day).position in (Role.OM, Role.SM)


def _not_manager(staff: Staff, day: date) -> bool:
    return not _by_manager(staff, day)


_MOVE: dict[str, Any] = {
    "form": TransferForm,
    "route": move_route,
    "on_approved": move,
    "summary": _move_lines,
    "group": GROUP,
    "icon": "route",
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
