# SPDX-License-Identifier: Apache-2.0
"""Doors of complaints and praise. What was found about a person has a door of its own."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, FLOOR_SUPERVISORS, LEADERS, LISTENERS, MANAGERS, Role

_LINE = LEADERS | FLOOR_SUPERVISORS | MANAGERS

RECORD = capability(
    "complaints.record", _("Write down complaints and praise"), AGENTS | _LINE | LISTENERS | {Role.FD, Role.DIR}
)
VIEW = capability(
    "complaints.view",
    _("See complaints in one's reach"),
    AGENTS | _LINE | LISTENERS | {Role.DIR, Role.DA, Role.FD},
)
HANDLE = capability("complaints.handle", _("Handle complaints and answer customers"), _LINE | {Role.DIR})
VERIFY = capability("complaints.verify", _("Verify complaints and praise"), {Role.TR, Role.TRS, Role.SM})
FINDINGS = capability(
    "complaints.findings",
    _("See what was found about people"),
    LISTENERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR},
    sensitive=True,
)
PLAN = capability(
    "complaints.plan", _("Write the plan of a grave complaint"), {Role.QAS} | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR}
)
AGREE = capability("complaints.plan.agree", _("Agree to the plan of a grave complaint"), {Role.OM, Role.DIR})
NEEDS = capability(
    "complaints.needs", _("Follow what complaints show has to be learned"), {Role.SM, Role.TRS, Role.TR, Role.OM}
)
TREND = capability("complaints.trend", _("See figures of complaints"), _LINE | {Role.QAS, Role.TRS, Role.DIR, Role.DA})
INSPECT = capability(
    "complaints.inspect", _("Keep the register of inspection points"), FLOOR_SUPERVISORS | MANAGERS | {Role.DIR}
)
SUGGEST = capability(
    "complaints.suggestions", _("Keep the file of suggestions"), _LINE | {Role.FD, Role.DIR, Role.CSR, Role.TSR}
)

name_verbs(
    {
        "complaints.opened": _("Complaint written down"),
        "complaints.changed": _("Complaint changed"),
        "complaints.step": _("Step taken in a complaint"),
        "complaints.escalated": _("Complaint gone up"),
        "complaints.verified": _("Complaint or praise verified"),
        "complaints.finding": _("Finding about a person"),
        "complaints.closed": _("Complaint closed"),
        "complaints.reopened": _("Complaint opened again"),
        "complaints.plan": _("Plan of a grave complaint"),
        "complaints.reported": _("Grave complaint reported"),
        "complaints.praised": _("Praise written down"),
        "complaints.need": _("Training need of a complaint"),
        "complaints.inspection": _("Inspection points"),
        "complaints.suggestion": _("Suggestion"),
    }
)
