# SPDX-License-Identifier: Apache-2.0
"""Lists of tickets: the ready filters, the asked ones, and what the words of the search find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from unicodedata import normalize

from django.db.models import Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, TruncDate
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zuoxi.people import selectors as people
from zuoxi.search import selectors as search
from zuoxi.tickets.indexing import KIND
from zuoxi.tickets.kinds import kinds
from zuoxi.tickets.models import OPEN_STATES, Membership, PapersNotice, State, Ticket, TicketView
from zuoxi.tickets.visibility import visible_tickets

SOON: Final = timedelta(hours=4)
SORTS: Final = {
    "received": "received_at",
    "due": "due_at",
    "number": "number",
    "state": "state",
    "priority": "priority",
    "urged": "urged",
}
MOST_FOUND: Final = 300
_FIELDS: Final = {
    "kind": "kind",
    "state": "state",
    "department": "department__code",
    "area": "area",
    "source": "source",
}
Filter = Callable[[QuerySet[Ticket], int, datetime], QuerySet[Ticket]]


def _mine(rows: QuerySet[Ticket], staff: int, now: datetime) -> QuerySet[Ticket]:
    own = Q(owner_id=staff) | Q(covered_by_id=staff) | Q(first_handler_id=staff, state__in=(State.NEW, State.ANSWERING))
    return rows.filter(own, state__in=OPEN_STATES)


def _department(rows: QuerySet[Ticket], staff: int, now: datetime) -> QuerySet[Ticket]:
    departments = Membership.objects.filter(staff_id=staff).values("department_id")
    return rows.filter(department_id__in=departments, state__in=OPEN_STATES)


def _overdue(rows: QuerySet[Ticket], staff: int, now: datetime) -> QuerySet[Ticket]:
    return rows.filter(state__in=OPEN_STATES, due_at__lt=now)


@dataclass(frozen=True, slots=True)
class Ready:
    """A filter that stands ready as a tab."""

    key: str
    label: str | Promise
    narrow: Filter


READY: Final = (
    Ready("mine", _("Mine"), _mine),
    Ready("department", _("My department's"), _department),
    Ready("new", _("To be dispatched"), lambda rows, staff, now: rows.filter(state=State.NEW)),
    Ready(
        "soon",
        _("Due soon"),
        lambda rows, staff, now: rows.filter(state__in=OPEN_STATES, due_at__gte=now, due_at__lt=now + SOON),
    ),
    Ready("overdue", _("Overdue"), _overdue),
    Ready("checking", _("Waiting for check"), lambda rows, staff, now: rows.filter(state=State.CHECKING)),
    Ready("answering", _("Waiting for answer"), lambda rows, staff, now: rows.filter(state=State.ANSWERING)),
    Ready("open", _("All open"), lambda rows, staff, now: rows.filter(state__in=OPEN_STATES)),
    Ready("all", _("All"), lambda rows, staff, now: rows),
)


def ready(key: str) -> Ready:
    """The filter of that key; "mine" for one that nobody knows."""
    return next((one for one in READY if one.key == key), READY[0])


def staff_id(user: Any) -> int:
    staff = people.staff_of(user)
    return staff.pk if staff else 0


def asked(user: Any, query: QueryDict, now: datetime) -> QuerySet[Ticket]:
    """The tickets that the person means by this query."""
    words = searched_for(query)
    rows = visible_tickets(user)
    picked = query.get("list", "") or ("all" if words else "mine")
    rows = ready(picked).narrow(rows, staff_id(user), now)
    for name, field in _FIELDS.items():
        if value := query.get(name, "")[:60]:
            rows = rows.filter(**{field: value})
    if (least := query.get("priority", "")) in ("1", "2"):
        rows = rows.filter(priority__gte=int(least))
    if query.get("breached"):
        rows = rows.filter(breached=True)
    if (counted := counted_as(now).get(query.get("counted", ""))) is not None:
        rows = rows.filter(counted)
    rows = _answered(rows, query)
    rows = _between(rows, query)
    return rows.filter(_holding(rows, words)) if words else rows


def searched_for(query: QueryDict) -> str:
    """The words of the search, wide signs made narrow, so that a number is found however it was typed."""
    return normalize("NFKC", query.get("q", "")).strip()[:100]


COUNTED: Final = {
    "received": _("Received"),
    "due": _("Due: settled or out of time"),
    "in_time": _("Settled in time"),
    "to_answer": _("Closed with an answer owed"),
    "answered": _("Customer answered"),
    "urged": _("Urged"),
    "once_settled": _("Settled once"),
    "reopened": _("Opened again"),
    "whole": _("Not a part of another"),
    "closed": _("Closed"),
    "closed_in_time": _("Closed in time"),
    "unclosed": _("Ticket still open"),
    "mended": _("Mended the same day"),
    "to_mend": _("To be mended the same day"),
    "papers_again": _("Papers asked for a second time"),
}
"""What the figures count, in words, so that the list behind a number says which rows it holds."""


def counted_as(now: datetime) -> dict[str, Q]:
    """What figures count, so that the list behind a number holds the rows it was counted from. Merged tickets are
    counted with the one they went into. Due: settled, or its time has run out."""
    settled = Q(finished_at__isnull=False)
    closed = Q(needs_answer=True, state=State.CLOSED)
    found = {
        "received": Q(),
        "due": settled | Q(due_at__lt=now),
        "in_time": settled & Q(breached=False),
        "to_answer": closed,
        "answered": closed & Q(answered_at__isnull=False),
        "urged": Q(urged__gt=0),
        "once_settled": settled | Q(reopened__gt=0),
        "reopened": Q(reopened__gt=0),
        "whole": Q(parent=None),
        "closed": Q(state=State.CLOSED),
        "closed_in_time": Q(state=State.CLOSED, breached=False),
        "unclosed": ~Q(state=State.CLOSED),
        "mended": Q(parent=None, same_day=True, finished_at__date=TruncDate("received_at")),
        "to_mend": Q(parent=None, same_day=True),
        "papers_again": Q(pk__in=PapersNotice.objects.filter(breach=True).values("ticket_id")),
    }
    return {key: condition & ~Q(state=State.MERGED) for key, condition in found.items()}


def answers_asked(query: QueryDict) -> list[tuple[str, str, str, str]]:
    """(field, its label, the answer that is asked for, the answer in words) of `f-trade=plumbing` and the like; only
    choices that the pack has, so that nobody can guess at masked answers."""
    bodies = kinds()
    asked_kind = bodies.get(query.get("kind", ""))
    known = {one.key: one for body in ([asked_kind] if asked_kind else bodies.values()) for one in body.fields}
    found = []
    for name, value in query.items():
        field = known.get(name.removeprefix("f-")) if name.startswith("f-") else None
        if field is not None and field.kind == "choice" and value:
            said = str(value)[:60]
            label = next((str(one.label) for one in field.choices if one.key == said), said)
            found.append((field.key, str(field.label), said, label))
    return found


def _answered(rows: QuerySet[Ticket], query: QueryDict) -> QuerySet[Ticket]:
    """Those whose forms have the answers that are asked for."""
    for key, _label, value, _shown in answers_asked(query):
        rows = answered(rows, key, value)
    return rows


def answered(rows: QuerySet[Ticket], key: str, value: str) -> QuerySet[Ticket]:
    """Those whose form has that answer in that field."""
    answer = Cast(KeyTextTransform(key, "fields"), TextField())
    return rows.alias(**{f"answer_{key}": answer}).filter(**{f"answer_{key}": value})


def _between(rows: QuerySet[Ticket], query: QueryDict) -> QuerySet[Ticket]:
    """Received from one day to another, both included; days that are none are left out."""
    zone = timezone.get_current_timezone()
    for name, lookup, step in (("from", "received_at__gte", 0), ("to", "received_at__lt", 1)):
        try:
            day = datetime.strptime(query.get(name, ""), "%Y-%m-%d").replace(tzinfo=zone) + timedelta(days=step)
        except (ValueError, OverflowError):
            continue
        rows = rows.filter(**{lookup: day})
    return rows


def _holding(rows: QuerySet[Ticket], words: str) -> Q:
    """Those of the tickets that hold the words: by number, by the telephone number of the contact, or by the full
    text."""
    if words.upper().startswith("WO"):
        return Q(number__istartswith=words.upper())
    if words.isdecimal() and len(words) >= 5:
        return Q(contact=words) | Q(order=words)
    return Q(pk__in=search.held_by(rows, KIND, words, MOST_FOUND))


def found(user: Any, words: str, limit: int) -> list[Ticket]:
    """What the search box of the house finds, newest first."""
    text, rows = normalize("NFKC", words).strip()[:100], visible_tickets(user)
    return list(rows.filter(_holding(rows, text)).order_by("-received_at", "-pk")[:limit]) if text else []


def waiting_for(user: Any) -> int:
    """How many open tickets wait for this person."""
    staff = staff_id(user)
    return _mine(Ticket.objects.all(), staff, timezone.now()).count() if staff else 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a ticket's time stands, in a word and a tone."""

    word: str | Promise
    tone: str
    icon: str


