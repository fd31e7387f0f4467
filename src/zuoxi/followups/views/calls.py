# SPDX-License-Identifier: Apache-2.0
"""The caller's pages: what is to be called today, and one call with its script on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from zuoxi.customers import selectors as customers
from zuoxi.followups import calling, scripts, services
from zuoxi.followups.call_rules import judge_window
from zuoxi.followups.facts import WindowFacts
from zuoxi.followups.forms import ByHandForm
from zuoxi.followups.handbook import ScriptBody
from zuoxi.followups.making import reading_at
from zuoxi.followups.models import Attempt, FollowUpTask
from zuoxi.followups.scripts import BadAnswers
from zuoxi.followups.views.who import done, kind_labels, moment_of, own_record, user_of
from zuoxi.followups.visibility import own_tasks, visible_sheets, visible_tasks
from zuoxi.knowledge import selectors as knowledge
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import masking
from zuoxi.vault import services as vault
from zuoxi.web.access import may
from zuoxi.web.listing import page_of

STANDING = FollowUpTask.STANDING
_ROWS = 30


@shows("FUP-002", "FUP-004", "FUP-005")
@may("followups.call")
def mine(request: HttpRequest) -> HttpResponse:
    """What is in one's hand now, what was agreed for later, the pool, and what was done."""
    user, now = user_of(request), timezone.now()
    own = own_tasks(user)
    lists = {
        "now": own.filter(state__in=STANDING).filter(Q(booked_for=None, due_from__lte=now) | Q(booked_for__lte=now)),
        "later": own.filter(state__in=STANDING).filter(Q(booked_for__gt=now) | Q(booked_for=None, due_from__gt=now)),
        "pool": visible_tasks(user, timezone.localdate()).filter(assignee=None, state=FollowUpTask.State.OPEN),
        "done": own.exclude(state__in=STANDING),
    }
    tab = request.GET.get("tab", "now")
    tab = tab if tab in lists else "now"
    rows = lists[tab].select_related("customer", "patient", "checkup")
    page = page_of(request, rows, {"due": "due_by", "closed": "closed_at"}, "-closed" if tab == "done" else "due")
    labels = {"now": _("To be called now"), "later": _("Agreed and later"), "pool": _("Pool"), "done": _("Done by me")}
    names = kind_labels()
    context = {
        "tabs": [
            {
                "label": labels[key],
                "url": f"?tab={key}",
                "current": key == tab,
                "count": None if key == "done" else one.count(),
            }
            for key, one in lists.items()
        ],
        "tab": tab,
        "page": page,
        "lines": [
            (one, names.get(one.kind, one.kind), _shown_name(one), masking.phone(one.number)) for one in page.rows
        ],
        "now": now,
    }
    return render(request, "followups/mine.html", context)


@shows("FUP-013")
@may("followups.call")
def new(request: HttpRequest) -> HttpResponse:
    """One follow-up by hand: whom, by which script, and whether one calls oneself."""
    form = ByHandForm(request.POST or None, initial={"number": request.GET.get("number", ""), "mine": True})
    if request.method == "POST" and form.is_valid():
        said, staff = form.cleaned_data, own_record(request)
        try:
            made = services.make_by_hand(
                said["kind"], said["number"], name=said["name"], note=said["note"], mine=said["mine"], by=staff,
                now=timezone.now(),
            )  # fmt: skip
        except services.Refused as refused:
            form.add_error("number", str(refused))
        else:
            messages.success(request, _("It is planned."))
            return redirect("followups:task", made.pk)
    return render(request, "followups/new.html", {"form": form}, status=422 if form.errors else 200)


def _shown_name(task: FollowUpTask) -> str:
    """The name; of a patient its first sign alone."""
    return masking.name(task.name) if task.patient_id or task.checkup_id else str(task)


def _found(request: HttpRequest, pk: int) -> FollowUpTask:
    rows = visible_tasks(user_of(request), timezone.localdate())
    return get_object_or_404(rows.select_related("customer", "assignee", "patient", "checkup", "closed_by"), pk=pk)


@shows("FUP-001", "FUP-002", "FUP-003", "FUP-009", "ORD-005", "FUP-014")
@may("followups.view")
def task(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _found(request, pk))


def _page(request: HttpRequest, one: FollowUpTask, status: int = 200, **more: Any) -> HttpResponse:
    """The call: whom, what for, the opening of the day, the questions that stand open, what happened so far."""
    user, now, staff = user_of(request), timezone.now(), own_record(request)
    handbook = site_handbook()
    script = scripts.script_named(handbook, calling.script_key(one, handbook))
    quiet = tuple("-".join(span) for span in one.patient.quiet) if one.patient else ()
    other = calling.booked_elsewhere(one, staff, now) if one.standing else None
    free = one.standing and one.assignee_id in (None, staff.pk) and other is None and user.may("followups.call")
    context = {
        "task": one,
        "kind": kind_labels().get(one.kind, one.kind),
        "name": _shown_name(one),
        "masked": masking.phone(one.number),
        "script": script,
        "opening": _opening(one, script, staff.code),
        "window": judge_window(WindowFacts(now, quiet), reading_at(now)) if one.standing else None,
        "leave": customers.may_call(one.number, now) if one.standing and one.number else None,
        "other": other,
        "free": free,
        "tries": list(one.tries.select_related("by")[:_ROWS]),
        "appointments": list(one.appointments.select_related("booked_by")[:_ROWS]),
        "sheets": _sheets(request, one),
        "outcomes": [one for one in Attempt.Outcome.choices if one[0] not in ("reached", "inconvenient")],
    }
    return render(request, "followups/task.html", context | _asked(request, one, script) | more, status=status)


