# SPDX-License-Identifier: Apache-2.0
"""Doors of attendance (annex A: leaders their team, supervisors theirs, the reception and the analyst everything)."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import EVERYONE, FLOOR_SUPERVISORS, LEADERS, MANAGERS, Role

_KEEPERS = frozenset({Role.DA, Role.FD, Role.HR})

OWN = capability("attendance.own", _("See one's own attendance"), EVERYONE)
TEAM = capability(
    "attendance.team",
    _("See attendance of the people in reach"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | _KEEPERS | {Role.DIR},
)
SHEET = capability(
    "attendance.sheet",
    _("See the monthly sheet"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | _KEEPERS | {Role.DIR, Role.FIN},
)
SIGN = capability("attendance.sheet.sign", _("Sign the monthly sheet"), LEADERS | {Role.FD, Role.DA, Role.ODM, Role.OM})
EXPORT = capability(
    "attendance.sheet.export",
    _("Take the monthly sheet out as a file"),
    {Role.DA, Role.OM, Role.SM, Role.DIR},
    sensitive=True,
)
COMPUTE = capability("attendance.compute", _("Compute a month of attendance"), MANAGERS | _KEEPERS)
IMPORT = capability("attendance.import", _("Import clock records"), {Role.FD, Role.DA, Role.HR, Role.IT})
CORRECT = capability("attendance.correct", _("Correct clock records, with reason"), {Role.FD, Role.DA})
UNTRUE = capability(
    "attendance.excuse.untrue", _("Find an excuse to be false"), FLOOR_SUPERVISORS | MANAGERS | {Role.HR}
)

name_verbs(
    {
        "attendance.corrected": _("Clock record corrected"),
        "attendance.excused": _("Cause of lateness or absence accepted"),
        "attendance.excuse.untrue": _("Excuse found to be false"),
        "attendance.imported": _("Clock records imported"),
        "attendance.sheet.signed": _("Attendance sheet signed"),
        "attendance.sheet.locked": _("Attendance sheet locked"),
        "attendance.sheet.exported": _("Attendance sheet exported"),
        "attendance.carried": _("Attendance corrected after the month was locked"),
    }
)
