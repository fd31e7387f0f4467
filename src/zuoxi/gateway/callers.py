# SPDX-License-Identifier: Apache-2.0
"""Who a program is: its token, in whose name it acts, and how often it may call."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from zuoxi.gateway.doors import rights_of
from zuoxi.gateway.models import Application, Token, UsedMinute
from zuoxi.people.models import User
from zuoxi.vault import services as vault

PREFIX: Final = "zx"
NOTED_EVERY: Final = timedelta(minutes=1)


class TooMany(Exception):
    """The application has used up its minute; `wait` is in seconds."""

    def __init__(self, wait: int, limit: int) -> None:
        super().__init__(f"{limit} calls a minute")
        self.wait, self.limit = wait, limit


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that proved itself. `user` is its owner with the rights of the scopes alone."""

    application: Application
    user: User

    def opens(self, scope: str) -> bool:
        return bool(scope) and scope in self.application.scopes


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def caller_for(text: str, address: str | None, now: datetime) -> Caller | None:
    """None for a token that is unknown, expired or revoked, and when its owner may no longer sign in himself.

    Raises TooMany above the application's limit. Counts the call.
    """
    prefix, _first, rest = text.strip().partition("_")
    mark, _second, secret = rest.partition("_")
    if prefix != PREFIX or not secret or len(text) > 200:
        return None
    token = Token.objects.select_related("application__owner__user").filter(mark=mark).first()
    if token is None or not hmac.compare_digest(token.digest, digest_of(secret)):
        return None
    application = token.application
    user = application.owner.user
    if not token.in_force(now) or application.closed_at is not None or user is None or not user.is_active:
        return None
    if not user.posts:
        return None
    _count(application, now)
    _note(token, address, now)
    user.__dict__["capabilities"] = user.capabilities & rights_of(application.scopes)
    return Caller(application, user)


def _count(application: Application, now: datetime) -> None:
    minute = now.replace(second=0, microsecond=0)
    rows = UsedMinute.objects.filter(application=application, minute=minute)
    free = rows.filter(calls__lt=application.per_minute)
    if free.update(calls=F("calls") + 1):
        return
    UsedMinute.objects.get_or_create(application=application, minute=minute)
    if not free.update(calls=F("calls") + 1):
        rows.update(refused=F("refused") + 1)
        raise TooMany(60 - now.second, application.per_minute)


def _note(token: Token, address: str | None, now: datetime) -> None:
    """Last use, at most once a minute; into the audit log the first use of a day and each change of address."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
    moved = ~Q(last_used_from=address) if address else Q(pk__in=[])
    before, since = token.last_used_from, token.last_used_at
    with transaction.atomic():
        if not Token.objects.filter(stale | moved, pk=token.pk).update(last_used_at=now, last_used_from=address):
            return
        if since is None or before != address or timezone.localdate(since) != timezone.localdate(now):
            vault.record(
                "gateway.token.used",
                who=token.application.owner.code,
                on=("application", token.application.code),
                ip=address,
                at=now,
                token=token.mark,
            )
