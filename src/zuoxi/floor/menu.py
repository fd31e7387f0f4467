# SPDX-License-Identifier: Apache-2.0
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zuoxi.web.navigation import Face, Group, NavItem, register


def _standing(_request: HttpRequest) -> int:
    from zuoxi.floor.emergencies import standing

    return len(standing())


register(NavItem(Face.DESK, _("Desk"), "floor:desk", "telephony.desk", "desk", 10, home=30))
register(NavItem(Face.FLOOR, _("Live floor"), "floor:board", "floor.board", "floor", 10, home=20))
register(
    NavItem(Face.MANAGE, _("Live calls"), "floor:live_calls", "telephony.monitor", "listen", 11, group=Group.CALLS)
)
register(NavItem(Face.WALL, _("Wall board"), "floor:walls", "floor.wall", "wall", 10))
register(NavItem(Face.FLOOR, _("This shift"), "floor:shift", "floor.discipline", "roster", 20))
register(NavItem(Face.FLOOR, _("Seen on the floor"), "floor:observations", "floor.discipline", "eye", 30))
register(NavItem(Face.FLOOR, _("Rounds"), "floor:patrols", "floor.discipline", "route", 40, group=Group.DISCIPLINE))
register(
    NavItem(Face.FLOOR, _("Violations"), "floor:violations", "floor.discipline", "flag", 50, group=Group.DISCIPLINE)
)
register(
    NavItem(Face.FLOOR, _("Watch on the floor"), "floor:timeline", "floor.board", "clock", 60, group=Group.DISCIPLINE)
)
register(NavItem(Face.FLOOR, _("Notes of care"), "floor:care", "floor.care", "message", 70, group=Group.DISCIPLINE))
register(
    NavItem(
        Face.FLOOR,
        _("Visits and inspections"),
        "floor:days",
        "floor.discipline",
        "calendar",
        80,
        group=Group.DISCIPLINE,
    )
)
register(NavItem(Face.DESK, _("End of shift"), "floor:desk_end", "telephony.desk", "sign-out", 90, group=Group.MORE))
register(NavItem(Face.DESK, _("Handovers"), "floor:handovers", "telephony.desk", "swap", 91, group=Group.MORE))
register(NavItem(Face.ME, _("Meetings"), "floor:meetings", "", "people", 300, group=Group.MORE))
register(NavItem(Face.ME, _("My conduct"), "floor:my_violations", "", "flag", 310, group=Group.MORE))
register(
    NavItem(
        Face.DESK, _("Emergencies of the floor"), "floor:emergencies", "floor.emergencies", "warning", 92,
        group=Group.MORE, count=_standing,
    )
)  # fmt: skip
register(NavItem(Face.ME, _("Broken things"), "floor:faults", "", "settings", 320, group=Group.MORE))
