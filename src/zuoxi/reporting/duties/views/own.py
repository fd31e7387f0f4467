# SPDX-License-Identifier: Apache-2.0
"""What somebody owes and is owed, and one report with its editor."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.messaging import selectors as messaging
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Why
from zuoxi.policy.marks import shows
from zuoxi.policy.vocabulary import role_words
from zuoxi.reporting.duties import delivering, lists, papers
from zuoxi.reporting.duties.delivering import NotNow
from zuoxi.reporting.duties.forms import ItemForm, PaperForm
from zuoxi.reporting.duties.grounds import ground_of, post_names
from zuoxi.reporting.duties.prefill import prefilled
from zuoxi.reporting.models import DutyItem, DutyPaper, DutyReceipt
from zuoxi.web.access import signed_in
from zuoxi.web.listing import page_of


def staff_or_404(request: HttpRequest) -> Staff:
    """Who is signed in, as a person of the centre; a technical account owes nothing and is owed nothing."""
    staff = people.staff_of(request.user)
    if staff is None:
        raise Http404
    return staff


def now_of() -> datetime:
    return datetime.now(UTC)


def tell(request: HttpRequest, refused: NotNow) -> None:
    """A refusal with its remedy, as one note."""
    messages.error(request, " ".join(str(one) for one in (refused.wrong, refused.todo) if one))


@shows("RPT-033", "ORG-022", "RPT-013", "RPT-014", "RPT-015")
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """Reports I owe: overdue, today, this week."""
    staff, now = staff_or_404(request), now_of()
    context = {
        "groups": lists.owed_by(staff, now),
        "done": lists.handed_in_by(staff, now),
        "tabs": tabs(request, "duties"),
    }
    return render(request, "reporting/duties/mine.html", context)


def tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The pages of duties that everybody has."""
    names = {
        "duties": _("I owe"),
        "received": _("Owed to me"),
        "duty_calendar": _("Calendar"),
        "duty_catalogue": _("What the handbook asks"),
    }
    return [
        {"label": label, "url": reverse(f"reporting:{name}"), "current": name == current}
        for name, label in names.items()
    ]


@shows("RPT-012", "RPT-001", "QA-016", "QA-001")
@signed_in
def received(request: HttpRequest) -> HttpResponse:
    """What was sent to me, put together by matter and day; what is still to come."""
    staff, now = staff_or_404(request), now_of()
    page = page_of(request, lists.receipts_of(staff), {"received": "received_at"}, "-received", size=100)
    context = {
        "bundles": lists.bundled(page.rows),
        "page": page,
        "outstanding": lists.outstanding_for(staff, now),
        "tabs": tabs(request, "received"),
    }
    return render(request, "reporting/duties/received.html", context)


def item_for(request: HttpRequest, pk: int) -> tuple[DutyItem, Staff]:
    """The item and who looks at it; 404 where he may not."""
    staff = staff_or_404(request)
    item = get_object_or_404(DutyItem.objects.select_related("done_by", "set_by", "excused_by"), pk=pk)
    if not lists.may_see(item, staff, people.scope_of(request.user, lists.today(now_of()))):
        raise Http404
    return item, staff


