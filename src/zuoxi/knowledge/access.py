# SPDX-License-Identifier: Apache-2.0
"""Doors of the knowledge and whom they are open to."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import AGENTS, FLOOR_SUPERVISORS, LEADERS, LISTENERS, MANAGERS, Role

_CENTRE = AGENTS | LEADERS | FLOOR_SUPERVISORS | MANAGERS | LISTENERS | {Role.DIR, Role.DA, Role.FD, Role.IT}
VIEW = capability("knowledge.view", _("Look things up"), _CENTRE | {Role.DEP})
SCRIPTS = capability("knowledge.scripts", _("See scripts"), _CENTRE)
WRITE = capability(
    "knowledge.write",
    _("Draft articles"),
    LISTENERS | LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DEP},
)
DECIDE = capability("knowledge.decide", _("Publish articles"), {Role.QAS, Role.TRS} | FLOOR_SUPERVISORS | MANAGERS)
FIGURES = capability(
    "knowledge.figures",
    _("See the figures of the knowledge"),
    {Role.QAS, Role.TRS, Role.DIR, Role.DA} | FLOOR_SUPERVISORS | MANAGERS,
)
DAYS_OFF = capability(
    "knowledge.days_off",
    _("Tell when an expert does not receive"),
    AGENTS | LEADERS | FLOOR_SUPERVISORS | MANAGERS | {Role.DEP},
)

name_verbs(
    {
        "knowledge.published": _("Article published"),
        "knowledge.returned": _("Article returned to its author"),
        "knowledge.retired": _("Article taken out of use"),
        "knowledge.script.printed": _("Script printed"),
        "knowledge.day_off.told": _("Day off of an expert told"),
    }
)
