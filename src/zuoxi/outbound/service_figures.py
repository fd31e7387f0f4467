# SPDX-License-Identifier: Apache-2.0
"""Figures of outbound calls, counted from their rows by the day they were dialled."""

from __future__ import annotations

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.outbound.access import TEAM
from zuoxi.outbound.selectors import COUNTED, PLACED
from zuoxi.outbound.visibility import attempts_seen
from zuoxi.web import figures
from zuoxi.web.figures import PERSON, Ask, Figure, Rows, Tally


def _tally(ask: Ask) -> Tally:
    """What was not dialled, and what nobody knows the end of, is in neither part."""
    return figures.counted(
        attempts_seen(ask.user, timezone.localdate()).filter(PLACED),
        "dialled_at",
        ask,
        {
            "dialled": Count("pk", filter=COUNTED["sent"]),
            "reached": Count("pk", filter=COUNTED["taken"]),
            "nuisance": Count("pk", filter=COUNTED["annoyed"]),
            "judged": Count("pk", filter=COUNTED["judged"]),
            "effective_calls": Count("pk", filter=COUNTED["counting"]),
        },
        {PERSON: "staff__code"},
    )


def _rows(kind: str) -> Rows:
    """The list of calls with the same rows, by person as the figure."""
    return Rows("outbound:calls", {"kind": kind}, {PERSON: "staff"})


figures.register(
    figures.Source("outbound", pgettext_lazy("figures", "Outbound"), _tally, (PERSON,), TEAM.code, 40),
    Figure(
        "outbound.dialled",
        _("Numbers dialled"),
        _("outbound calls dialled"),
        ("dialled",),
        rows=_rows("sent"),
        more_is_better=True,
    ),
    Figure(
        "outbound.reached",
        _("Numbers reached"),
        _("answered ÷ dialled"),
        ("reached",),
        ("dialled",),
        "%",
        rows=_rows("taken"),
        base_rows=_rows("sent"),
        more_is_better=True,
    ),
    Figure(
        "outbound.effective_share",
        _("Effective of the judged"),
        _("effective calls ÷ calls that were judged"),
        ("effective_calls",),
        ("judged",),
        "%",
        rows=_rows("counting"),
        base_rows=_rows("judged"),
        more_is_better=True,
    ),
    Figure(
        "outbound.nuisance",
        _("Nuisance rate"),
        _("answered without an agent ÷ answered"),
        ("nuisance",),
        ("reached",),
        "%",
        target="outbound.guard.percent",
        rows=_rows("annoyed"),
        base_rows=_rows("taken"),
        more_is_better=False,
    ),
)
