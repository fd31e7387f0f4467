# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.web.access import capability
from zuoxi.web.navigation import Face, Group, NavItem, register
from zuoxi.web.roles import Role

capability("web.gallery.view", _("See the gallery of components"), {Role.IT, Role.SM, Role.DA})
register(NavItem(Face.MANAGE, _("Components"), "gallery", "web.gallery.view", "grid", 990, group=Group.SYSTEM))
