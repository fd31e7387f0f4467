# SPDX-License-Identifier: Apache-2.0
"""Setting up web hooks."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from zuoxi.gateway import failings
from zuoxi.gateway.applications import NotDone
from zuoxi.gateway.kinds import KINDS
from zuoxi.gateway.models import Subscription
from zuoxi.gateway.outbox import SECRET
from zuoxi.messaging import services as messaging
from zuoxi.people.models import Staff
from zuoxi.vault import services as vault

OVERLAP: Final = timedelta(hours=24)


def new_secret() -> str:
    return SECRET + base64.b64encode(secrets.token_bytes(32)).decode()


def checked(url: str) -> str:
    """The address without blanks around it. Raises NotDone for one that nothing is sent to.

    What cannot be resolved now is taken: it is looked at again before each attempt.
    """
    text = url.strip()
    try:
        messaging.destination(text)
    except messaging.Refused as refused:
        raise NotDone(_("Nothing is sent to this address. %(why)s") % {"why": failings.told(str(refused))}) from refused
    except messaging.Unreachable:
        pass
    return text


def is_plain(url: str) -> bool:
    """Whether what is sent there can be read on the way."""
    return urlsplit(url).scheme != "https"


def _kinds(kinds: Iterable[str]) -> list[str]:
    wanted = sorted(set(kinds))
    if not wanted:
        raise NotDone(_("Choose at least one happening."))
    unknown = [one for one in wanted if one not in KINDS]
    if unknown:
        raise NotDone(_("There is no happening %(kind)s.") % {"kind": ", ".join(unknown)})
    return wanted


def subscribe(
    name: str, url: str, *, kinds: Iterable[str], owner: Staff, by: str, now: datetime
) -> tuple[Subscription, str]:
    """The web hook and its secret, which nobody can read again. Raises NotDone."""
    wanted, there, secret = _kinds(kinds), checked(url), new_secret()
    with transaction.atomic():
        made = Subscription.objects.create(
            name=name, url=there, kinds=wanted, owner=owner, secret=secret, created_at=now, created_by=by
        )
        host = urlsplit(there).hostname
        vault.record("gateway.webhook.set_up", who=by, on=("webhook", made.pk), at=now, host=host, kinds=wanted)
    return made, secret


def change(pk: int, *, name: str, url: str, kinds: Iterable[str], owner: Staff, by: str, now: datetime) -> Subscription:
    """What waits already goes to the new address. Raises NotDone."""
    wanted, there = _kinds(kinds), checked(url)
    with transaction.atomic():
        row = Subscription.objects.select_for_update().get(pk=pk)
        row.name, row.url, row.kinds, row.owner = name, there, wanted, owner
        row.save(update_fields=["name", "url", "kinds", "owner"])
        host = urlsplit(there).hostname
        vault.record("gateway.webhook.changed", who=by, on=("webhook", pk), at=now, host=host, kinds=wanted)
    return row


def switch(pk: int, on: bool, *, by: str, now: datetime) -> bool:
    """False when it was so already."""
    with transaction.atomic():
        if not Subscription.objects.filter(pk=pk, enabled=not on).update(enabled=on, off_because=""):
            return False
        vault.record("gateway.webhook.switched", who=by, on=("webhook", pk), at=now, enabled=on)
    return True


def renew_secret(pk: int, *, by: str, now: datetime) -> str:
    """The new secret; the old one signs beside it for a day, so that the receiver can change when it suits."""
    with transaction.atomic():
        row = Subscription.objects.select_for_update().get(pk=pk)
        row.old_secret, row.old_until, row.secret = row.secret, now + OVERLAP, new_secret()
        row.save(update_fields=["old_secret", "old_until", "secret"])
        vault.record("gateway.webhook.secret", who=by, on=("webhook", pk), at=now)
    return row.secret or ""
