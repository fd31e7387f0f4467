# SPDX-License-Identifier: Apache-2.0
"""The handbook of this site: its pack with the approved amendments laid over it, read anew when one is approved."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import OperationalError, ProgrammingError, transaction
from django.db.models import F

from zuoxi.policy.clauses import Title
from zuoxi.policy.handbook import Change, Handbook, handbook_of
from zuoxi.policy.vocabulary import provide_trade_names

if TYPE_CHECKING:
    from zuoxi.policy.models import Suspension

_CHECK_EVERY = 2.0  # seconds between two looks at the version


@dataclass(slots=True)
class _Known:
    looked: float = float("-inf")
    pack: str = ""
    version: int = -1
    changes: tuple[Change, ...] = ()
    off: dict[str, dict[str, Suspension]] = field(default_factory=dict)


_known = _Known()


def site_handbook() -> Handbook:
    """The handbook that this site is run by. Raises PackError and UnknownPack."""
    return handbook_of(settings.PACK, None, _changes())


def forget() -> None:
    """Look at the amendments and switches again at the next question."""
    _known.looked, _known.version = float("-inf"), -1


def switched_off(kind: str) -> dict[str, Suspension]:
    """Key → who switched it off, of the warnings or rules (`kind`) that are off now."""
    _refresh()
    return _known.off.get(kind, {})


def _changes() -> tuple[Change, ...]:
    _refresh()
    return _known.changes if _known.pack == settings.PACK else ()


def _refresh() -> None:
    now = monotonic()
    if now - _known.looked < _CHECK_EVERY and _known.pack == settings.PACK:
        return
    if _in_event_loop():  # no database there; what is known is at most as old as the last question elsewhere
        return
    version = _version()
    if not version:
        _known.changes, _known.off = (), {}
    elif version != _known.version or _known.pack != settings.PACK:
        _known.changes, _known.off = approved_changes(settings.PACK), _switches()
    _known.version, _known.pack = version, settings.PACK
    _known.looked = now


def _switches() -> dict[str, dict[str, Suspension]]:
    from zuoxi.policy.models import Suspension

    newest = {(row.kind, row.key): row for row in Suspension.objects.order_by("id")}
    found: dict[str, dict[str, Suspension]] = {}
    for (kind, key), row in newest.items():
        if row.off:
            found.setdefault(kind, {})[key] = row
    return found


def grown() -> None:
    """Let every process look anew: an amendment was approved or a switch turned. Call it in the transaction."""
    from zuoxi.policy.models import HandbookVersion

    if not HandbookVersion.objects.filter(pk=1).update(number=F("number") + 1):
        HandbookVersion.objects.create(pk=1, number=1)
    transaction.on_commit(forget)
    forget()


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _version() -> int:
    from zuoxi.policy.models import HandbookVersion

    try:
        return HandbookVersion.objects.values_list("number", flat=True).first() or 0
    except (OperationalError, ProgrammingError):  # before the first migration
        return 0


def approved_changes(pack: str) -> tuple[Change, ...]:
    """The approved amendments of a pack, in the order in which they were approved."""
    from zuoxi.policy.models import Amendment

    rows = Amendment.objects.filter(pack=pack, state=Amendment.State.APPROVED).order_by("decided_at", "pk")
    return tuple(
        Change(row.figure, row.since, tuple(row.value) if isinstance(row.value, list) else row.value, row.until)
        for row in rows
    )


def _trade_names() -> dict[str, Title]:
    """The posts as the site's trade calls them (section `position_names`), by code."""
    written = handbook_of(settings.PACK).entries_by_section.get("position_names", {})
    return {code: Title(one.body.zh, one.body.en) for code, one in written.items()}


provide_trade_names(_trade_names)
