# SPDX-License-Identifier: Apache-2.0
"""Doors of approvals: everybody asks and sees his own; who signs and who oversees sees more."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, EVERYONE, FLOOR_SUPERVISORS, LEADERS, MANAGERS, Role

USE = capability("approvals.use", _("Ask for something, and see one's own requests"), EVERYONE)
DECIDE = capability("approvals.decide", _("Decide requests, and let others stand in"), EVERYONE - AGENTS)
OVERSEE = capability(
    "approvals.oversee",
    _("See the requests of the people in one's reach"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.HR, Role.DIR},
)

name_verbs(
    {
        "approvals.submitted": _("Request handed in"),
        "approvals.resubmitted": _("Request handed in again"),
        "approvals.approved": _("Request agreed to"),
        "approvals.refused": _("Request turned down"),
        "approvals.returned": _("Request sent back"),
        "approvals.granted": _("Request granted"),
        "approvals.withdrawn": _("Request withdrawn"),
        "approvals.escalated": _("Request passed to the next authority"),
        "approvals.lapsed": _("Request lapsed"),
        "approvals.document.added": _("File added to a request"),
        "approvals.document.read": _("File of a request opened"),
        "approvals.paper.waived": _("Paper no longer asked for"),
        "approvals.delegated": _("Stand-in named"),
        "approvals.delegation.revoked": _("Stand-in taken back"),
    }
)
