# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zuoxi.tickets import lists
from zuoxi.web.navigation import Face, Group, Hit, NavItem, SearchProvider, register


def _mine(request: HttpRequest) -> int:
    return lists.waiting_for(request.user)


def _find(request: HttpRequest, words: str) -> Iterable[Hit]:
    for one in lists.found(request.user, words, 8):
        yield Hit(
            f"{one.number} {one.title}", reverse("tickets:ticket", args=[one.number]), one.get_state_display(), "ticket"
        )


register(NavItem(Face.DESK, _("Tickets"), "tickets:tickets", "tickets.view", "ticket", 30, home=60, count=_mine))
register(NavItem(Face.DESK, _("Work of my department"), "tickets:work", "tickets.handle", "inbox", 32, home=50))
register(NavItem(Face.MANAGE, _("Ticket board"), "tickets:board", "tickets.view", "columns", 210, group=Group.SERVICE))
register(NavItem(Face.MANAGE, _("Tickets by area"), "tickets:map", "tickets.view", "pin", 220, group=Group.SERVICE))
register(
    NavItem(
        Face.MANAGE, _("Repairs and tickets in figures"), "tickets:statistics", "tickets.statistics", "bars", 230,
        group=Group.SERVICE,
    )
)  # fmt: skip
register(
    NavItem(Face.MANAGE, _("Departments and stand-ins"), "tickets:departments", "tickets.set_up", "team", 240,
            group=Group.SERVICE)
)  # fmt: skip
register(
    NavItem(Face.MANAGE, _("Mail room"), "tickets:mail", "tickets.mail", "mail", 250, home=49, group=Group.SERVICE)
)
register(SearchProvider(_("Tickets"), "tickets.view", _find, 40))
