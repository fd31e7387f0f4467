# SPDX-License-Identifier: Apache-2.0
from django.http import HttpRequest, HttpResponse

from zuoxi.web.access import signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The first screen of whoever signed in."""
    return HttpResponse("ok")
