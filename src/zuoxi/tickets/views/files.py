# SPDX-License-Identifier: Apache-2.0
"""Files of a ticket: sent in, given out as downloads, taken off."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.tickets import files, services
from zuoxi.tickets.models import Attachment
from zuoxi.tickets.refusing import Refused
from zuoxi.tickets.views.asking import done, me, seen
from zuoxi.tickets.visibility import in_hand, visible_tickets
from zuoxi.vault import services as vault
from zuoxi.web.access import may


@require_POST
@may("tickets.handle")
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the files that were sent; each is told apart, and one that is refused holds up no other."""
    ticket, by, now = seen(request, number), me(request), timezone.now()
    sent = request.FILES.getlist("file")
    if not sent:
        messages.error(request, _("Choose a file first."))
    for one in sent:
        try:
            content = one.read(files.largest() + 1)
            services.attach(ticket, name=one.name or "", content=content, by=by, now=now)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("“%(name)s” is kept.") % {"name": one.name})
    return redirect("tickets:ticket", ticket.number)


def _seen_file(request: HttpRequest, pk: int) -> Attachment:
    rows = Attachment.objects.filter(removed_at__isnull=True, ticket__in=visible_tickets(request.user))
    return get_object_or_404(rows.select_related("ticket"), pk=pk)


@may("tickets.view")
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as a download; a browser neither draws nor runs it."""
    kept = _seen_file(request, pk)
    try:
        content = files.content_of(kept)
    except Refused as refusal:
        raise Http404(str(refusal)) from None
    vault.record_request(request, "tickets.file.read", on=("ticket", kept.ticket.number), file=kept.name)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(kept.name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@may("tickets.handle")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file off: who sent it, whose work the ticket is, or who may do anything with it."""
    kept = _seen_file(request, pk)
    own = kept.by_id == me(request).pk or in_hand(request.user, kept.ticket)
    if not own and not request.user.may("tickets.dispatch"):  # type: ignore[union-attr]
        messages.error(request, _("Only who sent the file, or whose work the ticket is, may take it off."))
        return redirect("tickets:ticket", kept.ticket.number)

    def verb() -> None:
        services.remove(kept, by=me(request), now=timezone.now())
        vault.record_request(request, "tickets.file.removed", on=("ticket", kept.ticket.number), file=kept.name)

    return done(request, verb, _("The file is off the ticket; it stays in the history."), kept.ticket)
