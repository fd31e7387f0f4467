# SPDX-License-Identifier: Apache-2.0
"""Who asks, and what every page of the knowledge needs to know of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from zuoxi.knowledge.scripts import Speaker
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_of


def own_record(request: HttpRequest) -> Staff:
    """The person's staff record."""
    staff = staff_of(request.user)
    if staff is None or not staff.employed:
        raise PermissionDenied("no staff record")
    return staff


def speaker_of(request: HttpRequest, **more: Any) -> Speaker:
    """The agent who would speak, with the name of the centre as callers hear it."""
    from django.conf import settings

    staff = staff_of(request.user)
    centre = str(getattr(settings, "ZUOXI_CENTRE", "")) or str(request.GET.get("centre", ""))
    return Speaker(agent=staff.code if staff else "", centre=centre or _centre(), **more)


def _centre() -> str:
    from django.utils.translation import gettext

    return gettext("our service centre")


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page that asked, or to another one."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return redirect(wanted if safe else otherwise)
