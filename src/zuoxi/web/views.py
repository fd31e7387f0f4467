# SPDX-License-Identifier: Apache-2.0
"""Pages that belong to no other package."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from zuoxi.web import navigation
from zuoxi.web.access import signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The first screen of whoever signed in."""
    url = navigation.home_for(request)
    return redirect(url) if url and url != request.path else render(request, "web/home.html")


@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Everything that holds the words, by kind, among the rows the person may see."""
    words = request.GET.get("q", "").strip()[:100]
    found = navigation.search(request, words) if words else []
    return render(request, "web/search.html", {"words_asked": words, "found": found})


@signed_in
def counts(request: HttpRequest) -> HttpResponse:
    """What waits behind the doors, as JSON; asked for by the page once it stands, so that no page pays for it."""
    return JsonResponse(navigation.counts_for(request), headers={"Cache-Control": "private, max-age=5"})
