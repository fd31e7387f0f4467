# SPDX-License-Identifier: Apache-2.0
"""The handbook of this site: its pack with the approved amendments laid over it, read anew when one is approved."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic

from django.conf import settings
from django.db import OperationalError, ProgrammingError

from zuoxi.policy.handbook import Change, Handbook, handbook_of

_CHECK_EVERY = 2.0  # seconds between two looks at the version


@dataclass(slots=True)
class _Known:
    looked: float = float("-inf")
    pack: str = ""
    version: int = -1
    changes: tuple[Change, ...] = ()


_known = _Known()


def site_handbook() -> Handbook:
    """The handbook that this site is run by. Raises PackError and UnknownPack."""
    return handbook_of(settings.PACK, None, _changes())


def forget() -> None:
    """Look at the amendments again at the next question (an amendment was approved in this process)."""
    _known.looked = float("-inf")


def _changes() -> tuple[Change, ...]:
    now = monotonic()
    if now - _known.looked < _CHECK_EVERY and _known.pack == settings.PACK:
        return _known.changes
    if _in_event_loop():  # no database there; what is known is at most as old as the last question elsewhere
        return _known.changes if _known.pack == settings.PACK else ()
    version = _version()
    if not version:
        _known.changes, _known.version, _known.pack = (), 0, settings.PACK
    elif version != _known.version or _known.pack != settings.PACK:
        _known.changes = approved_changes(settings.PACK)
        _known.version, _known.pack = version, settings.PACK
    _known.looked = now
    return _known.changes


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
