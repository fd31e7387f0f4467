# SPDX-License-Identifier: Apache-2.0
"""What stands beside a customer: callbacks that he was promised, and the last mark of him as a prospect."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zuoxi.customers.panels import Panel, Subject, register
from zuoxi.outbound import selectors


def _context(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    ids, numbers = subject.ids, subject.numbers
    if not ids and not numbers:
        return None
    promises = selectors.promises_for(ids, numbers)
    mark = selectors.last_mark(ids, numbers)
    if not promises and mark is None and subject.call == "":
        return None
    return {"promises": promises, "mark": mark, "colour": selectors.colours().get(mark.colour) if mark else None}


register(
    Panel("outbound.callbacks", _("Callbacks and follow-ups"), "outbound/panel.html", _context, "outbound.work", 60)
)
