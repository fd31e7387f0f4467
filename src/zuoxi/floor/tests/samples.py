# SPDX-License-Identifier: Apache-2.0
"""One of each thing of the floor's rules, for the test that tries every door."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from zuoxi.floor.models import (
    ActionItem,
    DressDay,
    ExitCheck,
    Fault,
    FloorEmergency,
    Handover,
    Meeting,
    Observation,
    OwedCallback,
    Patrol,
    Permit,
    Photo,
    Violation,
)


def _each(names: Iterable[str], arguments: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: dict(arguments) for name in names}


def samples(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """All of them are about the sample agent of the sample team."""
    agent, team, now = world["agent"], world["team"], timezone.now()
    observation = Observation.objects.create(
        case="sample", kind="break_long", staff=agent, shift="s", since=now, seen_at=now
    )
    violation = Violation.objects.create(
        staff=agent, item="badge.missing", happened_at=now, cause="sample", consequence="points", recorded_at=now
    )
    patrol = Patrol.objects.create(walked_by=agent, team=team, shift="s", started_at=now)
    meeting = Meeting.objects.create(kind="line_up", team=team, starts_at=now, opened_at=now)
    owed = OwedCallback.objects.create(meeting=meeting, call_id=1, called_at=now, due_at=now)
    action = ActionItem.objects.create(meeting=meeting, text="sample", owner=agent, due_on=now.date())
    check = ExitCheck.objects.create(team=team, shift="s", made_by=agent, started_at=now)
    permit = Permit.objects.create(kind="phone", staff=agent, asked_at=now)
    handover = Handover.objects.create(staff=agent, shift="s", written_at=now)
    fault = Fault.objects.create(kind="headset", text="sample", reported_by=agent, reported_at=now)
    photo = Photo.objects.create(violation=violation, jpeg=b"", taken_at=now)
    day = DressDay.objects.create(day=now.date() + timedelta(days=1), kind="visit")
    emergency = FloorEmergency.objects.create(kind="system", began_at=now, words="sample", told_by=agent)
    exits = {"code": team.code}
    return {
        **_each(
            ("floor:observation", "floor:excuse", "floor:confirm", "floor:substitute"), {"pk": observation.pk}
        ),
        **_each(
            (
                "floor:violation",
                "floor:answer_violation",
                "floor:decide_violation",
                "floor:recheck",
                "floor:judge_share",
            ),
            {"pk": violation.pk},
        ),
        **_each(("floor:patrol", "floor:submit_patrol"), {"pk": patrol.pk}),
        "floor:patrol_seat": {"pk": patrol.pk, "seat": agent.code},
        **_each(
            ("floor:meeting", "floor:attend", "floor:meeting_tasks", "floor:close_meeting", "floor:meeting_point",
             "floor:meeting_action", "floor:send_up"), {"pk": meeting.pk},
        ),
        **_each(
            ("floor:emergency", "floor:take_emergency", "floor:note_emergency", "floor:end_emergency"),
            {"pk": emergency.pk},
        ),
        "floor:tick_emergency": {"pk": emergency.pk, "place": 0},
        "floor:callback_done": {"pk": owed.pk},
        "floor:action_done": {"pk": action.pk},
        **_each(("floor:exit", "floor:begin_exit"), exits),
        **_each(("floor:tick_exit", "floor:release_team"), {**exits, "pk": check.pk}),
        "floor:decide_permit": {"pk": permit.pk},
        "floor:release": {"code": agent.code},
        "floor:take_over": {"pk": handover.pk},
        "floor:mend": {"pk": fault.pk},
        "floor:photo": {"pk": photo.pk},
        "floor:unmark_day": {"pk": day.pk},
    }  # fmt: skip
