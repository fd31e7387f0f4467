# SPDX-License-Identifier: Apache-2.0
"""Questions to the audit chain."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass

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
