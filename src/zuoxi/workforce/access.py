# SPDX-License-Identifier: Apache-2.0
"""Doors of the rosters and whom they are open to (annex A: the deputy plans, supervisors help, managers receive)."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.exports import MAY_EXPORT
from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, EVERYONE, FLOOR_SUPERVISORS, LEADERS, MANAGERS, RECEIVERS, Role

OWN = capability("workforce.own", _("See one's own shifts, and ask for swaps"), EVERYONE)
VIEW = capability("workforce.rosters", _("See rosters"), EVERYONE - AGENTS - RECEIVERS - {Role.FIN, Role.FD})
EDIT = capability("workforce.rosters.edit", _("Write rosters"), FLOOR_SUPERVISORS | MANAGERS)
PUBLISH = capability("workforce.rosters.publish", _("Publish rosters"), MANAGERS, sensitive=True)
FILE = capability(
    "workforce.rosters.file", _("Receive and file rosters"), {Role.OM, Role.SM, Role.DIR, Role.DA, Role.HR}
)
FLOOR = capability(
    "workforce.day", _("Plan breaks, meals, overtime and lending for the day"), FLOOR_SUPERVISORS | LEADERS | MANAGERS
)
AGREE = capability("workforce.overtime.agree", _("Agree to overtime"), MANAGERS | {Role.DIR}, sensitive=True)
NEED = capability(
    "workforce.need", _("Plan how many people are needed"), MANAGERS | FLOOR_SUPERVISORS | {Role.DA, Role.DIR}
)
INTRADAY = capability(
    "workforce.intraday",
    _("See how the running day will go, and what could be moved"),
    MANAGERS | FLOOR_SUPERVISORS | LEADERS | {Role.DA, Role.DIR},
)
FORECAST = capability(
    "workforce.forecast", _("See the forecast of calls"), MANAGERS | FLOOR_SUPERVISORS | {Role.DA, Role.DIR}
)
FORECAST_EDIT = capability(
    "workforce.forecast.edit", _("Make and change the forecast of calls"), MANAGERS | FLOOR_SUPERVISORS | {Role.DA}
)
EXPORT = capability("workforce.export", _("Take planning figures out as a file"), MAY_EXPORT, sensitive=True)

name_verbs(
    {
        "workforce.roster.published": _("Roster published"),
        "workforce.roster.filed": _("Roster received and filed"),
        "workforce.roster.changed": _("Published roster changed"),
        "workforce.feed.made": _("Calendar address made"),
        "workforce.feed.revoked": _("Calendar address revoked"),
        "workforce.overtime.agreed": _("Overtime list agreed"),
        "workforce.overtime.announced": _("Overtime list announced"),
        "workforce.overtime.cancelled": _("Overtime list cancelled"),
        "workforce.swap.applied": _("Swap put into the roster"),
        "workforce.swap.failed": _("Swap could not be put into the roster"),
        "workforce.pair.kept": _("A and B of a post written down"),
        "workforce.pair.ended": _("A and B of a post ended"),
        "workforce.roster.solved": _("Roster worked out"),
        "workforce.roster.replanned": _("Shifts changed because somebody is missing"),
        "workforce.dispatch": _("People moved during the day"),
        "workforce.forecast.made": _("Calls forecast"),
        "workforce.forecast.edited": _("Forecast changed by hand"),
        "workforce.forecast.withdrawn": _("Change of a forecast withdrawn"),
        "workforce.forecast.event": _("Event that moves calls written down"),
        "workforce.forecast.event_withdrawn": _("Event that moves calls withdrawn"),
        "workforce.history.kept": _("Calls of former days taken in from a file"),
        "workforce.history.dropped": _("Calls of former days from files taken out"),
        "workforce.forecast.exported": _("Forecast taken out as a file"),
        "workforce.whatif.begun": _("What-if begun"),
        "workforce.whatif.exported": _("What-if exported"),
        "workforce.intraday.applied": _("Change of the running day applied"),
        "workforce.intraday.undone": _("Change of the running day taken back"),
        "workforce.staffing.exported": _("People needed by half hour taken out"),
    }
)
