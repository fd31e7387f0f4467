# SPDX-License-Identifier: Apache-2.0
"""Doors of outbound calls: agents their own work, leaders their team, supervisors and managers the campaigns."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.exports import MAY_EXPORT
from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, FLOOR_SUPERVISORS, LEADERS, MANAGERS, Role

_ABOVE = LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR}

WORK = capability("outbound.work", _("Make outbound calls and keep callbacks"), AGENTS | LEADERS | FLOOR_SUPERVISORS)
READ = capability(
    "outbound.read", _("See outbound calls and the month, as far as one sees people"), AGENTS | _ABOVE | {Role.DA}
)
SEE = capability("outbound.see", _("See campaigns and their figures"), _ABOVE | {Role.DA})
RUN = capability("outbound.run", _("Prepare, start and pause campaigns"), FLOOR_SUPERVISORS | MANAGERS)
IMPORT = capability(
    "outbound.import", _("Import lists of contacts"), FLOOR_SUPERVISORS | MANAGERS | {Role.DA}, sensitive=True
)
EXPORT = capability("outbound.export", _("Take outbound lists out of the house"), MAY_EXPORT, sensitive=True)
TEAM = capability("outbound.team", _("See the team's callbacks, follow-ups and targets"), _ABOVE | {Role.DA})

name_verbs(
    {
        "outbound.campaign.saved": _("Campaign changed"),
        "outbound.campaign.started": _("Campaign started"),
        "outbound.campaign.paused": _("Campaign paused"),
        "outbound.campaign.ended": _("Campaign ended"),
        "outbound.list.imported": _("List of contacts imported"),
        "outbound.list.handed": _("List handed out"),
        "outbound.list.collected": _("List collected"),
        "outbound.number.shown": _("Number of a contact revealed"),
        "outbound.promise.made": _("Callback promised"),
        "outbound.promise.kept": _("Callback kept"),
        "outbound.promise.dropped": _("Callback called off"),
        "outbound.promise.moved": _("Callback handed over"),
        "outbound.follow_up.corrected": _("Follow-up record corrected"),
        "outbound.stay.begun": _("Stays to make the day's calls"),
    }
)
