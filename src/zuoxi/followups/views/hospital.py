# SPDX-License-Identifier: Apache-2.0
"""The hospital's pages: figures that drill to rows, files of patients, check-ups, the clinic, cards and rounds."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from zuoxi.followups import figures, opinions, scripts, services
from zuoxi.followups.handbook import DEPARTMENTS
from zuoxi.followups.models import CardStock, CheckupFinding, ClinicVisit, DischargedPatient, FollowUpTask, WardVisit
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
    steps = [(key, label) for key, (label, _rows) in _of_checkups().items()][:4]
    context = {
        "tabs": tabs(request, "hospital"),
        "first": first,
        "figures": found,
        "funnel": [(key, name, *step) for (key, name), step in zip(steps, found.steps, strict=True)],
        "asked": f"?month={first:%Y-%m}",
        "days": f"?from={first}&to={last}",
        "cards": opinions.card_counts(),
        "rounds": list(WardVisit.objects.filter(visited_on__range=(first, last)).select_related("by")[:10]),
        "departments": _departments(),
        "moves": CardStock.Move.choices,
        "today": timezone.localdate(),
    }
    return render(request, "followups/hospital.html", context)


def _narrowed(request: HttpRequest, rows: QuerySet[Any], day: str, known: dict[str, tuple[Any, Q]]) -> QuerySet[Any]:
    """The rows of a month that a figure counted, by `month` and `rows` of the address; nonsense narrows nothing."""
    if request.GET.get("month"):
        first, last = month_span(request)
        since, until = figures.span(first, last)
        days: dict[str, Any] = {f"{day}__range": (first, last)}
        rows = rows.filter(**({f"{day}__gte": since, f"{day}__lt": until} if day.endswith("_for") else days))
    asked = known.get(request.GET.get("rows", ""))
    return rows.filter(asked[1]) if asked else rows


def _filters(request: HttpRequest, known: dict[str, tuple[Any, Q]]) -> dict[str, Any]:
    return {
        "month": request.GET.get("month", ""),
        "picked": request.GET.get("rows", ""),
        "choices": [(key, label) for key, (label, _condition) in known.items()],
    }


def _called(*said: str) -> Q:
    """Patients whose follow-up was answered, with one of these satisfactions where they are named."""
    tasks = FollowUpTask.objects.filter(state=FollowUpTask.State.DONE, patient__isnull=False)
    return Q(pk__in=(tasks.filter(satisfaction__in=said) if said else tasks).values("patient_id"))


def _of_patients() -> dict[str, tuple[Any, Q]]:
    return {
        "good": (_("With a right number"), ~Q(number_good=False)),
        "called": (_("People who were reached"), _called()),
        "satisfied": (_("Satisfied"), _called("satisfied")),
        "fairly": (_("Fairly satisfied"), _called("fairly_satisfied")),
        "dissatisfied": (_("Not satisfied"), _called("dissatisfied")),
    }


def _of_checkups() -> dict[str, tuple[Any, Q]]:
    read = Q(positive__isnull=False)
    return {
        "checked": (pgettext("checkup", "Checked"), read),
        "positive": (_("Positive"), Q(positive=True)),
        "followed": (_("Followed up"), read & Q(followed_at__isnull=False)),
        "came": (_("Came to the clinic"), read & Q(came_at__isnull=False)),
        "referred": (_("Referred both ways"), read & Q(referred=True)),
        "benefit": (_("Benefit for those in need"), read & Q(benefit=True)),
    }


def _of_clinic() -> dict[str, tuple[Any, Q]]:
    past = Q(booked_for__lt=timezone.now())
    return {
        "booked": (_("Booked"), past),
        "came": (_("Came to the clinic"), past & Q(arrived_at__isnull=False)),
        "absent": (_("Did not come"), past & Q(arrived_at=None)),
    }


@shows("FUP-008", "FUP-009")
@may("followups.view")
def patients(request: HttpRequest) -> HttpResponse:
    known = _of_patients()
    rows = _narrowed(request, DischargedPatient.objects.prefetch_related("tasks"), "discharged_on", known)
    page = page_of(request, rows, {"left": "discharged_on", "department": "department"}, "-left")
    context = {
        "tabs": tabs(request, "hospital"),
        "page": page,
        "lines": [(one, masking.phone(one.number), next(iter(one.tasks.all()), None)) for one in page.rows],
        "departments": _departments(),
        "today": timezone.localdate(),
    }
    return render(request, "followups/patients.html", context | _filters(request, known))


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
    known = _of_checkups()
    rows = _narrowed(request, CheckupFinding.objects.prefetch_related("tasks"), "checked_on", known)
    page = page_of(request, rows, {"day": "checked_on", "came": "came_at"}, "-day")
    context = {
        "tabs": tabs(request, "hospital"),
        "page": page,
        "lines": [(one, masking.phone(one.number)) for one in page.rows],
        "today": timezone.localdate(),
    }
    return render(request, "followups/checkups.html", context | _filters(request, known))


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
    known = _of_clinic()
    rows = _narrowed(request, ClinicVisit.objects.all(), "booked_for", known)
    page = page_of(request, rows, {"for": "booked_for"}, "-for")
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
    return render(request, "followups/clinic.html", context | _filters(request, known))


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
