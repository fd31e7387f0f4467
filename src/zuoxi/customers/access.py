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
MERGE = capability("customers.merge", _("Merge customers and undo it"), LEADERS | FLOOR_SUPERVISORS | MANAGERS)
AUDIT = capability(
    "customers.audit",
    _("Look at changes of customers without business, change many at once by approval"),
    FLOOR_SUPERVISORS | MANAGERS | {Role.DIR},
)
LIFT = capability("customers.lift", _("Take numbers off the do-not-call list"), LEADERS | FLOOR_SUPERVISORS | MANAGERS)
IMPORT = capability("customers.import", _("Import lists of customers"), FLOOR_SUPERVISORS | MANAGERS)
COUNT = capability(
    "customers.count",
    _("Keep the registers of services"),
    AGENTS | LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.FD, Role.DIR, Role.DA},
)

name_verbs(
    {
        "customers.number.revealed": _("Number of a customer revealed"),
        "customers.identity.revealed": _("Identity document of a customer revealed"),
        "customers.made": _("Customer written down"),
        "customers.changed": _("Customer changed"),
        "customers.change.seen": _("Looked at a change of a customer without business"),
        "customers.merged": _("Customers merged"),
        "customers.merge.undone": _("Merge of customers undone"),
        "customers.consent.given": _("Consent of a customer written down"),
        "customers.consent.withdrawn": _("Consent of a customer withdrawn"),
        "customers.barred": _("Number put on the do-not-call list"),
        "customers.bar.lifted": _("Number taken off the do-not-call list"),
        "customers.import.begun": _("Import of customers begun"),
        "customers.bulk": _("Many customers changed at once"),
    }
)
