# SPDX-License-Identifier: Apache-2.0
"""Setting up switches, queues, numbers, opening hours, extensions, memberships and not-ready reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db.models import Count, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from zuoxi.people.selectors import names_of, team_choices
from zuoxi.telephony import membership_grid, models, settings_forms, switch_files, switch_settings
from zuoxi.telephony.access import SETTINGS
from zuoxi.telephony.labels import STATES, Label
from zuoxi.telephony.strips import Bar, Picture, Strip, Tick
from zuoxi.telephony.views.recordings import listener_of
from zuoxi.web.access import may

Cells = Callable[[Any], list[Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of thing that is set up: its rows, its form, and what its list shows."""

    key: str
    label: Label
    form: type[forms.ModelForm[Any]]
    rows: Callable[[], QuerySet[Any]]
    heads: tuple[Label, ...]
    cells: Cells
    why: Label


def _yes(value: bool) -> str:
    return _("Yes") if value else _("No")


KINDS: Final = {
    kind.key: kind
    for kind in (
        Kind(
            "queue",
            gettext_lazy("Queues"),
            settings_forms.QueueForm,
            lambda: models.Queue.objects.select_related("switch").annotate(members=Count("memberships")),
            (
                gettext_lazy("Code"),
                pgettext_lazy("thing", "Name"),
                gettext_lazy("Internal number"),
                gettext_lazy("Strategy"),
                gettext_lazy("Members"),
                gettext_lazy("Calls are recorded"),
                gettext_lazy("Open"),
            ),
            lambda row: [
                row.code,
                row,
                row.number,
                settings_forms.STRATEGIES.get(row.strategy, row.strategy),
                row.members,
                _yes(row.recorded),
                _yes(row.open),
            ],
            gettext_lazy("Callers wait in queues until one of the queue's agents is ready."),
        ),
        Kind(
            "number",
            gettext_lazy("Numbers"),
            settings_forms.NumberForm,
            lambda: models.Number.objects.select_related("calendar", "queue").order_by("number"),
            (
                gettext_lazy("Number"),
                gettext_lazy("Label"),
                gettext_lazy("Queue"),
                gettext_lazy("Opening hours"),
                gettext_lazy("When closed"),
            ),
            lambda row: [row.number, row.label, row.queue, row.calendar, row.get_when_closed_display()],
            gettext_lazy("A number that customers call, and what happens then."),
        ),
        Kind(
            "calendar",
            gettext_lazy("Opening hours"),
            settings_forms.CalendarForm,
            lambda: models.OpeningCalendar.objects.annotate(used=Count("numbers")).order_by("code"),
            (
                gettext_lazy("Code"),
                pgettext_lazy("thing", "Name"),
                gettext_lazy("Special days"),
                gettext_lazy("Used by numbers"),
            ),
            lambda row: [row.code, row, len(row.special_days or {}), row.used],
            gettext_lazy("When a number is answered: spans for each weekday, and special days."),
        ),
        Kind(
            "extension",
            gettext_lazy("Extensions"),
            settings_forms.ExtensionForm,
            lambda: models.Extension.objects.select_related("staff", "switch").order_by("number"),
            (
                gettext_lazy("Extension"),
                gettext_lazy("Agent"),
                gettext_lazy("In the browser"),
                gettext_lazy("Seat"),
                gettext_lazy("Switch"),
            ),
            lambda row: [row.number, row.staff, _yes(row.browser), row.seat, row.switch],
            gettext_lazy("A telephone of the centre; its password is made here and stands in the switch's file only."),
        ),
        Kind(
            "reason",
            gettext_lazy("Not-ready reasons"),
            settings_forms.ReasonForm,
            models.NotReadyReason.objects.all,
            (
                gettext_lazy("Code"),
                pgettext_lazy("thing", "Name"),
                gettext_lazy("State"),
                gettext_lazy("Longest, min"),
                gettext_lazy("In use"),
            ),
            lambda row: [row.code, row, STATES.get(row.state, row.state), row.limit_minutes, _yes(row.active)],
            gettext_lazy("What an agent may give as the reason when he is not ready."),
        ),
        Kind(
            "switch",
            gettext_lazy("Switches"),
            settings_forms.SwitchForm,
            lambda: models.Switch.objects.order_by("name"),
            (
                pgettext_lazy("thing", "Name"),
                gettext_lazy("Kind"),
                gettext_lazy("Host"),
                gettext_lazy("Folder of the configuration"),
            ),
            lambda row: [row.name, row.get_kind_display(), f"{row.host}:{row.port}", row.config_path],
            gettext_lazy("A telephone exchange that Zuoxi listens to."),
        ),
    )
}


def _kind(key: str) -> Kind:
    if key not in KINDS:
        raise Http404(key)
    return KINDS[key]


def _tabs(current: str) -> list[dict[str, Any]]:
    """Every kind and the memberships, the present one marked."""
    tabs = [
        {"label": kind.label, "url": reverse("telephony:setting_list", args=[key]), "current": key == current}
        for key, kind in KINDS.items()
    ]
    members = {
        "label": _("Members of queues"),
        "url": reverse("telephony:memberships"),
        "current": current == "members",
    }
    return [tabs[0], members, *tabs[1:]]


