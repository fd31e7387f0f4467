# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, EVERYONE, FLOOR_SUPERVISORS, MANAGERS, Role

SUPERVISORS = MANAGERS | FLOOR_SUPERVISORS | {Role.DIR, Role.QAS, Role.TRS, Role.HR}
CLAUSES = capability("policy.clauses", _("See how far the program answers the handbook"), EVERYONE - AGENTS)
READ = capability("policy.handbook", _("Read the handbook: figures, rules, open questions"), EVERYONE)
EVALUATE = capability("policy.evaluate", _("Let the rules judge facts"), SUPERVISORS | {Role.FIN, Role.DA, Role.IT})
AMEND = capability("policy.amend", _("Propose another value for a figure of the handbook"), SUPERVISORS)
REPLAY = capability(
    "policy.replay",
    _("Judge a month again under a proposal"),
    MANAGERS | FLOOR_SUPERVISORS | {Role.DIR, Role.HR},
)
SWITCH = capability("policy.switch", _("Switch legal warnings and the effect of rules off"), {Role.DIR}, sensitive=True)

name_verbs(
    {
        "policy.amendment.proposed": _("Proposed a change of the handbook"),
        "policy.amendment.approved": _("Put a change of the handbook in force"),
        "policy.amendment.refused": _("Turned a change of the handbook down"),
        "policy.amendment.withdrawn": _("Withdrew a change of the handbook"),
        "policy.warning.off": _("Switched a legal warning off"),
        "policy.warning.on": _("Switched a legal warning on again"),
        "policy.rule.off": _("Switched the effect of a rule off"),
        "policy.rule.on": _("Switched the effect of a rule on again"),
    }
)
