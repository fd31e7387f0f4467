# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.jobs import access
from zuoxi.web.navigation import Face, Group, NavItem, register

register(NavItem(Face.MANAGE, _("Background work"), "jobs:list", access.JOBS.code, "refresh", 920, group=Group.SYSTEM))
