# SPDX-License-Identifier: Apache-2.0
"""The hospital's pages: figures that drill to rows, files of patients, check-ups, the clinic, cards and rounds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from zuoxi.followups import figures, opinions, scripts, services
from zuoxi.followups.handbook import DEPARTMENTS
from zuoxi.followups.models import CardStock, CheckupFinding, ClinicVisit, DischargedPatient, WardVisit
from zuoxi.followups.views.who import count_of, day_of, done, moment_of, month_span, own_record, tabs
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import masking
from zuoxi.web.access import may
from zuoxi.web.listing import page_of


def _departments() -> list[tuple[str, str]]:
    return [(key, str(body.label)) for key, body in site_handbook().entries(DEPARTMENTS).items()]


@shows("FUP-008", "FUP-011", "FUP-012", "CUS-023", "CUS-028", "FUP-014", "VAR-008")
@may("followups.view")
def hospital(request: HttpRequest) -> HttpResponse:
    """Discharge follow-up, opinions, check-ups step by step, appointments, cards of a month: all from rows."""
    first, last = month_span(request)
    found = figures.hospital_between(first, last, timezone.now())
    names = [pgettext("checkup", "Checked"), _("Positive"), _("Followed up"), _("Came to the clinic")]
    context = {
        "tabs": tabs(request, "hospital"),
        "first": first,
        "figures": found,
        "funnel": [(name, *step) for name, step in zip(names, found.steps, strict=True)],
        "cards": opinions.card_counts(),
        "rounds": list(WardVisit.objects.filter(visited_on__range=(first, last)).select_related("by")[:10]),
        "departments": _departments(),
        "moves": CardStock.Move.choices,
        "today": timezone.localdate(),
    }
    return render(request, "followups/hospital.html", context)


@shows("FUP-008", "FUP-009")
@may("followups.view")
def patients(request: HttpRequest) -> HttpResponse:
    rows = DischargedPatient.objects.prefetch_related("tasks")
    page = page_of(request, rows, {"left": "discharged_on", "department": "department"}, "-left")
    context = {
        "tabs": tabs(request, "hospital"),
        "page": page,
        "lines": [(one, masking.phone(one.number), next(iter(one.tasks.all()), None)) for one in page.rows],
        "departments": _departments(),
        "today": timezone.localdate(),
    }
    return render(request, "followups/patients.html", context)


@require_POST
@may("followups.files")
def patient_new(request: HttpRequest) -> HttpResponse:
    said, staff, now = request.POST, own_record(request), timezone.now()

    def act() -> Any:
        return services.discharge(
            said.get("record", ""),
            said.get("name", ""),
            said.get("number", ""),
            said.get("department", ""),
            day_of(said.get("left"), timezone.localdate()),
            doctor=said.get("doctor", ""),
            quiet=services.quiet_spans(said.get("quiet", "")),
            by=staff,
            now=now,
        )

    done(request, act, _("The file is open; its follow-up has been planned."))
    return redirect("followups:patients")


@shows("CUS-023", "FUP-014")
@may("followups.view")
def checkups(request: HttpRequest) -> HttpResponse:
    rows = CheckupFinding.objects.prefetch_related("tasks")
    page = page_of(request, rows, {"day": "checked_on", "came": "came_at"}, "-day")
    context = {
        "tabs": tabs(request, "hospital"),
        "page": page,
        "lines": [(one, masking.phone(one.number)) for one in page.rows],
        "today": timezone.localdate(),
    }
    return render(request, "followups/checkups.html", context)


@require_POST
@may("followups.files")
def checkup_new(request: HttpRequest) -> HttpResponse:
    said, staff = request.POST, own_record(request)
    positive = {"yes": True, "no": False}.get(said.get("positive", ""))
    day = day_of(said.get("day"), timezone.localdate())
    record, name, number, item = (said.get(key, "") for key in ("record", "name", "number", "item"))
    done(
        request,
        lambda: services.read_checkup(record, name, number, day, positive, item=item, by=staff, now=timezone.now()),
    )
    return redirect("followups:checkups")


@require_POST
@may("followups.files")
def checkup_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    found, staff = get_object_or_404(CheckupFinding, pk=pk), own_record(request)
    done(request, lambda: services.checkup_step(found, step, by=staff, now=timezone.now()))
    return redirect("followups:checkups")


@shows("FUP-012")
@may("followups.view")
def clinic(request: HttpRequest) -> HttpResponse:
    page = page_of(request, ClinicVisit.objects.all(), {"for": "booked_for"}, "-for")
    reasons = scripts.reasons_of(site_handbook(), "no_show")
    names = {one.key: str(one.label) for one in reasons}
    context = {
        "tabs": tabs(request, "hospital"),
        "page": page,
        "lines": [(one, masking.phone(one.number), names.get(one.absent_reason, "")) for one in page.rows],
        "reasons": list(names.items()),
        "departments": _departments(),
        "now": timezone.now(),
    }
    return render(request, "followups/clinic.html", context)


@require_POST
@may("followups.files")
def clinic_new(request: HttpRequest) -> HttpResponse:
    said, staff, at = request.POST, own_record(request), moment_of(request.POST.get("at"))
    name, number, department = (said.get(key, "") for key in ("name", "number", "department"))
    if at is not None:
        done(
            request,
            lambda: services.clinic_booked(name, number, department, at, by=staff, now=timezone.now()),
        )
    return redirect("followups:clinic")


@require_POST
@may("followups.files")
def clinic_seen(request: HttpRequest, pk: int) -> HttpResponse:
    found, staff = get_object_or_404(ClinicVisit, pk=pk), own_record(request)
    came, reason = request.POST.get("came") == "yes", request.POST.get("reason", "")
    done(request, lambda: services.clinic_came(found, came, reason, by=staff, now=timezone.now()))
    return redirect("followups:clinic")


@require_POST
@may("followups.files")
def cards(request: HttpRequest) -> HttpResponse:
    said, staff, now = request.POST, own_record(request), timezone.now()
    day, count = day_of(said.get("day"), timezone.localdate()), count_of(said.get("cards"))
    move, department = said.get("move", ""), said.get("department", "")
    done(request, lambda: services.count_cards(move, count, day=day, department=department, by=staff, now=now))
    return redirect("followups:hospital")


@require_POST
@may("followups.files")
def ward(request: HttpRequest) -> HttpResponse:
    said, staff, now = request.POST, own_record(request), timezone.now()
    day, people = day_of(said.get("day"), timezone.localdate()), count_of(said.get("patients"))
    name, note = said.get("ward", ""), said.get("note", "")
    done(request, lambda: services.ward_visited(name, day, people, note, by=staff, now=now))
    return redirect("followups:hospital")
