# SPDX-License-Identifier: Apache-2.0
"""Writing to the audit chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from zuoxi.vault import chain, keys
from zuoxi.vault.models import AuditEntry, KeptSecret
from zuoxi.vault.origin import address_of
from zuoxi.vault.selectors import ChainStatus
from zuoxi.vault.selectors import chain_status as verify

__all__ = ["ChainStatus", "keep_secret", "kept_secret", "record", "record_request", "verify"]

_AUDIT_LOCK = 0x5A554158


def record(
    verb: str,
    *,
    who: str = "",
    on: tuple[str, object] | None = None,
    purpose: str = "",
    ip: str | None = None,
    at: datetime | None = None,
    **detail: Any,
) -> AuditEntry:
    """Add one row: `verb` in the form "people.staff.left", `who` a staff number ("" = the system), `on` (kind, id).

    Part of the caller's transaction: what is rolled back was not done and is not recorded. `detail` must be JSON and
    must not hold a secret or an unmasked customer number.
    """
    kind, identity = (on[0], str(on[1])) if on else ("", "")
    with transaction.atomic():
        _take_turn()
        last = AuditEntry.objects.order_by("-id").values_list("id", "seal").first()
        number, before = (last[0] + 1, bytes(last[1])) if last else (1, chain.GENESIS)
        link = chain.Link(number, at or timezone.now(), who, verb, kind, identity, purpose[:200], ip, detail)
        key = keys.current()
        entry = AuditEntry(
            id=link.id,
            at=link.at,
            who=link.who,
            verb=link.verb,
            on_kind=link.on_kind,
            on_id=link.on_id,
            purpose=link.purpose,
            ip=link.ip,
            detail=link.detail,
            key_id=key.id,
            seal=chain.seal(link, before, key.derived(chain.PURPOSE)),
        )
        entry.save(force_insert=True)
    return entry


def record_request(
    request: HttpRequest, verb: str, *, on: tuple[str, object] | None = None, purpose: str = "", **detail: Any
) -> AuditEntry:
    """The same for what a signed-in person did in a page: who and from where are read from the request."""
    who = request.user.get_username() if request.user.is_authenticated else ""
    if via := getattr(request, "zuoxi_via", ""):  # a program that acts for its owner
        detail["via"] = via
    return record(verb, who=who, on=on, purpose=purpose, ip=address_of(request), **detail)


def _take_turn() -> None:
    """One writer at a time: SQLite's IMMEDIATE transactions give it, PostgreSQL by an advisory lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_AUDIT_LOCK])


def keep_secret(name: str, value: str, who: str, now: datetime) -> None:
    """Keep a secret sealed under its name, in the place of an earlier one; "" forgets it. The chain notes that, never
    the value."""
    with transaction.atomic():
        if value:
            KeptSecret.objects.update_or_create(name=name, defaults={"value": value, "set_at": now, "set_by": who})
        else:
            KeptSecret.objects.filter(name=name).delete()
        record("vault.secret.kept" if value else "vault.secret.forgotten", who=who, on=("secret", name))


def kept_secret(name: str) -> str:
    """The secret for the program's own use; "" where none is kept."""
    row = KeptSecret.objects.filter(name=name).first()
    return str(row.value or "") if row else ""
