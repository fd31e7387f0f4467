# SPDX-License-Identifier: Apache-2.0
"""Doors of the floor and whom they are open to (catalogue FLR: leaders their team, supervisors and managers more)."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import FLOOR_SUPERVISORS, LEADERS, MANAGERS, Role

FLOOR = capability("floor.board", _("See the live floor"), LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR, Role.DA})
LEAD = capability(
    "floor.lead",
    _("Answer raised hands, send messages, change an agent's state"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR},
)
WALL = capability(
    "floor.wall",
    _("Show the wall board and make its links"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR, Role.IT},
)

name_verbs(
    {
        "floor.wall.made": _("Wall link made"),
        "floor.wall.revoked": _("Wall link taken back"),
        "floor.desk.second_sign_in": _("Refused at a second desk"),
        "floor.listen": _("Listened to a live call"),
        "floor.whisper": _("Whispered into a live call"),
        "floor.barge": _("Joined a live call"),
        "floor.take_over": _("Took over a live call"),
        "floor.force.ready": _("Made an agent ready"),
        "floor.force.pause": _("Made an agent not ready"),
        "floor.force.sign_out": _("Signed an agent out"),
    }
)
