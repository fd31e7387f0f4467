# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.web.navigation import Face, NavItem, register

register(NavItem(Face.MANAGE, _("Rosters"), "workforce:rosters", "workforce.rosters", "calendar", 20))
