# SPDX-License-Identifier: Apache-2.0
"""What if: days played several ways, side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.jobs.models import Job
from zuoxi.jobs.selectors import job_of, progress_of
from zuoxi.people.selectors import staff_of
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import queue_names
from zuoxi.vault import exports
from zuoxi.vault.services import record_request
from zuoxi.web.access import may
from zuoxi.web.listing import page_of
from zuoxi.workforce.scenario_forms import KINDS, ChangeForm, CourseForm, WhatIfForm
from zuoxi.workforce.scenario_models import WhatIf, WhatIfCourse
from zuoxi.workforce.scenarios import comparing, keeping
from zuoxi.workforce.scenarios.telling import told
from zuoxi.workforce.today import export as files


@may("workforce.need")
def what_ifs(request: HttpRequest) -> HttpResponse:
    """Every what-if, newest first, and a form for a new one."""
    form = WhatIfForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = keeping.begin(
            said["name"], said["first"], said["days"], base=_("As planned"), by=staff_of(request.user),
            now=timezone.now(),
        )  # fmt: skip
        return redirect("workforce:what_if", made.pk)
    rows = WhatIf.objects.select_related("made_by").prefetch_related("courses")
    page = page_of(request, rows, {"first": "first", "made": "made_at"}, "-made")
    context = {"form": form, "page": page, "today": timezone.localdate()}
    return render(request, "workforce/what_ifs.html", context, status=422 if form.errors else 200)


@may("workforce.need")
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """One what-if: its courses side by side, and forms for another course and another difference."""
    return _page(request, get_object_or_404(WhatIf.objects.select_related("made_by"), pk=pk))


def _page(
    request: HttpRequest, one: WhatIf, course_form: CourseForm | None = None, change_form: ChangeForm | None = None
) -> HttpResponse:
    courses = list(one.courses.all())
    job = job_of(one.job)
    queues = queue_names()
    queue = request.GET.get("queue", "all")
    context: dict[str, Any] = {
        "one": one,
        "courses": [
            (course, [(told(change, queues), keeping.fingerprint(change)) for change in course.changes])
            for course in courses
        ],
        "lines": comparing.lines_of(one, courses, queue),
        "queues": comparing.queues_in(courses),
        "queue": queue,
        "running": job is not None and job.state in (Job.State.WAITING, Job.State.RUNNING),
        "failed": job is not None and job.state == Job.State.FAILED,
        "stale": any(not course.outcome and not course.problem for course in courses),
        "charts": [
            (f"whatif-{what}", label, data)
            for what, label in (("level", _("Service level by half hour")), ("agents", _("Agents by half hour")))
            if (data := comparing.chart_of(one, courses, what))
        ],
        "course_form": course_form or CourseForm(past=one.past),
        "change_form": (form := change_form or _change_form(one, queues, request.GET.get("kind", ""))),
        "kinds": [(kind, label, kind == form.about) for kind, label in KINDS],
        "may_export": exports.may_export(request.user.roles),  # type: ignore[union-attr]
    }
    if job is not None and context["running"]:
        context["progress_url"] = reverse("workforce:what_if_progress", args=[one.pk])
        context["cancel_url"] = reverse("jobs:cancel", args=[job.pk]) if job.asked_by == request.user.pk else ""
    wrong = (course_form and course_form.errors) or (change_form and change_form.errors)
    return render(request, "workforce/what_if.html", context, status=422 if wrong else 200)


def _change_form(one: WhatIf, queues: dict[str, str], about: str, data: Any = None) -> ChangeForm:
    return ChangeForm(data, queues=sorted(queues.items()), handbook=site_handbook(), day=one.first, about=about)


@may("workforce.need")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the play is, for whoever looks at the what-if."""
    one = get_object_or_404(WhatIf, pk=pk)
    job = job_of(one.job)
    if job is None:
        raise Http404
    return JsonResponse(progress_of(job))


@require_POST
@may("workforce.need")
def play(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(WhatIf, pk=pk)
    keeping.ask_to_play(one, request.user.pk)
    return redirect("workforce:what_if", pk)


@require_POST
@may("workforce.need")
def add_course(request: HttpRequest, pk: int) -> HttpResponse:
    """Another way in which the days may go."""
    one = get_object_or_404(WhatIf, pk=pk)
    form = CourseForm(request.POST, past=one.past)
    if form.is_valid():
        try:
            keeping.add_course(one, form.cleaned_data["name"], form.cleaned_data["people"], [])
        except keeping.TooMany:
            form.add_error(None, _("%(most)s courses are as many as can be read side by side.") % {
                "most": keeping.MOST_COURSES
            })  # fmt: skip
        except keeping.NameTaken:
            form.add_error("name", _("Another course has this name."))
        else:
            return redirect("workforce:what_if", pk)
    return _page(request, one, course_form=form)


@require_POST
@may("workforce.need")
def add_change(request: HttpRequest, pk: int) -> HttpResponse:
    """One more difference of the course chosen."""
    one = get_object_or_404(WhatIf, pk=pk)
    given = request.POST.get("course", "")
    course = get_object_or_404(one.courses, pk=int(given) if given.isdecimal() else 0)
    form = _change_form(one, queue_names(), request.POST.get("kind", ""), request.POST)
    if form.is_valid():
        keeping.add_change(course, form.change())
        messages.success(request, _("Noted. Play the what-if to see what it does."))
        return redirect("workforce:what_if", pk)
    return _page(request, one, change_form=form)


@require_POST
@may("workforce.need")
def drop_course(request: HttpRequest, pk: int) -> HttpResponse:
    course = get_object_or_404(WhatIfCourse.objects.select_related("what_if"), pk=pk)
    if not keeping.drop_course(course):
        messages.error(request, _("The first course stays: the others are compared with it."))
    return redirect("workforce:what_if", course.what_if_id)


@require_POST
@may("workforce.need")
def drop_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one difference of a course away."""
    course = get_object_or_404(WhatIfCourse, pk=pk)
    place = request.POST.get("place", "")
    if not keeping.drop_change(course, int(place) if place.isdecimal() else -1, request.POST.get("said", "")):
        messages.info(request, _("This difference is no longer there."))
    return redirect("workforce:what_if", course.what_if_id)


@may("workforce.export")
def export(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """Every measure of every queue and course as CSV or Excel."""
    one = get_object_or_404(WhatIf, pk=pk)
    if not exports.may_export(request.user.roles):  # type: ignore[union-attr]
        raise PermissionDenied("export")
    record_request(request, "workforce.whatif.exported", on=("what_if", one.pk))
    head, rows = comparing.table_of(one, list(one.courses.all()))
    form = form if form in files.FORMS else "csv"
    return files.as_file(head, list(rows), name=f"what-if-{one.pk}", form=form)
