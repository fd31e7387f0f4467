# SPDX-License-Identifier: Apache-2.0
"""One's own shifts: the month, the next shift, breaks, swaps, overtime, the calendar's secret address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.people.models import Staff
from zuoxi.people.selectors import posts_on, staff_of, working_staff
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may, public
from zuoxi.workforce import services
from zuoxi.workforce.facts import RosteredShift
from zuoxi.workforce.feeds import calendar_of_staff, staff_of_token
from zuoxi.workforce.forms import SwapWishForm
from zuoxi.workforce.grid import weekday_names
from zuoxi.workforce.handbook import templates_of
from zuoxi.workforce.models import CalendarFeed, OvertimeCall, ShiftSwap
from zuoxi.workforce.month_sheet import breaks_of, sheet_of
from zuoxi.workforce.selectors import next_shift, shift_at
from zuoxi.workforce.swaps import SWAP_QUOTAS
from zuoxi.workforce.units import month_of, next_month
from zuoxi.workforce.visibility import own_calls, swaps_of_user


def _me(request: HttpRequest) -> Staff:
    staff = staff_of(request.user)
    if staff is None:
        raise Http404("no staff record")
    return staff


def _shift_name(shift: RosteredShift | None) -> str:
    body = templates_of(site_handbook()).get(shift.template) if shift and shift.template else None
    return str(body.name) if body else ""


@shows("SCH-002", "SCH-012", "FLR-006")
@may("workforce.own")
def mine(request: HttpRequest) -> HttpResponse:
    """My month."""
    staff, now = staff_of(request.user), timezone.now()
    today = timezone.localdate(now)
    month = month_of(request.GET.get("month", "")) or today.replace(day=1)
    if staff is None:
        return render(request, "workforce/mine.html", {"sheet": None, "month": month})
    current, coming = shift_at(staff.pk, now), next_shift(staff.pk, now)
    context: dict[str, Any] = {
        "sheet": sheet_of(staff, month),
        "month": month,
        "previous": month - timedelta(days=1),
        "next": next_month(month),
        "today": today,
        "signs": weekday_names(),
        "current": current,
        "current_name": _shift_name(current),
        "coming": coming,
        "breaks": breaks_of(staff, today),
        "coming_name": _shift_name(coming),
        "calls": list(
            own_calls(request.user).filter(list__state="announced", list__ends_at__gte=now).select_related("list")
        ),
        "feed": CalendarFeed.objects.filter(staff=staff).first(),
        "token": request.session.pop("workforce_feed", ""),
        "waiting": ShiftSwap.objects.filter(peer=staff, state=ShiftSwap.State.ASKED).count(),
    }
    if context["token"]:
        context["address"] = request.build_absolute_uri(reverse("workforce:feed", args=[context["token"]]))
    return render(request, "workforce/mine.html", context)


@require_POST
@may("workforce.own")
def read(request: HttpRequest, month: str) -> HttpResponse:
    """Say that the roster was read."""
    wanted = month_of(month)
    if wanted is None:
        raise Http404(month)
    if services.read_rosters(_me(request), [wanted], timezone.now()):
        messages.success(request, _("Thank you; it is written down that you have read it."))
    return redirect(f"{reverse('workforce:mine')}?month={month}")


@require_POST
@may("workforce.own")
def make_feed(request: HttpRequest) -> HttpResponse:
    """A new address for the calendar of one's telephone; the old one stops."""
    request.session["workforce_feed"] = services.make_feed(_me(request), timezone.now())
    messages.success(request, _("Copy the address now: it is shown only once."))
    return redirect("workforce:mine")


@require_POST
@may("workforce.own")
def revoke_feed(request: HttpRequest) -> HttpResponse:
    if services.revoke_feed(_me(request), timezone.now()):
        messages.success(request, _("The address no longer works."))
    return redirect("workforce:mine")


