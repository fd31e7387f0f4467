# SPDX-License-Identifier: Apache-2.0
"""Days as people read them: 2, 0.5, 0.38."""

from __future__ import annotations

from decimal import Decimal

from django import template

from zuoxi.policy.handbook import as_text
from zuoxi.web.measures import UNKNOWN

register = template.Library()


@register.filter
def days(value: Decimal | None) -> str:
    """A number of days without idle noughts; None is unknown."""
    return UNKNOWN if value is None else as_text(value)
