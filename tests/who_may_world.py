# SPDX-License-Identifier: Apache-2.0
"""The doors of the house, and a small centre with one person of every position to try them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

from tests.architecture.msgids import PACKAGES
from zuoxi.people import services
from zuoxi.people.models import Position, User
from zuoxi.web.middleware import access_of
from zuoxi.web.roles import AGENTS, FLOOR_SUPERVISORS, LEADERS, Role

SAMPLE_AGENT = "9001"
STRANGER, NO_POST, LEFT = "stranger", "no post", "left"
PEOPLE = (STRANGER, NO_POST, LEFT, *(str(role) for role in Role))
DEFAULTS = {"int": "1", "str": "none", "slug": "none", "uuid": "00000000-0000-4000-8000-000000000000", "path": "none"}
# Pages of the sign-in library guard themselves; what they answer to somebody signed in is the library's affair.
SELF_GUARDED = "self_guarded"


@dataclass(frozen=True, slots=True)
class Door:
    """One address: its pattern, its name, and what it says of itself (None: nothing)."""

    route: str
    name: str
    mark: str | None
    method: str = "GET"


def _walk(resolver: URLResolver, route: str, names: tuple[str, ...]) -> Iterator[tuple[str, str, URLPattern]]:
    for one in resolver.url_patterns:
        here = route + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one, here, (*names, one.namespace) if one.namespace else names)
        else:
            yield here, ":".join((*names, one.name or "")), one


def pages() -> list[Door]:
    """Every address outside the API."""
    return [
        Door(route, name, access_of(pattern.callback))
        for route, name, pattern in _walk(get_resolver(), "", ())
        if not name.startswith("api:") or name == "api:openapi-json"
    ]


def operations() -> list[Door]:
    """Every operation of the API."""
    from zuoxi.config.api import operations as called

    return [
        Door(f"api/v1{path}", "", getattr(operation.view_func, "zuoxi_access", None), method)
        for path, operation in called()
        for method in operation.methods
    ]


def samples(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """URL name (or API route) → arguments of an object that exists, from each package's `tests/samples.py`."""
    found: dict[str, dict[str, Any]] = {}
    for package in PACKAGES:
        name = f"zuoxi.{package}.tests.samples"
        if find_spec(f"zuoxi.{package}.tests") and find_spec(name):
            found |= import_module(name).samples(world)
    return found


def address(door: Door, known: dict[str, dict[str, Any]]) -> str:
    """A path behind the door: of a sample where a package gave one, else of something that does not exist."""
    given = known.get(door.name or door.route, {})
    if door.name and given:
        try:
            return reverse(door.name, kwargs=given)
        except NoReverseMatch:
            pass

    def fill(hole: re.Match[str]) -> str:
        kind, name = hole.group(1) or "str", hole.group(2)
        return str(given.get(name, DEFAULTS.get(kind, "1")))

    path = re.sub(r"<(?:(\w+):)?(\w+)>", fill, door.route)
    return "/" + re.sub(r"\{(?:(\w+):)?(\w+)\}", fill, path)


def settle() -> dict[str, Any]:
    """One project, one team, everybody in it; a sample agent below them all."""
    services.load_positions()
    project = services.ensure_project("who", "谁", "Who")
    team = services.ensure_team("who-1", "谁一组", "Who 1", project)
    since = timezone.localdate() - timedelta(days=30)
    on_team = AGENTS | LEADERS | FLOOR_SUPERVISORS
    for role in Role:
        place = services.Placement(
            Position.objects.get(code=role),
            team if role in on_team else None,
            project if role in (Role.OM, Role.ODM) else None,
        )
        services.create_user_for(
            services.hire(str(role), f"人{role}", [place], since, status="active"), must_change=False
        )
    agent = services.Placement(Position.objects.get(code="TSR"), team)
    sample = services.hire(SAMPLE_AGENT, "样本", [agent], since, mobile="13812345678")
    services.create_user_for(sample, must_change=False)
    services.create_user_for(services.hire(NO_POST, "无岗", [], since), must_change=False)
    left = services.hire(LEFT, "离职", [agent], since)
    services.create_user_for(left, must_change=False)
    services.leave_company(left, timezone.localdate())
    User.objects.filter(username=LEFT).update(is_active=True)  # as if closing the sign-in had been forgotten
    return {"agent": sample, "team": team, "project": project}
