# SPDX-License-Identifier: Apache-2.0
"""The year's holidays and make-up days, with the site's own days over them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.leave import services
from zuoxi.leave.forms import SiteDayForm
from zuoxi.leave.models import SiteDay
from zuoxi.leave.months import year_months
from zuoxi.leave.site_days import site_calendar
from zuoxi.leave.views.who import user_of
from zuoxi.web.access import may


@may("leave.use")
def holidays(request: HttpRequest) -> HttpResponse:
    """Twelve months; whether the year's exchanges are announced stands above them."""
    return _page(request, SiteDayForm())


def _page(request: HttpRequest, form: SiteDayForm, status: int = 200) -> HttpResponse:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 2007 <= int(asked) <= 2100 else timezone.localdate().year
    own = list(SiteDay.objects.filter(day__year=year))
    sheet = site_calendar()
    context: dict[str, Any] = {
        "form": form,
        "year": year,
        "months": year_months(year, sheet, {one.day: one.reason for one in own}, get_language() or ""),
        "announced": sheet.announced(year),
        "own": own,
        "today": timezone.localdate(),
    }
    return render(request, "leave/holidays.html", context, status=status)


@require_POST
@may("leave.site_days")
def set_day(request: HttpRequest) -> HttpResponse:
    """A day on which the site differs."""
    form = SiteDayForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    said = form.cleaned_data
    services.set_day(
        said["day"],
        working=said["working"] == "yes",
        reason=said["reason"],
        by=user_of(request).get_username(),
        now=timezone.now(),
    )
    messages.success(request, _("Written down."))
    return redirect(f"{reverse('leave:holidays')}?year={said['day'].year}")


@require_POST
@may("leave.site_days")
def drop_day(request: HttpRequest, day: str) -> HttpResponse:
    """The day follows the country's calendar again."""
    try:
        found = date.fromisoformat(day)
    except ValueError as wrong:
        raise Http404(day) from wrong
    services.drop_day(found, by=user_of(request).get_username())
    return redirect("leave:holidays")
