# SPDX-License-Identifier: Apache-2.0
"""Wishes for rosters to come: one's own with what became of them, and those of everybody in reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from zuoxi.people.models import Staff
from zuoxi.people.selectors import posts_on, staff_of
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import exports
from zuoxi.web.access import may
from zuoxi.web.listing import page_of_rows
from zuoxi.workforce import services
from zuoxi.workforce.handbook import templates_of
from zuoxi.workforce.today import export
from zuoxi.workforce.units import days_of, month_of, next_month
from zuoxi.workforce.visibility import own_wishes, seen_staff, written_staff
from zuoxi.workforce.wish_forms import RosterWishForm
from zuoxi.workforce.wish_models import RosterWish
from zuoxi.workforce.wishes import STATES, Fate, fates_of, last_day_of_asking, standing, wanted_shifts

_BACK = timedelta(days=62)


def _me(request: HttpRequest) -> Staff:
    staff = staff_of(request.user)
    if staff is None:
        raise Http404("no staff record")
    return staff


def want_name(want: str) -> str:
    """The wish in words."""
    if want == RosterWish.OFF:
        return _("A day of rest")
    body = templates_of(site_handbook()).get(want)
    return f"{want} {body.name}" if body else want


def _position(staff: Staff, day: date) -> str:
    return next((one.position for one in posts_on(day) if one.staff_id == staff.pk), "")


def _open_months(today: date) -> list[tuple[date, date, bool]]:
    """The two months ahead: month, last day of asking, whether it is still open."""
    first = next_month(today.replace(day=1))
    return [(month, last_day_of_asking(month), today <= last_day_of_asking(month)) for month in
            (first, next_month(first))]  # fmt: skip


@shows("SCH-002")
@may("workforce.own")
def my_wishes(request: HttpRequest) -> HttpResponse:
    """What I wished of the rosters to come, what became of it and why, and the form for another."""
    staff, now = _me(request), timezone.now()
    today = timezone.localdate(now)
    months = _open_months(today)
    month = next((one for one, _until, still in months if still), months[-1][0])
    shifts = wanted_shifts(_position(staff, today), month)
    form = RosterWishForm(request.POST or None, shifts=shifts, initial={"day": request.GET.get("day", "")})
    if request.method == "POST" and form.is_valid() and _asked(request, form, staff):
        return redirect("workforce:my_wishes")
    rows = list(own_wishes(request.user).filter(day__gte=today - _BACK, withdrawn_at__isnull=True).order_by("-day"))
    fates = fates_of(rows)
    reading = site_handbook().on(today)
    context = {
        "form": form,
        "months": months,
        "most": reading.whole("roster.wish.month_maximum"),
        "strong": reading.whole("roster.wish.strong_maximum"),
        "waiting_for": [_line(one, fates[one.pk]) for one in reversed(rows) if fates[one.pk].state == "waiting"],
        "answered": [_line(one, fates[one.pk]) for one in rows if fates[one.pk].state != "waiting"],
        "today": today,
    }
    return render(request, "workforce/my_wishes.html", context, status=422 if form.errors else 200)


def _line(one: RosterWish, fate: Fate) -> dict[str, Any]:
    return {"row": one, "want": want_name(one.want), "fate": fate}


def _asked(request: HttpRequest, form: RosterWishForm, staff: Staff) -> bool:
    said = form.cleaned_data
    try:
        services.ask_wish(
            staff, said["day"], said["want"], strong=said["strong"], reason=said["reason"], now=timezone.now()
        )
    except services.WishRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Kept. When the roster is published you read here what became of it."))
    return True


@require_POST
@may("workforce.own")
def withdraw_wish(request: HttpRequest, pk: int) -> HttpResponse:
    wish = get_object_or_404(own_wishes(request.user), pk=pk)
    if services.withdraw_wish(wish, timezone.now()):
        messages.success(request, _("Withdrawn."))
    else:
        messages.info(request, _("It was withdrawn before, or the roster of that day is published already."))
    return redirect("workforce:my_wishes")


def _month(text: str) -> date:
    month = month_of(text)
    if month is None:
        raise Http404(text)
    return month


def _seen(request: HttpRequest, month: date) -> list[tuple[RosterWish, Fate]]:
    staff = seen_staff(request.user, timezone.localdate())
    rows = list(standing(month, staff).select_related("staff"))
    fates = fates_of(rows, drafts=True)
    return [(one, fates[one.pk]) for one in rows]


def _reason(one: RosterWish, written: Collection[int]) -> str:
    """The person was promised that only who makes his roster reads it."""
    return one.reason if one.staff_id in written else ""


@shows("SCH-002")
@may("workforce.rosters")
def wishes(request: HttpRequest, month: str) -> HttpResponse:
    """Everybody's wishes for a month: how many a day, what the roster as written makes of each, and why."""
    first, today = _month(month), timezone.localdate()
    every, makers = _seen(request, first), written_staff(request.user, today)
    state, day = request.GET.get("state", ""), request.GET.get("day", "")
    shown = [
        held for held in every
        if (state not in STATES or held[1].state == state) and (not day or held[0].day.isoformat() == day)
    ]  # fmt: skip
    page = page_of_rows(request, shown)
    counts = Counter(fate.state for _one, fate in every)
    context = {
        "month": first,
        "previous": first - timedelta(days=1),
        "next": next_month(first),
        "until": last_day_of_asking(first),
        "open": today <= last_day_of_asking(first),
        "page": page,
        "lines": [_line(one, fate) | {"reason": _reason(one, makers)} for one, fate in page.rows],
        "count": len(every),
        "people": len({one.staff_id for one, _fate in every}),
        "granted": counts["granted"],
        "lost": counts["lost"],
        "states": [(key, label, key == state) for key, label in STATES.items()],
        "day": day,
        "chart": _chart(first, every) if every else None,
        "may_export": exports.may_export(request.user.roles),  # type: ignore[union-attr]
        "may_solve": request.user.may("workforce.rosters.edit"),  # type: ignore[union-attr]
    }
    return render(request, "workforce/wishes.html", context)


