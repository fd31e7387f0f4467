# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.messaging import access
from zuoxi.web.navigation import Face, Group, NavItem, register

register(NavItem(Face.MANAGE, _("Outbox"), "messaging:outbox", access.OUTBOX.code, "send", 880, group=Group.SYSTEM))
