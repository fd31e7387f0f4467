# SPDX-License-Identifier: Apache-2.0
"""Doors of telephony and whom they are open to (catalogue CALL: agents own, leaders their team, recordings by role)."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.exports import MAY_EXPORT
from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, EVERYONE, FLOOR_SUPERVISORS, LEADERS, LISTENERS, MANAGERS, RECEIVERS, Role

DESK = capability("telephony.desk", _("Work at the agent desk"), AGENTS | LEADERS | FLOOR_SUPERVISORS)
CALLS = capability("telephony.calls", _("See calls"), EVERYONE - RECEIVERS - {Role.FD, Role.HR, Role.FIN, Role.IT})
EXPORT = capability("telephony.calls.export", _("Take call lists out of the house"), MAY_EXPORT, sensitive=True)
STATES = capability("telephony.states", _("See the state log"), EVERYONE - RECEIVERS - {Role.FD, Role.FIN, Role.IT})
RECORDINGS = capability(
    "telephony.recordings",
    _("Play recordings"),
    LISTENERS | LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR},
    sensitive=True,
)
DOWNLOAD = capability(
    "telephony.recordings.download",
    _("Take recordings out and keep them from deletion"),
    {Role.QAS, *MANAGERS, Role.DIR},
    sensitive=True,
)
MONITOR = capability(
    "telephony.monitor",
    _("Listen to a live call"),
    LISTENERS | LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR},
    sensitive=True,
)
STEP_IN = capability(
    "telephony.step_in",
    _("Whisper to, join or take over a live call"),
    LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DIR},
    sensitive=True,
)
SETTINGS = capability("telephony.settings", _("Set up numbers, queues and extensions"), {Role.IT, Role.SM, Role.DIR})
HEALTH = capability("telephony.health", _("See drift, gaps and quarantine"), {Role.IT, Role.DA, *MANAGERS, Role.DIR})