def _chart(month: date, every: Sequence[tuple[RosterWish, Fate]]) -> dict[str, Any]:
    """Wishes by day: for a rest, for a shift."""
    off = Counter(one.day for one, _fate in every if one.want == RosterWish.OFF)
    work = Counter(one.day for one, _fate in every if one.want != RosterWish.OFF)
    days = days_of(month)
    address = reverse("workforce:wishes", args=[f"{month:%Y-%m}"])
    return {
        "kind": "stacked",
        "x": [f"{one:%m-%d}" for one in days],
        "series": [
            {"name": _("A day of rest"), "data": [off[one] for one in days], "tone": "accent"},
            {"name": _("A shift"), "data": [work[one] for one in days], "tone": "call"},
        ],
        "unit": "count",
        "links": [f"{address}?{urlencode({'day': one.isoformat()})}" for one in days],
    }


@may("workforce.export")
def wishes_file(request: HttpRequest, month: str, form: str) -> HttpResponseBase:
    """The month's wishes with what became of them."""
    first, makers = _month(month), written_staff(request.user, timezone.localdate())
    head = [
        _("Code"), pgettext("roster", "Person"), pgettext("roster", "Day"),
        pgettext("roster wish", "What I would like"),
        _("Matters much"), pgettext("swap", "Reason"), _("State"), pgettext("roster wish", "Why"),
        pgettext("roster", "Rostered"),
    ]  # fmt: skip
    rows = [
        [
            one.staff.code, one.staff.name, one.day.isoformat(), want_name(one.want), _("Yes") if one.strong else "",
            _reason(one, makers), fate.label, fate.why, fate.cell,
        ]
        for one, fate in _seen(request, first)
    ]  # fmt: skip
    form = form if form in export.FORMS else "csv"
    return export.answer(request, head, rows, name=f"wishes-{first:%Y%m}", form=form)
