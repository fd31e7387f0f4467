# SPDX-License-Identifier: Apache-2.0
"""Exports that wait for a second person: the analyst prepares, the support manager looks and releases (SEC-002).

Managers and the director answer for what they take out themselves; whoever exports as the analyst alone is reviewed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from zuoxi.vault import encryption
from zuoxi.vault.access import RELEASE
from zuoxi.vault.exports import MAY_EXPORT
from zuoxi.vault.models import HeldExport
from zuoxi.vault.services import record
from zuoxi.web.marks import enforces
from zuoxi.web.roles import Role

KEPT_DAYS = 7
_DAY_SECONDS = 86_400
REVIEWED = frozenset({Role.DA})
"""Who exports in one of these posts, and in no other that may, is reviewed."""


Heard = Callable[[HeldExport], None]
_heard: list[Heard] = []


def tell_of_exports(heard: Heard) -> None:
    """Who tells people: called when an export waits for its review, and again when it was decided."""
    if heard not in _heard:
        _heard.append(heard)


def _tell(export: HeldExport) -> None:
    for heard in _heard:
        heard(export)


def releasing_posts() -> list[str]:
    """Posts whose holders look at exports and release them."""
    return sorted(RELEASE.roles)


class NotReleased(ValueError):
    """The decision or the file cannot be had; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class File:
    """What is to leave, as it would have been downloaded."""

    title: str
    name: str
    content_type: str
    content: bytes
    purpose: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it: staff number or user name, and the name of then."""

    code: str
    name: str


@enforces("SEC-002")
def must_be_reviewed(roles: Iterable[str]) -> bool:
    """Whether what this person takes out is looked at by a second person first."""
    held = MAY_EXPORT.intersection(roles)
    return bool(held) and held <= REVIEWED


def _path(pk: int) -> Path:
    folder = Path(settings.HOME) / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{pk}.sealed"


def _clear_old() -> None:
    for old in _path(0).parent.glob("*.sealed"):
        if time.time() - old.stat().st_mtime > KEPT_DAYS * _DAY_SECONDS:
            old.unlink(missing_ok=True)


def hold(file: File, by: Doer, now: datetime) -> HeldExport:
    """Keep the file, sealed, until somebody else has looked at it."""
    _clear_old()
    with transaction.atomic():
        made = HeldExport.objects.create(
            title=file.title[:200],
            purpose=file.purpose[:200],
            filename=file.name[:120],
            content_type=file.content_type[:100],
            size=len(file.content),
            digest=sha256(file.content).hexdigest(),
            address=file.address[:500],
            asked_by=by.code,
            asked_name=by.name[:80],
            asked_at=now,
        )
        path = _path(made.pk)
        path.touch(mode=0o600)
        path.write_bytes(encryption.seal(file.content, f"export:{made.pk}"))
        record("vault.export.held", who=by.code, on=("export", made.pk), purpose=made.purpose, at=now, title=made.title)
        _tell(made)
    return made


@enforces("SEC-002")
def decide(pk: int, by: Doer, now: datetime, *, release: bool, reason: str = "") -> HeldExport:
    """Release the file or turn it down. Raises NotReleased: one's own, decided already, or no reason for a refusal."""
    state = HeldExport.State.RELEASED if release else HeldExport.State.REFUSED
    if not release and not reason.strip():
        raise NotReleased(_("Say why, so that the analyst can put it right."))
    with transaction.atomic():
        found = HeldExport.objects.select_for_update().get(pk=pk)
        if found.asked_by == by.code:
            raise NotReleased(_("Nobody reviews an export of his own; another manager has to look at it."))
        if found.state != HeldExport.State.WAITING:
            raise NotReleased(
                _("%(name)s has decided it already: %(state)s.")
                % {"name": found.decided_name, "state": found.get_state_display()}
            )
        found.state, found.reason = state, reason.strip()[:200]
        found.decided_by, found.decided_name, found.decided_at = by.code, by.name[:80], now
        found.save()
        record(f"vault.export.{state.value}", who=by.code, on=("export", pk), purpose=found.reason, at=now)
        _tell(found)
    return found


@enforces("SEC-002")
def fetch(pk: int, by: Doer, now: datetime, *, reviewer: bool) -> tuple[HeldExport, bytes]:
    """The file: for a reviewer to look at, for whoever asked once it is released. Raises NotReleased."""
    found = HeldExport.objects.get(pk=pk)
    looks = reviewer and found.asked_by != by.code
    if not looks and found.state != HeldExport.State.RELEASED:
        raise NotReleased(_("It has not been released."))
    path = _path(pk)
    if not path.exists():
        raise NotReleased(_("The file is kept for %(days)s days only; prepare it again.") % {"days": KEPT_DAYS})
    content = encryption.unseal(path.read_bytes(), f"export:{pk}")
    with transaction.atomic():
        if not looks:
            HeldExport.objects.filter(pk=pk, state=HeldExport.State.RELEASED).update(fetched_at=now)
        record("vault.export.looked" if looks else "vault.export.fetched", who=by.code, on=("export", pk), at=now)
    return found, content
