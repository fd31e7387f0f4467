# SPDX-License-Identifier: Apache-2.0
"""What a signed-in person owes before anything else, and that he is still here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from zuoxi.people.models import User
from zuoxi.policy.marks import enforces
from zuoxi.web.middleware import access_of

SEEN_EVERY = timedelta(minutes=5)
_OPEN = {"account_change_password", "account_logout", "account_login", "set_language"}


@enforces("SEC-022")
def must_change(user: User, now: datetime) -> bool:
    """A password that was handed out, or is older than ZUOXI_PASSWORD_DAYS, is changed before anything else."""
    if user.must_change_password:
        return True
    days: int = settings.PASSWORD_DAYS
    since = user.password_changed_at
    return bool(days) and since is not None and now - since >= timedelta(days=days)


class SignInDuties(MiddlewareMixin):
    """Send people with an outworn password to change it; note now and then that a session is in use."""

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        name = request.resolver_match.url_name if request.resolver_match else None
        if name in _OPEN or access_of(view) == "public":
            return None
        user = request.user
        if not isinstance(user, User):
            return None
        now = timezone.now()
        self._seen(request, now)
        if not must_change(user, now):
            return None
        if request.path.startswith("/api/") or request.headers.get("HX-Request"):
            return JsonResponse({"title": "Change your password first", "status": 403}, status=403)
        return redirect("account_change_password")

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep the language that somebody chose, for the next sign-in on another machine."""
        match = request.resolver_match
        if match is None or match.url_name != "set_language" or request.method != "POST":
            return response
        chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
        if isinstance(request.user, User) and chosen is not None:
            User.objects.filter(pk=request.user.pk).update(language=chosen.value)
        return response

    def _seen(self, request: HttpRequest, now: datetime) -> None:
        key = request.session.session_key
        if key and cache.add(f"people.seen.{key}", True, SEEN_EVERY.total_seconds()):
            UserSession.objects.filter(session_key=key).update(last_seen_at=now)
