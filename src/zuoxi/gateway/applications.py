# SPDX-License-Identifier: Apache-2.0
"""Setting up programs and handing out their tokens."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from zuoxi.gateway import doors
from zuoxi.gateway.callers import PREFIX, digest_of
from zuoxi.gateway.models import Application, Token
from zuoxi.people.models import Staff
from zuoxi.vault import services as vault

LONGEST: Final = 366
OVERLAP: Final = timedelta(hours=24)
"""How long the old token works beside the new one, so that nobody has to change both ends in the same second."""
IN_FORCE: Final = 5


class NotDone(ValueError):
    """What was asked for cannot be; the message says why, in the reader's language."""


def set_up(
    code: str, *, name: str, purpose: str, owner: Staff, scopes: Iterable[str], per_minute: int, by: str, now: datetime
) -> Application:
    """Raises NotDone for a code that is taken and for scopes that are none, or that the owner has no right to."""
    wanted = _scopes_for(owner, scopes)
    if Application.objects.filter(code=code).exists():
        raise NotDone(_("Another application has the code %(code)s.") % {"code": code})
    with transaction.atomic():
        made = Application.objects.create(
            code=code,
            name=name,
            purpose=purpose,
            owner=owner,
            scopes=wanted,
            per_minute=per_minute,
            created_at=now,
            created_by=by,
        )
        vault.record("gateway.application.set_up", who=by, on=("application", code), at=now, scopes=wanted)
    return made


def change(
    pk: int, *, name: str, purpose: str, owner: Staff, scopes: Iterable[str], per_minute: int, by: str, now: datetime
) -> Application:
    """Takes effect with the next call. Raises NotDone."""
    wanted = _scopes_for(owner, scopes)
    with transaction.atomic():
        row = Application.objects.select_for_update().get(pk=pk)
        before = {"owner": row.owner.code, "scopes": row.scopes}
        row.name, row.purpose, row.owner, row.scopes, row.per_minute = name, purpose, owner, wanted, per_minute
        row.save()
        after = {"owner": owner.code, "scopes": wanted}
        vault.record(
            "gateway.application.changed", who=by, on=("application", row.code), at=now, before=before, after=after
        )
    return row


def _scopes_for(owner: Staff, scopes: Iterable[str]) -> list[str]:
    wanted = sorted(set(scopes))
    unknown = [one for one in wanted if one not in doors.scopes()]
    if unknown:
        raise NotDone(_("There is no scope %(scope)s.") % {"scope": ", ".join(unknown)})
    user = owner.user
    if user is None or not user.is_active:
        raise NotDone(_("%(name)s cannot sign in, so no program can act for them.") % {"name": owner.name})
    idle = [one for one in wanted if not doors.rights_of([one]) & user.capabilities]
    if idle:
        told = {"name": owner.name, "scopes": "; ".join(doors.scope_label(one) for one in idle)}
        raise NotDone(_("%(name)s has no right that opens: %(scopes)s") % told)
    return wanted


def close(pk: int, *, by: str, now: datetime) -> bool:
    """No token of it works any more; False when it was closed before."""
    with transaction.atomic():
        if not Application.objects.filter(pk=pk, closed_at=None).update(closed_at=now):
            return False
        code = Application.objects.values_list("code", flat=True).get(pk=pk)
        Token.objects.filter(application_id=pk, revoked_at=None).update(revoked_at=now, revoked_by=by)
        vault.record("gateway.application.closed", who=by, on=("application", code), at=now)
    return True


def issue(pk: int, *, days: int, by: str, now: datetime) -> tuple[Token, str]:
    """The new token and its text, which nobody can read again. Raises NotDone."""
    if not 1 <= days <= LONGEST:
        raise NotDone(_("A token lives between one day and %(days)s days.") % {"days": LONGEST})
    with transaction.atomic():
        application = Application.objects.select_for_update().get(pk=pk)
        if application.closed_at is not None:
            raise NotDone(_("The application is closed."))
        if application.tokens.filter(revoked_at=None, expires_at__gt=now).count() >= IN_FORCE:
            raise NotDone(_("%(count)s tokens are in force already; revoke one first.") % {"count": IN_FORCE})
        return _issued(application, now + timedelta(days=days), by, now)


def _issued(application: Application, until: datetime, by: str, now: datetime) -> tuple[Token, str]:
    mark, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    token = Token.objects.create(
        application=application, mark=mark, digest=digest_of(secret), created_at=now, created_by=by, expires_at=until
    )
    vault.record(
        "gateway.token.issued",
        who=by,
        on=("application", application.code),
        at=now,
        token=mark,
        until=until.isoformat(),
    )
    return token, f"{PREFIX}_{mark}_{secret}"


def rotate(token_id: int, *, by: str, now: datetime) -> tuple[Token, str]:
    """A new token for as long as the old one was given; the old one works for a day longer at most. Raises NotDone."""
    with transaction.atomic():
        old = Token.objects.select_for_update().select_related("application").get(pk=token_id)
        if not old.in_force(now) or old.application.closed_at is not None:
            raise NotDone(_("This token is no longer in force; hand out a new one."))
        made = _issued(old.application, now + (old.expires_at - old.created_at), by, now)
        old.expires_at = min(old.expires_at, now + OVERLAP)
        old.save(update_fields=["expires_at"])
    return made


def revoke(token_id: int, *, by: str, now: datetime) -> bool:
    """From the next call on it opens nothing; False when it was revoked before."""
    with transaction.atomic():
        if not Token.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=now, revoked_by=by):
            return False
        token = Token.objects.select_related("application").get(pk=token_id)
        vault.record(
            "gateway.token.revoked", who=by, on=("application", token.application.code), at=now, token=token.mark
        )
    return True
