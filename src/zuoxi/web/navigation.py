# SPDX-License-Identifier: Apache-2.0
"""What stands in the left navigation, the top bar and the search; packages register from their `menu.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zuoxi.web.access import Principal


class Face(StrEnum):
    """The six faces, in the order in which they stand."""

    DESK = "desk"
    FLOOR = "floor"
    WALL = "wall"
    MANAGE = "manage"
    OVERVIEW = "overview"
    ME = "me"

    @property
    def label(self) -> str | Promise:
        return FACE_LABELS[self]


FACE_LABELS: dict[Face, str | Promise] = {
    Face.DESK: _("Desk"),
    Face.FLOOR: _("Floor"),
    Face.WALL: _("Wallboard"),
    Face.MANAGE: _("Manage"),
    Face.OVERVIEW: _("Overview"),
    Face.ME: _("Me"),
}


class Group(StrEnum):
    """A drawer within a face, for doors that are not opened every hour; it stands open around the current page."""

    CALLS = "calls"
    SERVICE = "service"
    ORDERS = "orders"
    OUTBOUND = "outbound"
    KNOWLEDGE = "knowledge"
    DISCIPLINE = "discipline"
    TIME = "time"
    PEOPLE = "people"
    HANDBOOK = "handbook"
    SYSTEM = "system"
    MORE = "more"

    @property
    def label(self) -> str | Promise:
        return GROUP_LABELS[self]

    @property
    def icon(self) -> str:
        return _GROUP_ICONS[self]


GROUP_LABELS: dict[Group, str | Promise] = {
    Group.CALLS: _("Telephony"),
    Group.SERVICE: _("Customers and tickets"),
    Group.ORDERS: _("Orders and after-sales"),
    Group.OUTBOUND: _("Outbound and follow-ups"),
    Group.KNOWLEDGE: _("Knowledge"),
    Group.DISCIPLINE: _("Floor rules"),
    Group.TIME: _("Rosters and attendance"),
    Group.PEOPLE: _("People and posts"),
    Group.HANDBOOK: _("Handbook and clauses"),
    Group.SYSTEM: _("System"),
    Group.MORE: _("More"),
}
_GROUP_ICONS: dict[Group, str] = {
    Group.CALLS: "phone",
    Group.SERVICE: "ticket",
    Group.ORDERS: "order",
    Group.OUTBOUND: "campaign",
    Group.KNOWLEDGE: "knowledge",
    Group.DISCIPLINE: "flag",
    Group.TIME: "calendar",
    Group.PEOPLE: "people",
    Group.HANDBOOK: "why",
    Group.SYSTEM: "settings",
    Group.MORE: "menu",
}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One door in the navigation.

    capability: "" opens it to every signed-in person. home: the lowest number a person may see is his first screen.
    count: a small figure behind the label, asked for after the page stands; None or 0 shows nothing. when: whether the
    site's trade has such a thing at all (None: every trade has).
    """

    section: Face
    label: str | Promise
    url_name: str
    capability: str = ""
    icon: str = "dot"
    order: int = 100
    home: int | None = None
    count: Callable[[HttpRequest], int | None] | None = None
    group: Group | None = None
    when: Callable[[], bool] | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A piece of the top bar ("state" beside the search, "end" before the language) drawn from a package's template."""

    place: str
    template: str
    capability: str = ""
    order: int = 100
    context: Callable[[HttpRequest], dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that the search found."""

    title: str
    url: str
    note: str = ""
    icon: str = "search"


@dataclass(frozen=True, slots=True)
class SearchProvider:
    """Looks in one package's rows; `find` narrows to what the person may see and returns at most ten."""

    label: str | Promise
    capability: str
    find: Callable[[HttpRequest, str], Iterable[Hit]]
    order: int = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """A navigation item as it stands on one page."""

    item: NavItem
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Drawer:
    """A group as it stands on one page."""

    group: Group
    items: tuple[Shown, ...]

    @property
    def open(self) -> bool:
        return any(one.current for one in self.items)


@dataclass(frozen=True, slots=True)
class Section:
    """A face as it stands on one page: its doors, and behind them its drawers."""

    face: Face
    items: tuple[Shown, ...]
    drawers: tuple[Drawer, ...]


@dataclass(slots=True)
class _Registry:
    items: list[NavItem] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    searches: list[SearchProvider] = field(default_factory=list)


_registry = _Registry()


def register(entry: NavItem | Slot | SearchProvider) -> None:
    """Put an entry up; the same entry twice stands once."""
    rows: Any
    if isinstance(entry, NavItem):
        rows = _registry.items
    elif isinstance(entry, Slot):
        rows = _registry.slots
    else:
        rows = _registry.searches
    if entry not in rows:
        rows.append(entry)
        rows.sort(key=lambda one: one.order)


def items() -> tuple[NavItem, ...]:
    """Every door that is registered, whoever may open it."""
    return tuple(_registry.items)


def _may(request: HttpRequest, capability: str) -> bool:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    return not capability or cast(Principal, user).may(capability)


def _has(item: NavItem) -> bool:
    """Whether the site's trade has it; a handbook that cannot be read takes no door away, nor the page that says so."""
    try:
        return item.when is None or item.when()
    except Exception:
        return True


def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def items_for(request: HttpRequest) -> list[tuple[NavItem, str]]:
    """The doors this person may open, with their addresses; an item whose page is not built yet does not stand."""
    return [
        (item, url)
        for item in _registry.items
        if _may(request, item.capability) and _has(item) and (url := _url(item.url_name)) is not None
    ]


def sections_for(request: HttpRequest) -> list[Section]:
    """Navigation by face; empty faces are left out, and a drawer of one door is that door.

    The current item is the one with the longest address that the page's path begins with.
    """
    doors = items_for(request)
    here = max((url for _item, url in doors if request.path.startswith(url)), key=len, default="")
    shown = [Shown(item, url, url == here) for item, url in doors]
    return [found for face in Face if (found := _section(face, shown)) is not None]


def _section(face: Face, shown: list[Shown]) -> Section | None:
    own = [one for one in shown if one.item.section is face]
    grouped = {group: tuple(one for one in own if one.item.group is group) for group in Group}
    drawers = tuple(Drawer(group, items) for group, items in grouped.items() if len(items) > 1)
    in_drawers = {one.item for drawer in drawers for one in drawer.items}
    loose = tuple(one for one in own if one.item not in in_drawers)
    return Section(face, loose, drawers) if own else None


def counts_for(request: HttpRequest) -> dict[str, int]:
    """The figures behind the labels of the doors this person may open, by the door's name; noughts are left out."""
    counted = {item.url_name: item.count(request) for item, _url in items_for(request) if item.count is not None}
    return {name: count for name, count in counted.items() if count}


def home_for(request: HttpRequest) -> str | None:
    """Address of the person's first screen; None when no right opens a door to him, as before his first post."""
    doors = [(item, url) for item, url in items_for(request) if item.capability]
    homes = [(item.home, url) for item, url in doors if item.home is not None]
    if homes:
        return min(homes)[1]
    return doors[0][1] if doors else None


def slots_for(request: HttpRequest, place: str) -> list[Slot]:
    """The top bar's pieces at one place that this person may see."""
    return [slot for slot in _registry.slots if slot.place == place and _may(request, slot.capability)]


def search(request: HttpRequest, words: str) -> list[tuple[SearchProvider, list[Hit]]]:
    """What each package found; packages without a hit are left out."""
    found = [
        (provider, list(provider.find(request, words)))
        for provider in _registry.searches
        if _may(request, provider.capability)
    ]
    return [(provider, hits) for provider, hits in found if hits]
