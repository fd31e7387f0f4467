# SPDX-License-Identifier: Apache-2.0
"""What a new centre does first, as a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zuoxi.reporting import access
from zuoxi.reporting.first_steps import first_steps
from zuoxi.web.access import may


@may(access.OVERVIEW.code)
def page(request: HttpRequest) -> HttpResponse:
    """The steps in order, each with its door; what is done is ticked."""
    steps = first_steps(timezone.localdate(), request.user.capabilities)  # type: ignore[union-attr]
    following = next((one for one in steps if not one.done and one.url), None)
    context = {"steps": steps, "done": sum(one.done for one in steps), "following": following}
    return render(request, "reporting/first_steps.html", context)
