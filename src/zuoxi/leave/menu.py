# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.leave import access
from zuoxi.web.navigation import Face, Group, NavItem, register


def _due(request: HttpRequest) -> int:
    from zuoxi.leave.visibility import visible_contacts

    today = timezone.localdate()
    return visible_contacts(request.user, today).filter(state="due", due_on__lte=today, leave__state="approved").count()


register(NavItem(Face.ME, _("My leave"), "leave:mine", access.USE.code, "leave", 20))
register(NavItem(Face.MANAGE, _("Who is away"), "leave:team", access.TEAM.code, "leave", 22, group=Group.TIME))
register(
    NavItem(Face.MANAGE, _("Long leave"), "leave:contacts", access.TEAM.code, "phone", 23, count=_due, group=Group.TIME)
)
register(
    NavItem(Face.MANAGE, _("Leave balances"), "leave:balances", access.BALANCES.code, "calendar", 24, group=Group.TIME)
)
register(NavItem(Face.ME, _("Holidays"), "leave:holidays", access.USE.code, "calendar-off", 60, group=Group.MORE))
