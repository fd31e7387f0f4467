# SPDX-License-Identifier: Apache-2.0
"""Tags of the pages of complaints."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.functional import Promise

register = template.Library()
_OWN = ("up", "note")


@register.inclusion_tag("complaints/verb_dialog.html", takes_context=True)
def verb_dialog(context: Context, name: str, title: str | Promise, label: str | Promise) -> dict[str, Any]:
    """A dialog with one text for a step of a complaint; it stands open, with what was typed, after a refusal."""
    one = context["one"]
    if name in _OWN:
        action = reverse(f"complaints:{name}", args=[one.number])
    else:
        action = reverse("complaints:act", args=[one.number, name])
    return {
        "name": name,
        "title": title,
        "label": label,
        "action": action,
        "open": context["opened"] == name,
        "form": context["text_form"],
        "level": one.level if name == "up" else "",
        "csrf_token": context.get("csrf_token", ""),
        "request": context["request"],
    }
