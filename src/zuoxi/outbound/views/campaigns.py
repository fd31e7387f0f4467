# SPDX-License-Identifier: Apache-2.0
"""Campaigns for those who run them: the list, one campaign with its figures, its contacts, what is handed out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from zuoxi.outbound import campaigns, selectors
from zuoxi.outbound.campaigns import Plan
from zuoxi.outbound.forms import CampaignForm, HandoutForm, staff_named
from zuoxi.outbound.handbook import DIAL_RULES, RESULT_TREES
from zuoxi.outbound.models import Attempt, Campaign, Lead, Seat
from zuoxi.outbound.permission import hours_on
from zuoxi.outbound.refusing import Refused
from zuoxi.outbound.views.asked import done, today_of
from zuoxi.outbound.visibility import campaigns_seen, handouts_seen, leads_seen, staff_seen
from zuoxi.people.selectors import staff_of
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import present_of
from zuoxi.vault import masking
from zuoxi.web.access import may
from zuoxi.web.listing import page_of

TONES = {"running": "good", "paused": "warn", "draft": "info", "done": "plain"}
NO_PROGRESS, NO_FIGURES = selectors.Progress(), selectors.Figures()
AWAY = ("signed_out", None, ())
WHYS = {
    "do_not_call": pgettext_lazy("contact", "on the do-not-call list"),
    "no_consent": pgettext_lazy("contact", "no proof of consent"),
    "enough": pgettext_lazy("contact", "called often enough"),
    "bar": pgettext_lazy("contact", "asked not to be called"),
    "wrong": pgettext_lazy("contact", "wrong number"),
}
LEAD_TONES = {"waiting": "info", "reserved": "accent", "done": "good", "barred": "bad"}


@dataclass(frozen=True, slots=True)
class Line:
    """A campaign as the list shows it."""

    campaign: Campaign
    progress: selectors.Progress
    figures: selectors.Figures
    tone: str


def _campaign(request: HttpRequest, pk: int) -> Campaign:
    return get_object_or_404(campaigns_seen(request.user, today_of()), pk=pk)


@may("outbound.see")
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Every campaign in reach, the newest first."""
    rows = campaigns_seen(request.user, today_of())
    state = request.GET.get("state", "")
    if state in Campaign.State.values:
        rows = rows.filter(state=state)
    page = page_of(request, rows, {"made": "made_at", "name": "name", "begins": "begins_on"}, "-made")
    keys = [one.pk for one in page.rows]
    progress = selectors.progress_of(keys)
    figures = selectors.figures_by(Attempt.objects.filter(campaign__in=keys), "campaign")
    lines = [
        Line(
            one, progress.get(one.pk, selectors.Progress()), figures.get(one.pk, selectors.Figures()), TONES[one.state]
        )
        for one in page.rows
    ]
    context = {"page": page, "lines": lines, "state": state, "states": Campaign.State.choices}
    return render(request, "outbound/campaigns.html", context)


@may("outbound.run")
def new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@may("outbound.run")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, _campaign(request, pk))


def _edit(request: HttpRequest, campaign: Campaign | None) -> HttpResponse:
    """What was typed stays where something is refused."""
    form = CampaignForm(request.POST or None, initial=_initial(campaign))
    if request.method == "POST" and form.is_valid():
        plan = Plan(**form.cleaned_data, project=campaign.project if campaign else None)
        try:
            saved = campaigns.save_campaign(campaign, plan, staff_of(request.user), timezone.now())
        except Refused as wrong:
            form.add_error(None, str(wrong))
        else:
            return redirect("outbound:campaign", saved.pk)
    status = 400 if form.errors else 200
    return render(request, "outbound/campaign_form.html", {"form": form, "campaign": campaign}, status=status)


def _initial(campaign: Campaign | None) -> dict[str, Any]:
    if campaign is None:
        return {"begins_on": today_of()}
    names = ("name", "about", "mode", "rule", "tree", "script", "present", "begins_on", "ends_on")
    return {name: getattr(campaign, name) for name in names} | {"teams": campaign.teams.all()}


