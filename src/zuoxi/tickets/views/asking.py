# SPDX-License-Identifier: Apache-2.0
"""Who asks, which ticket is meant, and how a page answers what was done or refused."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.rulebook import Impossible
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets.models import Ticket
from zuoxi.tickets.refusing import Refused
from zuoxi.tickets.visibility import visible_tickets


def me(request: HttpRequest) -> Staff:
    """The staff record of who asks; 403 for a technical account."""
    staff = people.staff_of(request.user)
    if staff is None:
        raise PermissionDenied("no staff record")
    return staff


def seen(request: HttpRequest, number: str) -> Ticket:
    """A ticket that the person may see, with everything its page names; 404 for others."""
    rows = visible_tickets(request.user).select_related(
        "customer", "first_handler", "owner", "covered_by", "department", "form", "parent"
    )
    return get_object_or_404(rows, number=number)


def moment_of(text: str) -> datetime | None:
    """A moment typed into a form, at the site; None for nothing or for what is none."""
    with suppress(ValueError):
        found = datetime.fromisoformat(text.strip())
        return found if found.tzinfo else found.replace(tzinfo=site_handbook().zone)
    return None


def back_to(request: HttpRequest, otherwise: str) -> str:
    """The page that the form stood on, if it is one of ours."""
    asked = request.POST.get("next", "")
    if asked and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and not urlsplit(asked).netloc:
        return asked
    return otherwise


def done(request: HttpRequest, verb: Callable[[], Any], good: str, ticket: Ticket) -> HttpResponse:
    """Do it and go back; a refusal is said there. Who gave the ticket away and sees it no more comes to his work."""
    try:
        verb()
    except (Refused, Impossible) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, good)
    own = reverse("tickets:ticket", args=[ticket.number])
    target = back_to(request, own)
    if urlsplit(target).path == own and not visible_tickets(request.user).filter(pk=ticket.pk).exists():
        target = reverse("tickets:work")
    return redirect(target)
