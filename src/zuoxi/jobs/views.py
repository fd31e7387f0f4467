# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.jobs import registry, selectors, services
from zuoxi.jobs.models import Job, Schedule
from zuoxi.jobs.visibility import visible_jobs
from zuoxi.web.access import may, signed_in
from zuoxi.web.listing import page_of


@may("jobs.all")
def job_list(request: HttpRequest) -> HttpResponse:
    """All background work, newest first, and what begins by itself."""
    jobs = visible_jobs(request.user)
    state = request.GET.get("state", "")
    if state in Job.State.values:
        jobs = jobs.filter(state=state)
    page = page_of(request, jobs, {"created": "created_at", "ended": "ended_at"}, "-created")
    for job in page.rows:
        job.title = registry.title_of(job.task)
    schedules = list(Schedule.objects.order_by("name"))
    for one in schedules:
        one.title = registry.title_of(one.task)  # type: ignore[attr-defined]
    context = {"page": page, "schedules": schedules, "states": Job.State.choices, "state": state}
    return render(request, "jobs/list.html", context)


@signed_in
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """One job: how far it has come, what came of it."""
    row = get_object_or_404(visible_jobs(request.user), pk=job_id)
    return render(request, "jobs/job.html", {"job": row, "title": registry.title_of(row.task)})


@signed_in
def progress(request: HttpRequest, job_id: int) -> JsonResponse:
    row = get_object_or_404(visible_jobs(request.user), pk=job_id)
    return JsonResponse(selectors.progress_of(row))


@require_POST
@signed_in
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    row = get_object_or_404(visible_jobs(request.user), pk=job_id)
    if services.cancel(row.pk):
        messages.success(request, _("The work is being stopped."))
    else:
        messages.info(request, _("The work was over already."))
    return redirect("jobs:job", job_id)


@require_POST
@may("jobs.all")
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    if services.retry(get_object_or_404(visible_jobs(request.user), pk=job_id).pk):
        messages.success(request, _("The work begins anew."))
    return redirect("jobs:job", job_id)
