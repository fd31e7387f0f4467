# SPDX-License-Identifier: Apache-2.0
from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import Role

APPLICATIONS = capability(
    "gateway.applications", _("Set up programs and their tokens"), {Role.IT, Role.DIR}, sensitive=True
)
WEBHOOKS = capability(
    "gateway.webhooks", _("Set up web hooks and see what was delivered"), {Role.IT, Role.DIR}, sensitive=True
)
REFERENCE = capability(
    "gateway.reference", _("Read what the API offers"), {Role.IT, Role.DIR, Role.DA, Role.SM, Role.OM}
)

name_verbs(
    {
        "gateway.application.set_up": _("Program set up"),
        "gateway.application.changed": _("Program changed"),
        "gateway.application.closed": _("Program closed"),
        "gateway.token.issued": _("Token handed out"),
        "gateway.token.revoked": _("Token revoked"),
        "gateway.token.used": _("Token used"),
        "gateway.webhook.set_up": _("Web hook set up"),
        "gateway.webhook.changed": _("Web hook changed"),
        "gateway.webhook.secret": _("Web hook's secret changed"),
        "gateway.webhook.switched": _("Web hook switched on or off"),
    }
)
