# SPDX-License-Identifier: Apache-2.0
"""Doors of the figures and whom they are open to (catalogue RPT, annex A)."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, FLOOR_SUPERVISORS, LEADERS, MANAGERS, Role

OVERVIEW = capability("reporting.overview", _("See the overview"), MANAGERS | {Role.DIR, Role.DA})
REPORTS = capability(
    "reporting.reports",
    _("See the figures of queues, teams and agents"),
    MANAGERS | FLOOR_SUPERVISORS | LEADERS | {Role.DIR, Role.DA, Role.QAS, Role.TRS},
)
SERVICE = capability(
    "reporting.service",
    _("See the figures of customer service"),
    MANAGERS | FLOOR_SUPERVISORS | LEADERS | {Role.DIR, Role.DA, Role.QAS, Role.TRS, Role.TR},
)
OWN = capability("reporting.own", _("See one's own figures"), AGENTS | LEADERS)
DAILY = capability("reporting.daily", _("Correct and send the daily report"), {Role.OM, Role.ODM, Role.DA})
DAILY_READ = capability("reporting.daily.read", _("Read the daily reports"), MANAGERS | {Role.DIR, Role.DA})
PUNCTUALITY = capability(
    "reporting.punctuality",
    _("See how punctual reports are"),
    MANAGERS | FLOOR_SUPERVISORS | LEADERS | {Role.DIR, Role.DA, Role.QAS, Role.TRS},
)
TASKS = capability(
    "reporting.tasks", _("Set work"), MANAGERS | FLOOR_SUPERVISORS | LEADERS | {Role.DIR, Role.QAS, Role.TRS}
)

name_verbs({"reporting.exported": _("Figures exported"), "reporting.daily.sent": _("Daily report sent")})
name_verbs(
    {
        "reporting.duty.handed_in": _("Report handed in"),
        "reporting.duty.excused": _("Report excused"),
        "reporting.duty.waived": _("Report let go unsigned"),
        "reporting.task.set": _("Work set"),
        "messaging.channel.set_up": _("Message channel set up"),
        "messaging.channel.changed": _("Message channel changed"),
        "messaging.channel.tested": _("Message channel tested"),
        "reporting.event.recorded": _("Event recorded"),
        "reporting.safe.for_other": _("Safe return written down for another"),
    }
)
