# SPDX-License-Identifier: Apache-2.0
"""Who listens to what: written into the audit chain before the first byte flows, once for each listening.

A player asks for a file in many pieces. The page that shows the player carries a ticket; the first piece asked with
it writes the listening down, the later ones find it written. Pieces asked without a ticket are each written down.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from django.core import signing
from django.db import transaction
from django.utils import timezone

from zuoxi.policy.marks import records
from zuoxi.telephony.models import Recording
from zuoxi.telephony.page_models import RecordingPlay
from zuoxi.vault import services as vault

_SALT: Final = "zuoxi.telephony.listening"
TICKET_SECONDS: Final = 12 * 3600


def ticket_for(user_id: int, recording: Recording) -> str:
    """For one person, one recording and one showing of the player; signed, good for a shift."""
    return signing.dumps([user_id, recording.pk, secrets.token_urlsafe(24)], salt=_SALT)


def _name_in(ticket: str, user_id: int, recording: Recording) -> str:
    """The ticket's own name; a fresh one when it is no ticket of this person for this recording, or too old."""
    try:
        person, number, name = signing.loads(ticket, salt=_SALT, max_age=TICKET_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return secrets.token_urlsafe(24)
    return str(name) if (person, number) == (user_id, recording.pk) else secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Listener:
    """Who asks, from where: the sign-in, the staff number, the address."""

    user_id: int
    staff: str
    ip: str | None


@records("CALL-002", "SEC-009")
def write_down(listener: Listener, recording: Recording, ticket: str = "", *, download_for: str = "") -> bool:
    """Write the listening (or the taking out) down; False when this ticket's listening stood there already."""
    name = _name_in(ticket, listener.user_id, recording)
    if RecordingPlay.objects.filter(ticket=name).exists():
        return False
    with transaction.atomic():
        _play, fresh = RecordingPlay.objects.get_or_create(
            ticket=name,
            defaults={
                "path": recording.path,
                "user_id": listener.user_id,
                "began_at": timezone.now(),
                "downloaded": bool(download_for),
            },
        )
        if fresh:
            vault.record(
                "telephony.recording.downloaded" if download_for else "telephony.recording.played",
                who=listener.staff,
                on=("recording", recording.pk),
                purpose=download_for,
                ip=listener.ip,
                path=recording.path,
                call=recording.call_id,
                agent=recording.agent,
            )
    return fresh
