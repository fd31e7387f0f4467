# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.web.access import capability
from zuoxi.web.roles import Role

OUTBOX = capability(
    "messaging.outbox", _("See messages that left"), {Role.IT, Role.DA, Role.OM, Role.ODM, Role.SM, Role.DIR}
)
CHANNELS = capability("messaging.channels", _("Set up message channels"), {Role.IT, Role.DIR}, sensitive=True)
