# SPDX-License-Identifier: Apache-2.0
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.outbound.models import Promise
from zuoxi.people.selectors import staff_of
from zuoxi.web.navigation import Face, Group, NavItem, register


def _due(request: HttpRequest) -> int | None:
    """Callbacks of one's own that are due."""
    staff = staff_of(request.user)
    if staff is None:
        return None
    rows = Promise.objects.filter(owner=staff, state=Promise.State.OPEN, due_at__lte=timezone.now())
    return rows.count()


register(NavItem(Face.DESK, _("Outbound work"), "outbound:work", "outbound.work", "campaign", 50, group=Group.OUTBOUND))
register(NavItem(Face.DESK, _("My callbacks"), "outbound:callbacks", "outbound.work", "callback", 38, count=_due))
register(
    NavItem(Face.DESK, _("Follow-up records"), "outbound:follow_ups", "outbound.work", "edit", 52, group=Group.OUTBOUND)
)
register(
    NavItem(Face.MANAGE, _("Campaigns"), "outbound:campaigns", "outbound.see", "campaign", 50, group=Group.OUTBOUND)
)
register(
    NavItem(Face.MANAGE, _("Day's targets"), "outbound:targets", "outbound.team", "target", 51, group=Group.OUTBOUND)
)
register(
    NavItem(Face.MANAGE, _("Outbound month"), "outbound:month", "outbound.team", "chart", 52, group=Group.OUTBOUND)
)
register(
    NavItem(Face.MANAGE, _("Places in queues"), "outbound:turns", "outbound.team", "callback", 53, group=Group.OUTBOUND)
)
