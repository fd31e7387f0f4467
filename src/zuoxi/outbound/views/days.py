# SPDX-License-Identifier: Apache-2.0
"""The day's follow-ups and targets, and the month's report."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.outbound import follow_ups as records
from zuoxi.outbound import selectors, stays
from zuoxi.outbound.follow_ups import Said
from zuoxi.outbound.forms import FollowUpForm
from zuoxi.outbound.models import FollowUpRecord, Promise
from zuoxi.outbound.refusing import Refused
from zuoxi.outbound.views.asked import by_of, day_of, done, today_of
from zuoxi.outbound.visibility import attempts_seen, follow_ups_seen, staff_seen, stays_seen
from zuoxi.people.selectors import names_of, staff_of
from zuoxi.policy.marks import shows
from zuoxi.vault import masking
from zuoxi.web.access import may
from zuoxi.web.listing import page_of

MOST_PEOPLE = 200


@shows("CUS-003", "CALL-019", "RPT-027")
@may("outbound.work")
def follow_ups(request: HttpRequest) -> HttpResponse:
    """Records of follow-ups: one's own, or those of the people in reach."""
    staff, today = by_of(request), today_of()
    rows = follow_ups_seen(request.user, today).select_related("staff", "customer", "received_by", "corrects")
    asked = request.GET
    if text := asked.get("day", ""):
        rows = rows.filter(day=day_of(text, today))
    if code := asked.get("staff", ""):
        rows = rows.filter(staff__code=code)
    marks = selectors.colours()
    if (colour := asked.get("colour", "")) in marks:
        rows = rows.filter(colour=colour)
    if asked.get("open"):
        rows = rows.filter(handed_at__isnull=False, received_at=None)
    page = page_of(request, rows, {"at": "at", "contact": "contact"}, "-at")
    lines = [(one, masking.phone(one.phone), marks.get(one.colour)) for one in page.rows]
    own = FollowUpRecord.objects.filter(staff=staff, handed_at=None)
    to_receive = [one.pk for one in page.rows if one.handed_at and not one.received_at and one.staff_id != staff.pk]
    context = {
        "page": page, "lines": lines, "marks": marks, "asked": asked, "to_receive": to_receive,
        "leads": request.user.is_authenticated and request.user.may("outbound.team"),
        "not_handed": own.filter(day=today).count(), "forgotten": own.filter(day__lt=today).count(), "today": today,
    }  # fmt: skip
    return render(request, "outbound/follow_ups.html", context)


@may("outbound.work")
def follow_up_new(request: HttpRequest) -> HttpResponse:
    """Write a follow-up, or correct one's own: the old one stays."""
    staff = by_of(request)
    wrong = request.GET.get("corrects", "")
    old = None
    if wrong.isdecimal() and len(wrong) < 12:
        old = get_object_or_404(FollowUpRecord, pk=int(wrong), staff=staff)
    initial = {"contact": old.contact, "phone": old.phone, "content": old.content, "colour": old.colour} if old else {}
    form = FollowUpForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            records.write_follow_up(Said(**form.cleaned_data), by=staff, now=timezone.now(), corrects=old)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept."))
            return redirect("outbound:follow_ups")
    context = {"form": form, "old": old}
    return render(request, "outbound/follow_up_form.html", context, status=400 if form.errors else 200)


@require_POST
@may("outbound.work")
def hand_in(request: HttpRequest) -> HttpResponse:
    """The day's records go to the leader."""
    staff, day = by_of(request), day_of(request.POST.get("day"), today_of())
    done(request, lambda: records.hand_in(staff, day, timezone.now()), _("Handed in to your leader."))
    return redirect("outbound:follow_ups")


@require_POST
@may("outbound.team")
def receive(request: HttpRequest) -> HttpResponse:
    """Take over what is handed in, of the people in reach alone."""
    asked = [int(one) for one in request.POST.getlist("record") if one.isdecimal() and len(one) < 12]
    seen = follow_ups_seen(request.user, today_of()).filter(pk__in=asked).values_list("pk", flat=True)
    ids = list(seen)
    done(request, lambda: records.receive(ids, by_of(request), timezone.now()), _("Signed for."))
    return redirect("outbound:follow_ups")


