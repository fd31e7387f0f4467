# SPDX-License-Identifier: Apache-2.0
"""One complaint: what was said, the clocks, the recording, what was found, the answer, and every step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.complaints import services
from zuoxi.complaints.access import AGREE, FINDINGS, HANDLE, PLAN, RECORD, VERIFY, VIEW
from zuoxi.complaints.forms import AnswerForm, AssignForm, LocateForm, PlanForm, TextForm
from zuoxi.complaints.handbook import kinds_of, topics_of
from zuoxi.complaints.lists import customer_words
from zuoxi.complaints.models import Complaint
from zuoxi.complaints.trail import STEP_NAMES, clocks_of
from zuoxi.complaints.verifying import topic_of
from zuoxi.complaints.views.who import complaint_of, me_of, user_of
from zuoxi.complaints.visibility import knows_customer, knows_people, visible_findings
from zuoxi.complaints.who import chain_on, step_label
from zuoxi.people.models import Staff
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import call_behind
from zuoxi.tickets.visibility import visible_tickets
from zuoxi.web.access import may


@shows("CMP-002", "CMP-003", "CMP-004", "CMP-006", "CMP-007", "CMP-008", "CALL-002")
@may(VIEW.code)
def complaint(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, complaint_of(request, number))


def _page(request: HttpRequest, one: Complaint, status: int = 200, **given: Any) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    reading = site_handbook().on(timezone.localdate(now))
    kinds = kinds_of(reading.handbook)
    person = knows_people(user, one)
    steps = [step for step in one.steps.select_related("by") if person or not step.about_person]
    stays = list(one.stays.select_related("staff"))
    checks = list(one.verifications.select_related("verifier"))
    about = one.about_staff.code if one.about_staff else ""
    context: dict[str, Any] = {
        "one": one,
        "kind": kinds[one.kind].label if one.kind in kinds else one.kind,
        "customer": customer_words(user, one),
        "knows_customer": knows_customer(user, one),
        "knows_person": person,
        "clocks": clocks_of(one, now, reading.whole("complaint.warn_minutes")),
        "call": call_behind(user, one.call),
        "ticket_seen": bool(one.ticket) and visible_tickets(user).filter(number=one.ticket).exists(),
        "steps": [_entry(step) for step in reversed(steps)],
        "stays": [(step_label(stay.level), stay, (stay.until_at or now) - stay.from_at) for stay in stays],
        "level": step_label(one.level),
        "top": one.level == chain_on(timezone.localdate(now))[-1],
        "checks": checks,
        "to_verify": next((check for check in checks if check.verified_at is None), None),
        "findings": list(visible_findings(user).filter(complaint=one).select_related("staff", "found_by")),
        "needs": list(one.needs.select_related("staff")) if user.may(FINDINGS.code) else [],
        "topic": topics_of(reading.handbook).get(topic_of(one)),
        "plan": getattr(one, "plan", None),
        "praise": getattr(one, "praise", None),
        "office": reading.text("complaint.office"),
        "may_handle": user.may(HANDLE.code),
        "may_verify": user.may(VERIFY.code),
        "may_plan": user.may(PLAN.code),
        "may_agree": user.may(AGREE.code),
        "text_form": TextForm(),
        "assign_form": AssignForm(),
        "answer_form": AnswerForm(initial={"text": one.answer}),
        "locate_form": LocateForm(initial={"about": one.about, "staff": about}),
        "plan_form": PlanForm(initial=_plan_of(one)),
        "opened": "",
    }
    context |= given
    context |= {f"opened_{name}": context["opened"] == name for name in ("answer", "assign", "locate", "plan")}
    return render(request, "complaints/complaint.html", context, status=status)


def _plan_of(one: Complaint) -> dict[str, str]:
    plan = getattr(one, "plan", None)
    return {name: getattr(plan, name) for name in ("solution", "sanction", "prevention")} if plan else {}


def _entry(step: Any) -> dict[str, Any]:
    name, icon, tone = STEP_NAMES.get(step.kind, (step.kind, "dot", "plain"))
    who = step.by.name if step.by else _("The program")
    return {"at": step.at, "icon": icon, "title": f"{name} · {who}", "text": step.text, "tone": tone}


Verb = Callable[[Complaint, dict[str, Any], Staff, datetime], object]
Act = tuple[type[forms.Form], str, Verb]
"""The shape of what is said, the name the page has the form under, and what is done."""
_VERBS: dict[str, Act] = {
    "respond": (
        TextForm,
        "text_form",
        lambda one, said, by, now: services.respond(one.pk, text=said["text"], by=by, now=now),
    ),
    "assign": (
        AssignForm,
        "assign_form",
        lambda one, said, by, now: services.assign(
            one.pk, to=said["to"], department=said["department"], note=said["text"], by=by, now=now
        ),
    ),
    "pause": (
        TextForm,
        "text_form",
        lambda one, said, by, now: services.pause(one.pk, reason=said["text"], by=by, now=now),
    ),
    "resume": (forms.Form, "text_form", lambda one, _said, by, now: services.resume(one.pk, by=by, now=now)),
    "handle": (
        TextForm,
        "text_form",
        lambda one, said, by, now: services.handle(one.pk, measures=said["text"], by=by, now=now),
    ),
    "answer": (
        AnswerForm,
        "answer_form",
        lambda one, said, by, now: services.answer(one.pk, by=by, now=now, **said),
    ),
    "close": (forms.Form, "text_form", lambda one, _said, by, now: services.close(one.pk, by=by, now=now)),
    "reopen": (
        TextForm,
        "text_form",
        lambda one, said, by, now: services.reopen(one.pk, reason=said["text"], by=by, now=now),
    ),
    "locate": (
        LocateForm,
        "locate_form",
        lambda one, said, by, now: services.locate(one.pk, staff=said["staff"], about=said["about"], by=by, now=now),
    ),
    "pass_on": (forms.Form, "text_form", lambda one, _said, by, now: services.pass_on(one.pk, by=by, now=now)),
}


@require_POST
@may(HANDLE.code)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One step of handling."""
    if verb not in _VERBS:
        raise Http404(verb)
    return _done(request, number, verb, _VERBS[verb])


