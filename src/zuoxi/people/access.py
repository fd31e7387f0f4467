# SPDX-License-Identifier: Apache-2.0
"""Doors of people and whom they are open to (HR and the managers change; leaders see their own)."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, EVERYONE, FLOOR_SUPERVISORS, LEADERS, MANAGERS, Role

STAFF = capability("people.staff", _("See the staff list"), EVERYONE - AGENTS)
CHANGE = capability(
    "people.staff.change",
    _("Change staff records: leaving, transfers"),
    {Role.HR, Role.OM, Role.SM, Role.DIR},
    sensitive=True,
)
IMPORT = capability("people.staff.import", _("Import staff"), {Role.HR, Role.SM, Role.DIR}, sensitive=True)
REVEAL = capability(
    "people.staff.reveal",
    _("Reveal a colleague's telephone number"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.HR, Role.FD, Role.DIR},
    sensitive=True,
)
SIGN_INS = capability(
    "people.sign_ins",
    _("Hand out passwords and end sessions"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.HR, Role.IT, Role.DIR},
    sensitive=True,
)
PATH = capability(
    "people.path",
    _("See planned moves, loans and the change table"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.HR, Role.DIR, Role.DA},
)
HANDOVERS = capability("people.handovers", _("Hand over and take over work"), EVERYONE)
CALL_OFF = capability(
    "people.path.change", _("Call off planned moves, end loans"), {Role.HR, Role.OM, Role.SM, Role.DIR}
)
ORGANISATION = capability("people.organisation", _("See the organisation"), EVERYONE)

name_verbs(
    {
        "people.sign_in": _("Signed in"),
        "people.sign_out": _("Left the system"),
        "people.sign_in.failed": _("Wrong password"),
        "people.sign_in.second_seat": _("Refused at a second seat"),
        "people.sign_in.created": _("Sign-in made"),
        "people.sign_in.reset": _("New password handed out"),
        "people.password.changed": _("Password changed"),
        "people.sessions.ended": _("Sessions ended"),
        "people.staff.hired": _("Staff record made"),
        "people.staff.assigned": _("Post given"),
        "people.staff.transferred": _("Moved to another post"),
        "people.staff.left": _("Signed off"),
        "people.change.planned": _("Change of post granted"),
        "people.change.cancelled": _("Planned change called off"),
        "people.handover.signed": _("Handover signed"),
        "people.headcount.confirmed": _("Month's headcount confirmed"),
        "people.staff.lent": _("Lent to another team"),
        "people.staff.cleared": _("Gate of going live passed"),
        "people.staff.status": _("Status changed"),
        "people.project.made": _("Project made"),
        "people.team.made": _("Team made"),
        "people.staff.imported": _("Staff imported"),
        "people.mobile.revealed": _("Telephone number of a colleague revealed"),
    }
)
