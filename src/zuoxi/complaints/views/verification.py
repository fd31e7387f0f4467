# SPDX-License-Identifier: Apache-2.0
"""The trainer's inbox: a case with its recording beside it; the support manager's sum; needs until they are tested."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.complaints import services
from zuoxi.complaints.access import FINDINGS, NEEDS, VERIFY
from zuoxi.complaints.forms import FollowForm, NeedForm, VerifyForm
from zuoxi.complaints.handbook import kinds_of, praise_kinds_of, topics_of
from zuoxi.complaints.lists import customer_words
from zuoxi.complaints.models import TrainingNeed, Verification
from zuoxi.complaints.verifying import next_of, topic_of
from zuoxi.complaints.views.who import me_of, user_of
from zuoxi.complaints.visibility import visible_complaints, visible_findings, visible_needs, visible_verifications
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import call_behind
from zuoxi.web.access import may
from zuoxi.web.listing import between, page_of


@shows("CMP-004", "CMP-012")
@may(VERIFY.code)
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits to be verified, the first due on top; or what was verified."""
    user, now = user_of(request), timezone.now()
    done = request.GET.get("done") == "1"
    rows = visible_verifications(user).select_related(
        "complaint", "complaint__about_staff", "praise", "praise__staff", "verifier"
    )
    waiting = rows.filter(verified_at__isnull=True)
    shown = rows.filter(verified_at__isnull=False) if done else waiting
    page = page_of(request, shown, {"due": "due_at", "verified": "verified_at"}, "-verified" if done else "due")
    kinds, praised = kinds_of(site_handbook()), praise_kinds_of(site_handbook())
    counts = waiting.order_by().aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)), praise=Count("pk", filter=Q(praise__isnull=False))
    )
    context = {
        "page": page,
        "rows": [
            (one, _subject(one, kinds, praised), one.verified_at is None and one.due_at < now) for one in page.rows
        ],
        "counts": counts,
        "done": done,
    }
    return render(request, "complaints/inbox.html", context)


def _subject(one: Verification, kinds: Any, praised: Any) -> dict[str, Any]:
    """What is verified: number, kind, person, words, the call."""
    of: Any = one.complaint or one.praise
    known = kinds if one.complaint is not None else praised
    staff = of.about_staff if one.complaint is not None else of.staff
    return {
        "number": of.number,
        "kind": known[of.kind].label if of.kind in known else of.kind,
        "staff": staff,
        "words": of.words,
        "call": of.call,
        "received_at": of.received_at,
        "praise": one.complaint is None,
    }


@shows("CMP-004", "CMP-007", "CMP-012", "CALL-002")
@may(VERIFY.code)
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """One case with its recording; what is written here is kept apart from the answer to the customer."""
    check = get_object_or_404(visible_verifications(user_of(request)), pk=pk)
    if request.method != "POST":
        return _case(request, check, VerifyForm())
    form = VerifyForm(request.POST)
    if not form.is_valid():
        return _case(request, check, form, 422)
    said = dict(form.cleaned_data)
    wants_need = said.pop("need")
    do = services.verify_praise if check.praise_id else services.verify_complaint
    me, now = me_of(request), timezone.now()
    try:
        do(check.pk, by=me, now=now, **said)
        if wants_need and check.complaint is not None:
            _need_of(check, said["text"], me, now)
    except services.Refused as refused:
        form.add_error(None, str(refused))
        return _case(request, check, form, 409)
    messages.success(request, _("Verified and put into the person's file."))
    return redirect("complaints:inbox")


def _need_of(check: Verification, text: str, me: Any, now: Any) -> None:
    complaint = check.complaint
    if complaint is None:
        return
    topic = topic_of(complaint) or next(iter(topics_of(site_handbook())))
    services.open_need(complaint=complaint, staff=complaint.about_staff, topic=topic, text=text[:500], by=me, now=now)


def _case(request: HttpRequest, check: Verification, form: VerifyForm, status: int = 200) -> HttpResponse:
    kinds, praised = kinds_of(site_handbook()), praise_kinds_of(site_handbook())
    subject = _subject(check, kinds, praised)
    context = {
        "check": check,
        "subject": subject,
        "form": form,
        "customer": customer_words(user_of(request), check.complaint) if check.complaint else "",
        "call": call_behind(user_of(request), subject["call"]),
        "late": check.verified_at is None and check.due_at < timezone.now(),
    }
    return render(request, "complaints/verify.html", context, status=status)


