# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.web.navigation import Face, Group, NavItem, register

register(NavItem(Face.MANAGE, _("Rosters"), "workforce:rosters", "workforce.rosters", "roster", 20, group=Group.TIME))
register(NavItem(Face.FLOOR, _("Day plan"), "workforce:day", "workforce.rosters", "clock", 40, group=Group.DISCIPLINE))
register(
    NavItem(
        Face.FLOOR, _("Intraday"), "workforce:intraday", "workforce.intraday", "forecast", 41, group=Group.DISCIPLINE
    )
)
register(NavItem(Face.ME, _("My shifts"), "workforce:mine", "workforce.own", "calendar", 5))
