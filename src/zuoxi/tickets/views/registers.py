# SPDX-License-Identifier: Apache-2.0
"""Ready-made replies and the register of the mail room."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.people import selectors as people
from zuoxi.people.models import User
from zuoxi.policy.marks import shows
from zuoxi.tickets import registering
from zuoxi.tickets.models import CannedReply, MailEntry
from zuoxi.tickets.refusing import Refused
from zuoxi.tickets.views.asking import me
from zuoxi.vault import services as vault
from zuoxi.web import listing
from zuoxi.web.access import may

MAIL_SORTS = {"day": "day", "kind": "kind", "count": "count"}


def _teams(user: User) -> list[int]:
    return [post.team_id for post in user.posts if post.team_id]


@may("tickets.handle")
def replies(request: HttpRequest) -> HttpResponse:
    """One's own ready-made words and those of the team; leaders write for their team, supervisors for everybody."""
    user, staff = cast(User, request.user), me(request)
    teams = {one.code: one for one in people.open_teams(_teams(user))} if _teams(user) else {}
    leads, rules = user.may("tickets.dispatch"), user.may("tickets.set_up")
    if request.method == "POST":
        whose = request.POST.get("whose", "me")
        team = teams.get(whose) if leads else None
        everybody = whose == "all" and rules
        try:
            registering.keep_reply(
                title=request.POST.get("title", ""), text=request.POST.get("text", ""),
                staff=None if team or everybody else staff, team=team, by=staff, now=timezone.now(),
            )  # fmt: skip
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Kept."))
        return redirect("tickets:replies")
    rows = list(registering.replies_for(staff.pk, _teams(user)))
    context = {
        "rows": [(one, _may_drop(user, one)) for one in rows],
        "teams": list(teams.values()) if leads else [],
        "may_all": rules,
    }
    return render(request, "tickets/replies.html", context)


def _may_drop(user: User, reply: CannedReply) -> bool:
    staff = people.staff_of(user)
    own = staff is not None and staff.pk in (reply.staff_id, reply.made_by_id)
    return own or user.may("tickets.set_up")


@require_POST
@may("tickets.handle")
def drop_reply(request: HttpRequest, pk: int) -> HttpResponse:
    reply = get_object_or_404(registering.replies_for(me(request).pk, _teams(cast(User, request.user))), pk=pk)
    if not _may_drop(cast(User, request.user), reply):
        messages.error(request, _("Only who made this reply may take it away."))
        return redirect("tickets:replies")
    registering.drop_reply(reply)
    return redirect("tickets:replies")


@shows("CUS-021")
@may("tickets.mail")
def mail(request: HttpRequest) -> HttpResponse:
    """The register of the mail room with its counts beside the year before; confidential rows for the few alone."""
    user, today = cast(User, request.user), timezone.localdate()
    secret = user.may("tickets.mail.secret")
    typed, status = {}, 200
    if request.method == "POST":
        typed, status = request.POST.dict(), 422
        try:
            _register(request, secret)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Registered."))
            return redirect("tickets:mail")
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked[:4]) <= today.year else today.year
    rows = MailEntry.objects.filter(day__year=year).select_related("by")
    if not secret:
        rows = rows.exclude(kind=MailEntry.Kind.SECRET)
    context = {
        "page": listing.page_of(request, rows, MAIL_SORTS, "-day"),
        "lines": registering.mail_of(year, today if year == today.year else None),
        "year": year,
        "years": range(today.year, today.year - 4, -1),
        "kinds": [one for one in MailEntry.Kind.choices if secret or one[0] != MailEntry.Kind.SECRET],
        "typed": typed,
        "today": today,
    }
    return render(request, "tickets/mail.html", context, status=status)


def _register(request: HttpRequest, secret: bool) -> None:
    given = request.POST
    day = timezone.localdate()
    with suppress(ValueError):
        day = date.fromisoformat(given.get("day", ""))
    kind, count = given.get("kind", ""), given.get("count", "")
    if kind == MailEntry.Kind.SECRET and not secret:
        raise Refused(_("Confidential documents are registered by who may see them."))
    made = registering.register_mail(
        day=day, kind=kind, count=int(count) if count.isdecimal() and len(count) < 9 else 0,
        reference=given.get("reference", ""), addressee=given.get("addressee", ""),
        signed_by=given.get("signed_by", ""), note=given.get("note", ""), by=me(request), now=timezone.now(),
    )  # fmt: skip
    if kind == MailEntry.Kind.SECRET:
        vault.record_request(request, "tickets.mail.secret.kept", on=("mail", made.pk), count=made.count)