@may(SETTINGS.code)
def settings_home(request: HttpRequest) -> HttpResponse:
    return redirect("telephony:setting_list", key="queue")


@may(SETTINGS.code)
def setting_list(request: HttpRequest, key: str) -> HttpResponse:
    kind = _kind(key)
    rows = [(row.pk, kind.cells(row)) for row in kind.rows()[:500]]
    context = {"kind": kind, "rows": rows, "tabs": _tabs(key)}
    return render(request, "telephony/setting_list.html", context)


@may(SETTINGS.code)
def setting_edit(request: HttpRequest, key: str, pk: int | None = None) -> HttpResponse:
    """The form of one row, or of a new one; what was typed stays when it cannot be stored."""
    kind = _kind(key)
    model: type[Model] = kind.form._meta.model
    row = get_object_or_404(model, pk=pk) if pk else None
    form = kind.form(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        switch_settings.save(key, form, listener_of(request))
        messages.success(request, _("Saved. The switch hears of it when the configuration is applied."))
        return redirect("telephony:setting_list", key=key)
    shape = {"calendar": "calendar_form", "number": "number_form"}.get(key, "plain_form")
    context = {
        "kind": kind,
        "form": form,
        "row": row,
        "tabs": _tabs(key),
        "shape": f"telephony/{shape}.html",
        "week": week_of(row) if isinstance(row, models.OpeningCalendar) else None,
    }
    return render(request, "telephony/setting_form.html", context, status=422 if form.errors else 200)


@require_POST
@may(SETTINGS.code)
def setting_remove(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    kind = _kind(key)
    row = get_object_or_404(kind.form._meta.model, pk=pk)
    try:
        switch_settings.remove(key, row, listener_of(request))
        messages.success(request, _("Removed."))
    except switch_settings.StillUsed as used:
        messages.error(request, _("Still used by: %(names)s. Change those first.") % {"names": used})
    return redirect("telephony:setting_list", key=key)


def week_of(calendar: models.OpeningCalendar) -> Picture:
    """The week of a calendar as strips over 24 hours; a span over midnight goes on in the next row."""
    strips: list[Strip] = []
    bars: list[list[Bar]] = [[] for _day in settings_forms.DAYS]
    for place, (key, _label) in enumerate(settings_forms.DAYS):
        for opens, closes in (calendar.weekly or {}).get(key, []):
            begin, end = _share(opens), _share(closes)
            title = f"{opens}–{closes}"
            if end > begin:
                bars[place].append(Bar(f"{begin:.2f}%", f"{end - begin:.2f}%", "open", title, title))
            else:
                bars[place].append(Bar(f"{begin:.2f}%", f"{100 - begin:.2f}%", "open", title, title))
                bars[(place + 1) % 7].append(Bar("0.00%", f"{end:.2f}%", "open", title))
    for place, (_key, label) in enumerate(settings_forms.DAYS):
        strips.append(Strip(str(label), bars[place]))
    ticks = [Tick(f"{hour / 24 * 100:.2f}%", f"{hour:02d}:00") for hour in range(0, 25, 3)]
    return Picture(strips, ticks)


def _share(clock: str) -> float:
    hour, minute = clock.split(":")
    return (int(hour) * 60 + int(minute)) / 14.4


@may(SETTINGS.code)
def memberships(request: HttpRequest) -> HttpResponse:
    """Agents against queues, a penalty in each field; stored in one piece."""
    team = request.GET.get("team", "")
    if request.method == "POST":
        wanted = membership_grid.read(request.POST)
        changed = switch_settings.set_memberships(wanted, listener_of(request))
        messages.success(request, _("%(count)d memberships changed.") % {"count": changed})
        return redirect(f"{reverse('telephony:memberships')}?team={team}")
    grid = membership_grid.grid(team, int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1)
    names = names_of(row.code for row in grid.rows)
    context = {
        "grid": grid,
        "rows": [(row, names.get(row.code, "")) for row in grid.rows],
        "teams": team_choices(),
        "team": team,
        "tabs": _tabs("members"),
        "penalties": membership_grid.PENALTIES,
    }
    return render(request, "telephony/memberships.html", context)


@may(SETTINGS.code)
def switch_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What applying would change in the switch's files; a POST with the mark of what was shown applies it."""
    switch = get_object_or_404(models.Switch, pk=pk)
    trouble: Any = ""
    if request.method == "POST":
        try:
            names = switch_files.apply(switch, request.POST.get("mark", ""), listener_of(request))
            messages.success(request, _("Written and asked to be read: %(files)s") % {"files": ", ".join(names) or "—"})
            return redirect("telephony:switch_preview", pk=pk)
        except switch_files.Moved:
            messages.warning(request, _("Something has changed meanwhile. Look again before applying."))
        except switch_files.NotReady as error:
            trouble = error
    shown = None
    try:
        shown = switch_files.preview(switch)
    except switch_files.NotReady as error:
        trouble = error
    context = {"switch": switch, "preview": shown, "trouble": trouble, "tabs": _tabs("switch")}
    return render(request, "telephony/switch_preview.html", context)