def _opening(one: FollowUpTask, script: ScriptBody | None, code: str) -> str:
    """The greeting of the day where one is in force, before the script's own first words."""
    own, today = str(script.opening) if script else "", timezone.localdate()
    if not one.standing or not knowledge.opening(today).festival:
        return own
    return f"{knowledge.opening_line('follow_up', today, knowledge.Speaker(agent=code))} {own}"


def _sheets(request: HttpRequest, one: FollowUpTask) -> list[dict[str, Any]]:
    handbook = site_handbook()
    rows = visible_sheets(user_of(request), timezone.localdate()).filter(task=one).select_related("by")
    return [
        {"sheet": row, "told": scripts.told(scripts.script_named(handbook, row.script), row.answers, handbook)}
        for row in rows
    ]


def _asked(request: HttpRequest, one: FollowUpTask, script: ScriptBody | None) -> dict[str, Any]:
    """The questions as they stand by what was typed; facts that a question waits for and nobody knows are asked too."""
    said = _said(request)
    if script is None:
        return {"asked": [], "unknown": []}
    needed = {condition.fact for question in script.questions for condition in question.when if condition.fact}
    unknown = sorted(fact for fact in needed if not one.facts.get(fact))
    facts = one.facts | {fact: request.POST.get(f"fact-{fact}", "") for fact in unknown}
    labels = {"unpaid": pgettext("fact", "Heating fee not paid yet")}
    return {
        "asked": scripts.shown(script, said, facts, site_handbook()),
        "unknown": [(fact, labels.get(fact, fact), request.POST.get(f"fact-{fact}", "")) for fact in unknown],
        "said_call": request.POST.get("call", ""),
    }


def _said(request: HttpRequest) -> dict[str, str]:
    return {key[2:]: str(value) for key, value in request.POST.items() if key.startswith("q-")}


@require_POST
@may("followups.call")
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions again, after an answer; nothing is kept."""
    one = _found(request, pk)
    script = scripts.script_named(site_handbook(), calling.script_key(one))
    return render(request, "followups/questions.html", {"task": one, "free": True} | _asked(request, one, script))


@require_POST
@may("followups.call")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the answers in. Without script the first press shows the questions that the answers open."""
    one, staff = _found(request, pk), own_record(request)
    if request.POST.get("act") == "more":
        return _page(request, one)
    script = scripts.script_named(site_handbook(), calling.script_key(one))
    open_now = {item.key for item in _asked(request, one, script)["asked"]}
    said = {key: value for key, value in _said(request).items() if key in open_now}
    told = ((key, str(value)) for key, value in request.POST.items() if key.startswith("fact-"))
    known = {key[5:]: value for key, value in told if value in ("yes", "no")}
    try:
        services.submit(one, said, by=staff, now=timezone.now(), call=request.POST.get("call", ""), known=known)
    except BadAnswers as bad:
        return _page(request, one, 422, wrong=bad.wrong)
    except services.Refused as refused:
        messages.error(request, str(refused))
        return _page(request, one, 409)
    one.refresh_from_db()
    text = _("Handed in. Complaint %(number)s has been opened.") % {"number": one.complaint}
    messages.success(request, text if one.complaint else _("Handed in; from now on it is only added to."))
    return redirect("followups:task", pk) if one.complaint else redirect("followups:mine")


@require_POST
@may("followups.call")
def take(request: HttpRequest, pk: int) -> HttpResponse:
    one, staff = _found(request, pk), own_record(request)
    done(request, lambda: services.take(one, by=staff, now=timezone.now()), _("It is yours now."))
    return redirect("followups:task", pk)


@require_POST
@may("followups.call")
def tried(request: HttpRequest, pk: int) -> HttpResponse:
    one, staff = _found(request, pk), own_record(request)
    outcome, note = request.POST.get("outcome", ""), request.POST.get("note", "")
    kept = done(request, lambda: services.try_call(one, outcome, by=staff, now=timezone.now(), note=note))
    return redirect("followups:mine") if kept else redirect("followups:task", pk)


@require_POST
@may("followups.call")
def book(request: HttpRequest, pk: int) -> HttpResponse:
    one, staff, at = _found(request, pk), own_record(request), moment_of(request.POST.get("at"))
    if at is None:
        messages.error(request, _("Say a day and a time."))
        return redirect("followups:task", pk)
    note = request.POST.get("note", "")
    kept = done(request, lambda: services.book(one, at, by=staff, now=timezone.now(), note=note), _("Agreed."))
    return redirect("followups:mine") if kept else redirect("followups:task", pk)


@require_POST
@may("followups.manage")
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    one, staff = _found(request, pk), own_record(request)
    done(request, lambda: services.drop(one, request.POST.get("reason", ""), by=staff, now=timezone.now()))
    return redirect("followups:task", pk)


@shows("ORD-005")
@require_POST
@may("followups.call")
def add(request: HttpRequest, pk: int, sheet: int) -> HttpResponse:
    rows = visible_sheets(user_of(request), timezone.localdate())
    found, staff = get_object_or_404(rows, pk=sheet, task_id=pk), own_record(request)
    done(request, lambda: services.add(found, request.POST.get("words", ""), by=staff, now=timezone.now()))
    return redirect("followups:task", pk)


@require_POST
@may("followups.call")
def number(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole number, to call it; who looked is written down first."""
    one = _found(request, pk)
    vault.record_request(request, "followups.number.revealed", on=("follow_up", one.pk), purpose=one.kind)
    return _page(request, one, revealed=one.number)
