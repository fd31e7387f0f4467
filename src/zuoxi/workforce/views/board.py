# SPDX-License-Identifier: Apache-2.0
"""The roster board: looked at, typed into, copied, taken back."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may
from zuoxi.workforce import services
from zuoxi.workforce.board import Board, board_of, tone_of
from zuoxi.workforce.cells import menu_on
from zuoxi.workforce.conflicts import text_of, texts
from zuoxi.workforce.grid import board_html, changes_json, wrong_of
from zuoxi.workforce.handbook import templates_of
from zuoxi.workforce.units import Book, Unit, days_of, month_end, month_of, next_month
from zuoxi.workforce.visibility import seen_staff, written_staff

SHOWN_CONFLICTS = 100


def asked_month(text: str) -> date:
    """The month in an address. Raises Http404."""
    month = month_of(text)
    if month is None:
        raise Http404(text)
    return month


def _units_asked(
    request: HttpRequest, book: Book, staff: frozenset[int]
) -> tuple[list[tuple[str, str, bool]], set[Unit] | None]:
    """Choices (value, title, chosen) and the units that are meant; None: all of them."""
    asked = request.GET.get("unit", "")
    units = list(book.units(staff))
    choices = [(unit_key(unit), book.title(unit), unit_key(unit) == asked) for unit in units]
    chosen = {unit for unit in units if unit_key(unit) == asked}
    return choices, chosen or None


def unit_key(unit: Unit) -> str:
    return f"{unit[0]}-{unit[1] or 'posts'}"


@shows("SCH-002", "SCH-011", "SCH-015", "SCH-020", "SCH-021", "SCH-022", "SCH-023", "SCH-026", "ORG-009")
@may("workforce.rosters")
def board(request: HttpRequest, month: str) -> HttpResponse:
    """A month of everybody in reach, or of one team."""
    first, today = asked_month(month), timezone.localdate()
    staff = seen_staff(request.user, today)
    choices, units = _units_asked(request, Book(first, month_end(first)), staff)
    writable = written_staff(request.user, today)
    made = board_of(first, staff_ids=staff, writable=writable, units=units)
    said = texts()
    wrong = [(row, one, text_of(one, said)) for row, one in made.conflicts()]
    context = {
        "board": made,
        "month": first,
        "previous": first - timedelta(days=1),
        "next": next_month(first),
        "grid": board_html(made),
        "choices": choices,
        "unit": request.GET.get("unit", ""),
        "rosters": [unit.roster for unit in made.units if unit.roster],
        "wrong": sorted(wrong, key=lambda held: (held[1].level != "bad", held[1].day))[:SHOWN_CONFLICTS],
        "wrong_count": sum(one.level == "bad" for _row, one, _text in wrong),
        "warn_count": sum(one.level != "bad" for _row, one, _text in wrong),
        "under": sum(bool(day.under or day.short) for day in made.days),
        "templates": [(key, str(body.name), menu_on(site_handbook(), first).clocks[key], body) for key, body in
                      templates_of(site_handbook()).items()],
        "settings": _settings(made, first, units),
        "people": _writable(made),
        "days": [day.day for day in made.days],
        "mondays": _mondays(first),
        "today": today,
    }  # fmt: skip
    return render(request, "workforce/board.html", context)


def _writable(made: Board) -> list[tuple[int, str]]:
    return [(row.staff_id, f"{row.name} {row.code}") for unit in made.units for row in unit.rows if row.writable]


def _mondays(month: date) -> list[date]:
    start = month - timedelta(days=month.weekday())
    return [
        start + timedelta(days=7 * week) for week in range(6) if start + timedelta(days=7 * week) <= month_end(month)
    ]


def _settings(made: Board, month: date, units: set[Unit] | None) -> dict[str, Any]:
    """What the island needs to know."""
    menu = menu_on(site_handbook(), month)
    tones = {
        key: tone_of(body.kind, menu.clocks[key].start if menu.clocks[key].spans else None)
        for key, body in menu.templates.items()
    }
    return {
        "month": f"{month:%Y-%m}",
        "days": [day.day.isoformat() for day in made.days],
        "tones": tones,
        "names": {key: f"{body.name} {menu.clocks[key]}" for key, body in menu.templates.items()},
        "save": reverse("workforce:cells", args=[f"{month:%Y-%m}"]),
        "undo": reverse("workforce:undo", args=[f"{month:%Y-%m}"]),
        "whole": units is None,
        "wrong": {row.staff_id: wrong_of(row) for unit in made.units for row in unit.rows if any(wrong_of(row))},
        "counts": _counts(),
        "words": {
            "saved": _("Saved"),
            "saving": _("Saving…"),
            "lost": _("Not saved: no connection. What you typed is kept and sent again."),
            "refused": _("Not written"),
            "locked": _("You may not write this person's shifts."),
        },
    }


def _counts() -> dict[str, list[str]]:
    """What the badges above the grid say of one and of more, while somebody types."""

    def forms(one: str, more: str) -> list[str]:
        return [ngettext(one, more, number) % {"found": "{n}"} for number in (1, 2)]

    return {
        "bad": forms("%(found)s conflict", "%(found)s conflicts"),
        "warn": forms("%(found)s warning", "%(found)s warnings"),
        "under": forms("%(found)s day under the need", "%(found)s days under the need"),
    }


def _edits(request: HttpRequest, month: date) -> list[services.CellEdit] | None:
    """The posted cells; None when they cannot be read."""
    try:
        said = json.loads(request.body)["edits"]
        days = set(days_of(month))
        made = [
            services.CellEdit(int(staff), date.fromisoformat(day), str(text)[:80], None if was is None else str(was))
            for staff, day, text, was in said
        ]
    except (ValueError, KeyError, TypeError):
        return None
    return made if all(one.day in days for one in made) else None


@require_POST
@may("workforce.rosters.edit")
def cells(request: HttpRequest, month: str) -> HttpResponse:
    """A batch of typed cells; answers with what now stands, what is wrong there, and what was not written."""
    first, today = asked_month(month), timezone.localdate()
    edits = _edits(request, first)
    if edits is None:
        return JsonResponse({"title": _("These cells cannot be read. Nothing was changed.")}, status=400)
    allowed = written_staff(request.user, today)
    try:
        result = services.edit_cells(edits, by=request.user.get_username(), now=timezone.now(), allowed=allowed)
    except ValueError as refusal:
        return JsonResponse({"title": str(refusal)}, status=400)
    return JsonResponse(_answer(request, first, {one.staff_id for one in edits} & allowed) | {
        "refused": [[one.staff_id, one.day.isoformat(), one.message, one.text] for one in result.told],
    })  # fmt: skip


def _answer(request: HttpRequest, month: date, staff: set[int]) -> dict[str, Any]:
    """Rows of the people changed and the cover of every day, for whoever may write."""
    today = timezone.localdate()
    if request.GET.get("whole") == "1":
        made = board_of(month, staff_ids=seen_staff(request.user, today), only=staff)
        return changes_json(made, staff)
    book = Book(month, month_end(month))
    _choices, units = _units_asked(request, book, seen_staff(request.user, today))
    made = board_of(month, staff_ids=seen_staff(request.user, today), units=units, only=staff)
    return changes_json(made, staff)


@require_POST
@may("workforce.rosters.edit")
def undo(request: HttpRequest, month: str) -> HttpResponse:
    """Take back one's own last batch."""
    first, today = asked_month(month), timezone.localdate()
    allowed = written_staff(request.user, today)
    count = services.undo_last(by=request.user.get_username(), now=timezone.now(), month=first, allowed=allowed)
    if request.headers.get("Accept", "").startswith("application/json"):
        whole = board_of(first, staff_ids=allowed)
        return JsonResponse(changes_json(whole, set(allowed)) | {"undone": count})
    if count:
        said = ngettext("%(count)s cell taken back.", "%(count)s cells taken back.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("There is nothing of yours to take back."))
    return redirect(_back(request, first))


def _back(request: HttpRequest, month: date) -> str:
    unit = request.POST.get("unit", "")
    address = reverse("workforce:board", args=[f"{month:%Y-%m}"])
    return f"{address}?unit={unit}" if unit.replace("-", "").isalnum() else address


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_POST
@may("workforce.rosters.edit")
def write(request: HttpRequest, month: str) -> HttpResponse:
    """The form that works without script: one person, some days, one text."""
    first, today = asked_month(month), timezone.localdate()
    since, until = _date(request.POST.get("first", "")), _date(request.POST.get("last", ""))
    staff = request.POST.get("staff", "")
    if since is None or until is None or until < since or not staff.isdecimal() or (until - since).days > 62:
        messages.error(request, _("Choose a person and the days from the first to the last. Nothing was changed."))
        return redirect(_back(request, first))
    days = [since + timedelta(days=step) for step in range((until - since).days + 1)]
    edits = [services.CellEdit(int(staff), day, request.POST.get("text", "")[:80]) for day in days]
    allowed = written_staff(request.user, today)
    result = services.edit_cells(edits, by=request.user.get_username(), now=timezone.now(), allowed=allowed)
    for message in dict.fromkeys(one.message for one in result.told):
        messages.error(request, message)
    if result.done:
        said = ngettext("%(count)s cell written.", "%(count)s cells written.", len(result.done))
        messages.success(request, said % {"count": len(result.done)})
    return redirect(_back(request, first))


@require_POST
@may("workforce.rosters.edit")
def copy(request: HttpRequest, month: str) -> HttpResponse:
    """Copy a week of the shown people to another week."""
    first, today = asked_month(month), timezone.localdate()
    source, target = _date(request.POST.get("source", "")), _date(request.POST.get("target", ""))
    if source is None or target is None or source == target or source.weekday() or target.weekday():
        messages.error(request, _("Choose two different weeks; both begin on a Monday. Nothing was changed."))
        return redirect(_back(request, first))
    allowed = written_staff(request.user, today)
    staff: set[int] = set(allowed)
    wanted = request.POST.get("unit", "")
    if wanted:
        units = Book(first, month_end(first)).units(allowed)
        staff = {one.staff_id for unit, held in units.items() if unit_key(unit) == wanted for one in held}
    count, told = services.copy_week(
        staff, source, target, by=request.user.get_username(), now=timezone.now(), allowed=allowed
    )
    for message in list(dict.fromkeys(told))[:5]:
        messages.error(request, message)
    said = ngettext("%(count)s cell written.", "%(count)s cells written.", count)
    messages.success(request, said % {"count": count})
    return redirect(_back(request, first))
