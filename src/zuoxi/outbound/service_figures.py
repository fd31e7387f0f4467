# SPDX-License-Identifier: Apache-2.0
"""Figures of outbound calls, counted from their rows by the day they were dialled."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.outbound.access import TEAM
from zuoxi.outbound.models import Attempt
from zuoxi.outbound.visibility import attempts_seen
from zuoxi.web import figures
from zuoxi.web.figures import PERSON, Ask, Figure, Tally


def _tally(ask: Ask) -> Tally:
    """What was not dialled, and what nobody knows the end of, is in neither part."""
    state = Attempt.State
    return figures.counted(
        attempts_seen(ask.user, timezone.localdate()).filter(dialled_at__isnull=False).exclude(state=state.DROPPED),
        "dialled_at",
        ask,
        {
            "dialled": Count("pk", filter=~Q(state=state.UNKNOWN)),
            "reached": Count("pk", filter=Q(state__in=[state.ANSWERED, state.TALKING, state.NUISANCE])),
            "nuisance": Count("pk", filter=Q(state=state.NUISANCE)),
            "judged": Count("pk", filter=Q(effective__isnull=False)),
            "effective_calls": Count("pk", filter=Q(effective=True)),
        },
        {PERSON: "staff__code"},
    )


figures.register(
    figures.Source("outbound", pgettext_lazy("figures", "Outbound"), _tally, (PERSON,), TEAM.code, 40),
    Figure("outbound.dialled", _("Numbers dialled"), _("outbound calls dialled"), ("dialled",), more_is_better=True),
    Figure(
        "outbound.reached",
        _("Numbers reached"),
        _("answered ÷ dialled"),
        ("reached",),
        ("dialled",),
        "%",
        more_is_better=True,
    ),
    Figure(
        "outbound.effective_share",
        _("Effective of the judged"),
        _("effective calls ÷ calls that were judged"),
        ("effective_calls",),
        ("judged",),
        "%",
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
        more_is_better=False,
    ),
)
