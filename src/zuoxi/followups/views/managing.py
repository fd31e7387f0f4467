# SPDX-License-Identifier: Apache-2.0
"""The managers' pages: the board, lists handed out, opinions, sheets to be heard again, the month."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from zuoxi.followups import figures, selectors, services
from zuoxi.followups.batches import lines_of
from zuoxi.followups.handbook import DEPARTMENTS, KINDS
from zuoxi.followups.models import FollowUpTask, Opinion
from zuoxi.followups.views.who import (
    count_of,
    done,
    kind_labels,
    moment_of,
    month_span,
    own_record,
    tabs,
    user_of,
)
from zuoxi.followups.visibility import relistens, visible_batches, visible_tasks
from zuoxi.people.models import Staff
from zuoxi.people.selectors import scope_of
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import masking
from zuoxi.web.access import may
from zuoxi.web.listing import between, page_of

_MOST = 200  # people of one form
_SAID = (
    ("ended", gettext_lazy("Ended")),
    ("satisfied", gettext_lazy("Satisfied")),
    ("fairly", gettext_lazy("Fairly satisfied")),
    ("dissatisfied", gettext_lazy("Not satisfied")),
    ("content", gettext_lazy("With fairly satisfied")),
    ("said", gettext_lazy("Valid answers")),
    ("scored", gettext_lazy("With a score")),
    ("promoters", gettext_lazy("9 and 10 points")),
)
"""Asked for by the links of figures alone."""


@shows("FUP-005", "FUP-013", "ORD-005", "FUP-014")
@may("followups.view")
def board(request: HttpRequest) -> HttpResponse:
    """Kinds with what waits, what is late and how the last thirty days ended; below, the follow-ups themselves."""
    user, now = user_of(request), timezone.now()
    rows = visible_tasks(user, timezone.localdate())
    names = kind_labels()
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    lines = sorted(
        selectors.board(rows, now, now - timedelta(days=30)),
        key=lambda line: site_handbook().entries(KINDS)[line.kind].order if line.kind in names else 999,
    )
    by = "closed_at" if request.GET.get("closed") else "due_by"  # a month's figures count what ended in it
    chosen = between(rows.filter(kind=kind) if kind else rows, request.GET, by)
    if code := request.GET.get("staff", ""):
        chosen = chosen.filter(assignee__code=code)
    if state == "late":
        chosen = chosen.filter(state__in=FollowUpTask.STANDING, due_by__lt=now)
    elif state == "pool":
        chosen = chosen.filter(state=FollowUpTask.State.OPEN, assignee=None)
    elif state in selectors.COUNTED:
        chosen = chosen.exclude(state=FollowUpTask.State.DROPPED).filter(selectors.COUNTED[state](now))
    elif state in FollowUpTask.State.values:
        chosen = chosen.filter(state=state)
    page = page_of(
        request,
        chosen.select_related("assignee", "customer"),
        {"due": "due_by", "made": "made_at", "score": "score"},
        "-made",
    )
    context = {
        "tabs": tabs(request, "board"),
        "lines": [(line, names.get(line.kind, line.kind)) for line in lines],
        "page": page,
        "rows": [(one, names.get(one.kind, one.kind), _name(one), masking.phone(one.number)) for one in page.rows],
        "kinds": list(names.items()),
        "kind": kind,
        "state": state,
        "states": [
            ("pool", _("In the pool")),
            ("late", _("Overdue")),
            *FollowUpTask.State.choices,
            ("due", _("Fell due or ended")),
            ("in_time", pgettext("follow-up", "Answered in time")),
            ("complaint", _("Opened a complaint")),
            *[(key, label) for key, label in _SAID if key == state],
        ],
        "now": now,
    }
    return render(request, "followups/board.html", context)


def _name(task: FollowUpTask) -> str:
    return masking.name(task.name) if task.patient_id or task.checkup_id else task.name or f"#{task.pk}"


def _people(request: HttpRequest) -> list[Staff]:
    """Whom a list may be given to: the employed in reach who make follow-ups."""
    staff = scope_of(user_of(request), timezone.localdate()).staff().filter(user__is_active=True)
    return list(staff.exclude(status="left").order_by("code")[:_MOST])


@shows("FUP-005")
@may("followups.manage")
def batches(request: HttpRequest) -> HttpResponse:
    """Lists with who handed them out, how many came back, until when; and the form for the next one."""
    user, now = user_of(request), timezone.now()
    rows = visible_batches(user, timezone.localdate()).select_related("handed_out_by")
    page = page_of(request, rows, {"out": "handed_out_at", "by": "collect_by"}, "-out")
    waiting = visible_tasks(user, timezone.localdate()).filter(state=FollowUpTask.State.OPEN, assignee=None)
    pool = {line.kind: line.pool for line in selectors.board(waiting, now, now)}
    names = kind_labels()
    context = {
        "tabs": tabs(request, "batches"),
        "page": page,
        "lines": [(line, names.get(line.batch.kind, line.batch.kind)) for line in lines_of(page.rows)],
        "pool": [(key, label, pool.get(key, 0)) for key, label in names.items() if pool.get(key)],
        "people": _people(request),
        "until": services.usual_deadline(now),
        "now": now,
    }
    return render(request, "followups/batches.html", context)


@require_POST
@may("followups.manage")
def hand_out(request: HttpRequest) -> HttpResponse:
    staff, now = own_record(request), timezone.now()
    wanted = set(request.POST.getlist("people"))
    people = [one for one in _people(request) if one.code in wanted]
    until = moment_of(request.POST.get("until")) or services.usual_deadline(now)
    name, kind = request.POST.get("name", ""), request.POST.get("kind", "")
    count = count_of(request.POST.get("count"))
    done(request, lambda: services.hand_out(name, kind, people, count, collect_by=until, by=staff, now=now))
    return redirect("followups:batches")


@shows("FUP-005")
@may("followups.manage")
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        visible_batches(user_of(request), timezone.localdate()).select_related("handed_out_by"), pk=pk
    )
    tasks = list(found.tasks.select_related("assignee").order_by("assignee__code", "pk")[:_MOST])
    context = {
        "tabs": tabs(request, "batches"),
        "batch": found,
        "line": lines_of([found])[0],
        "kind": kind_labels().get(found.kind, found.kind),
        "rows": [(one, _name(one), masking.phone(one.number)) for one in tasks],
        "now": timezone.now(),
    }
    return render(request, "followups/batch.html", context)


@require_POST
@may("followups.manage")
def collect(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_batches(user_of(request), timezone.localdate()), pk=pk)
    staff, now = own_record(request), timezone.now()
    summary, needs = request.POST.get("summary", ""), request.POST.get("needs", "")
    if found.state == "collected":
        done(request, lambda: services.sum_up(found, summary, needs, by=staff))
    else:
        done(request, lambda: services.collect(found, summary, needs, by=staff, now=now))
    return redirect("followups:batch", pk)


@shows("FUP-007", "FUP-008", "FUP-011")
@may("followups.view")
def opinions(request: HttpRequest) -> HttpResponse:
    """Opinions without a name, with the department that has to answer and until when."""
    now = timezone.now()
    state = request.GET.get("state", "")
    rows = Opinion.objects.select_related("replied_by")
    rows = between(rows, request.GET, "made_at")
    if state == "late":
        rows = rows.filter(Q(state=Opinion.State.PASSED, due_at__lt=now))
    elif state in figures.REPLIED:
        rows = rows.filter(figures.REPLIED[state](now))
    elif state in Opinion.State.values:
        rows = rows.filter(state=state)
    page = page_of(request, rows, {"made": "made_at", "due": "due_at"}, "-made")
    departments = {key: str(body.label) for key, body in site_handbook().entries(DEPARTMENTS).items()}
    context = {
        "tabs": tabs(request, "opinions"),
        "page": page,
        "lines": [(one, departments.get(one.department, one.department)) for one in page.rows],
        "departments": list(departments.items()),
        "states": [
            *Opinion.State.choices,
            ("late", _("Overdue")),
            ("replied_in_time", _("Answered by the day")),
            ("replied_late", _("Answered late or still owed")),
        ],
        "state": state,
        "now": now,
    }
    return render(request, "followups/opinions.html", context)


@require_POST
@may("followups.manage")
def opinion_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    found, staff, now = get_object_or_404(Opinion, pk=pk), own_record(request), timezone.now()
    if step == "pass":
        done(request, lambda: services.pass_on(found, request.POST.get("department", ""), by=staff, now=now))
    elif step == "answer":
        done(request, lambda: services.answer_opinion(found, request.POST.get("reply", ""), by=staff, now=now))
    elif step == "tell":
        done(request, lambda: services.tell_customer(found, by=staff, now=now))
    return redirect(f"{reverse('followups:opinions')}?state={request.POST.get('state', '')}")


@require_POST
@may("followups.manage")
def opinion_new(request: HttpRequest) -> HttpResponse:
    staff, now = own_record(request), timezone.now()
    source = request.POST.get("source", "")
    source = source if source in (Opinion.Source.CARD, Opinion.Source.WARD) else Opinion.Source.CARD
    words, praise = request.POST.get("words", ""), bool(request.POST.get("praise"))
    department = request.POST.get("department", "")
    done(
        request,
        lambda: services.write_down(words, source=source, praise=praise, department=department, by=staff, now=now),
    )
    return redirect("followups:opinions")


@shows("ORD-005")
@may("followups.check")
def listen(request: HttpRequest) -> HttpResponse:
    """Sheets that the lot drew: the recording is heard and compared with what stands there."""
    rows = relistens(user_of(request)).select_related("sheet__task", "sheet__by", "checked_by")
    page = page_of(request, rows, {"drawn": "drawn_at", "checked": "checked_at"}, "-drawn")
    names = kind_labels()
    context = {
        "tabs": tabs(request, "relistens"),
        "page": page,
        "lines": [(one, names.get(one.sheet.task.kind, one.sheet.task.kind)) for one in page.rows],
    }
    return render(request, "followups/relistens.html", context)


@require_POST
@may("followups.check")
def heard(request: HttpRequest, pk: int) -> HttpResponse:
    found, staff = get_object_or_404(relistens(user_of(request)), pk=pk), own_record(request)
    truthful, note = request.POST.get("truthful") == "yes", request.POST.get("note", "")
    done(request, lambda: services.relisten(found, truthful, note, by=staff, now=timezone.now()))
    return redirect("followups:relistens")


@shows("FUP-006", "FUP-008", "FUP-010", "FUP-013", "ORD-010", "VAR-008", "VAR-009")
@may("followups.view")
def month(request: HttpRequest) -> HttpResponse:
    """The month for the handover meeting: rates from rows, reasons, opinions without names."""
    first, last = month_span(request)
    since, until = figures.span(first, last)
    refusals, others = figures.refusal_reasons(first, last)
    reasons, _nothing = figures.reasons_between(first, last, "dissatisfied")
    said = Opinion.objects.filter(made_at__gte=since, made_at__lt=until)
    departments = {key: str(body.label) for key, body in site_handbook().entries(DEPARTMENTS).items()}
    context = {
        "tabs": tabs(request, "month"),
        "first": first,
        "before": first - timedelta(days=1),
        "after": last + timedelta(days=1),
        "satisfaction": figures.satisfaction_between(first, last),
        "rows": f"{reverse('followups:board')}?closed=1&from={first}&to={last}",
        "repairs": figures.repairs_called(first, last),
        "days": f"from={first}&to={last}",
        "reached": figures.reached_between(first, last),
        "keys": figures.keys_between(first, last),
        "refusals": refusals,
        "others": others,
        "reasons": [line for line in reasons if line.count],
        "opinions": [(one, departments.get(one.department, "")) for one in said.order_by("-praise", "-made_at")[:60]],
    }
    return render(request, "followups/month.html", context)
