# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.web.navigation import Face, Group, NavItem, register

register(NavItem(Face.FLOOR, _("Attendance today"), "attendance:board", "attendance.team", "clock", 60))
register(
    NavItem(Face.MANAGE, _("Attendance sheet"), "attendance:sheets", "attendance.sheet", "table", 30, group=Group.TIME)
)
register(
    NavItem(
        Face.MANAGE,
        _("Attendance statistics"),
        "attendance:statistics",
        "attendance.team",
        "chart",
        31,
        group=Group.TIME,
    )
)
register(
    NavItem(
        Face.MANAGE,
        _("Corrections and excuses"),
        "attendance:corrections",
        "attendance.team",
        "edit",
        32,
        group=Group.TIME,
    )
)
register(
    NavItem(
        Face.MANAGE, _("Import clock records"), "attendance:import", "attendance.import", "upload", 33, group=Group.TIME
    )
)
register(NavItem(Face.ME, _("My attendance"), "attendance:mine", "attendance.own", "clock", 30))
