# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, EVERYONE

CLAUSES = capability("policy.clauses", _("See how far the program answers the handbook"), EVERYONE - AGENTS)
