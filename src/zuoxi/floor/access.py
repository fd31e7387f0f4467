# SPDX-License-Identifier: Apache-2.0
"""Doors of the floor and whom they are open to (catalogue FLR: leaders their team, supervisors and managers more)."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, FLOOR_SUPERVISORS, LEADERS, MANAGERS, Role

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
DISCIPLINE = capability(
    "floor.discipline",
    _("See and decide on what was seen on the floor, record violations, walk rounds"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR},
)
JUDGE = capability(
    "floor.judge",
    _("Cancel violations, decide on objections, mark days with visitors"),
    FLOOR_SUPERVISORS | MANAGERS | {Role.DIR},
)
CARE = capability(
    "floor.care",
    _("Read and write notes of care"),
    FLOOR_SUPERVISORS | MANAGERS | {Role.DIR},
    sensitive=True,
)
KEEP_WATCH = capability("floor.keep_watch", _("Keep watch on the floor"), LEADERS | FLOOR_SUPERVISORS | MANAGERS)
MEET = capability(
    "floor.meet",
    _("Hold meetings and write their minutes"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR, Role.FD, Role.QAS, Role.TRS},
)
EMERGENCIES = capability(
    "floor.emergencies",
    _("See and tell emergencies of the floor"),
    AGENTS | LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR, Role.IT, Role.DA},
)
HANDLE_EMERGENCIES = capability(
    "floor.emergencies.handle",
    _("Deal with emergencies of the floor and end them"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.IT},
)
MEND = capability("floor.mend", _("Mend what is reported broken"), {Role.IT, Role.FD})

name_verbs(
    {
        "floor.observation.excused": _("Excused what was seen on the floor"),
        "floor.observation.confirmed": _("Confirmed what was seen on the floor"),
        "floor.substitute": _("Named a substitute for a seat"),
        "floor.violation.recorded": _("Recorded a violation"),
        "floor.violation.answered": _("Answered a violation"),
        "floor.violation.decided": _("Decided on an objection"),
        "floor.violation.cancelled": _("Cancelled a violation"),
        "floor.violation.rechecked": _("Looked again at a violation"),
        "floor.share.opened": _("Brought up a superior's part in a violation"),
        "floor.share.judged": _("Judged a superior's part in a violation"),
        "floor.share.dropped": _("A superior's part fell with the violation"),
        "floor.care.written": _("Wrote a note of care"),
        "floor.day.marked": _("Marked a day of visitors or inspection"),
        "floor.day.unmarked": _("Took back the mark of a day"),
        "floor.watch.taken": _("Took the watch on the floor"),
        "floor.watch.left": _("Left the watch on the floor"),
        "floor.emergency.begun": _("An emergency of the floor began"),
        "floor.emergency.taken": _("Took over an emergency of the floor"),
        "floor.emergency.ended": _("Ended an emergency of the floor"),
        "floor.permit.decided": _("Decided on a permit"),
        "floor.patrol.submitted": _("Handed in a round of the floor"),
        "floor.spot_check.drawn": _("Let chance choose whom to look at"),
        "floor.team.released": _("Let a team go after its check"),
        "floor.wall.made": _("Wall link made"),
        "floor.wall.revoked": _("Wall link taken back"),
        "floor.call.customer": _("Said who called"),
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
