# SPDX-License-Identifier: Apache-2.0
"""Changing one's password: allauth's page, closed to accounts that have none."""

from allauth.account import views as account
from django.http import Http404, HttpRequest, HttpResponse

from zuoxi.people.models import User
from zuoxi.web.access import signed_in


@signed_in
def change_password(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, User) or not request.user.has_usable_password():
        raise Http404
    answer: HttpResponse = account.password_change(request)
    return answer
