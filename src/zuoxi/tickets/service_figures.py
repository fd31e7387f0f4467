# SPDX-License-Identifier: Apache-2.0
"""Figures of tickets, counted from their rows at the moment of receiving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.tickets.access import STATISTICS
from zuoxi.tickets.kinds import kinds
from zuoxi.tickets.lists import counted_as
from zuoxi.tickets.models import Source
from zuoxi.tickets.visibility import visible_tickets
from zuoxi.web import figures
from zuoxi.web.figures import DEPARTMENT, Ask, Figure, Rows, Tally, Text

_COUNTS = (
    "received", "due", "in_time", "to_answer", "answered", "urged", "once_settled", "reopened", "mended", "to_mend",
    "papers_again",
)  # fmt: skip
_BY = {"kind": "kind", "source": "source", DEPARTMENT: "department"}


def _tally(ask: Ask) -> Tally:
    """What the figures below are made of, counted."""
    counts = counted_as(timezone.now())
    return figures.counted(
        visible_tickets(ask.user),
        "received_at",
        ask,
        {name: Count("pk", filter=counts[name]) for name in _COUNTS},
        {"kind": "kind", "source": "source", DEPARTMENT: "department__code"},
    )


def _labels(by: str, _codes: Sequence[str]) -> Mapping[str, Text]:
    if by == "kind":
        return {key: str(body.label) for key, body in kinds().items()}
    return dict(Source.choices) if by == "source" else {}


def _rows(counted: str) -> Rows:
    return Rows("tickets:tickets", {"list": "all", "counted": counted}, _BY)


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
        rows=_rows("received"),
    ),
    Figure(
        "tickets.in_time",
        _("Tickets settled in time"),
        _("settled within the deadline ÷ settled or overdue"),
        ("in_time",),
        ("due",),
        "%",
        clauses=("CUS-012",),
        rows=_rows("in_time"),
        base_rows=_rows("due"),
        exclusions=_("Tickets without a deadline, and those still within theirs, are left out"),
        more_is_better=True,
    ),
    Figure(
        "tickets.answered",
        _("Customers answered"),
        _("closed with an answer to the customer ÷ closed that need one"),
        ("answered",),
        ("to_answer",),
        "%",
        clauses=("CUS-010",),
        rows=_rows("answered"),
        base_rows=_rows("to_answer"),
        more_is_better=True,
    ),
    Figure(
        "tickets.urged",
        _("Share of tickets urged"),
        _("tickets urged at least once ÷ tickets received"),
        ("urged",),
        ("received",),
        "%",
        clauses=("CUS-010",),
        rows=_rows("urged"),
        base_rows=_rows("received"),
        more_is_better=False,
    ),
    Figure(
        "tickets.reopened",
        _("Share of tickets reopened"),
        _("tickets opened again ÷ tickets settled"),
        ("reopened",),
        ("once_settled",),
        "%",
        version=2,
        rows=_rows("reopened"),
        base_rows=_rows("once_settled"),
        more_is_better=False,
    ),
    Figure(
        "tickets.same_day",
        _("Mended on the day they came in"),
        _("received and done on one calendar day ÷ flagged for the same day"),
        ("mended",),
        ("to_mend",),
        "%",
        clauses=("CUS-020",),
        rows=_rows("mended"),
        base_rows=_rows("to_mend"),
        more_is_better=True,
    ),
    Figure(
        "tickets.papers_again",
        _("Asked for papers twice"),
        _("tickets whose applicant was asked for missing papers again though no law had changed"),
        ("papers_again",),
        clauses=("CUS-006",),
        rows=_rows("papers_again"),
        more_is_better=False,
    ),
)
