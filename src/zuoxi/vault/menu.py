# SPDX-License-Identifier: Apache-2.0
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zuoxi.vault.models import HeldExport
from zuoxi.web.navigation import Face, Group, NavItem, register


def _waiting(request: HttpRequest) -> int | None:
    """How many wait for this person's look."""
    if not request.user.may("vault.exports.release"):  # type: ignore[union-attr]
        return None
    waiting = HeldExport.objects.filter(state=HeldExport.State.WAITING)
    return waiting.exclude(asked_by=request.user.get_username()).count() or None


register(
    NavItem(
        Face.MANAGE, _("Exports under review"), "vault:exports", "vault.exports", "download", 880,
        count=_waiting, group=Group.SYSTEM,
    )
)  # fmt: skip
register(NavItem(Face.MANAGE, _("Audit log"), "vault:audit", "vault.audit", "shield", 900, group=Group.SYSTEM))
