# SPDX-License-Identifier: Apache-2.0
"""Pages for what went wrong: what happened, what was kept, what to do."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zuoxi.web.access import registry
from zuoxi.web.problems import problem

log = structlog.get_logger(__name__)


def _page(  # noqa: PLR0917 - read in this order by people
    request: HttpRequest, status: int, title: str, happened: str, kept: str, todo: str
) -> HttpResponse:
    if request.path.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json"):
        return problem(status, title, happened)
    told = {"status": status, "title": title, "happened": happened, "kept": kept, "todo": todo}
    return render(request, "web/error.html", told, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _page(
        request,
        400,
        _("The request could not be read"),
        _("The browser sent something that this page does not understand."),
        _("Nothing was changed."),
        _("Go back and try once more. If it happens again, tell the support desk the time and this address."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403; names the right that was missing, so that a person knows what to ask for."""
    needed = registry.by_code.get(str(exception))
    happened = (
        _("This page needs the right “%(right)s”, which your position does not have.") % {"right": needed.label}
        if needed
        else _("Your position does not open this page.")
    )
    return _page(
        request,
        403,
        _("Not open to you"),
        happened,
        _("Nothing was changed; the attempt was written down."),
        _("If your work needs it, ask your supervisor to have the right added to your position."),
    )


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form whose secret is stale: the page stood open over a sign-in, or cookies are off."""
    return _page(
        request,
        403,
        _("The form has grown stale"),
        _("You signed in again since this page was opened, or the browser refuses cookies."),
        _("Nothing was changed. What you typed is still on the page before this one."),
        _("Go back, copy what you typed, load the page anew and send it again."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _page(
        request,
        404,
        _("Nothing stands here"),
        _("The address is wrong, or what stood here was moved or is not among the rows you may see."),
        _("Nothing was changed."),
        _("Use the navigation or the search (press /) to find it."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500; must not fail itself, so it falls back to plain text."""
    try:
        return _page(
            request,
            500,
            _("Something broke on our side"),
            _("The program met an error it did not expect. It has been written down with its time."),
            _("What was saved before stays saved; this last step was undone as a whole. The phones keep working."),
            _("Try again in a minute. If it happens again, tell the support desk the time."),
        )
    except Exception:
        log.exception("error_page_failed")
        return HttpResponse("500", status=500, content_type="text/plain")
