# SPDX-License-Identifier: Apache-2.0
"""The agent's outbound workplace: the next contact with script and buttons, the call, its result."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.customers.models import Customer
from zuoxi.knowledge import selectors as knowledge
from zuoxi.outbound import campaigns, dialler, following, selectors
from zuoxi.outbound.calling import call_lead
from zuoxi.outbound.forms import ResultForm
from zuoxi.outbound.models import Attempt, Campaign, Lead, Promise
from zuoxi.outbound.permission import hours_on
from zuoxi.outbound.stays import DayOfCalls, days_of_calls
from zuoxi.outbound.views.asked import by_of, done, signed_out, today_of
from zuoxi.outbound.visibility import campaigns_seen
from zuoxi.outbound.writing import WRITABLE, Outcome, tree_of, write_result
from zuoxi.people.models import Staff
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony import selectors as telephony
from zuoxi.telephony import services as switch
from zuoxi.vault import masking
from zuoxi.vault import services as vault
from zuoxi.web.access import may

ONWARD: Final = {
    "order": ("orders:new", "orders.sell", "phone"),
    "ticket": ("tickets:new", "tickets.open", "number"),
}
"""What a result leads on to: the form, the right to it, and what it calls the customer's number."""


def _attempt_of(staff: Staff) -> Attempt | None:
    """The call he is on, else the last one that still wants a result. One query."""
    rows = Attempt.objects.filter(staff=staff).select_related("lead", "campaign", "customer", "promise")
    wanting = rows.filter(written_at=None).exclude(state=Attempt.State.DROPPED)
    return wanting.filter(day=today_of()).order_by("-reserved_at").first()


def _next_lead(campaign: Campaign | None, staff: Staff, request: HttpRequest) -> Lead | None:
    """The next contact for a preview, passing over those he skipped in this session."""
    if campaign is None or campaign.state != Campaign.State.RUNNING:
        return None
    skipped = [pk for pk in request.session.get("skipped_leads", []) if isinstance(pk, int)]
    rows = dialler.next_leads(campaign.pk, [staff.code], timezone.now()).exclude(pk__in=skipped)
    return rows.select_related("customer").first()


def _context(request: HttpRequest) -> dict[str, Any]:
    staff, now = by_of(request), timezone.now()
    attempt = _attempt_of(staff)
    if attempt is not None and attempt.ended_at is None and attempt.call is not None:
        following.follow(now)  # the page need not wait for the dialler's next round
        attempt = _attempt_of(staff)
    seat = selectors.seat_of(staff)
    campaign = attempt.campaign if attempt and attempt.campaign else seat.campaign if seat else None
    handbook = site_handbook()
    tree = tree_of(campaign, handbook)
    open_call = attempt is not None and attempt.ended_at is None
    preview = campaign is not None and campaign.mode == Campaign.Mode.PREVIEW
    lead = attempt.lead if attempt else _next_lead(campaign, staff, request) if preview else None
    present = telephony.present_of([staff.code]).get(staff.code)
    return {
        "staff": staff,
        "seat": seat,
        "campaign": campaign,
        "attempt": attempt,
        "open_call": open_call,
        "owes": attempt is not None and attempt.state in WRITABLE,
        "lead": lead,
        "script": _script_url(campaign, lead) if lead or attempt else "",
        "number": masking.phone(attempt.number if attempt else lead.number if lead else ""),
        "name": _name_of(attempt, lead),
        "tree": [(str(tree.groups[group]), tree.results.get(group, {})) for group in tree.groups],
        "closed_hours": hours_on(campaign.rule, now, handbook) if campaign else None,
        "colours": selectors.colours(),
        "state": present[0] if present else "signed_out",
        "waits": open_call or (campaign is not None and not preview and attempt is None),
    }


def _script_url(campaign: Campaign | None, lead: Lead | None) -> str:
    """Where the campaign's script is said for this contact; "" without one, or without one that the pack still has. An
    older campaign names a topic."""
    if campaign is None or not campaign.script:
        return ""
    said = campaign.script
    key = said if said in knowledge.script_labels() else knowledge.script_about(said)
    if not key:
        return ""
    return f"{reverse('knowledge:desk')}?{urlencode({'script': key, 'surname': (lead.name if lead else '')[:1]})}"


def _name_of(attempt: Attempt | None, lead: Lead | None) -> str:
    named: list[Lead | Promise | Customer | None] = [lead]
    if attempt is not None:
        named += [attempt.promise, attempt.customer]
    return next((str(one.name) for one in named if one is not None and one.name), "")


@shows("CALL-017", "CALL-019")
@may("outbound.work")
def work(request: HttpRequest) -> HttpResponse:
    """My outbound day: the campaign, the next contact or the call, the target, callbacks that are due."""
    context = _context(request)
    staff, today = context["staff"], today_of()
    mine: DayOfCalls = days_of_calls([staff], today, selectors.reached_results())[0]
    due = Promise.objects.filter(owner=staff, state=Promise.State.OPEN).select_related("customer")
    others = campaigns_seen(request.user, today).filter(state=Campaign.State.RUNNING)
    context |= {
        "mine": mine,
        "promises": [(one, masking.phone(one.number)) for one in due.order_by("due_at")[:6]],
        "campaigns": list(others.order_by("name")[:12]) if request.user else [],
        "today": today,
    }
    return render(request, "outbound/work.html", context)


