# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.web.navigation import Face, Group, NavItem, register

register(NavItem(Face.MANAGE, _("Handbook"), "policy:home", "policy.handbook", "policy", 900, group=Group.HANDBOOK))
register(NavItem(Face.MANAGE, _("Clauses"), "policy:clauses", "policy.clauses", "why", 910, group=Group.HANDBOOK))
