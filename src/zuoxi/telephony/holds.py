# SPDX-License-Identifier: Apache-2.0
"""Keeping recordings from deletion while a complaint or a dispute needs them."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone

from zuoxi.telephony.listening import Listener
from zuoxi.telephony.models import Recording
from zuoxi.telephony.page_models import RecordingHold
from zuoxi.vault import services as vault

SHORTEST_REASON: Final = 4


@transaction.atomic
def place(recording: Recording, by: Listener, reason: str) -> RecordingHold:
    """A second hold on the same recording gives it a new reason."""
    hold, _fresh = RecordingHold.objects.update_or_create(
        path=recording.path,
        defaults={"reason": reason[:200], "placed_by": by.staff, "placed_at": timezone.now()},
    )
    vault.record("telephony.recording.held", who=by.staff, on=("recording", recording.pk), purpose=reason, ip=by.ip)
    return hold


@transaction.atomic
def lift(recording: Recording, by: Listener, reason: str) -> None:
    """From here on the rules of retention decide again; nothing happens when there was no hold."""
    gone, _rows = RecordingHold.objects.filter(path=recording.path).delete()
    if gone:
        vault.record(
            "telephony.recording.released",
            who=by.staff,
            on=("recording", recording.pk),
            purpose=reason,
            ip=by.ip,
        )