@shows("CALL-017", "FUP-005")
@may("outbound.see")
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign: how far it is, what its calls ended in, who works on it now, what is handed out."""
    row, now = _campaign(request, pk), timezone.now()
    handbook = site_handbook()
    attempts = Attempt.objects.filter(campaign=row)
    seats = list(Seat.objects.filter(campaign=row, left_at=None).select_related("staff"))
    present = present_of([seat.staff.code for seat in seats])
    by_staff = selectors.figures_by(attempts.filter(day=today_of()), "staff")
    guard = campaigns.guard_of(row, now)
    figures, results = selectors.outcome_of(row, attempts)
    rule = handbook.entry(DIAL_RULES, row.rule) if handbook.has(DIAL_RULES.name, row.rule) else None
    tree = handbook.entry(RESULT_TREES, row.tree) if handbook.has(RESULT_TREES.name, row.tree) else None
    context = {
        "campaign": row,
        "tone": TONES[row.state],
        "progress": selectors.progress_of([row.pk]).get(row.pk, selectors.Progress()),
        "figures": figures,
        "results": results,
        "agents": [
            (
                seat,
                present.get(seat.staff.code, ("signed_out", None, ())),
                by_staff.get(seat.staff_id, selectors.Figures()),
            )
            for seat in seats
        ],
        "closed_hours": hours_on(row.rule, now, handbook) if rule else None,
        "rule": rule,
        "tree": tree,
        "guard": guard,
        "paused_why": Finding.from_json(row.guard) if row.guard else None,
        "handouts": handouts_seen(request.user, today_of()).filter(campaign=row).select_related("staff", "by")[:20],
        "imports": row.imports.select_related("by")[:10],
        "handout_form": HandoutForm(),
    }
    return render(request, "outbound/campaign.html", context)


@require_POST
@may("outbound.run")
def start(request: HttpRequest, pk: int) -> HttpResponse:
    row = _campaign(request, pk)
    done(request, lambda: campaigns.start_campaign(row.pk, staff_of(request.user), timezone.now()), _("It runs."))
    return redirect("outbound:campaign", pk)


@require_POST
@may("outbound.run")
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    row, reason = _campaign(request, pk), request.POST.get("reason", "")
    verb = lambda: campaigns.pause_campaign(row.pk, reason, staff_of(request.user), timezone.now())  # noqa: E731
    done(request, verb, _("It is paused. Calls under way go on."))
    return redirect("outbound:campaign", pk)


@require_POST
@may("outbound.run")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    row = _campaign(request, pk)
    done(request, lambda: campaigns.end_campaign(row.pk, staff_of(request.user), timezone.now()), _("It is over."))
    return redirect("outbound:campaign", pk)


@require_POST
@may("outbound.run")
def hand_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Contacts for one agent in reach."""
    row, form = _campaign(request, pk), HandoutForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
        return redirect("outbound:campaign", pk)
    try:
        staff = staff_named(form.cleaned_data["staff"], staff_seen(request.user, today_of()))
    except ValidationError as wrong:
        messages.error(request, wrong.messages[0])
        return redirect("outbound:campaign", pk)
    count, due_at = form.cleaned_data["count"], form.cleaned_data["due_at"]
    by, now = staff_of(request.user), timezone.now()
    verb = lambda: campaigns.hand_out(row, staff, count=count, due_at=due_at, by=by, now=now)  # noqa: E731
    done(request, verb, _("Handed out to %(name)s.") % {"name": staff.name})
    return redirect("outbound:campaign", pk)


@require_POST
@may("outbound.run")
def collect(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a handed list back, with a summary of it."""
    row = get_object_or_404(handouts_seen(request.user, today_of()), pk=pk)
    summary = request.POST.get("summary", "")
    done(request, lambda: campaigns.collect(pk, summary, staff_of(request.user), timezone.now()), _("Collected."))
    return redirect("outbound:campaign", row.campaign_id)


@may("outbound.see")
def leads(request: HttpRequest, pk: int) -> HttpResponse:
    """The contacts of a campaign."""
    row = _campaign(request, pk)
    rows: QuerySet[Lead] = leads_seen(request.user, today_of()).filter(campaign=row).select_related("owner")
    state, result = request.GET.get("state", ""), request.GET.get("result", "")
    if state in Lead.State.values:
        rows = rows.filter(state=state)
    if result:
        rows = rows.filter(result=result)
    if batch := request.GET.get("import", ""):
        rows = rows.filter(batch=int(batch)) if batch.isdecimal() and len(batch) < 10 else rows.none()
    page = page_of(request, rows, {"next": "next_at", "last": "last_at", "tries": "attempts", "name": "name"}, "-last")
    tree = (
        site_handbook().entry(RESULT_TREES, row.tree).all() if site_handbook().has(RESULT_TREES.name, row.tree) else {}
    )
    marks = selectors.colours()
    lines = [
        (
            one,
            masking.phone(one.number),
            LEAD_TONES[one.state],
            tree.get(one.result),
            marks.get(one.colour),
            WHYS.get(one.why, one.why),
        )
        for one in page.rows
    ]
    context = {
        "campaign": row, "page": page, "lines": lines, "state": state, "result": result,
        "states": Lead.State.choices, "results": tree,
    }  # fmt: skip
    return render(request, "outbound/leads.html", context)
