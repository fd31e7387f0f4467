# SPDX-License-Identifier: Apache-2.0
"""Who is a member of which queue, as a grid of agents against queues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from zuoxi.people.selectors import members_between
from zuoxi.telephony.models import Extension, Queue, QueueMembership

PENALTIES: Final = (0, 1, 2, 3, 4, 5)
ROWS: Final = 50


@dataclass(frozen=True, slots=True)
class GridRow:
    """One agent: `cells` holds for each queue of the grid its id and the penalty, None where he is no member."""

    staff: int
    code: str
    cells: Sequence[tuple[int, int | None]]


@dataclass(frozen=True, slots=True)
class Grid:
    queues: Sequence[Queue]
    rows: Sequence[GridRow]
    page: int
    more: bool


def grid(team: str, page: int) -> Grid:
    """Agents who have an extension, of one team when asked, fifty a page; three queries."""
    queues = list(Queue.objects.order_by("code"))
    people = Extension.objects.filter(staff__isnull=False)
    if team:
        today = timezone.localdate()
        people = people.filter(staff__code__in=members_between([team], today, today))
    start = (max(page, 1) - 1) * ROWS
    found = list(
        people.order_by("staff__code").values_list("staff_id", "staff__code").distinct()[start : start + ROWS + 1]
    )
    penalties = {
        (row.staff_id, row.queue_id): row.penalty
        for row in QueueMembership.objects.filter(staff_id__in=[staff for staff, _code in found])
    }
    rows = [
        GridRow(staff, code, [(queue.pk, penalties.get((staff, queue.pk))) for queue in queues])
        for staff, code in found[:ROWS]
        if staff is not None and code is not None
    ]
    return Grid(queues, rows, max(page, 1), len(found) > ROWS)


def read(said: Mapping[str, str]) -> dict[tuple[int, int], int | None]:
    """Fields "m-<staff>-<queue>" of the form; "" is no member. Fields of another shape are passed over."""
    wanted: dict[tuple[int, int], int | None] = {}
    for name, value in said.items():
        parts = name.split("-")
        known = value == "" or (value.isdecimal() and int(value) in PENALTIES)
        if known and len(parts) == 3 and parts[0] == "m" and parts[1].isdecimal() and parts[2].isdecimal():
            wanted[int(parts[1]), int(parts[2])] = int(value) if value else None
    return wanted