def standing(ticket: Ticket, now: datetime) -> Standing:
    """Words beside the due time; colour is never alone."""
    if ticket.state in (State.CLOSED, State.MERGED):
        return Standing(_("closed late"), "warn", "clock") if ticket.breached else Standing("", "plain", "")
    if ticket.state == State.HELD and ticket.due_at is None:
        return Standing(_("clock stopped"), "plain", "pause")
    if ticket.due_at is None:
        return Standing("", "plain", "")
    if ticket.due_at <= now:
        return Standing(_("overdue"), "bad", "error")
    if ticket.due_at - now <= SOON:
        return Standing(_("due soon"), "warn", "warning")
    return Standing(_("in time"), "good", "check")


def views_of(user_id: int) -> list[TicketView]:
    return list(TicketView.objects.filter(user_id=user_id))


def keep_view(user_id: int, name: str, query: str) -> TicketView | None:
    """Keep a list under a name; the same name again replaces it. None without a name."""
    name = name.strip()[:40]
    if not name:
        return None
    kept, _new = TicketView.objects.update_or_create(user_id=user_id, name=name, defaults={"query": query[:500]})
    return kept


def forget_view(user_id: int, pk: int) -> bool:
    return bool(TicketView.objects.filter(user_id=user_id, pk=pk).delete()[0])
