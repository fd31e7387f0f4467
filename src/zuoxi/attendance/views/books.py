# SPDX-License-Identifier: Apache-2.0
"""The books beside the days: corrections, excuses, and what looks like clocking for others."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.attendance import selectors, services, visibility
from zuoxi.attendance.forms import DirectCorrectionForm, UntrueForm
from zuoxi.attendance.handbook import CAUSES
from zuoxi.people.selectors import names_of
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may
from zuoxi.web.listing import page_of

LOOK_BACK = timedelta(days=31)


@shows("ATT-022")
@may("attendance.team")
def corrections(request: HttpRequest) -> HttpResponse:
    """What was put right, by whom and why; and what was carried out of locked months."""
    today = timezone.localdate()
    rows = visibility.corrections_seen(request.user, today).select_related("staff", "original", "punch")
    page = page_of(request, rows, {"at": "at", "day": "day", "staff": "staff__code"}, "-at")
    entries = visibility.after_entries_seen(request.user, today).select_related("staff").order_by("-at")[:50]
    may_correct = request.user.may("attendance.correct")  # type: ignore[union-attr]
    context = {"page": page, "entries": entries, "may_correct": may_correct}
    return render(request, "attendance/corrections.html", context)


@may("attendance.correct")
def correct(request: HttpRequest) -> HttpResponse:
    """Put a record right at once, with a reason; for whoever keeps the books."""
    initial = {name: request.GET.get(name) for name in ("code", "day", "original") if request.GET.get(name)}
    form = DirectCorrectionForm(request.POST or None, initial=initial)
    known = visibility.punches_seen(request.user, timezone.localdate())
    number = request.POST.get("original") or initial.get("original") or ""
    original = known.filter(pk=int(number)).select_related("staff").first() if str(number).isdecimal() else None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        staff = visibility.person_seen(request.user, said["code"], timezone.localdate())
        if staff is None or (original is not None and original.staff_id != staff.pk):
            raise Http404
        try:
            services.correct(
                staff,
                said["day"],
                original=original,
                at=said["at"],
                direction=said["direction"],
                reason=said["reason"],
                evidence=said["evidence"],
                by=request.user.get_username(),
                now=timezone.now(),
            )
        except services.Superseded:
            form.add_error(None, _("Somebody else has corrected this record meanwhile. Look at the day again."))
        else:
            messages.success(request, _("Put right and judged again; the original stays readable."))
            return redirect("attendance:day", staff.code, said["day"].isoformat())
    context = {"form": form, "original": original}
    return render(request, "attendance/correct.html", context, status=400 if form.errors else 200)


@shows("ATT-002", "ATT-016", "ATT-030")
@may("attendance.team")
def excuses(request: HttpRequest) -> HttpResponse:
    """Causes that were accepted, for whom, and what proves them."""
    rows = visibility.excuses_seen(request.user, timezone.localdate()).select_related("staff", "team")
    page = page_of(request, rows, {"from": "starts_at", "cause": "cause"}, "-from")
    causes = {code: str(body.label) for code, body in site_handbook().entries(CAUSES).items()}
    names = names_of([row.proposed_by for row in page.rows])
    lines = [(row, causes.get(row.cause, row.cause), names.get(row.proposed_by, row.proposed_by)) for row in page.rows]
    may_untrue = request.user.may("attendance.excuse.untrue")  # type: ignore[union-attr]
    context = {"page": page, "lines": lines, "may_untrue": may_untrue}
    return render(request, "attendance/excuses.html", context)


@require_POST
@may("attendance.excuse.untrue")
def untrue(request: HttpRequest, pk: int) -> HttpResponse:
    """A cause was looked into and is false."""
    excuse = visibility.excuses_seen(request.user, timezone.localdate()).filter(pk=pk).first()
    if excuse is None:
        raise Http404
    form = UntrueForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what was found."))
    elif services.find_untrue(
        excuse, note=form.cleaned_data["note"], by=request.user.get_username(), now=timezone.now()
    ):
        messages.success(request, _("Found false: the time counts as absence now."))
    else:
        messages.info(request, _("This had been found before."))
    return redirect("attendance:excuses")


@shows("FLR-025", "CALL-009")
@may("attendance.team")
def suspicions(request: HttpRequest) -> HttpResponse:
    """Many numbers at one device within seconds, one number at two devices: to be looked into, not judged."""
    today = timezone.localdate()
    people = list(visibility.staff_seen(request.user, today).values_list("pk", flat=True))
    found = selectors.proxy_suspicions(today - LOOK_BACK, today, people)[:200]
    names = names_of([code for one in found for code in one.people])
    lines = [
        (one, [(code, names.get(code, code)) for code in one.people], f"{timezone.localdate(one.at):%Y-%m-%d}")
        for one in found
    ]
    reading = site_handbook().on(today)
    told = _("%(people)d people or more at one device within %(seconds)d seconds. A hint, never a judgement.") % {
        "people": reading.whole("attendance.proxy.people"),
        "seconds": reading.whole("attendance.proxy.seconds"),
    }
    context = {"lines": lines, "told": told}
    return render(request, "attendance/suspicions.html", context)
