# SPDX-License-Identifier: Apache-2.0
"""Violations: the list, recording one, one's own and the answer to it, decisions; care, days with visitors."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.floor import answerable, conduct
from zuoxi.floor.conduct_models import DICTIONARY
from zuoxi.floor.forms import CareForm, DayForm, ViolationForm
from zuoxi.floor.grounds import ground
from zuoxi.floor.handbook import AREAS, VIOLATIONS
from zuoxi.floor.models import CareNote, CodeReading, DressDay, Patrol, Photo, Violation
from zuoxi.floor.photos import cleaned
from zuoxi.floor.refusing import Refused
from zuoxi.floor.views.answering import done, me, reach_posts, reached
from zuoxi.floor.violations import label_of, top_of, violations_in
from zuoxi.people import selectors as people
from zuoxi.people.models import User
from zuoxi.policy.marks import shows
from zuoxi.policy.rulebook import Impossible
from zuoxi.policy.selectors import site_handbook
from zuoxi.web import listing
from zuoxi.web.access import may, signed_in

SORTS = {"when": "happened_at", "who": "staff__code", "state": "state", "amount": "amount"}


def _scope(request: HttpRequest) -> people.Scope:
    return people.scope_of(request.user, timezone.localdate())


@shows(*DICTIONARY)
@may("floor.discipline")
def violations(request: HttpRequest) -> HttpResponse:
    """What was recorded of one's people, newest first."""
    rows = violations_in(_scope(request))
    item, state, word = (request.GET.get(name, "")[:60] for name in ("item", "state", "q"))
    if item:
        rows = rows.filter(item=item)
    if state in Violation.State.values:
        rows = rows.filter(state=state)
    if word:
        rows = rows.filter(staff__code__in=people.codes_named(word))
    page = listing.page_of(request, rows, SORTS, "-when")
    context = {
        "page": page,
        "lines": [(row, label_of(row.item)) for row in page.rows],
        "items": [(key, body.label) for key, body in site_handbook().entries(VIOLATIONS).items()],
        "states": Violation.State.choices,
        "asked": {"item": item, "state": state, "q": word},
    }
    return render(request, "floor/rule/violations.html", context)


@shows("FLR-015")
@may("floor.discipline")
def top(request: HttpRequest) -> HttpResponse:
    """The commonest faults and who they happen to, of a month or any stretch."""
    today = timezone.localdate()
    first, last = today.replace(day=1), today
    with suppress(ValueError):
        first = date.fromisoformat(request.GET.get("first", "") or str(first))
        last = date.fromisoformat(request.GET.get("last", "") or str(last))
    if last < first or (last - first) > timedelta(days=400):
        first, last = today.replace(day=1), today
    found = top_of(_scope(request), first, last)
    chart = {"kind": "bar", "x": [day for day, _count in found.by_day], "unit": "count",
             "series": [{"name": _("Violations"), "data": [count for _day, count in found.by_day]}]}  # fmt: skip
    return render(request, "floor/rule/top.html", {"top": found, "first": first, "last": last, "chart": chart})


@shows(*DICTIONARY)
@may("floor.discipline")
def new_violation(request: HttpRequest) -> HttpResponse:
    """Record one, with a photograph where there is one."""
    now, posts = timezone.now(), reach_posts(request)
    blank = {"happened_at": timezone.localtime(now), "seat_kind": "agent", "person": request.GET.get("person", "")}
    form = ViolationForm(request.POST or None, request.FILES or None, people=posts, initial=blank)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            staff = reached(request, given["person"])
            photo = given.get("photo")
            photos = [cleaned(photo, photo.size)] if photo else []
            moment = f"{given['happened_at']:%Y%m%d%H%M}"
            made = conduct.record_violation(
                staff, given["item"], given["happened_at"], cause=f"said:{given['item']}:{moment}"[:80],
                by=people.staff_of(request.user), now=now, note=given["note"], place=given["place"],
                seat_kind=given["seat_kind"], photos=photos,
            )  # fmt: skip
        except (Refused, Impossible) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("floor:violation", made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "floor/rule/violation_new.html", {"form": form}, status=status)


