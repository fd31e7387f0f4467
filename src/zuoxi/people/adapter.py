# SPDX-License-Identifier: Apache-2.0
"""How signing in works here: by staff number, closed to strangers, written down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.people.models import User
from zuoxi.people.sessions import other_seat
from zuoxi.policy.marks import enforces
from zuoxi.vault import encryption
from zuoxi.vault import services as vault
from zuoxi.vault.origin import address_of
from zuoxi.web.roles import AGENTS

_CONTEXT = "mfa.secret"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-ins are made by the centre, never by strangers."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The staff number or the password is wrong."),
        "too_many_login_attempts": _(
            "Too many wrong attempts. Wait five minutes, or ask your supervisor for a new password."
        ),
        "enter_current_password": _("That is not your present password."),
        "incorrect_password": _("That is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        address = address_of(request)
        if address is None:
            raise PermissionDenied("the caller's address is unknown")
        return address

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Not by e-mail: the audit chain keeps what happened, and few people here have an address."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Only numbers that exist are kept: people type passwords into the wrong field."""
        tried = User.objects.filter(username=credentials.get("username", "")).first()
        vault.record(
            "people.sign_in.failed",
            on=("staff", tried.username) if tried else None,
            ip=address_of(request),
        )

    @enforces("CALL-009")
    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """One staff number sits at one seat: an agent who is at work elsewhere is refused the second one."""
        refused: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if refused is not None or not user.roles & AGENTS:
            return refused
        here, idle = self.get_client_ip(request), timedelta(minutes=settings.SEAT_IDLE_MINUTES)
        other = other_seat(user, here, timezone.now(), idle)
        if other is None:
            return None
        clear_login(request)
        vault.record(
            "people.sign_in.second_seat", who=user.username, ip=here, on=("session", other.pk), other=str(other.ip)
        )
        return render(
            request, "people/second_seat.html", {"other": other, "idle_minutes": settings.SEAT_IDLE_MINUTES}, status=403
        )

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        vault.record("people.sign_in", who=user.username, ip=address_of(request))

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            vault.record_request(request, "people.sign_out")
        super().logout(request)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", secure=settings.PUBLIC_HTTPS
            )
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Silent: the pages themselves say what was done."""

    def set_password(self, user: User, password: str) -> None:
        user.must_change_password, user.password_changed_at = False, timezone.now()
        super().set_password(user, password)
        vault.record("people.password.changed", who=user.username)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The shared secrets of the second factor are sealed in the database."""

    def encrypt(self, text: str) -> str:
        return encryption.seal(text.encode(), _CONTEXT).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.unseal(bytes.fromhex(encrypted_text), _CONTEXT).decode()

    def get_totp_label(self, user: User) -> str:
        return user.username
