# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.web.navigation import Face, NavItem, register

register(NavItem(Face.DESK, _("Desk"), "floor:desk", "telephony.desk", "desk", 10, home=30))
register(NavItem(Face.FLOOR, _("Live floor"), "floor:board", "floor.board", "floor", 10, home=20))
register(NavItem(Face.WALL, _("Wall board"), "floor:walls", "floor.wall", "wall", 10))
