# SPDX-License-Identifier: Apache-2.0
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.followups import access
from zuoxi.web.navigation import Face, Group, NavItem, register


def _due(request: HttpRequest) -> int | None:
    """Follow-ups in one's own hand that may be called now."""
    from zuoxi.followups.selectors import waiting_for

    return waiting_for(request.user.pk, timezone.now()) if request.user.pk else None


register(NavItem(Face.DESK, _("My follow-ups"), "followups:mine", access.CALL.code, "survey", 39, count=_due))
register(
    NavItem(Face.MANAGE, _("Follow-ups"), "followups:board", access.VIEW.code, "callback", 420, group=Group.OUTBOUND)
)
register(
    NavItem(
        Face.MANAGE,
        pgettext_lazy("followups", "Surveys"),
        "followups:surveys",
        access.SURVEYS.code,
        "survey",
        430,
        group=Group.OUTBOUND,
    )
)
