# SPDX-License-Identifier: Apache-2.0
"""Doors of leave: everybody asks; leaders write down calls and keep in touch; human resources keep the balances."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import EVERYONE, FLOOR_SUPERVISORS, LEADERS, MANAGERS, Role

USE = capability("leave.use", _("Ask for leave, and see one's own"), EVERYONE)
RECORD = capability(
    "leave.record",
    _("Write down leave for others, end it, look into its reason"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.HR},
)
TEAM = capability(
    "leave.team",
    _("See the leave of the people in one's reach"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR, Role.HR, Role.DA},
)
BALANCES = capability("leave.balances", _("See balances of leave"), MANAGERS | {Role.DIR, Role.HR})
ADJUST = capability("leave.balances.change", _("Change balances of leave"), {Role.HR}, sensitive=True)
SITE_DAYS = capability(
    "leave.site_days", _("Change free and working days of the site"), {Role.HR, Role.OM, Role.SM, Role.DIR}
)

name_verbs(
    {
        "leave.granted": _("Leave granted"),
        "leave.ended": _("Leave ended early"),
        "leave.lapsed": _("Leave lapsed to absence"),
        "leave.checked": _("Reason of a leave checked"),
        "leave.balance.changed": _("Balance of leave changed"),
        "leave.balance.forfeited": _("Annual leave forfeited"),
        "leave.service.proved": _("Years of work proved"),
        "leave.site_day.set": _("Free or working day of the site set"),
        "leave.site_day.dropped": _("Free or working day of the site dropped"),
    }
)
