# SPDX-License-Identifier: Apache-2.0
"""The audit log is open to the Director, and to IT without what it is about."""

from django.utils.translation import gettext_lazy as _

from zuoxi.vault.verbs import name_verbs
from zuoxi.web.access import capability
from zuoxi.web.roles import Role

AUDIT = capability("vault.audit", _("See the audit log"), {Role.DIR, Role.IT}, sensitive=True)
AUDIT_CONTENT = capability(
    "vault.audit.content", _("See purposes and subjects in the audit log"), {Role.DIR}, sensitive=True
)

EXPORTS = capability("vault.exports", _("See exports under review"), {Role.DA, Role.SM, Role.OM, Role.DIR})
RELEASE = capability(
    "vault.exports.release", _("Look at exports and release them"), {Role.SM, Role.OM, Role.DIR}, sensitive=True
)

name_verbs(
    {
        "vault.export.held": _("Export prepared for review"),
        "vault.export.looked": _("Export looked at"),
        "vault.export.released": _("Export released"),
        "vault.export.refused": _("Export turned down"),
        "vault.export.fetched": _("Released export downloaded"),
    }
)
name_verbs({"vault.chain.checked": _("Audit chain checked")})
name_verbs({"vault.secret.kept": _("Secret kept"), "vault.secret.forgotten": _("Secret forgotten")})
