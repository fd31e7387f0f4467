# SPDX-License-Identifier: Apache-2.0
"""Where a request came from."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """The caller's address; behind n trusted proxies (ZUOXI_PROXIES) the n-th from the right of X-Forwarded-For.

    None when it cannot be known: what a stranger wrote into the header is never believed.
    """
    said = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    behind: int = settings.TRUSTED_PROXIES
    text = said[-behind] if 0 < behind <= len(said) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(str(text).partition("%")[0]))
    except ValueError:
        return None
