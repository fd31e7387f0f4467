# SPDX-License-Identifier: Apache-2.0
"""What somebody owes, what somebody is owed, and what may be seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.selectors import site_handbook
from zuoxi.reporting.definitions import Text
from zuoxi.reporting.duties.judging import overdue
from zuoxi.reporting.handbook import SUPERIOR, positions_of
from zuoxi.reporting.models import DutyHolder, DutyItem, DutyReceipt
from zuoxi.web.roles import Role

State = DutyItem.State
TONES = {
    State.OPEN: "info",
    State.DONE: "good",
    State.LATE: "warn",
    State.MISSED: "bad",
    State.EXCUSED: "plain",
    State.HANDED_OVER: "plain",
}
LIVE = (State.OPEN, State.MISSED)


@dataclass(frozen=True, slots=True)
class Line:
    """An item as lists show it."""

    item: DutyItem
    label: str | Text
    tone: str
    overdue: bool
    early: bool
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Some lines under one head."""

    title: str | Text
    lines: tuple[Line, ...]
    tone: str = ""


def line(item: DutyItem, now: datetime) -> Line:
    """How an item stands: on its way, overdue, or what became of it."""
    names = tuple(one.staff.name for one in item.holders.all()) if "holders" in _cached(item) else ()
    late = item.state == State.OPEN and item.handed_at is None and overdue(now, item.due_at, item.inclusive)
    early = item.earliest_at is not None and now < item.earliest_at
    if item.state in LIVE and item.handed_at is not None:
        return Line(item, _("On its way"), "info", False, False, names)
    if late:
        return Line(item, pgettext_lazy("duty", "Overdue"), "bad", True, False, names)
    if item.state == State.OPEN and early:
        return Line(item, _("Not yet"), "plain", False, True, names)
    label = State(item.state).label
    return Line(item, label, TONES[State(item.state)], item.state == State.MISSED, early, names)


def _cached(item: DutyItem) -> dict[str, Any]:
    return getattr(item, "_prefetched_objects_cache", {})


def today(now: datetime) -> date:
    """The site's day."""
    return now.astimezone(site_handbook().zone).date()


def owed_by(staff: Staff, now: datetime) -> list[Group]:
    """Overdue, today's, this week's, later, and on their way; one query. Empty groups are left out."""
    rows = DutyItem.objects.filter(holders__staff=staff, state__in=LIVE, opens_at__lte=now).order_by("due_at")[:300]
    day, zone = today(now), site_handbook().zone
    week = day + timedelta(days=7 - day.isoweekday())
    groups: dict[str, list[Line]] = {name: [] for name in ("overdue", "today", "week", "later", "sent")}
    for one in (line(item, now) for item in rows):
        due = one.item.due_at.astimezone(zone).date()
        if one.item.handed_at is not None:
            groups["sent"].append(one)
        elif one.overdue:
            groups["overdue"].append(one)
        else:
            groups["today" if due <= day else "week" if due <= week else "later"].append(one)
    heads = {
        "overdue": (pgettext_lazy("duty", "Overdue"), "bad"),
        "today": (_("Due today"), ""),
        "week": (_("This week"), ""),
        "later": (_("Later"), ""),
        "sent": (_("On its way"), ""),
    }
    return [Group(heads[name][0], tuple(lines), heads[name][1]) for name, lines in groups.items() if lines]


def handed_in_by(staff: Staff, now: datetime, most: int = 15) -> list[Line]:
    """The last that came to an end, newest first."""
    rows = DutyItem.objects.filter(holders__staff=staff).exclude(state__in=LIVE).order_by("-due_at")[:most]
    return [line(item, now) for item in rows]


def receipts_of(staff: Staff) -> QuerySet[DutyReceipt]:
    """What was sent to somebody, newest first, with item and sender."""
    return DutyReceipt.objects.filter(staff=staff).select_related("item", "item__done_by")


@dataclass(frozen=True, slots=True)
class Bundle:
    """Receipts of one duty and day put together (C-37): each is kept, the reader sees one line."""

    day: date
    title: str
    receipts: tuple[DutyReceipt, ...]

    @property
    def unread(self) -> int:
        return sum(one.acknowledged_at is None for one in self.receipts)