def _page(request: HttpRequest, row: Violation) -> HttpResponse:
    user, by, share = request.user, people.staff_of(request.user), answerable.share_of(row)
    judges = isinstance(user, User) and user.may("floor.judge")
    context = {
        "row": row,
        "share": share,
        "judges_share": judges and share is not None and answerable.may_judge(share, by, timezone.now()),
        "label": label_of(row.item),
        "ground": ground(row.finding),
        "photos": list(row.photos.values_list("pk", flat=True)),
        "offered": conduct.offered(row, by, timezone.now()) if judges and by is not None else (),
        "another_decides": judges and by is not None and answerable.concerns(row, by),
        "own": row.staff.user_id == user.pk,
    }
    return render(request, "floor/rule/violation.html", context)


@shows(*DICTIONARY, "ATT-039")
@signed_in
def violation(request: HttpRequest, pk: int) -> HttpResponse:
    """One violation with its why and evidence: for the person, and for who stands above."""
    return _page(request, _seen(request, pk))


def _seen(request: HttpRequest, pk: int) -> Violation:
    user = request.user
    rows = Violation.objects.select_related("staff", "recorded_by", "decided_by", "observation")
    if isinstance(user, User) and user.may("floor.discipline"):
        scope = _scope(request)
        if not scope.everything:
            rows = rows.filter(Q(staff__code__in=scope.agent_codes_query()) | Q(staff__user_id=user.pk))
        return get_object_or_404(rows, pk=pk)
    return get_object_or_404(rows, pk=pk, staff__user_id=user.pk)


@require_POST
@may("floor.judge")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Uphold, or cancel, after an objection; or take a record back outright."""
    _seen(request, pk)
    text, how, now = request.POST.get("text", ""), request.POST.get("how", ""), timezone.now()
    by = me(request)

    def verb() -> None:
        if how in ("uphold", "grant"):
            conduct.decide_objection(pk, uphold=how == "uphold", text=text, by=by, now=now)
        elif how == "cancel":
            conduct.cancel(pk, reason=text, by=by, now=now)
        else:
            raise Refused(_("Nothing was decided: press one of the buttons."))

    return done(request, verb, _("Decided."), "floor:violation", pk)


@require_POST
@may("floor.judge")
def judge_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether the direct superior is answerable; never said by himself."""
    _seen(request, pk)
    how, text, by = request.POST.get("how", ""), request.POST.get("text", ""), me(request)

    def verb() -> None:
        if how not in ("answerable", "cleared"):
            raise Refused(_("Nothing was decided: press one of the buttons."))
        answerable.judge_share(pk, answerable=how == "answerable", text=text, by=by, now=timezone.now())

    return done(request, verb, _("Decided."), "floor:violation", pk)


@require_POST
@may("floor.discipline")
def recheck(request: HttpRequest, pk: int) -> HttpResponse:
    _seen(request, pk)
    said, by = request.POST.get("passed", ""), me(request)

    def verb() -> None:
        if said not in ("yes", "no"):
            raise Refused(_("Nothing was decided: press one of the buttons."))
        conduct.recheck(pk, passed=said == "yes", by=by, now=timezone.now())

    return done(request, verb, _("Written down."), "floor:violation", pk)


