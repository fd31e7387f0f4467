# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from zuoxi.web.access import may, signed_in


@signed_in
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    return HttpResponse(number)


@may("approvals.use")
def delegations(request: HttpRequest) -> HttpResponse:
    return HttpResponse()
