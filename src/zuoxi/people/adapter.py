# SPDX-License-Identifier: Apache-2.0
from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-ins are made by the centre, never by strangers."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
