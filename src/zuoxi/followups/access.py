# SPDX-License-Identifier: Apache-2.0
"""Doors of follow-ups: agents call, leaders hand out, quality listens again, human resources ask about windows."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, FLOOR_SUPERVISORS, LEADERS, LISTENERS, MANAGERS, Role

CALL = capability("followups.call", _("Make follow-ups"), AGENTS | LEADERS | FLOOR_SUPERVISORS | {Role.QAS, Role.QA})
VIEW = capability(
    "followups.view",
    _("See follow-ups and their figures"),
    AGENTS | LEADERS | FLOOR_SUPERVISORS | MANAGERS | LISTENERS | {Role.DIR, Role.DA},
)
MANAGE = capability(
    "followups.manage", _("Hand out follow-ups, pass on opinions"), LEADERS | FLOOR_SUPERVISORS | MANAGERS
)
CHECK = capability("followups.check", _("Listen to follow-ups again"), {Role.QAS, Role.QA})
SURVEYS = capability(
    "followups.surveys",
    _("See surveys and their results"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR, Role.DA, Role.HR, Role.QAS},
)
ASK = capability("followups.ask", _("Begin surveys"), FLOOR_SUPERVISORS | MANAGERS | {Role.HR, Role.QAS})
FILES = capability("followups.files", _("Keep patients' files"), AGENTS | LEADERS | FLOOR_SUPERVISORS | MANAGERS)

name_verbs(
    {
        "followups.made": _("Follow-up made by hand"),
        "followups.answered": _("Follow-up answered"),
        "followups.added": _("Added to a follow-up"),
        "followups.dropped": _("Follow-up taken off"),
        "followups.relistened": _("Follow-up listened to again"),
        "followups.number.revealed": _("Number of a follow-up revealed"),
        "followups.batch.handed_out": _("List of follow-ups handed out"),
        "followups.batch.collected": _("List of follow-ups brought back"),
        "followups.opinion.passed": _("Opinion passed to a department"),
        "followups.opinion.answered": _("Opinion answered"),
        "followups.opinion.told": _("Answer told to the customer"),
        "followups.survey.opened": _("Survey begun"),
        "followups.survey.sent": _("Survey sent"),
        "followups.survey.closed": _("Survey ended"),
        "followups.patient.filed": _("File of a patient opened"),
        "followups.checkup.filed": _("Result of a check-up written down"),
        "followups.checkup.step": _("Step of a check-up written down"),
        "followups.clinic.seen": _("Appointment at the clinic written down"),
    }
)
