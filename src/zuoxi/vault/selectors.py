# SPDX-License-Identifier: Apache-2.0
"""Questions to the audit chain."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from zuoxi.vault import chain, keys
from zuoxi.vault.models import AuditEntry


@dataclass(frozen=True, slots=True)
class ChainStatus:
    """`broken_at` is the number of the first row that does not follow from the rows before it; None = whole.

    `head` is the last seal in hexadecimal: noted outside (on paper, in a mail) it
    proves later that nothing was cut off.
    """

    rows: int
    head: str
    broken_at: int | None = None
    why: str = ""

    @property
    def whole(self) -> bool:
        return self.broken_at is None


def _links() -> Iterator[tuple[chain.Link, str, bytes]]:
    rows = AuditEntry.objects.order_by("id").iterator(chunk_size=2000)
    for row in rows:
        yield (
            chain.Link(
                row.id,
                row.at,
                row.who,
                row.verb,
                row.on_kind,
                row.on_id,
                row.purpose,
                row.ip,
                row.detail,
            ),
            row.key_id,
            bytes(row.seal),
        )


def chain_status() -> ChainStatus:
    """Recompute the whole chain; stops at the first row that was changed, left out or put in."""
    before, count = chain.GENESIS, 0
    derived: dict[str, bytes] = {}
    for link, key_id, sealed in _links():
        count += 1
        if link.id != count:
            return ChainStatus(count - 1, before.hex(), count, "missing")
        if key_id not in derived:
            try:
                derived[key_id] = keys.by_id(key_id).derived(chain.PURPOSE)
            except keys.UnknownKey:
                return ChainStatus(count, before.hex(), link.id, "unknown key")
        if not hmac.compare_digest(chain.seal(link, before, derived[key_id]), sealed):
            return ChainStatus(count, before.hex(), link.id, "changed")
        before = sealed
    return ChainStatus(count, before.hex() if count else "")


def trail_of(kind: str, identity: str, limit: int = 20) -> list[AuditEntry]:
    """The newest rows about one thing."""
    return list(AuditEntry.objects.filter(on_kind=kind, on_id=identity)[:limit])


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Empty filters nothing; `before` is a row number (exclusive); `day` in the site's zone."""

    who: str = ""
    verb: str = ""
    day: date | None = None
    on_id: str = ""
    before: int | None = None


def audit_rows(asked: AuditFilter, limit: int) -> list[AuditEntry]:
    """The newest rows that fit; one query."""
    rows = AuditEntry.objects.all()
    for field, value in (("who", asked.who.strip()), ("verb", asked.verb), ("on_id", asked.on_id.strip())):
        if value:
            rows = rows.filter(**{field: value})
    if asked.day:
        start = timezone.make_aware(datetime.combine(asked.day, time()))
        rows = rows.filter(at__gte=start, at__lt=start + timedelta(days=1))
    if asked.before is not None:
        rows = rows.filter(id__lt=asked.before)
    return list(rows.order_by("-id")[:limit])