@public
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address; whoever has the address may read it, until it is revoked."""
    now = timezone.now()
    staff = staff_of_token(token, now)
    if staff is None:
        raise Http404
    names = {key: str(body.name) for key, body in templates_of(site_handbook()).items()}
    text = calendar_of_staff(staff, _("Shifts of %(name)s") % {"name": staff.name}, names, now)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=900"
    answer["Content-Disposition"] = 'inline; filename="shifts.ics"'
    return answer


def _colleagues(staff: Staff, user: Any) -> Any:
    """People of the same team and post."""
    today = timezone.localdate()
    posts = posts_on(today)
    own = {(one.position, one.team_id) for one in posts if one.staff_id == staff.pk and one.team_id}
    ids = {one.staff_id for one in posts if (one.position, one.team_id) in own and one.staff_id != staff.pk}
    return working_staff(today).filter(pk__in=ids)


@shows("SCH-003", "SCH-004", "SCH-005", "SCH-006", "SCH-007")
@may("workforce.own")
def swaps(request: HttpRequest) -> HttpResponse:
    """My swaps, those that wait for my word, and the form for a new one."""
    staff = _me(request)
    today = timezone.localdate()
    form = SwapWishForm(request.POST or None, colleagues=_colleagues(staff, request.user), initial=request.GET.dict())
    if request.method == "POST" and form.is_valid() and _asked(request, form, staff):
        return redirect("workforce:swaps")
    rows = list(swaps_of_user(request.user).select_related("applicant", "peer", "request")[:60])
    asking_me = [one for one in rows if one.peer_id == staff.pk and one.state == ShiftSwap.State.ASKED]
    context = {
        "form": form,
        "mine": [one for one in rows if one.applicant_id == staff.pk],
        "others": [one for one in rows if one.peer_id == staff.pk and one.state != ShiftSwap.State.ASKED],
        "asking_me": asking_me,
        "waiting": len(asking_me),
        "quotas": _quotas(staff, today.replace(day=1)),
        "today": today,
    }
    return render(request, "workforce/swaps.html", context, status=422 if form.errors else 200)


def _quotas(staff: Staff, month: Any) -> list[tuple[str, Any, Any]]:
    handbook = site_handbook()
    return [
        (str(body.label), services.used(staff, kind, month), handbook.on(timezone.localdate()).number(body.limit))
        for kind, body in handbook.entries(SWAP_QUOTAS).items()
    ]


def _asked(request: HttpRequest, form: SwapWishForm, staff: Staff) -> bool:
    said, user = form.cleaned_data, request.user
    wish = services.Wish(
        said["kind"], staff, said["peer"], said["given_day"], said["taken_day"] or said["given_day"], said["reason"],
        said["handover"],
    )  # fmt: skip
    try:
        swap = services.ask_swap(wish, by=user, now=timezone.now())  # type: ignore[arg-type]
    except (services.NotPossible, services.NotDone) as refusal:
        form.add_error(None, str(refusal))
        return False
    except ValidationError as refusal:
        form.add_error(None, refusal.messages[0])
        return False
    if swap.state == ShiftSwap.State.ASKED:
        messages.success(request, _("Your colleague has been asked; the request goes on as soon as he agrees."))
    else:
        messages.success(request, _("Handed in. You are told when it is decided."))
    return True


@require_POST
@may("workforce.own")
def answer_swap(request: HttpRequest, pk: int) -> HttpResponse:
    """The colleague agrees or declines."""
    staff = _me(request)
    swap = get_object_or_404(swaps_of_user(request.user).filter(peer=staff), pk=pk)
    if request.POST.get("answer") == "agree":
        try:
            made = services.agree(swap, by=staff, user=request.user, now=timezone.now())  # type: ignore[arg-type]
        except (services.NotPossible, services.NotDone) as refusal:
            messages.error(request, str(refusal))
        else:
            if made.state == ShiftSwap.State.FAILED:
                messages.error(request, _("The roster was changed meanwhile; the swap has to be asked again."))
            else:
                messages.success(request, _("You have agreed; now it is decided."))
    elif services.decline(swap, timezone.now()):
        messages.success(request, _("You have declined."))
    return redirect("workforce:swaps")


@require_POST
@may("workforce.own")
def answer_overtime(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or decline overtime that was announced."""
    call = get_object_or_404(own_calls(request.user).select_related("list", "staff"), pk=pk)
    confirm = request.POST.get("answer") == "confirm"
    try:
        services.answer_overtime(
            call, confirm=confirm, voluntary=call.mark == OvertimeCall.Mark.VOLUNTARY, now=timezone.now()
        )
    except services.OvertimeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You have confirmed.") if confirm else _("You have declined."))
    return redirect("workforce:mine")
