# SPDX-License-Identifier: Apache-2.0
"""The organisation tree, and one team."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from zuoxi.people import services
from zuoxi.people.access import CHANGE
from zuoxi.people.forms import ProjectForm, TeamForm
from zuoxi.people.models import Team
from zuoxi.people.organisation import norm_lines, post_tree, teams_by_project
from zuoxi.people.selectors import Matter, breaches_on, scope_of, team_members
from zuoxi.policy.marks import shows
from zuoxi.web.access import may


@shows("ORG-001", "ORG-002", "ORG-003", "ORG-004", "ORG-015")
@may("people.organisation")
def organisation(request: HttpRequest) -> HttpResponse:
    return _organisation_page(request)


def _organisation_page(
    request: HttpRequest, status: int = 200, team: TeamForm | None = None, project: ProjectForm | None = None
) -> HttpResponse:
    today = timezone.localdate()
    may_change = bool(getattr(request.user, "may", lambda _code: False)(CHANGE.code))
    context = {
        "tops": post_tree(today),
        "projects": teams_by_project(today),
        "norms": norm_lines(today),
        "breaches": breaches_on(today) if may_change else [],
        "may_change": may_change,
        "team_form": team or TeamForm(prefix="team"),
        "project_form": project or ProjectForm(prefix="project"),
    }
    return render(request, "people/organisation.html", context, status=status)


@require_POST
@may("people.staff.change")
def add_team(request: HttpRequest) -> HttpResponse:
    form = TeamForm(request.POST, prefix="team")
    if not form.is_valid():
        return _organisation_page(request, 400, team=form)
    services.ensure_team(**form.cleaned_data, by=request.user.get_username())
    return redirect("people:organisation")


@require_POST
@may("people.staff.change")
def add_project(request: HttpRequest) -> HttpResponse:
    form = ProjectForm(request.POST, prefix="project")
    if not form.is_valid():
        return _organisation_page(request, 400, project=form)
    services.ensure_project(**form.cleaned_data, by=request.user.get_username())
    return redirect("people:organisation")


@shows("ORG-020")
@may("people.staff")
def team(request: HttpRequest, code: str) -> HttpResponse:
    """One team's people, as far as they are in reach."""
    today = timezone.localdate()
    found = Team.objects.select_related("project").filter(code=code).first()
    if found is None:
        raise Http404(code)
    scope = scope_of(request.user, today, Matter.STAFF)
    members = team_members(found, scope, today)
    if not members and not scope.everything:
        raise Http404(code)
    return render(request, "people/team.html", {"team": found, "members": members})