@shows("CALL-017", "CALL-018", "VAR-002")
@may("outbound.team")
def targets(request: HttpRequest) -> HttpResponse:
    """Effective calls of the day against the target, person by person; who is short of it, and who stays."""
    today = today_of()
    day = min(day_of(request.GET.get("day"), today), today)
    people = staff_seen(request.user, today)
    busy = attempts_seen(request.user, today).filter(day=day).order_by().values("staff")
    shown = list(people.filter(pk__in=busy).order_by("code")[:MOST_PEOPLE])
    lines = stays.days_of_calls(shown, day, selectors.reached_results())
    asked = [line for line in lines if line.target is not None]
    met = sum(line.missing == 0 for line in asked)
    context = {
        "day": day, "today": today, "before": day - timedelta(days=1), "after": day + timedelta(days=1), "lines": lines,
        "with_target": len(asked), "met": met, "rate": met / len(asked) if asked else None,
        "effective": sum(line.effective for line in lines), "short": sum((line.missing or 0) > 0 for line in asked),
        "may_watch": staff_of(request.user) is not None,
    }  # fmt: skip
    return render(request, "outbound/targets.html", context)


@require_POST
@may("outbound.team")
def stay(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody short of the target stays, watched over by who presses."""
    staff = get_object_or_404(staff_seen(request.user, today_of()), code=code)
    done(request, lambda: stays.begin_stay(staff, today_of(), by_of(request), timezone.now()), _("Written down."))
    return redirect("outbound:targets")


@require_POST
@may("outbound.team")
def stay_end(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(stays_seen(request.user, today_of()), pk=pk)
    done(request, lambda: stays.end_stay(row.pk, by_of(request), timezone.now()), _("Written down."))
    return redirect("outbound:targets")


@shows("RPT-026", "CALL-017")
@may("outbound.read")
def month(request: HttpRequest) -> HttpResponse:
    """The month's outbound figures, by day and (for leaders) by person; the report of the 30th is written from it."""
    today = today_of()
    first, last = selectors.month_bounds(day_of(f"{request.GET.get('month', '')}-01", today))
    rows = attempts_seen(request.user, today).filter(day__gte=first, day__lte=last)
    by_day = selectors.figures_by(rows, "day")
    by_staff = selectors.figures_by(rows, "staff__code")
    names = names_of(by_staff)
    kept = Promise.objects.filter(owner__code__in=list(by_staff), closed_at__date__gte=first, closed_at__date__lte=last)
    written = follow_ups_seen(request.user, today).filter(day__gte=first, day__lte=last)
    context = {
        "first": first, "last": last, "before": first - timedelta(days=1), "after": last + timedelta(days=1),
        "total": selectors.figures_of(rows), "by_day": sorted(by_day.items()),
        "by_staff": [(code, names.get(code, code), by_staff[code]) for code in sorted(by_staff)],
        "kept": kept.filter(state=Promise.State.KEPT).count(), "written": written.count(),
        "chart": _chart(sorted(by_day.items())),
        "span": f"?from={first}&to={last}",
        "lead": _("The month's report is due on %(day)s") % {"day": f"{_due(first):%m-%d}"},
    }  # fmt: skip
    return render(request, "outbound/month.html", context)


def _due(first: date) -> date:
    """The day on which the month's report is owed: the 30th, in February its last day."""
    last = selectors.month_bounds(first)[1]
    return min(first.replace(day=28) + timedelta(days=2), last)


def _chart(days: list[tuple[date, selectors.Figures]]) -> dict[str, object]:
    return {
        "kind": "bar",
        "x": [f"{day:%m-%d}" for day, _found in days],
        "series": [
            {"name": _("Dialled"), "data": [found.dialled for _day, found in days]},
            {"name": _("Taken up"), "data": [found.answered for _day, found in days]},
            {"name": _("Effective"), "data": [found.effective for _day, found in days]},
        ],
        "unit": "count",
    }
