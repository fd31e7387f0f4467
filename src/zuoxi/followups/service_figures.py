# SPDX-License-Identifier: Apache-2.0
"""Figures of follow-ups, counted from their rows at the moment they fall due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.followups.access import VIEW
from zuoxi.followups.handbook import KINDS
from zuoxi.followups.models import FollowUpTask
from zuoxi.followups.selectors import COUNTED
from zuoxi.followups.visibility import visible_tasks
from zuoxi.policy.selectors import site_handbook
from zuoxi.web import figures
from zuoxi.web.figures import PERSON, Ask, Figure, Rows, Tally, Text

_STATE = FollowUpTask.State
_SAID = ("satisfied", "content", "said", "scored", "promoters", "detractors")


def _rows(state: str) -> Rows:
    """The board with the same rows, by kind or by person as the figure."""
    return Rows("followups:board", {"state": state}, {"kind": "kind", PERSON: "staff"})


def _tally(ask: Ask) -> Tally:
    now = timezone.now()
    return figures.counted(
        visible_tasks(ask.user, timezone.localdate(now)).exclude(state=_STATE.DROPPED),
        "due_by",
        ask,
        {
            "due": Count("pk", filter=COUNTED["due"](now)),
            "done": Count("pk", filter=Q(state=_STATE.DONE)),
            "in_time": Count("pk", filter=COUNTED["in_time"](now)),
            "complaints": Count("pk", filter=COUNTED["complaint"](now)),
            "points": Sum("score", filter=COUNTED["scored"](now)),
            **{name: Count("pk", filter=COUNTED[name](now)) for name in _SAID},
        },
        {"kind": "kind", PERSON: "assignee__code"},
    )


def _labels(by: str, _codes: Sequence[str]) -> Mapping[str, Text]:
    return {key: str(body.label) for key, body in site_handbook().entries(KINDS).items()} if by == "kind" else {}


figures.register(
    figures.Source(
        "followups",
        pgettext_lazy("figures", "Follow-ups"),
        _tally,
        ("kind", PERSON),
        VIEW.code,
        50,
        _labels,
        {"kind": _("By kind")},
    ),
    Figure(
        "followups.due",
        _("Follow-ups due"),
        _("follow-ups that fell due or were ended, dropped ones left out"),
        ("due",),
        clauses=("FUP-005",),
        rows=_rows("due"),
    ),
    Figure(
        "followups.done",
        _("People reached by follow-ups"),
        _("answered follow-ups ÷ follow-ups due"),
        ("done",),
        ("due",),
        "%",
        target="repairs.callback_percent",
        clauses=("FUP-008", "FUP-013", "ORD-005"),
        rows=_rows("done"),
        base_rows=_rows("due"),
        more_is_better=True,
    ),
    Figure(
        "followups.in_time",
        _("Follow-ups in time"),
        _("answered by their deadline ÷ answered"),
        ("in_time",),
        ("done",),
        "%",
        rows=_rows("in_time"),
        base_rows=_rows("done"),
        more_is_better=True,
    ),
    Figure(
        "followups.complaints",
        _("Follow-ups that opened a complaint"),
        _("follow-ups with a complaint"),
        ("complaints",),
        clauses=("FUP-001",),
        rows=_rows("complaint"),
        more_is_better=False,
    ),
    Figure(
        "followups.satisfied",
        _("Satisfied customers"),
        _("satisfied ÷ (satisfied + fairly + not satisfied)"),
        ("satisfied",),
        ("said",),
        "%",
        clauses=("FUP-006", "FUP-008"),
        rows=_rows("satisfied"),
        base_rows=_rows("said"),
        exclusions=_("Who was not reached or would not answer is left out"),
        more_is_better=True,
    ),
    Figure(
        "followups.content",
        _("Satisfied or fairly satisfied customers"),
        _("(satisfied + fairly) ÷ all valid answers"),
        ("content",),
        ("said",),
        "%",
        clauses=("FUP-006", "FUP-008"),
        rows=_rows("content"),
        base_rows=_rows("said"),
        exclusions=_("Who was not reached or would not answer is left out"),
        more_is_better=True,
    ),
    Figure(
        "followups.score",
        _("Mean score of follow-ups"),
        _("sum of the scores ÷ follow-ups with a score"),
        ("points",),
        ("scored",),
        "points",
        clauses=("FUP-001",),
        rows=_rows("scored"),
        base_rows=_rows("scored"),
        more_is_better=True,
    ),
    Figure(
        "followups.promoters",
        _("Net promoters"),
        _("(9 and 10 points − 6 points and fewer) ÷ follow-ups with a score"),
        ("promoters", "-detractors"),
        ("scored",),
        "%",
        clauses=("FUP-001",),
        rows=_rows("promoters"),
        base_rows=_rows("scored"),
        more_is_better=True,
    ),
)