@signed_in
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture of evidence; who may see the case may see it."""
    found = get_object_or_404(Photo.objects.select_related("check_of__patrol"), pk=pk)
    if found.violation_id:
        _seen(request, found.violation_id)
    elif not (isinstance(request.user, User) and request.user.may("floor.discipline")):
        raise Http404
    elif found.check_of is not None:
        walked = Patrol.objects.filter(pk=found.check_of.patrol_id)
        get_object_or_404(_scope(request).narrow(walked, "walked_by__code"))
    answer = HttpResponse(bytes(found.jpeg), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=600"
    return answer


@shows(*DICTIONARY, "FLR-033")
@signed_in
def my_violations(request: HttpRequest) -> HttpResponse:
    """One's own record, and the rules of conduct to be read."""
    staff = people.staff_of(request.user)
    rows = Violation.objects.filter(staff=staff).select_related("recorded_by") if staff else Violation.objects.none()
    page = listing.page_of(request, rows, {"when": "happened_at"}, "-when")
    book = site_handbook()
    version = conduct.code_version(book)
    items = book.entries(VIOLATIONS).values()
    areas = sorted(book.entries(AREAS).items(), key=lambda pair: pair[1].order)
    code = [(body.label, [one for one in items if one.area == key]) for key, body in areas]
    context = {
        "page": page,
        "lines": [(row, label_of(row.item)) for row in page.rows],
        "code": [(label, held) for label, held in code if held],
        "read": CodeReading.objects.filter(staff=staff, version=version).first() if staff else None,
        "has_staff": staff is not None,
        "shares": [(one, label_of(one.violation.item)) for one in answerable.shares_of(staff)[:20]] if staff else [],
    }
    return render(request, "floor/rule/my_violations.html", context)


@require_POST
@signed_in
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    staff = me(request)
    get_object_or_404(Violation, pk=pk, staff=staff)
    how, text = request.POST.get("how", ""), request.POST.get("text", "")

    def verb() -> None:
        if how not in ("accept", "object"):
            raise Refused(_("Nothing was decided: press one of the buttons."))
        conduct.answer(pk, staff, accepts=how == "accept", text=text, now=timezone.now())

    return done(request, verb, _("Your answer is kept."), "floor:violation", pk)


@require_POST
@signed_in
def confirm_code(request: HttpRequest) -> HttpResponse:
    staff = me(request)
    verb = lambda: conduct.confirm_code(staff, timezone.now())  # noqa: E731
    return done(request, verb, _("Thank you; it is written down."), "floor:my_violations")


@shows("FLR-005")
@may("floor.care")
def care(request: HttpRequest) -> HttpResponse:
    """Notes of care: supervisors and above, of their people."""
    scope, now = _scope(request), timezone.now()
    form = CareForm(request.POST or None, people=reach_posts(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            staff = reached(request, given["person"])
            by = people.staff_of(request.user)
            conduct.write_care_note(staff, given["text"], given["look_again_on"], by, now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("floor:care")
    rows = scope.narrow(CareNote.objects.select_related("staff", "written_by"), "staff__code")
    page = listing.page_of(request, rows, {"when": "written_at"}, "-when")
    context = {"page": page, "form": form, "today": timezone.localdate(now)}
    return render(request, "floor/rule/care.html", context, status=422 if form.errors else 200)


@shows("FLR-019", "FLR-031")
@may("floor.discipline")
def days(request: HttpRequest) -> HttpResponse:
    """Days with visitors or inspections, and what they ask for."""
    today = timezone.localdate()
    rows = DressDay.objects.filter(day__gte=today - timedelta(days=30)).select_related("marked_by").order_by("day")
    items = [(key, body) for key, body in site_handbook().entries(VIOLATIONS).items() if body.marks or body.weekdays]
    judges = isinstance(request.user, User) and request.user.may("floor.judge")
    context = {"days": list(rows[:100]), "form": DayForm(), "items": items, "judges": judges, "today": today}
    return render(request, "floor/rule/days.html", context)


@require_POST
@may("floor.judge")
def mark_day(request: HttpRequest) -> HttpResponse:
    form, by = DayForm(request.POST), people.staff_of(request.user)

    def verb() -> None:
        if not form.is_valid():
            raise Refused(_("Choose a day and what it is."))
        conduct.mark_day(form.cleaned_data["day"], form.cleaned_data["kind"], form.cleaned_data["note"], by)

    return done(request, verb, _("Marked."), "floor:days")


@require_POST
@may("floor.judge")
def unmark_day(request: HttpRequest, pk: int) -> HttpResponse:
    verb = lambda: conduct.unmark_day(pk, people.staff_of(request.user))  # noqa: E731
    return done(request, verb, _("Taken back."), "floor:days")
