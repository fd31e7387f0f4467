# SPDX-License-Identifier: Apache-2.0
"""Figures of complaints and praise, counted from their rows; calls come from the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.expressions import CombinedExpression
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.complaints.choices import About, Content, Result, Severity, Source
from zuoxi.complaints.handbook import kinds_of
from zuoxi.complaints.lists import ran_out
from zuoxi.complaints.visibility import visible_complaints, visible_praise
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import calls_taken
from zuoxi.web import figures
from zuoxi.web.figures import PERSON, TEAM, Ask, Figure, Number, Rows, Tally

GROUPS = {TEAM: "about_team__code", PERSON: "about_staff__code", "kind": "kind", "source": "source"}
JUSTIFIED = Q(result__in=[Result.JUSTIFIED, Result.PARTLY])
_LIST = "complaints:complaints"
_BY = {TEAM: "team", PERSON: "staff", "kind": "kind", "source": "source"}


def _took(name: str) -> ExpressionWrapper[CombinedExpression]:
    return ExpressionWrapper(F(name) - F("received_at"), output_field=DurationField())


def _complaints(ask: Ask) -> Tally:
    """Counted at the moment of receiving. Due: the customer's answer has fallen due, or was given already."""
    now = timezone.now()
    done = Q(answered_at__isnull=False)
    due = done | ran_out("answer_due_at", now)
    told = figures.counted(
        visible_complaints(ask.user),
        "received_at",
        ask,
        {
            "received": Count("pk"),
            "grave": Count("pk", filter=Q(severity=Severity.GRAVE)),
            "due": Count("pk", filter=due),
            "in_time": Count("pk", filter=Q(answered_at__lte=F("answer_due_at"))),
            "response_due": Count("pk", filter=Q(responded_at__isnull=False) | ran_out("response_due_at", now)),
            "responded_in_time": Count("pk", filter=Q(responded_at__lte=F("response_due_at"))),
            "answered": Count("pk", filter=done),
            "answering": Avg(_took("answered_at"), filter=done),
            "verified": Count("pk", filter=~Q(result="")),
            "justified": Count("pk", filter=JUSTIFIED),
            "content_said": Count("pk", filter=~Q(content__in=["", Content.UNKNOWN])),
            "content_with": Count("pk", filter=Q(content=Content.SATISFIED)),
            "unlocated": Count("pk", filter=Q(about=About.UNLOCATED)),
            "again": Count("pk", filter=Q(reopened__gt=0)),
        },
        GROUPS,
    )
    return {key: _hours(counts) for key, counts in told.items()}


def _hours(counts: Mapping[str, Number | None]) -> dict[str, Number | None]:
    """The mean as whole hours times the answered, so that it can be divided by them again over several groups."""
    found = dict(counts)
    mean = found.pop("answering")
    answered = found["answered"] or 0
    found["answering_hours"] = mean.total_seconds() / 3600 * answered if isinstance(mean, timedelta) else None
    return found


_COUNTS = (
    "received", "grave", "due", "in_time", "response_due", "responded_in_time", "answered", "verified", "justified",
    "content_said", "content_with", "unlocated", "again",
)  # fmt: skip
_NONE: Mapping[str, Number | None] = dict.fromkeys(_COUNTS, 0)


def _with_calls(ask: Ask) -> Tally:
    """Groups that have calls and no complaints stay out: a list by team is about who was complained of."""
    told = _complaints(ask)
    calls = calls_taken(ask)
    if ask.by in ("", figures.PERIOD):
        return figures.joined(dict.fromkeys(calls, _NONE), told, calls)
    return figures.joined(told, {key: calls[key] for key in told if key in calls})


def _praise(ask: Ask) -> Tally:
    return figures.counted(
        visible_praise(ask.user),
        "received_at",
        ask,
        {
            "praise": Count("pk"),
            "praise_checked": Count("pk", filter=~Q(state="received")),
            "praise_confirmed": Count("pk", filter=Q(state="confirmed")),
        },
        {TEAM: "team__code", PERSON: "staff__code", "kind": "kind", "source": "source"},
    )


def _labels(by: str, codes: Sequence[str]) -> Mapping[str, str | Promise]:
    if by == "kind":
        return {code: str(body.label) for code, body in kinds_of(site_handbook()).items()}
    return dict(Source.choices) if by == "source" else {}


