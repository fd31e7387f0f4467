# SPDX-License-Identifier: Apache-2.0
"""Daily reports: what was written, when it left, whether in time."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zuoxi.messaging.lengths import sms_parts
from zuoxi.reporting import access, definitions, presentation, punctuality, services
from zuoxi.reporting.facts import FigureValue
from zuoxi.reporting.models import DailyReport
from zuoxi.web.access import may
from zuoxi.web.listing import page_of

STANDINGS = {
    punctuality.Standing.PUNCTUAL: (gettext_lazy("In time"), "good"),
    punctuality.Standing.LATE: (gettext_lazy("Too late"), "bad"),
    punctuality.Standing.MISSING: (gettext_lazy("Not sent"), "bad"),
    punctuality.Standing.NOT_DUE: (gettext_lazy("Not due yet"), "plain"),
}


class TextForm(forms.Form):
    text_zh = forms.CharField(label=gettext_lazy("Chinese text"), max_length=500, widget=forms.Textarea({"rows": 3}))
    text_en = forms.CharField(label=gettext_lazy("English text"), max_length=500, widget=forms.Textarea({"rows": 3}))


def _report(day: str) -> DailyReport:
    try:
        return get_object_or_404(DailyReport, day=date.fromisoformat(day))
    except ValueError:
        raise Http404 from None


@may(access.DAILY_READ.code)
def daily_list(request: HttpRequest) -> HttpResponse:
    """The reports of the last days, and how many came in time."""
    now = datetime.now(UTC)
    page = page_of(request, DailyReport.objects.all(), {"day": "day"}, "-day", size=31)
    rows = punctuality.followed(page.rows, now)
    context = {
        "page": page,
        "rows": [(one, *STANDINGS[one.standing]) for one in rows],
        "share": punctuality.punctual_share(rows),
    }
    return render(request, "reporting/daily_list.html", context)


@may(access.DAILY_READ.code)
def daily(request: HttpRequest, day: str) -> HttpResponse:
    """One report: its words, its figures, its messages."""
    report = _report(day)
    (one,) = punctuality.followed([report], datetime.now(UTC))
    form = TextForm(initial={"text_zh": report.text_zh, "text_en": report.text_en})
    context = {
        "one": one,
        "standing": STANDINGS[one.standing],
        "form": form,
        "may_send": report.asked_at is None and request.user.may(access.DAILY.code),  # type: ignore[union-attr]
        "parts": sms_parts(report.text_zh),
        "figures": [(definitions.BY_ID[name].name, _shown(name, told)) for name, told in report.figures.items()],
    }
    return render(request, "reporting/daily.html", context)


def _shown(name: str, told: dict[str, float | None]) -> str:
    unit = definitions.BY_ID[name].unit
    return presentation.shown(FigureValue(name, int(told["version"] or 0), told["value"], None, None, unit))


@require_POST
@may(access.DAILY.code)
def daily_send(request: HttpRequest, day: str) -> HttpResponse:
    """Keep corrected words, and with "send" let the report leave now."""
    report, now, form = _report(day), datetime.now(UTC), TextForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Both texts are needed, of at most 500 characters."))
        return redirect("reporting:daily", day)
    words = (form.cleaned_data["text_zh"], form.cleaned_data["text_en"])
    changed = words != (report.text_zh, report.text_en)
    if changed and not services.correct_daily(report, *words, by=int(request.user.pk or 0), now=now):
        messages.error(request, _("The report has left; its words stand."))
    elif "send" in request.POST:
        _send(request, _report(day), now)
    else:
        messages.success(request, _("The words are kept."))
    return redirect("reporting:daily", day)


def _send(request: HttpRequest, report: DailyReport, now: datetime) -> None:
    try:
        count = services.send_daily(report, now, request.user.get_username())
    except services.NobodyToTell:
        messages.error(request, _("Nobody holds the post that it goes to, or no mobile number is on file."))
    else:
        messages.success(request, _("On its way to %(n)s.") % {"n": count})
