# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.gateway import access
from zuoxi.web.navigation import Face, Group, NavItem, register

register(
    NavItem(
        Face.MANAGE, _("Programs"), "gateway:applications", access.APPLICATIONS.code, "key", 940, group=Group.SYSTEM
    )
)
register(
    NavItem(Face.MANAGE, _("Web hooks"), "gateway:webhooks", access.WEBHOOKS.code, "webhook", 941, group=Group.SYSTEM)
)
register(
    NavItem(Face.MANAGE, _("API reference"), "gateway:reference", access.REFERENCE.code, "api", 942, group=Group.SYSTEM)
)