@shows("RPT-002", "RPT-012", "RPT-013", "RPT-016", "RPT-017", "RPT-018", "RPT-019", "RPT-022", "RPT-024")
@signed_in
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: its editor for who owes it, its words for who gets it."""
    return _page(request, *item_for(request, pk))


def _page(
    request: HttpRequest, item: DutyItem, staff: Staff, form: ItemForm | None = None, status: int = 200
) -> HttpResponse:
    now = now_of()
    writes = delivering.is_holder(item, staff) and item.live and item.handed_at is None
    filled = prefilled(item, staff, now) if writes else None
    if writes and form is None:
        form = ItemForm(item, initial=_initial(item, filled.text if filled else ""))
    context = {
        "item": item,
        "line": lists.line(item, now),
        "writes": writes,
        "form": form,
        "filled": filled,
        "paper_form": PaperForm() if writes and "file" in item.terms.get("evidence", ()) else None,
        "papers": item.papers.defer("content"),
        "holders": [one.staff for one in item.holders.select_related("staff")],
        "receipts": item.receipts.select_related("staff"),
        "receipt": item.receipts.filter(staff=staff).first(),
        "messages_of": messaging.messages_about([item.about]).get(item.about, []),
        "checks": _checks(item, staff),
        "answers": answers_of(item),
        "may_excuse": item.state in ("open", "missed", "late") and delivering.may_excuse(item, staff, now),
        "to": post_names(item.terms.get("to", ())),
        "ground": ground_of(item),
    }
    return render(request, "reporting/duties/item.html", context, status=status)


def _initial(item: DutyItem, text: str) -> dict[str, Any]:
    kept = {f"part_{key}": value for key, value in item.answers.items()}
    return {"text": item.text or text} | kept


def answers_of(item: DutyItem) -> list[tuple[str, str]]:
    """What was answered to each part of the template, in words."""
    found = []
    for part in item.terms.get("template", ()):
        answer = item.answers.get(part["key"])
        if answer not in (None, ""):
            found.append(
                (str(Why(part["label"]["zh"], part["label"]["en"])), _("yes") if answer is True else str(answer))
            )
    return found


def _checks(item: DutyItem, staff: Staff) -> list[dict[str, Any]]:
    """Each signature it needs: whose, given by whom, and whether this person may give it."""
    words = item.terms.get("checks", ())
    if not words:
        return []
    given = {one.word: one for one in item.checks.select_related("staff")}
    roles = staff.roles_on(lists.today(now_of()))
    open_yet = item.live and item.handed_at is None
    return [
        {
            "word": word,
            "name": post_names([word])[0],
            "given": given.get(word),
            "may": open_yet and word not in given and bool(roles & set(_positions(word))),
            "may_waive": open_yet and word not in given and bool(roles & delivering.WAIVERS),
        }
        for word in words
    ]


def _positions(word: str) -> tuple[str, ...]:
    found = role_words().get(word)
    return found.positions if found else (word,)


@require_POST
@signed_in
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the words, or with "send" hand them in."""
    one, staff = item_for(request, pk)
    form = ItemForm(one, request.POST)
    if not form.is_valid():
        return _page(request, one, staff, form, 422)
    text, answers = form.cleaned_data["text"], form.answers()
    try:
        if "send" in request.POST:
            delivering.hand_in(one, staff, text, answers, now_of())
            messages.success(request, _("Handed in."))
            return redirect("reporting:duties")
        delivering.keep(one, staff, text, answers)
        messages.success(request, _("The words are kept."))
    except NotNow as refused:
        tell(request, refused)
        one.refresh_from_db()
        return _page(request, one, staff, form, 409)
    return redirect("reporting:duty", pk)


@require_POST
@signed_in
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign a report that needs checking, or let it go unsigned with a reason."""
    one, staff = item_for(request, pk)
    try:
        delivering.sign(one, staff, request.POST.get("word", ""), now_of(), request.POST.get("waived", "").strip())
        messages.success(request, _("Signed."))
    except NotNow as refused:
        tell(request, refused)
    return redirect("reporting:duty", pk)


@require_POST
@signed_in
def excuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody off, with a reason."""
    one, staff = item_for(request, pk)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, _("Say why: the reason is kept."))
        return redirect("reporting:duty", pk)
    try:
        delivering.excuse(one, staff, reason, now_of())
        messages.success(request, _("Excused."))
    except NotNow as refused:
        tell(request, refused)
    return redirect("reporting:duty", pk)


@require_POST
@signed_in
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one has read it, with a comment if one likes."""
    one, staff = item_for(request, pk)
    receipt = get_object_or_404(DutyReceipt.objects.select_related("item__done_by", "staff"), item=one, staff=staff)
    delivering.acknowledge(receipt, request.POST.get("comment", "").strip(), now_of())
    messages.success(request, _("Noted."))
    if "back" in request.POST:
        return redirect("reporting:received")
    return redirect("reporting:duty", pk)


@require_POST
@signed_in
def add_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a file to a report."""
    one, staff = item_for(request, pk)
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("reporting:duty", pk)
    file = form.cleaned_data["file"]
    try:
        papers.add_paper(one, staff, file.name, file.read(), now_of())
        messages.success(request, _("The file is kept."))
    except NotNow as refused:
        tell(request, refused)
    return redirect("reporting:duty", pk)


@signed_in
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of a report, for whoever may see the report."""
    found = get_object_or_404(DutyPaper, pk=pk)
    item_for(request, found.item_id)
    try:
        content = papers.opened(found)
    except ValueError as broken:
        raise PermissionDenied from broken
    answer = HttpResponse(content, content_type="application/octet-stream")
    safe = found.name.replace('"', "").replace("\n", "")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(safe)}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
