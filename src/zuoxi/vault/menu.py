# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.web.navigation import Face, Group, NavItem, register

register(NavItem(Face.MANAGE, _("Audit log"), "vault:audit", "vault.audit", "shield", 900, group=Group.SYSTEM))