def bundled(receipts: Sequence[DutyReceipt]) -> list[Bundle]:
    """The same matter of the same day as one; team results of leaders and supervisors count as one matter."""
    found: dict[tuple[date, str], list[DutyReceipt]] = {}
    for one in receipts:
        matter = one.item.terms.get("prefill") if one.item.terms.get("prefill") == "team_results" else one.item.duty
        found.setdefault((one.item.day, str(matter)), []).append(one)
    return [Bundle(day, str(rows[0].item.title), tuple(rows)) for (day, _matter), rows in found.items()]


def outstanding_for(staff: Staff, now: datetime) -> list[Line]:
    """What is to come to somebody's posts and is not in: open items of the last and next hours. Three queries."""
    day = today(now)
    posts = people.posts_on(day)
    mine = {one.position for one in posts if one.staff_id == staff.pk}
    own = {one.staff_id for one in posts}
    rows = DutyItem.objects.filter(state__in=LIVE, handed_at__isnull=True, opens_at__lte=now)
    rows = rows.filter(due_at__gte=now - timedelta(days=3), due_at__lte=now + timedelta(hours=24)).order_by("due_at")
    holders = Prefetch("holders", DutyHolder.objects.select_related("staff"))
    above = people.lines_of_command()
    lines = []
    for item in rows.prefetch_related(holders)[:1500]:
        if staff.pk not in {one.staff_id for one in item.holders.all()} and _is_for(item, mine, above):
            lines.append(line(item, now))
    return lines if own else []


def _is_for(item: DutyItem, mine: Iterable[str], above: dict[str, str | None]) -> bool:
    for word in item.terms.get("to", ()):
        wanted = (above.get(item.position),) if word == SUPERIOR else positions_of(word)
        if set(mine) & set(wanted):
            return True
    return False


class Reader:
    """Somebody who looks at items of others; what must be known of him is asked once, for however many items."""

    def __init__(self, staff: Staff, scope: people.Scope) -> None:
        self.staff, self.scope = staff, scope

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(self.staff.roles_on(self.scope.on))

    @cached_property
    def reach(self) -> frozenset[int]:
        """The people of whom he may know, by id."""
        return frozenset(self.scope.staff().values_list("pk", flat=True))

    def sees(self, item: DutyItem) -> bool:
        """Who owes it, gets it or set it; besides them superiors in reach, unless it is about people's moods or pay."""
        me, held = self.staff.pk, {one.staff_id for one in item.holders.all()}
        if item.set_by_id == me or me in held or me in {one.staff_id for one in item.receipts.all()}:
            return True
        if Role.DIR in self.roles or _signs(item, self.roles):
            return True
        if item.terms.get("sensitive"):
            return False
        return self.scope.everything or bool(held & self.reach)


def may_see(item: DutyItem, staff: Staff, scope: people.Scope) -> bool:
    """Whether somebody may open one item."""
    return Reader(staff, scope).sees(item)


def last_seen(duties: Iterable[str], reader: Reader, among: int = 8) -> dict[str, DutyItem]:
    """By duty, the newest report handed in that the reader may see, among so many newest ones. Three queries."""
    newest = Window(RowNumber(), partition_by=F("duty"), order_by=[F("day").desc(), F("pk").desc()])
    rows = DutyItem.objects.filter(duty__in=list(duties), handed_at__isnull=False).annotate(place=newest)
    rows = rows.filter(place__lte=among).select_related("done_by").prefetch_related("holders", "receipts")
    found: dict[str, DutyItem] = {}
    for item in rows.order_by("duty", "-day", "-pk"):
        if item.duty not in found and reader.sees(item):
            found[item.duty] = item
    return found


def _signs(item: DutyItem, roles: Iterable[str]) -> bool:
    words = item.terms.get("checks", ())
    return any(set(positions_of(word)) & set(roles) for word in words)


def narrowed(rows: QuerySet[DutyItem], scope: people.Scope) -> QuerySet[DutyItem]:
    """Only items of people in reach; sensitive ones stay (their words are not in lists)."""
    if scope.everything:
        return rows
    if scope.kind is people.Reach.NONE:
        return rows.none()
    held = DutyHolder.objects.filter(staff__in=scope.staff()).values("item_id")
    return rows.filter(Q(pk__in=held))
