# SPDX-License-Identifier: Apache-2.0
"""A month of complaints beside the one before, by every grouping at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from zuoxi.complaints.service_figures import GROUPS, JUSTIFIED
from zuoxi.complaints.visibility import visible_complaints


@dataclass(slots=True)
class Compared:
    """Complaints by the code of a group; "" stands for those of no group."""

    now: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    justified: Counter[str] = field(default_factory=Counter)


def compared(user: Any, before: datetime, since: datetime, until: datetime) -> dict[str, Compared]:
    """Grouping → what was received from `since` to before `until`, and from `before` to `since`. One query."""
    rows = visible_complaints(user).filter(received_at__gte=before, received_at__lt=until).order_by()
    of_now = ExpressionWrapper(Q(received_at__gte=since), output_field=BooleanField())
    counted = rows.values(*GROUPS.values(), of_now=of_now).annotate(
        received=Count("pk"), justified=Count("pk", filter=JUSTIFIED)
    )
    found = {by: Compared() for by in GROUPS}
    for row in counted:
        for by, name in GROUPS.items():
            code = row[name] or ""
            if row["of_now"]:
                found[by].now[code] += row["received"]
                found[by].justified[code] += row["justified"]
            else:
                found[by].before[code] += row["received"]
    return found
