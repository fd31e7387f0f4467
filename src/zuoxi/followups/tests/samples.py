# SPDX-License-Identifier: Apache-2.0
"""Objects of this package for the test that tries every door."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from zuoxi.followups.models import (
    AnswerSheet,
    Batch,
    CheckupFinding,
    ClinicVisit,
    FollowUpTask,
    Invitation,
    Opinion,
    Relisten,
    Survey,
)
from zuoxi.followups.surveying import digest_of

TOKEN = "a-token-for-the-doors"


def samples(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    now, staff = timezone.now(), world["agent"]
    day = timezone.localdate(now)
    batch = Batch.objects.create(
        name="x", kind="k", handed_out_by=staff, handed_out_at=now, collect_by=now + timedelta(days=1), size=1
    )
    task = FollowUpTask.objects.create(
        kind="k", due_from=now, due_by=now, made_at=now, assignee=staff, batch=batch, number="13900010001"
    )
    sheet = AnswerSheet.objects.create(task=task, script="s", stamp="x", at=now, by=staff)
    drawn = Relisten.objects.create(sheet=sheet, drawn_at=now)
    opinion = Opinion.objects.create(source="card", words="x", made_at=now)
    survey = Survey.objects.create(
        title="x", script="satisfaction", channel="sms", asked_by=staff, opens_on=day, closes_on=day, made_at=now,
        state="open",
    )  # fmt: skip
    Invitation.objects.create(
        survey=survey, digest=digest_of(TOKEN), sent_at=now, expires_at=now + timedelta(days=1), number="13900010001"
    )
    visit = ClinicVisit.objects.create(name="x", department="x", booked_for=now, made_at=now)
    found = CheckupFinding.objects.create(record="x", name="x", checked_on=day, positive=True, made_at=now)
    one = {"pk": task.pk}
    names = ("task", "questions", "answer", "take", "tried", "book", "drop", "number")
    return {
        **{f"followups:{name}": one for name in names},
        "followups:add": {"pk": task.pk, "sheet": sheet.pk},
        "followups:batch": {"pk": batch.pk},
        "followups:collect": {"pk": batch.pk},
        "followups:opinion_step": {"pk": opinion.pk, "step": "pass"},
        "followups:heard": {"pk": drawn.pk},
        **{
            f"followups:{name}": {"pk": survey.pk}
            for name in ("survey", "survey_invite", "survey_enter", "survey_close")
        },
        "followups:checkup_step": {"pk": found.pk, "step": "referred"},
        "followups:clinic_seen": {"pk": visit.pk},
        "followups:survey_answer": {"token": TOKEN},
    }