@shows("CMP-004", "CMP-005")
@may(FINDINGS.code)
def findings(request: HttpRequest) -> HttpResponse:
    """What was found about people in reach, for the month's sum of the support manager (C-10)."""
    asked = {name: request.GET.get(name, "") for name in ("state", "staff", "from", "to")}
    seen = visible_findings(user_of(request)).select_related("complaint", "staff", "found_by", "collected_by")
    rows = between(seen, asked, "found_at")
    if asked["state"] in ("open", "collected"):
        rows = rows.filter(collected_at__isnull=asked["state"] == "open")
    if asked["staff"]:
        rows = rows.filter(staff__code=asked["staff"])
    page = page_of(request, rows, {"found": "found_at", "staff": "staff__code"}, "-found")
    kinds = kinds_of(site_handbook())
    sums = rows.order_by().aggregate(
        all=Count("pk"),
        justified=Count("pk", filter=Q(result__in=["justified", "partly"])),
        open=Count("pk", filter=Q(collected_at__isnull=True)),
        points=Sum("points"),
    )
    by_fault = list(
        rows.exclude(fault="")
        .order_by()
        .values("fault")
        .annotate(many=Count("pk"), people=Count("staff", distinct=True))
    )
    context = {
        "page": page,
        "asked": asked,
        "sums": sums,
        "faults": sorted(
            ((kinds[row["fault"]].label if row["fault"] in kinds else row["fault"], row) for row in by_fault),
            key=lambda pair: -pair[1]["many"],
        ),
        "may_collect": user_of(request).may(NEEDS.code),
    }
    return render(request, "complaints/findings.html", context)


@require_POST
@may(NEEDS.code)
def collect(request: HttpRequest) -> HttpResponse:
    """Take the chosen findings into the month's sum."""
    chosen = [int(one) for one in request.POST.getlist("finding") if one.isdecimal() and len(one) < 16][:200]
    mine = visible_findings(user_of(request)).filter(pk__in=chosen)
    taken = services.collect(list(mine.values_list("pk", flat=True)), by=me_of(request), now=timezone.now())
    messages.success(request, _("Taken into the sum: %(count)s") % {"count": taken})
    return redirect("complaints:findings")


@shows("CMP-005")
@may(NEEDS.code)
def needs(request: HttpRequest) -> HttpResponse:
    """Needs by their state; a new one by hand."""
    return _needs(request, NeedForm(initial={"complaint": request.GET.get("complaint", "")}))


def _needs(request: HttpRequest, form: NeedForm, status: int = 200, **more: Any) -> HttpResponse:
    state = request.GET.get("state", "")
    seen = visible_needs(user_of(request)).select_related("staff", "complaint", "made_by")
    rows = seen
    if state in TrainingNeed.State.values:
        rows = rows.filter(state=state)
    elif state != "all":
        rows = rows.exclude(state=TrainingNeed.State.PASSED)
    page = page_of(request, rows, {"due": "due_on"}, "due")
    topics = topics_of(site_handbook())
    today = timezone.localdate()
    counts = seen.order_by().aggregate(
        **{one: Count("pk", filter=Q(state=one)) for one in TrainingNeed.State.values},
        late=Count("pk", filter=Q(due_on__lt=today) & ~Q(state=TrainingNeed.State.PASSED)),
    )
    context = {
        "page": page,
        "rows": [
            (one, topics[one.topic].label if one.topic in topics else one.topic, next_of(one), one.due_on < today)
            for one in page.rows
        ],
        "counts": counts,
        "state": state,
        "states": TrainingNeed.State.choices,
        "form": form,
        "pass_points": site_handbook().on(today).number("complaint.retest_points"),
    }
    return render(request, "complaints/needs.html", context | more, status=status)


@require_POST
@may(NEEDS.code)
def new_need(request: HttpRequest) -> HttpResponse:
    form = NeedForm(request.POST)
    if not form.is_valid():
        return _needs(request, form, 422, opened=True)
    said = form.cleaned_data
    number = said["complaint"].strip()
    of = visible_complaints(user_of(request)).filter(number=number).first() if number else None
    if number and of is None:
        form.add_error("complaint", _("There is no such complaint."))
        return _needs(request, form, 422, opened=True)
    try:
        services.open_need(
            complaint=of,
            staff=said["staff"],
            topic=said["topic"],
            text=said["text"],
            by=me_of(request),
            now=timezone.now(),
        )
    except services.Refused as refused:
        form.add_error(None, str(refused))
        return _needs(request, form, 409, opened=True)
    messages.success(request, _("Written down."))
    return redirect("complaints:needs")


@require_POST
@may(NEEDS.code)
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """The next step of one need."""
    need = get_object_or_404(visible_needs(user_of(request)), pk=pk)
    form = FollowForm(request.POST)
    try:
        if not form.is_valid():
            raise services.Refused(_("The second test needs its points, 0 to 100."))
        said = form.cleaned_data
        services.follow_need(need.pk, to=said["to"], by=me_of(request), now=timezone.now(), score=said["score"])
    except services.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Written down."))
    return redirect("complaints:needs")
