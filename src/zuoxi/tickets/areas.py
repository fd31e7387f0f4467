# SPDX-License-Identifier: Apache-2.0
"""Where open tickets lie, by the district and community of their addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from zuoxi.tickets.models import OPEN_STATES, Ticket

SIZES = 5


@dataclass(slots=True)
class Place:
    """A community with its open tickets; `size` 1 to 5 is how big it is drawn."""

    area: str
    name: str
    count: int
    overdue: int
    size: int = 1

    @property
    def tone(self) -> str:
        return "bad" if self.overdue else "good"


@dataclass(slots=True)
class District:
    name: str
    places: list[Place] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(one.count for one in self.places)

    @property
    def overdue(self) -> int:
        return sum(one.overdue for one in self.places)


@dataclass(frozen=True, slots=True)
class Map:
    """`nowhere`: open tickets without an address. `most`: the fullest community's."""

    districts: list[District]
    most: int
    nowhere: int


def districts_of(rows: QuerySet[Ticket], now: datetime) -> Map:
    """The fullest district first. One query."""
    late = Count("pk", filter=Q(due_at__lt=now))
    counted = (
        rows.filter(state__in=OPEN_STATES)
        .order_by()
        .values("area")
        .annotate(count=Count("pk"), late=late)
        .values_list("area", "count", "late")
    )
    found: dict[str, District] = {}
    nowhere = 0
    for area, count, overdue in counted:
        if not area:
            nowhere += count
            continue
        district, _space, community = area.partition(" ")
        place = Place(area, community or district, count, overdue)
        found.setdefault(district, District(district)).places.append(place)
    most = max((place.count for one in found.values() for place in one.places), default=0)
    for one in found.values():
        one.places.sort(key=lambda place: (-place.count, place.name))
        for place in one.places:
            place.size = 1 + (SIZES - 1) * place.count // most
    return Map(sorted(found.values(), key=lambda one: (-one.count, one.name)), most, nowhere)
