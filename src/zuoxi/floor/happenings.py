# SPDX-License-Identifier: Apache-2.0
"""What was seen and punished on the floor under a clause."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zuoxi.floor.conduct_models import Violation
from zuoxi.floor.handbook import VIOLATIONS
from zuoxi.floor.watch_models import Observation
from zuoxi.policy.happenings import Happened, counted, days, happening, rules_for
from zuoxi.policy.selectors import site_handbook


@happening(_("Seen on the floor"))
def observed(clause: str, first: date, last: date) -> Happened | None:
    names = rules_for(clause)
    if not names:
        return None
    rows = Observation.objects.filter(since__range=days(first, last), finding__rule__in=sorted(names))
    return counted(rows, url=reverse("floor:observations"), capability="floor.board")


@happening(_("Violations recorded"))
def violated(clause: str, first: date, last: date) -> Happened | None:
    items = [key for key, body in site_handbook().entries(VIOLATIONS).items() if clause in body.clauses]
    if not items:
        return None
    rows = Violation.objects.filter(happened_at__range=days(first, last), item__in=items)
    return counted(
        rows.exclude(state=Violation.State.CANCELLED), url=reverse("floor:violations"), capability="floor.board"
    )
