# SPDX-License-Identifier: Apache-2.0
"""Who asks, and how a page answers what was done or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.floor.refusing import Refused
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.rulebook import Impossible


def me(request: HttpRequest) -> Staff:
    """The staff record of who asks; 403 for a technical account."""
    staff = people.staff_of(request.user)
    if staff is None:
        raise PermissionDenied("no staff record")
    return staff


def reach_posts(request: HttpRequest) -> list[people.PostHeld]:
    """The posts of the people in reach of who asks, today; each person's highest."""
    today = timezone.localdate()
    scope = people.scope_of(request.user, today)
    codes = None if scope.everything else scope.agent_codes(today)
    best: dict[str, people.PostHeld] = {}
    for one in people.posts_on(today):
        if (codes is None or one.code in codes) and (one.code not in best or one.rank < best[one.code].rank):
            best[one.code] = one
    return list(best.values())


def reached(request: HttpRequest, code: str) -> Staff:
    """One of the people in reach; Refused for others, as for numbers nobody has."""
    scope = people.scope_of(request.user, timezone.localdate())
    found = people.staff_by_code(code.strip())
    if found is None or not (scope.everything or found.code in scope.agent_codes()):
        raise Refused(_("Choose one of your people."))
    return found


def done(request: HttpRequest, verb: Callable[[], Any], good: str, to: str, *args: Any) -> HttpResponse:
    """Do it and go on to the page; a refusal is said there. Fragments of htmx get the page anew."""
    try:
        verb()
    except (Refused, Impossible) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, good)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect(to, *args)
