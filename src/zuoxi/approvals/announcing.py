# SPDX-License-Identifier: Apache-2.0
"""Rules announced: to whom, and who has acknowledged them. Nobody counts as told who has not (ORG-012)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.about_people import team_shown
from zuoxi.approvals.kinds import Draft, Kind, RequestForm, Route, register
from zuoxi.approvals.models import Filing, Notice, Request
from zuoxi.approvals.notices import Sentence, in_both
from zuoxi.approvals.stepping import url_of
from zuoxi.approvals.trail import tell
from zuoxi.people.models import Staff
from zuoxi.people.selectors import Matter, open_team_choices, scope_of, standing_of, team_members, team_named
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.roles import AGENTS, Role

CODE = "announcement"


class AnnouncementForm(RequestForm):
    title = forms.CharField(label=_("Title"), max_length=120)
    reason = forms.CharField(label=_("What is announced"), max_length=2000, widget=forms.Textarea({"rows": 6}))
    team = forms.ChoiceField(label=_("Only for this team"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["team"].choices = [("", _("All my people")), *open_team_choices()]  # type: ignore[attr-defined]


def route(_draft: Draft, day: date) -> Route:
    """Whoever may announce does so on his own authority."""
    reading = site_handbook().on(day)
    reading.note("ORG-012")
    return Route(reading.finding("request.announcement", "route"))


def audience(request: Request) -> list[Staff]:
    """Everybody in the reach of who announces (or the one team of it), without himself."""
    user, day = request.applicant.user, timezone.localdate(request.submitted_at)
    if user is None:
        return []
    scope = scope_of(user, day, Matter.STAFF if user.roles & {Role.HR} else Matter.OPERATIONS)
    team = team_named(str(request.data.get("team") or ""))
    if team is not None:
        found = {row.staff_id: row.staff for row in team_members(team, scope, day)}
        return [one for one in found.values() if one.pk != request.applicant_id]
    people: QuerySet[Staff] = scope.staff().filter(Staff.employed_on(day)).exclude(pk=request.applicant_id)
    return list(people.order_by("code"))


@enforces("ORG-012")
def publish(request: Request) -> None:
    """A copy for each, to be acknowledged; the request's page lists who has and who has not."""
    now, people = request.decided_at or request.submitted_at, audience(request)
    Filing.objects.bulk_create(Filing(request=request, role="PERSON", holder=one, made_at=now) for one in people)
    chinese, english = in_both(Sentence(_("To be read and acknowledged: %(title)s"), title=request.data["title"]))
    url = url_of(request)
    Notice.objects.bulk_create(
        Notice(staff=one, text_zh=chinese[:300], text_en=english[:300], url=url, dedupe=url, created_at=now)
        for one in people
    )
    tell(request, "announced", now, who=request.applicant, to=str(len(people)))


def _lines(request: Request) -> list[tuple[Any, Any]]:
    read = request.filings.filter(read_at__isnull=False).count()
    return [
        (_("Title"), request.data.get("title")),
        (_("What is announced"), request.data.get("reason")),
        (_("Only for this team"), team_shown(request.data.get("team"))),
        (_("Acknowledged"), f"{read} / {request.filings.count()}"),
    ]


def _may(staff: Staff, day: date) -> bool:
    position = standing_of(staff, day).position
    return bool(position) and position not in AGENTS


register(
    Kind(
        CODE,
        _("Announcement with acknowledgement"),
        AnnouncementForm,
        route,
        on_approved=publish,
        summary=_lines,
        clauses=("ORG-012",),
        may_ask=_may,
        group=_("Announcements"),
        icon="flag",
        order=700,
        lead=_("Everybody it concerns acknowledges it; you see who has not"),
        title_of=lambda request: str(request.data.get("title", "")),
    )
)
