# SPDX-License-Identifier: Apache-2.0
"""What the knowledge puts beside a call. Nothing is asked of the database until the panel itself is loaded."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zuoxi.customers.panels import DESK, Panel, Subject, register
from zuoxi.knowledge import access


def _context(_request: HttpRequest, subject: Subject) -> dict[str, Any]:
    said = {"queue": subject.queue, "topic": subject.topic, "call": subject.call}
    customer = subject.customer
    said["surname"] = str(customer.name)[:1] if customer is not None and customer.name else ""
    said["gender"] = str(getattr(customer, "gender", "") or "")
    return {"url": f"{reverse('knowledge:desk')}?{urlencode(said)}"}


register(
    Panel("knowledge", _("Script and knowledge"), "knowledge/desk_panel.html", _context, access.VIEW.code, 40, (DESK,))
)