_NAMES = {"kind": _("By kind"), "source": _("By source")}
COMPLAINTS = figures.Source(
    "complaints",
    pgettext_lazy("figures", "Complaints"),
    _with_calls,
    (TEAM, PERSON, "kind", "source"),
    "complaints.trend",
    60,
    _labels,
    _NAMES,
)
PRAISE = figures.Source(
    "praise",
    pgettext_lazy("figures", "Praise"),
    _praise,
    (TEAM, PERSON, "source"),
    "complaints.trend",
    65,
    _labels,
    _NAMES,
)


def _rows(**query: str) -> Rows:
    return Rows(_LIST, {"state": "all"} | query, _BY)


figures.register(
    COMPLAINTS,
    Figure(
        "complaints.received",
        _("Complaints received"),
        _("complaints received in the time"),
        ("received",),
        clauses=("CMP-001",),
        rows=_rows(),
        more_is_better=False,
    ),
    Figure(
        "complaints.per_thousand",
        _("Complaints per thousand calls"),
        _("complaints received ÷ calls taken × 1,000"),
        ("received",),
        ("calls",),
        "per_thousand",
        target="complaint.per_thousand",
        clauses=("CMP-001",),
        rows=_rows(),
        exclusions=_("Calls that nobody answered, and calls between colleagues, are left out"),
        more_is_better=False,
    ),
    Figure(
        "complaints.in_time",
        _("Complaints settled in time"),
        _("customer answered within the deadline ÷ complaints due or answered"),
        ("in_time",),
        ("due",),
        "%",
        target="complaint.in_time_percent",
        clauses=("CMP-002",),
        rows=_rows(due="in_time"),
        base_rows=_rows(due="due"),
        exclusions=_("Not yet due and not yet answered ones are left out; pauses for the customer move the deadline"),
        more_is_better=True,
    ),
    Figure(
        "complaints.responded_in_time",
        _("First responses in time"),
        _("first response within its hours ÷ complaints whose first response was due or given"),
        ("responded_in_time",),
        ("response_due",),
        "%",
        target="complaint.in_time_percent",
        clauses=("CMP-002",),
        rows=_rows(due="responded"),
        more_is_better=True,
    ),
    Figure(
        "complaints.answering",
        _("Mean time to the answer"),
        _("hours from receiving to the answer ÷ answered complaints"),
        ("answering_hours",),
        ("answered",),
        "h",
        clauses=("CMP-007",),
        rows=_rows(due="answered"),
        more_is_better=False,
    ),
    Figure(
        "complaints.justified",
        _("Share found justified"),
        _("justified or partly justified ÷ verified"),
        ("justified",),
        ("verified",),
        "%",
        clauses=("CMP-004",),
        rows=_rows(result="fault"),
        base_rows=_rows(result="verified"),
        more_is_better=False,
    ),
    Figure(
        "complaints.grave",
        _("Grave complaints"),
        _("grave complaints received"),
        ("grave",),
        clauses=("CMP-006",),
        rows=_rows(severity="grave"),
        more_is_better=False,
    ),
    Figure(
        "complaints.unlocated",
        _("Not located"),
        _("complaints about a person who could not be told apart"),
        ("unlocated",),
        clauses=("CMP-007",),
        rows=_rows(about="unlocated"),
        more_is_better=False,
    ),
    Figure(
        "complaints.content",
        _("Content with the answer"),
        _("satisfied with the answer ÷ customers who said what they thought of it"),
        ("content_with",),
        ("content_said",),
        "%",
        clauses=("CMP-007",),
        rows=_rows(content="satisfied"),
        more_is_better=True,
    ),
    Figure(
        "complaints.again",
        _("Opened again"),
        _("complaints opened again at least once"),
        ("again",),
        rows=_rows(again="1"),
        more_is_better=False,
    ),
)
figures.register(
    PRAISE,
    Figure(
        "praise.received",
        _("Praise received"),
        _("praise received in the time"),
        ("praise",),
        clauses=("CMP-012",),
        rows=Rows("complaints:praises", {"state": "all"}, {TEAM: "team", PERSON: "staff", "source": "source"}),
        more_is_better=True,
    ),
    Figure(
        "praise.confirmed",
        _("Share of praise confirmed"),
        _("confirmed ÷ verified"),
        ("praise_confirmed",),
        ("praise_checked",),
        "%",
        clauses=("CMP-012",),
        rows=Rows("complaints:praises", {"state": "confirmed"}, {TEAM: "team", PERSON: "staff", "source": "source"}),
        more_is_better=True,
    ),
)
