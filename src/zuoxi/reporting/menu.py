# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.reporting import access
from zuoxi.web.navigation import Face, Group, NavItem, register

register(NavItem(Face.OVERVIEW, _("Overview"), "reporting:overview", access.OVERVIEW.code, "overview", 10, home=5))
register(NavItem(Face.OVERVIEW, _("Daily report"), "reporting:daily_list", access.DAILY_READ.code, "send", 20))
register(NavItem(Face.MANAGE, _("Figures"), "reporting:figures", access.REPORTS.code, "scorecard", 20))
register(NavItem(Face.MANAGE, _("Service figures"), "reporting:service_figures", access.SERVICE.code, "scorecard", 21))
register(NavItem(Face.ME, _("My figures"), "reporting:own", access.OWN.code, "scorecard", 20, group=Group.MORE))
register(NavItem(Face.ME, _("Reports I owe"), "reporting:duties", "", "report", 30))
register(NavItem(Face.ME, _("Home safe"), "reporting:home_safe", "", "home", 35))
register(NavItem(Face.OVERVIEW, _("Reports owed to me"), "reporting:received", access.PUNCTUALITY.code, "inbox", 25))
register(NavItem(Face.OVERVIEW, _("Punctuality"), "reporting:duty_punctuality", access.PUNCTUALITY.code, "timer", 30))
register(NavItem(Face.OVERVIEW, _("Set work"), "reporting:duty_task", access.TASKS.code, "flag", 40))
register(
    NavItem(
        Face.MANAGE,
        _("Message channels"),
        "reporting:channels",
        "messaging.channels",
        "webhook",
        885,
        group=Group.SYSTEM,
    )
)
register(NavItem(Face.OVERVIEW, _("My post"), "reporting:post_home", access.PUNCTUALITY.code, "overview", 15))
