# SPDX-License-Identifier: Apache-2.0
"""Who works for which department, and who stands in for whom."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.people import selectors as people
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets import registering, services
from zuoxi.tickets.handbook import DEPARTMENTS
from zuoxi.tickets.models import Cover, Department, Membership
from zuoxi.tickets.refusing import Refused
from zuoxi.tickets.views.asking import me, moment_of
from zuoxi.vault import services as vault
from zuoxi.web.access import may


@shows("CUS-008", "CUS-010")
@may("tickets.set_up")
def departments(request: HttpRequest) -> HttpResponse:
    """Departments of the pack and of the site with their people; stand-ins that hold now or later."""
    known = {one.code: one for one in Department.objects.all()}
    named = {key: body.label for key, body in site_handbook().entries(DEPARTMENTS).items() if key not in known}
    members: dict[int, list[Membership]] = {}
    for one in Membership.objects.select_related("staff"):
        members.setdefault(one.department_id, []).append(one)
    rows = [(one.code, str(one), members.get(one.pk, [])) for one in known.values()]
    rows += [(key, str(label), []) for key, label in named.items()]
    now = timezone.now()
    covers = Cover.objects.exclude(ends_at__lte=now).select_related("staff", "cover").order_by("staff__code", "rank")
    context = {"rows": sorted(rows, key=lambda one: (not one[2], one[0])), "covers": list(covers)}
    return render(request, "tickets/departments.html", context)


@require_POST
@may("tickets.set_up")
def members(request: HttpRequest, code: str) -> HttpResponse:
    """Let somebody work for the department, or no longer."""
    department = services.department_named(code)
    if department is None:
        raise Http404
    staff = people.staff_by_code(request.POST.get("staff", "").strip())
    if staff is None or not staff.employed:
        messages.error(
            request, _("Nobody here has the staff number “%(code)s”.") % {"code": request.POST.get("staff", "")}
        )
        return redirect("tickets:departments")
    works = request.POST.get("how") != "out"
    registering.set_member(department, staff, works=works, leads=request.POST.get("leads") == "on")
    vault.record_request(
        request, "tickets.member.changed", on=("staff", staff.code), department=department.code, works=works
    )
    messages.success(request, _("Kept."))
    return redirect("tickets:departments")


@shows("CUS-008")
@require_POST
@may("tickets.set_up")
def covers(request: HttpRequest) -> HttpResponse:
    """Name who stands in for somebody while he is away."""
    found = people.staff_by_codes([request.POST.get("staff", "").strip(), request.POST.get("cover", "").strip()])
    staff = found.get(request.POST.get("staff", "").strip())
    cover = found.get(request.POST.get("cover", "").strip())
    if staff is None or cover is None:
        messages.error(request, _("Give both staff numbers."))
        return redirect("tickets:departments")
    now = timezone.now()
    rank = request.POST.get("rank", "1")
    try:
        services.name_cover(
            staff, cover, rank=int(rank) if rank in ("1", "2") else 1,
            starts_at=moment_of(request.POST.get("starts_at", "")) or now,
            ends_at=moment_of(request.POST.get("ends_at", "")), reason=request.POST.get("reason", ""), by=me(request),
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        vault.record_request(request, "tickets.cover.named", on=("staff", staff.code), cover=cover.code)
        messages.success(request, _("Kept."))
    return redirect("tickets:departments")


@require_POST
@may("tickets.set_up")
def end_cover(request: HttpRequest, pk: int) -> HttpResponse:
    services.end_cover(get_object_or_404(Cover, pk=pk), timezone.now())
    messages.success(request, _("Ended."))
    return redirect("tickets:departments")
