# SPDX-License-Identifier: Apache-2.0
"""Filters of the pages of the gateway."""

from __future__ import annotations

from django import template

from zuoxi.gateway import failings

register = template.Library()


@register.filter
def failing(error: str) -> str:
    """Why something did not get through, in the reader's language."""
    return failings.told(error)
