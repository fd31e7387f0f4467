# SPDX-License-Identifier: Apache-2.0
"""Background work of telephony."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run
from zuoxi.telephony import recordings
from zuoxi.telephony.recording_files import drop_old_peaks
from zuoxi.telephony.survey_wordings import note_wordings
from zuoxi.telephony.verify import verify
from zuoxi.vault import services as vault

PEAKS_KEPT = timedelta(days=30)


@task("telephony.recordings.check", _("Compare recordings with calls and disk"), lease=300)
def check_recordings(run: Run, since: str = "") -> dict[str, Any]:
    """`since` (ISO 8601) looks again at everything from then on."""
    start = datetime.fromisoformat(since) if since else None
    return recordings.check(timezone.now(), start, run.progress).as_dict()


@task("telephony.recordings.retain", _("Delete recordings whose time of keeping has ended"), lease=300)
def retain_recordings(run: Run) -> dict[str, Any]:
    now = timezone.now()
    drop_old_peaks((now - PEAKS_KEPT).timestamp())
    return recordings.retain(now).as_dict()


@task("telephony.ledger.verify", _("Fold the whole ledger again and compare"), lease=900, attempts=2)
def verify_ledger(run: Run) -> dict[str, Any]:
    """What `zuoxi ledger verify` tells: differences between the ledger and what stands, and the audit chain."""
    verdict = verify()
    chain = vault.verify()
    return {
        "sound": verdict.sound and chain.whole,
        "events": verdict.events,
        "calls": verdict.calls,
        "agents": verdict.agents,
        "differences": verdict.differences,
        "samples": verdict.samples,
        "audit_rows": chain.rows,
        "audit_broken_at": chain.broken_at,
    }


@task("telephony.surveys.note", _("Keep how the questions by key are worded"), lease=60)
def note_survey_wordings(run: Run) -> dict[str, Any]:
    return {"changed": note_wordings(timezone.now())}


cron("telephony.ledger.verify", "10 5 * * *", "telephony.ledger.verify")
cron("telephony.recordings.check", "*/10 * * * *", "telephony.recordings.check")
cron("telephony.recordings.retain", "20 4 * * *", "telephony.recordings.retain")
cron("telephony.surveys.note", "5 * * * *", "telephony.surveys.note", at_start=True)