@require_POST
@may(RECORD.code)
def up(request: HttpRequest, number: str) -> HttpResponse:
    """To the next step of the chain, by whoever has it: an agent who cannot solve it, or those above."""

    def verb(one: Complaint, said: dict[str, Any], by: Staff, now: datetime) -> object:
        return services.escalate(one.pk, reason=said["text"], by=by, now=now, seen=request.POST.get("level", ""))

    return _done(request, number, "up", (TextForm, "text_form", verb))


@require_POST
@may(RECORD.code)
def note(request: HttpRequest, number: str) -> HttpResponse:
    """A note in the trail."""

    def verb(one: Complaint, said: dict[str, Any], by: Staff, now: datetime) -> object:
        return services.remark(one.pk, text=said["text"], by=by, now=now)

    return _done(request, number, "note", (TextForm, "text_form", verb))


@require_POST
@may(PLAN.code)
def plan(request: HttpRequest, number: str) -> HttpResponse:
    """The plan of a grave complaint."""

    def verb(one: Complaint, said: dict[str, Any], by: Staff, now: datetime) -> object:
        return services.write_plan(one.pk, by=by, now=now, **said)

    return _done(request, number, "plan", (PlanForm, "plan_form", verb))


@require_POST
@may(AGREE.code)
def agree(request: HttpRequest, number: str) -> HttpResponse:
    """Agree to the plan."""

    def verb(one: Complaint, _said: dict[str, Any], by: Staff, now: datetime) -> object:
        return services.agree(one.pk, by=by, now=now)

    return _done(request, number, "agree", (forms.Form, "text_form", verb))


@require_POST
@may(PLAN.code)
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Tell the top by hand."""

    def verb(one: Complaint, _said: dict[str, Any], by: Staff, now: datetime) -> object:
        return services.report(one.pk, by=by, now=now)

    return _done(request, number, "report", (forms.Form, "text_form", verb))


def _done(request: HttpRequest, number: str, name: str, act: Act) -> HttpResponse:
    shape, place, verb = act
    one, me = complaint_of(request, number), me_of(request)
    if one.about_staff is not None and one.about_staff.pk == me.pk:
        raise PermissionDenied("complained of")  # nobody handles, notes or moves what is said about himself
    form = shape(request.POST)
    if not form.is_valid():
        return _page(request, one, 422, **{place: form, "opened": name})
    try:
        verb(one, form.cleaned_data, me, timezone.now())
    except services.Refused as refused:
        form.add_error(None, str(refused))
        again = {place: form, "opened": name, "refused": str(refused), "refusal": refused.finding}
        return _page(request, complaint_of(request, number), 409, **again)
    messages.success(request, _("Written down."))
    return redirect("complaints:complaint", number)
