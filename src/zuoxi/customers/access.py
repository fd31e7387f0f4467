# SPDX-License-Identifier: Apache-2.0
"""Doors of the customers and whom they are open to."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, FLOOR_SUPERVISORS, LEADERS, LISTENERS, MANAGERS, Role

VIEW = capability(
    "customers.view",
    _("See customers"),
    AGENTS | LEADERS | FLOOR_SUPERVISORS | MANAGERS | LISTENERS | {Role.DIR, Role.DA},
)
EDIT = capability("customers.edit", _("Change customers"), AGENTS | LEADERS | FLOOR_SUPERVISORS | MANAGERS)
BROWSE = capability(
    "customers.browse",
    _("List customers without searching"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR, Role.DA},
)

name_verbs(
    {
        "customers.number.revealed": _("Number of a customer revealed"),
        "customers.made": _("Customer written down"),
        "customers.changed": _("Customer changed"),
    }
)
