# SPDX-License-Identifier: Apache-2.0
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone


def page(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame needs."""
    return {"server_now": timezone.now(), "site_zone": settings.TIME_ZONE}
