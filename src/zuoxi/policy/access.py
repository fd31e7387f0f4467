# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, EVERYONE, FLOOR_SUPERVISORS, MANAGERS, Role

CLAUSES = capability("policy.clauses", _("See how far the program answers the handbook"), EVERYONE - AGENTS)
READ = capability("policy.handbook", _("Read the handbook: figures, rules, open questions"), EVERYONE)
EVALUATE = capability(
    "policy.evaluate",
    _("Let the rules judge facts"),
    MANAGERS | FLOOR_SUPERVISORS | {Role.DIR, Role.QAS, Role.TRS, Role.HR, Role.FIN, Role.DA, Role.IT},
)
