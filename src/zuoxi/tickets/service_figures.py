# SPDX-License-Identifier: Apache-2.0
"""Figures of tickets, counted from their rows at the moment of receiving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.tickets.access import STATISTICS
from zuoxi.tickets.kinds import kinds
from zuoxi.tickets.models import Source, State
from zuoxi.tickets.visibility import visible_tickets
from zuoxi.web import figures
from zuoxi.web.figures import DEPARTMENT, Ask, Figure, Rows, Tally, Text

_BY = {"kind": "kind", DEPARTMENT: "department"}


def _tally(ask: Ask) -> Tally:
    """Merged tickets are counted with the one they went into. Due: settled, or its time has run out."""
    now = timezone.now()
    settled = Q(finished_at__isnull=False)
    return figures.counted(
        visible_tickets(ask.user).exclude(state=State.MERGED),
        "received_at",
        ask,
        {
            "received": Count("pk"),
            "closed": Count("pk", filter=Q(state=State.CLOSED)),
            "due": Count("pk", filter=settled | Q(due_at__lt=now)),
            "in_time": Count("pk", filter=settled & Q(breached=False)),
            "finished": Count("pk", filter=settled),
            "answered": Count("pk", filter=Q(answered_at__isnull=False)),
            "to_answer": Count("pk", filter=Q(needs_answer=True, state=State.CLOSED)),
            "answered_closed": Count("pk", filter=Q(needs_answer=True, state=State.CLOSED, answered_at__isnull=False)),
            "urged_once": Count("pk", filter=Q(urged__gt=0)),
            "opened_again": Count("pk", filter=Q(reopened__gt=0)),
        },
        {"kind": "kind", "source": "source", DEPARTMENT: "department__code"},
    )


def _labels(by: str, _codes: Sequence[str]) -> Mapping[str, Text]:
    if by == "kind":
        return {key: str(body.label) for key, body in kinds().items()}
    return dict(Source.choices) if by == "source" else {}


def _rows(**query: str) -> Rows:
    return Rows("tickets:tickets", {"list": "all"} | query, _BY)


figures.register(
    figures.Source(
        "tickets",
        pgettext_lazy("figures", "Tickets"),
        _tally,
        ("kind", "source", DEPARTMENT),
        STATISTICS.code,
        20,
        _labels,
        {"kind": _("By kind"), "source": _("By source")},
    ),
    Figure(
        "tickets.received",
        pgettext_lazy("figures", "Tickets received"),
        _("tickets received in the time, merged ones left out"),
        ("received",),
        clauses=("CUS-012", "CUS-019"),
        rows=_rows(),
    ),
    Figure(
        "tickets.in_time",
        _("Tickets settled in time"),
        _("settled within the deadline ÷ settled or overdue"),
        ("in_time",),
        ("due",),
        "%",
        clauses=("CUS-012",),
        rows=_rows(),
        exclusions=_("Tickets without a deadline, and those still within theirs, are left out"),
        more_is_better=True,
    ),
    Figure(
        "tickets.answered",
        _("Customers answered"),
        _("closed with an answer to the customer ÷ closed that need one"),
        ("answered_closed",),
        ("to_answer",),
        "%",
        clauses=("CUS-010",),
        rows=_rows(state="closed"),
        more_is_better=True,
    ),
    Figure(
        "tickets.urged",
        _("Share of tickets urged"),
        _("tickets urged at least once ÷ tickets received"),
        ("urged_once",),
        ("received",),
        "%",
        clauses=("CUS-010",),
        rows=_rows(),
        more_is_better=False,
    ),
    Figure(
        "tickets.reopened",
        _("Share of tickets reopened"),
        _("tickets opened again ÷ tickets settled"),
        ("opened_again",),
        ("finished",),
        "%",
        rows=_rows(),
        more_is_better=False,
    ),
)
