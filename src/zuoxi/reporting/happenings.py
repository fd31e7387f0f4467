# SPDX-License-Identifier: Apache-2.0
"""Duties under a clause: how many fell due, and how many were late or missed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from zuoxi.policy.happenings import Happened, happening
from zuoxi.policy.selectors import site_handbook
from zuoxi.reporting.handbook import DUTIES
from zuoxi.reporting.models import DutyItem


def _count(clause: str, first: date, last: date, states: Iterable[str] | None = None) -> Happened | None:
    codes = [key for key, body in site_handbook().entries(DUTIES).items() if clause in body.clauses]
    if not codes:
        return None
    rows = DutyItem.objects.filter(duty__in=codes, day__range=(first, last))
    found = (rows if states is None else rows.filter(state__in=list(states))).count()
    return Happened(found) if found else None


@happening(_("Duties that fell due"))
def due(clause: str, first: date, last: date) -> Happened | None:
    return _count(clause, first, last)


@happening(_("Duties late or missed"))
def late(clause: str, first: date, last: date) -> Happened | None:
    return _count(clause, first, last, (DutyItem.State.LATE, DutyItem.State.MISSED))
