# SPDX-License-Identifier: Apache-2.0
"""Which orders, cases, grants and suspicions a person sees; the only place in this package that knows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from zuoxi.orders.handbook import FLOWS, LANES
from zuoxi.orders.models import Case, Order, OrderImport, PointsGrant, Suspicion
from zuoxi.orders.states import ENDED
from zuoxi.people.selectors import scope_of
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.roles import Role

_JUDGES = frozenset({Role.QAS, Role.QA, Role.DIR, Role.SM})
_FILES_OF_ALL = frozenset({Role.OM, Role.ODM, Role.SM, Role.DIR})


def visible_orders(user: Any) -> QuerySet[Order]:
    """Every order to those who serve customers or do a department's part: whoever calls may ask about his order.
    Numbers and addresses are masked on the pages."""
    return Order.objects.all() if user.may("orders.view") else Order.objects.none()


def sold_by(user: Any, whose: str, today: date) -> QuerySet[Order]:
    """The orders of a list: one's own ("mine"), of the people in reach ("team"), or all that are visible."""
    rows = visible_orders(user)
    if whose == "mine":
        return rows.filter(seller__user_id=user.pk)
    if whose == "team":
        return scope_of(user, today).narrow(rows, "seller__code")
    return rows


def visible_cases(user: Any) -> QuerySet[Case]:
    return Case.objects.all() if user.may("orders.view") else Case.objects.none()


def lanes_of(user: Any) -> list[str]:
    """The lanes whose work list is this person's; managers and the director see every one."""
    lanes = site_handbook().entries(LANES)
    if user.roles & {Role.OM, Role.ODM, Role.SM, Role.DIR, Role.CSRS, Role.TSRS}:
        return [key for key, lane in lanes.items() if lane.posts]
    return [key for key, lane in lanes.items() if user.roles & set(lane.posts)]


def work_of(lane: str, user: Any) -> QuerySet[Case]:
    """Open cases whose next step stands in that lane."""
    flows = site_handbook().entries(FLOWS)
    wanted = Case.objects.none()
    for kind, flow in flows.items():
        states = {state for step in flow.steps.values() if step.lane == lane and not step.optional for state in step.at}
        if states and kind in Case.Kind.values:
            wanted |= visible_cases(user).filter(kind=kind, state__in=states)
    return wanted.exclude(state__in=ENDED)


def visible_grants(user: Any, today: date) -> QuerySet[PointsGrant]:
    """Grants that people in reach asked for."""
    return scope_of(user, today).narrow(PointsGrant.objects.all(), "asked_by__code")


def visible_suspicions(user: Any, today: date) -> QuerySet[Suspicion]:
    """Those of one's own orders, and of the people in reach; the judges see every one."""
    if user.roles & _JUDGES:
        return Suspicion.objects.all()
    return scope_of(user, today).narrow(Suspicion.objects.all(), "staff__code")


def visible_imports(user: Any) -> QuerySet[OrderImport]:
    """Files of one's own; managers see all of them."""
    rows = OrderImport.objects.all()
    return rows if user.roles & _FILES_OF_ALL else rows.filter(by_id=user.pk)
