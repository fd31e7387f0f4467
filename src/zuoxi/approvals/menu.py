# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals import access
from zuoxi.web.navigation import Face, NavItem, Slot, register


def _waiting(request: HttpRequest) -> int:
    from zuoxi.approvals.selectors import waiting_count

    return waiting_count(request.user, timezone.now())


def _unread(request: HttpRequest) -> int:
    from zuoxi.approvals.selectors import unread_count

    return unread_count(request.user)


register(NavItem(Face.MANAGE, _("Approvals"), "approvals:inbox", access.DECIDE.code, "approval", 20, count=_waiting))
register(NavItem(Face.ME, _("My requests"), "approvals:mine", access.USE.code, "send", 30))
register(NavItem(Face.ME, _("Notices"), "approvals:notices", access.USE.code, "bell", 90, count=_unread))
register(Slot("end", "approvals/bell.html", access.USE.code, 10))
