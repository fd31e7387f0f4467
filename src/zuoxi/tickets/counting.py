# SPDX-License-Identifier: Apache-2.0
"""Repairs counted by where they come from, their trade and who reports them, beside the same stretch a year before.

Every figure is counted from tickets; the year before is never typed in. A year before of nought has no percentage.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import QuerySet

from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import NoSuchEntry
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets.facts import RepairTotalFacts
from zuoxi.tickets.handbook import FieldBody, TicketTypeBody
from zuoxi.tickets.kinds import kind_labels, kinds
from zuoxi.tickets.models import State, Ticket
from zuoxi.tickets.rules import judge_repair_total

HOTLINE, OWN = "hotline", "own_inspection"
NONE = ""
_PLACES = ("source", "trade", "reporter")
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A count, the same of a year before, and the change as a ratio; None where a year before there was nothing."""

    count: int
    before: int
    query: str = ""
    """What of the list is asked for the rows behind the count, besides the days."""

    @property
    def change(self) -> Decimal | None:
        return None if not self.before else Decimal(self.count - self.before) / Decimal(self.before)


@dataclass(frozen=True, slots=True)
class Row:
    """One trade, by source, with its sum."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(slots=True)
class Repairs:
    """The whole table. `adds_up`: the parts make the total; `unknown`: repairs that do not say where they belong."""

    kind: str
    sources: list[tuple[str, str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    sums: tuple[Cell, ...] = ()
    total: Cell = field(default_factory=lambda: Cell(0, 0))
    reporters: list[Row] = field(default_factory=list)
    same_day: Cell = field(default_factory=lambda: Cell(0, 0))
    unknown: int = 0
    finding: Finding | None = None

    @property
    def same_day_share(self) -> Decimal | None:
        """Mended on the day they came in ÷ taken in."""
        return Decimal(self.same_day.count) / Decimal(self.total.count) if self.total.count else None


def repair_kind() -> tuple[str, TicketTypeBody] | None:
    """The pack's kind whose answers are counted; None where it has none."""
    return next(((key, body) for key, body in kinds().items() if "trade" in body.statistics), None)


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - 1, day=28)


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    zone = site_handbook().zone
    start = datetime.combine(first, datetime.min.time(), zone)
    return start, datetime.combine(last + timedelta(days=1), datetime.min.time(), zone)


def _answers(rows: QuerySet[Ticket], body: TicketTypeBody, first: date, last: date) -> tuple[Counter[Key], int]:
    """How many by (source, trade, reporter), and how many were mended on the day they came in. One query."""
    names = [body.statistics.get(name, "") for name in _PLACES]  # type: ignore[call-overload]
    since, until = _moments(first, last)
    counted: Counter[Key] = Counter()
    same_day = 0
    zone = site_handbook().zone
    asked = rows.filter(received_at__gte=since, received_at__lt=until).exclude(state=State.MERGED)
    for fields, flag, received, finished in asked.values_list("fields", "same_day", "received_at", "finished_at"):
        source, trade, reporter = (str(fields.get(name) or NONE) if name else NONE for name in names)
        counted[source, trade, reporter] += 1
        if flag and finished and finished.astimezone(zone).date() == received.astimezone(zone).date():
            same_day += 1
    return counted, same_day


def _choices(field: FieldBody | None) -> list[tuple[str, str]]:
    return [(one.key, str(one.label)) for one in field.choices] if field else []


@enforces("CUS-019", "CUS-020", "VAR-009")
def repairs_between(tickets: QuerySet[Ticket], first: date, last: date) -> Repairs | None:
    """The table of a stretch of days, both included; None where the pack counts no repairs. Two queries."""
    found = repair_kind()
    if found is None:
        return None
    key, body = found
    rows = tickets.filter(kind=key, parent=None)
    now, same_now = _answers(rows, body, first, last)
    then, same_then = _answers(rows, body, _year_before(first), _year_before(last))
    sources = _choices(body.field(body.statistics.get("source", "")))
    trades = _choices(body.field(body.statistics["trade"]))
    reporters = _choices(body.field(body.statistics.get("reporter", "")))

    def cell(place: int, value: str, other: int = -1, wanted: str = "") -> Cell:
        def count(counted: Counter[Key]) -> int:
            return sum(
                number
                for answers, number in counted.items()
                if answers[place] == value and (other < 0 or answers[other] == wanted)
            )

        asked = {place: value} | ({other: wanted} if other >= 0 else {})
        names = {one: f"f-{body.statistics.get(_PLACES[one], '')}" for one in asked}  # type: ignore[call-overload]
        return Cell(count(now), count(then), urlencode({names[one]: said for one, said in asked.items()}))

    table = [
        Row(trade, label, tuple(cell(1, trade, 0, source) for source, _label in sources), cell(1, trade))
        for trade, label in trades
    ]
    return Repairs(
        kind=key,
        sources=sources,
        rows=table,
        sums=tuple(cell(0, source) for source, _label in sources),
        total=Cell(sum(now.values()), sum(then.values())),
        reporters=[Row(one, label, (), cell(2, one)) for one, label in reporters],
        same_day=Cell(same_now, same_then, "counted=mended"),
        unknown=sum(number for answers, number in now.items() if not (answers[0] and answers[1])),
        finding=_checked(sum(now.values()), cell(0, HOTLINE).count, cell(0, OWN).count, last),
    )


def _checked(total: int, hotline: int, own: int, on: date) -> Finding | None:
    """Whether the parts make the whole, by the pack's rule; None where it has none."""
    try:
        return judge_repair_total(RepairTotalFacts(hotline, own, total), site_handbook().on(on))
    except NoSuchEntry:
        return None


@dataclass(frozen=True, slots=True)
class KindLine:
    """A kind of ticket in figures. `answered_in_time` None: nothing came to its end."""

    key: str
    label: str
    received: int
    open: int
    closed: int
    late: int
    urged: int
    reopened: int

    @property
    def in_time(self) -> Decimal | None:
        return None if not self.closed else Decimal(self.closed - self.late) / Decimal(self.closed)


def kind_lines(tickets: QuerySet[Ticket], first: date, last: date) -> list[KindLine]:
    """Tickets received in the days, by kind. One query."""
    from django.db.models import Count, Q, Sum

    since, until = _moments(first, last)
    rows = tickets.filter(received_at__gte=since, received_at__lt=until).exclude(state=State.MERGED).order_by()
    closed = Q(state=State.CLOSED)
    counted = rows.values("kind").annotate(
        received=Count("pk"),
        closed_count=Count("pk", filter=closed),
        late=Count("pk", filter=closed & Q(breached=True)),
        urge_count=Sum("urged"),
        again=Count("pk", filter=Q(reopened__gt=0)),
    )
    by_kind = {one["kind"]: one for one in counted}
    labels = kind_labels(by_kind)
    order = [*[key for key in labels if key in by_kind], *sorted(by_kind.keys() - labels.keys())]
    return [
        KindLine(
            key, labels.get(key, key), one["received"], one["received"] - one["closed_count"], one["closed_count"],
            one["late"], one["urge_count"] or 0, one["again"],
        )
        for key in order
        for one in (by_kind[key],)
    ]  # fmt: skip
