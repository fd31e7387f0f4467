# SPDX-License-Identifier: Apache-2.0
"""Doors of tickets and whom they are open to."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, FLOOR_SUPERVISORS, LEADERS, LISTENERS, MANAGERS, RECEIVERS, Role

_CENTRE = AGENTS | LEADERS | FLOOR_SUPERVISORS | MANAGERS
VIEW = capability("tickets.view", _("See tickets"), _CENTRE | LISTENERS | RECEIVERS | {Role.DIR, Role.DA, Role.FD})
OPEN = capability("tickets.open", _("Open tickets"), _CENTRE | RECEIVERS | {Role.FD})
HANDLE = capability(
    "tickets.handle", _("Work on tickets"), _CENTRE | RECEIVERS | {Role.DIR, Role.FD, Role.QA, Role.QAS}
)
DISPATCH = capability(
    "tickets.dispatch",
    _("Pass on, merge and close any tickets, several at once"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS,
)
CHECK = capability(
    "tickets.check",
    _("Check the results of tickets"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.QA, Role.QAS},
)
SET_UP = capability(
    "tickets.set_up",
    _("Say who works for which department, and who stands in for whom"),
    FLOOR_SUPERVISORS | MANAGERS,
)
STATISTICS = capability(
    "tickets.statistics",
    _("See the figures of repairs and tickets"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR, Role.DA},
)
MAIL = capability("tickets.mail", _("Keep the register of the mail room"), MANAGERS | {Role.DIR, Role.FD})
SECRET_MAIL = capability(
    "tickets.mail.secret",
    _("See confidential documents in the register of the mail room"),
    {Role.DIR, Role.SM, Role.FD},
    sensitive=True,
)
SENSITIVE = capability(
    "tickets.sensitive",
    _("See tickets of people in need and reports of wrongdoing"),
    FLOOR_SUPERVISORS | MANAGERS | {Role.DIR},
    sensitive=True,
)

name_verbs(
    {
        "tickets.revealed": _("Showed a masked answer of a ticket"),
        "tickets.reclassified": _("Classified a ticket anew"),
        "tickets.extended": _("Gave a ticket more time"),
        "tickets.reopened": _("Opened a ticket again"),
        "tickets.merged": _("Merged two tickets"),
        "tickets.unmerged": _("Took two merged tickets apart"),
        "tickets.file.read": _("Took a file of a ticket"),
        "tickets.file.removed": _("Took a file off a ticket"),
        "tickets.cover.named": _("Named somebody to stand in"),
        "tickets.member.changed": _("Changed who works for a department"),
        "tickets.mail.secret.kept": _("Registered a confidential document"),
    }
)
