# SPDX-License-Identifier: Apache-2.0
"""One ticket: what it says, how its time stands and why, what happened, what can be done now."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from zuoxi.people import selectors as people
from zuoxi.people.models import User
from zuoxi.policy.marks import shows
from zuoxi.tickets import lists
from zuoxi.tickets.beside import beside
from zuoxi.tickets.filling import masked_text
from zuoxi.tickets.kinds import Line, body_of, kind_label, kinds, lines_of, topics
from zuoxi.tickets.models import OPEN_STATES, Answer, CannedReply, Department, Hold, Priority, Ticket, TicketLink
from zuoxi.tickets.states import verbs_in
from zuoxi.tickets.telling import url_of
from zuoxi.tickets.trail_lines import trail_of
from zuoxi.tickets.views.acting import VERBS, allowed
from zuoxi.tickets.views.asking import seen
from zuoxi.tickets.visibility import in_hand, visible_tickets
from zuoxi.vault import masking
from zuoxi.vault import services as vault
from zuoxi.web.access import may


def _clocks(ticket: Ticket) -> list[dict[str, Any]]:
    now = timezone.now()
    labels = {"respond": _("First answer"), "contact": pgettext("ticket", "Customer called"), "done": _("Settled")}
    found = []
    for row in ticket.clocks.all():
        late = row.breached or bool(row.stopped_at is None and row.due_at and row.due_at < now and ticket.due_at)
        found.append({"row": row, "label": labels.get(row.code, row.code), "late": late})
    return found


def _links(ticket: Ticket) -> list[tuple[str, Ticket]]:
    rows = TicketLink.objects.filter(Q(ticket=ticket) | Q(other=ticket)).select_related("ticket", "other")
    found = []
    for one in rows:
        if one.ticket_id == ticket.pk:
            found.append((str(one.get_kind_display()), one.other))
        else:
            back = {"split": _("Split off"), "merged": _("Took in")}.get(one.kind, str(one.get_kind_display()))
            found.append((str(back), one.ticket))
    return found


def _same_customer(user: Any, ticket: Ticket) -> list[Ticket]:
    """The customer's other open tickets, to be chosen where two are brought together."""
    if ticket.customer_id is None:
        return []
    rows = visible_tickets(user).filter(customer=ticket.customer_id, state__in=OPEN_STATES).exclude(pk=ticket.pk)
    return list(rows.only("number", "title").order_by("-received_at", "-pk")[:8])


def _replies(user: Any, ticket: Ticket) -> list[tuple[str, str]]:
    """Ready-made words for this person, with the ticket's names filled in."""
    staff = people.staff_of(user)
    teams = [post.team_id for post in user.posts if post.team_id]
    rows = CannedReply.objects.filter(Q(staff=None, team=None) | Q(staff=staff) | Q(team_id__in=teams))
    words = {
        "{customer}": str(ticket.customer) if ticket.customer else "",
        "{number}": ticket.number,
        "{agent}": staff.name if staff else "",
        "{result}": ticket.result,
    }
    found = []
    for one in rows[:40]:
        text = one.text
        for name, value in words.items():
            text = text.replace(name, value)
        found.append((one.title, text))
    return found


@shows(
    "CUS-004", "CUS-005", "CUS-006", "CUS-007", "CUS-008", "CUS-009", "CUS-010", "CUS-011", "CUS-012", "CUS-013",
    "CUS-014", "CUS-017", "CUS-018", "CUS-020", "CUS-026", "CUS-027",
)  # fmt: skip
@may("tickets.view")
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """A ticket with its form, its clocks, its history and the verbs that its state allows."""
    row = seen(request, number)
    user = cast(User, request.user)
    body, mine = body_of(row), in_hand(user, row)
    open_verbs = verbs_in(row.state) | {"note", "link", "parts"}
    handles = user.may("tickets.handle")
    verbs = {verb: True for verb in VERBS if verb in open_verbs and handles and allowed(request, row, verb, mine)}
    if not body.parts_from or row.parent_id or row.state not in OPEN_STATES:
        verbs.pop("parts", None)
    if not body.papers:
        verbs.pop("papers", None)
    things, offers = beside(user, row)
    context = {
        "ticket": row,
        "contact": masking.phone(row.contact),
        "kind": kind_label(row.kind, row.form.body),
        "body": body,
        "lines": [(one, masked_text(one.field, row.fields[one.field.key])) for one in lines_of(row)],
        "topic": dict(topics(body)).get(row.topic, row.topic),
        "standing": lists.standing(row, timezone.now()),
        "clocks": _clocks(row),
        "trail": trail_of(row),
        "files": list(row.attachments.filter(removed_at__isnull=True).select_related("by")),
        "parts": list(row.parts.select_related("owner", "department").order_by("pk")),
        "links": _links(row),
        "things": things,
        "offers": offers,
        "verbs": verbs,
        "departments": list(Department.objects.filter(closed_on__isnull=True)) if verbs else [],
        "replies": _replies(user, row) if "answer" in verbs else [],
        "others": _same_customer(user, row) if "merge" in verbs else [],
        "ways": Answer.How.choices,
        "reasons": Hold.Reason.choices,
        "priorities": Priority.choices,
        "kinds": [(key, one.label) for key, one in kinds().items()],
        "topics": list(topics(body)),
        "may_customer": user.may("customers.view"),
        "may_reveal": mine or user.may("tickets.dispatch"),
        "revealed": {},
        "open": row.state in OPEN_STATES,
    }
    return render(request, "tickets/ticket.html", context)


@require_POST
@may("tickets.handle")
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show the masked answers to who works on the ticket, after the purpose was written into the audit chain."""
    row = seen(request, number)
    purpose = request.POST.get("purpose", "").strip()
    user = cast(User, request.user)
    if not (in_hand(user, row) or user.may("tickets.dispatch")) or len(purpose) < 2:
        return render(request, "tickets/revealed.html", {"ticket": row, "lines": [], "refused": True}, status=422)
    masked: list[Line] = [one for one in lines_of(row) if one.field.mask]
    vault.record_request(
        request,
        "tickets.revealed",
        on=("ticket", row.number),
        purpose=purpose,
        fields=[one.field.key for one in masked],
    )
    return render(request, "tickets/revealed.html", {"ticket": row, "lines": masked, "refused": False})


@shows("CUS-006", "CUS-017", "CUS-018")
@may("tickets.view")
def printed(request: HttpRequest, number: str) -> HttpResponse:
    """The acceptance slip (受理单) for the customer or the crew, on one sheet."""
    row = seen(request, number)
    context = {
        "ticket": row,
        "kind": kind_label(row.kind, row.form.body),
        "lines": [(one, masked_text(one.field, row.fields[one.field.key])) for one in lines_of(row)],
        "clocks": _clocks(row),
        "papers": list(row.papers_notices.all()),
        "url": url_of(row),
    }
    return render(request, "tickets/printed.html", context)