@may("outbound.work")
def work_part(request: HttpRequest) -> HttpResponse:
    """The call of the workplace alone, asked for again while something goes on."""
    return render(request, "outbound/work/call.html", _context(request))


@require_POST
@may("outbound.work")
def join(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = get_object_or_404(campaigns_seen(request.user, today_of()), pk=pk)
    done(request, lambda: campaigns.join(campaign, by_of(request), timezone.now()))
    return redirect("outbound:work")


@require_POST
@may("outbound.work")
def leave(request: HttpRequest) -> HttpResponse:
    campaigns.leave(by_of(request), timezone.now())
    return redirect("outbound:work")


def _own_lead(request: HttpRequest, pk: int) -> Lead:
    """A contact of a campaign that he may work on, his or nobody's."""
    seen = campaigns_seen(request.user, today_of()).order_by().values("pk")
    rows = Lead.objects.filter(Q(owner=None) | Q(owner=by_of(request)), campaign__in=seen)
    return get_object_or_404(rows, pk=pk)


@require_POST
@may("outbound.work")
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the contact that is shown, once one's telephone is signed in."""
    lead = _own_lead(request, pk)
    if signed_out(by_of(request)):
        messages.error(request, _("Sign in at your desk first; then the switch rings your telephone."))
        return redirect("outbound:work")
    done(request, lambda: call_lead(lead.pk, by_of(request), timezone.now()))
    return redirect("outbound:work")


@require_POST
@may("outbound.work")
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at the next contact; this one stays in the list for others, and for later."""
    lead = _own_lead(request, pk)
    request.session["skipped_leads"] = [*request.session.get("skipped_leads", [])[-50:], lead.pk]
    return redirect("outbound:work")


@require_POST
@may("outbound.work")
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole number of a contact, after the purpose has been written into the audit chain."""
    lead, purpose = _own_lead(request, pk), request.POST.get("purpose", "").strip()
    if len(purpose) < 2:
        messages.error(request, _("Say what the number is needed for."))
    else:
        vault.record("outbound.number.shown", who=by_of(request).code, on=("lead", lead.pk), purpose=purpose)
        messages.info(request, _("Number: %(number)s") % {"number": lead.number})
    return redirect("outbound:work")


@require_POST
@may("outbound.work")
def hang_up(request: HttpRequest, pk: int) -> HttpResponse:
    """End one's own call."""
    row = get_object_or_404(Attempt, pk=pk, staff=by_of(request))
    if row.ended_at is None:
        if row.call is None and row.command is not None and switch.withdraw(row.command, _("called off")):
            following.follow(timezone.now())
            messages.info(request, _("The call was called off before it rang."))
        else:
            switches = telephony.switches_by_agent([row.staff.code])
            for number in switches.values():
                switch.ask_switch(number, "hang_up", row.staff.code, {}, row.staff)
    return redirect("outbound:work")


def _onward(request: HttpRequest, pk: int) -> str:
    """Where the result leads: an order or a ticket is taken at once, its form filled with what the call knows."""
    row = Attempt.objects.select_related("campaign", "lead").get(pk=pk)
    body = tree_of(row.campaign, site_handbook()).result(row.result)
    address, right, field = ONWARD.get(body.next if body else "", ("", "", ""))
    if not address or not request.user.may(right):  # type: ignore[union-attr]
        return reverse("outbound:work")
    customer = row.customer_id or (row.lead.customer_id if row.lead else None)
    known = {field: row.number, "customer": customer, "call": row.call, "name": row.lead.name if row.lead else ""}
    purpose = str(body.label) if body else ""
    vault.record("outbound.number.shown", who=by_of(request).code, on=("attempt", row.pk), purpose=purpose)
    return f"{reverse(address)}?{urlencode({key: value for key, value in known.items() if value})}"


@require_POST
@may("outbound.work")
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the result; where something is missing, the form comes back with what was typed."""
    row = get_object_or_404(Attempt, pk=pk, staff=by_of(request))
    form = ResultForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {}
    if form.errors:
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
    elif done(
        request, lambda: write_result(row.pk, Outcome(**said), by_of(request), timezone.now()), _("Written.")
    ):  # fmt: skip
        return redirect(_onward(request, row.pk))
    kept = {name: request.POST.get(name, "") for name in ("result", "note", "at", "follow_up", "contact")}
    context = _context(request) | {"kept": kept}
    mine = days_of_calls([context["staff"]], today_of(), selectors.reached_results())[0]
    context |= {"mine": mine, "promises": [], "campaigns": [], "today": today_of()}
    return render(request, "outbound/work.html", context, status=400)
