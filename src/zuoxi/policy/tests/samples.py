# SPDX-License-Identifier: Apache-2.0
"""Objects of this package for the test that tries every door."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from zuoxi.policy.models import Amendment, ReplayRun

FIGURE = "attendance.late.half_day_absence_after_minutes"


def samples(_world):
    now = timezone.now()
    amendment = Amendment.objects.create(
        pack=settings.PACK,
        figure=FIGURE,
        value="20",
        since=timezone.localdate() + timedelta(days=40),
        reason="snow",
        proposed_by="s1",
        proposed_name="Author",
        proposed_at=now,
    )
    run = ReplayRun.objects.create(
        amendment=amendment,
        month=timezone.localdate().replace(day=1),
        asked_by="s1",
        asked_at=now,
        done_at=now,
        summary={"all": {"changes": 0, "people": 0, "money": "0.00", "ways": {}}, "teams": {}},
    )
    return {
        "policy:figure": {"key": FIGURE},
        "policy:amend": {"key": FIGURE},
        "policy:rule": {"name": "attendance.arrival"},
        "policy:clause": {"code": "ATT-002"},
        "policy:domain": {"code": "ATT"},
        "policy:amendment": {"number": amendment.pk},
        "policy:ask_replay": {"number": amendment.pk},
        "policy:replay": {"number": run.pk},
    }
