# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zuoxi.gateway import kinds, selectors
from zuoxi.gateway.access import REFERENCE
from zuoxi.web.access import may


@may(REFERENCE.code)
def reference(request: HttpRequest) -> HttpResponse:
    """What the API offers, with the scope of each operation, and what web hooks are told."""
    told = {"packages": selectors.reference(), "kinds": kinds.KINDS.values()}
    return render(request, "gateway/reference.html", told)
