# SPDX-License-Identifier: Apache-2.0
"""What a switch says when it does not do something, in the reader's words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KNOWN: Final[dict[str, str | Promise]] = {
    "the telephone cannot be reached": _("the telephone cannot be reached"),
    "hung up": _("hung up"),
    "the telephone was not taken up": _("the telephone was not taken up"),
    "the telephone is busy": _("the telephone is busy"),
    "no line is free": _("no line is free"),
    "the switch is not connected": _("the switch is not connected"),
    "there is no wrap-up to extend": _("there is no wrap-up to extend"),
    "nobody can supervise his own call": _("nobody can supervise his own call"),
    "no queue to sign in to": _("no queue to sign in to"),
    "Interface not found": _("not signed in to any queue"),
}


def in_words(message: str) -> str:
    """The refusal; one that is not known is shown as the switch said it."""
    if message.endswith("has no such call"):
        return str(_("there is no such call"))
    return str(KNOWN.get(message, message))
